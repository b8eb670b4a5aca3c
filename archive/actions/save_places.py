"""Say where an item is from, and how closely readers may learn it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from access.models import User
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows, require
from archive.models import Item, ItemState


def may_place(item: Item | None, actor: User | None) -> bool:
    """Return whether a person may change the places of an item: of a published one only somebody who may publish."""
    return item is None or item.state != ItemState.PUBLISHED or allows(actor, "archive.publish_item")


def save_places(item: Item, save: Callable[[], object], *, actor: User | None) -> None:
    """Save changed places of an item by the caller's `save`, which knows the rows. Raises NotAllowed, ActionRefused("places_shown")
    where the item is published and the person may not publish."""
    require(actor, "archive.change_item")
    with transaction.atomic():
        held = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
        if not may_place(held, actor):
            raise ActionRefused("places_shown")
        save()
