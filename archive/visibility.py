"""Effective rules: what people chose, met with the state and, for a file, with its item's."""

from __future__ import annotations

from datetime import datetime

from access import policy
from access.models import AccessRule
from access.policy import Policy, Standing
from archive.models import Item, ItemFile, ItemState


def of_item(chosen: Policy, state: str) -> Policy:
    """Return the effective policy of an item. Only what is published is as open as it was chosen to be."""
    return chosen if state == ItemState.PUBLISHED else policy.meet(chosen, policy.STAFF)


def of_file(chosen: Policy | None, item_effective: Policy) -> Policy:
    """Return the effective policy of a file: never wider than its item's."""
    return item_effective if chosen is None else policy.meet(chosen, item_effective)


def remember(item: Item, *, now: datetime) -> None:
    """Write down that everybody could see an item until now, where its rule is about to change: a date in it may have come meanwhile.

    Call before `apply`, in the same transaction.
    """
    held = Item.objects.select_related("effective_rule").get(pk=item.pk)
    if not held.was_public and held.effective_rule.policy.permits(Standing(), now=now):
        Item.objects.filter(pk=item.pk).update(was_public=True)


def apply(item: Item) -> None:
    """Write the effective rules of an item and all its files. Call in the transaction that changed state, rule or files.

    State and chosen rule are read again under a lock: an item that somebody closed since the caller read it stays closed.
    """
    held = Item.objects.select_for_update(of=("self",), no_key=True).select_related("chosen_rule").get(pk=item.pk)
    item.state, item.chosen_rule = held.state, held.chosen_rule
    effective = of_item(held.chosen_rule.policy, held.state)
    item.effective_rule = AccessRule.objects.intern(effective)
    item.was_public = held.was_public or effective.is_public
    Item.objects.filter(pk=item.pk).update(effective_rule=item.effective_rule, was_public=item.was_public)
    for file in ItemFile.objects.filter(item=item).select_related("chosen_rule"):
        chosen = file.chosen_rule.policy if file.chosen_rule else None
        file.effective_rule = AccessRule.objects.intern(of_file(chosen, effective))
        ItemFile.objects.filter(pk=file.pk).update(effective_rule=file.effective_rule)
