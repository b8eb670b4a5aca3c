"""Ask to see an item's files, to have it corrected or taken down, or about a consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from access import petitions
from access.actions.ask import Asked, ask
from access.clocks import Calendar
from access.models import Petition
from access.petitions import PetitionRefused
from access.viewer import Viewer
from archive import petition_rights, queries
from archive.actions.suspend_item import suspend_item
from archive.models import Item, ItemState

# What people who are strangers to an item may hide by asking, in 24 hours (docs/adr/0012). One person who finds something that must not be
# shown rarely finds more than a few at once; twenty is what staff can look through in a day, and what an attack can take away at most.
HIDDEN_MOST_FROM_ADDRESS = 3
HIDDEN_MOST_FROM_ALL = 20


def ask_about_item(pid: str, asked: Asked, *, viewer: Viewer, now: datetime, calendar: Calendar) -> Petition:
    """Put a request about an item that the viewer may see into the inbox; one to take it down hides it at once, where that may be.

    Raises queries.NotVisible, and PetitionRefused as `access.actions.ask.ask` does, or ("already_open"). About thirty queries.
    """
    with transaction.atomic():
        item = Item.objects.visible_to(viewer).select_related("chosen_rule").filter(pid=pid).first()
        if item is None:
            raise queries.NotVisible
        protocols = _protocols(item, asked.kind, viewer)
        asks_to_hide = asked.kind in petitions.HIDING_KINDS and item.state == ItemState.PUBLISHED
        is_theirs = asks_to_hide and _is_theirs(item, asked, protocols, now=now)
        hides = is_theirs or (asks_to_hide and _is_room_for_strangers(asked, now=now))
        whole = replace(asked, target_pid=item.pid, protocols=protocols, community=None)
        if is_theirs:
            whole = replace(whole, address_digest="")  # What they hide is not counted with what strangers do.
        petition = ask(whole, now=now, calendar=calendar, hides_target=hides)
        if hides:
            suspend_item(item, petition=petition, actor=asked.asker, now=now)
    return petition


def _protocols(item: Item, kind: str, viewer: Viewer) -> frozenset[str]:
    """Return the protocols whose stewards are asked: of what is closed to who asks, or of the whole item."""
    if kind != Petition.Kind.ACCESS:
        return petition_rights.keepers_of(item)
    if not petition_rights.closed_files(item, viewer):
        raise PetitionRefused("already_open")
    return petition_rights.closers_of(item, viewer)


def _is_theirs(item: Item, asked: Asked, protocols: frozenset[str], *, now: datetime) -> bool:
    return asked.asker is not None and petition_rights.is_of_its_people(asked.asker, item, protocols, now=now)


def _is_room_for_strangers(asked: Asked, *, now: datetime) -> bool:
    since = now - petitions.DAY
    if petitions.hidden_at_once(since=since) >= HIDDEN_MOST_FROM_ALL:
        return False
    of_address = petitions.hidden_at_once(since=since, address_digest=asked.address_digest)
    return of_address < HIDDEN_MOST_FROM_ADDRESS
