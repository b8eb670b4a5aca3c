"""Effective rules: what people chose, met with the state and, for a file, with its item's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from access import policy
from access.models import AccessRule
from access.policy import Policy
from access.viewer import visitor
from archive.companions import is_companion, recording_of
from archive.models import Item, ItemFile, ItemState
from archive.models.file import COMPANION_ROLES


def of_item(chosen: Policy, state: str, *, is_suspended: bool = False, is_binned: bool = False) -> Policy:
    """Return the effective policy of an item. Only what is published, and not hidden by a request, is as open as it was chosen to be; what
    is in the bin is there for nobody."""
    if is_binned:
        return policy.NOBODY
    return chosen if state == ItemState.PUBLISHED and not is_suspended else policy.meet(chosen, policy.STAFF)


def of_file(chosen: Policy | None, item_effective: Policy) -> Policy:
    """Return the effective policy of a file: never wider than its item's."""
    return item_effective if chosen is None else policy.meet(chosen, item_effective)


def of_files(files: Sequence[ItemFile], item_effective: Policy) -> dict[int, Policy]:
    """Return the effective policies of all files of an item, read in order with masters and chosen rules, by key, if its item's were this
    one: as `apply` would write them. No query."""
    found = {one.pk: of_file(one.chosen_rule.policy if one.chosen_rule else None, item_effective) for one in files}
    for one in files:
        recording = _kept_by(one, files) if is_companion(one) else None
        if recording is not None:
            found[one.pk] = policy.meet(found[one.pk], found[recording.pk])
    return found


def _kept_by(companion: ItemFile, files: Sequence[ItemFile]) -> ItemFile | None:
    """Return the file than which a companion is never more open: its recording, or while none is known the first other file."""
    known = recording_of(companion, files)
    if known is not None or companion.beside_id is not None:
        return known
    return next((one for one in files if not is_companion(one)), None)


def remember(item: Item, *, now: datetime) -> None:
    """Write down that everybody could see an item until now, where its rule is about to change: a date in it may have come meanwhile.

    Call before `apply`, in the same transaction.
    """
    remember_all(Item.objects.filter(pk=item.pk), now=now)


def remember_all(items: QuerySet[Item], *, now: datetime) -> None:
    """Write the same of many items. Four queries at most."""
    items.filter(was_public=False, effective_rule_id__in=visitor(now=now).rule_ids).update(was_public=True)


def apply(item: Item) -> None:
    """Write the effective rules of an item and all its files. Call in the transaction that changed state, rule or files.

    State and chosen rule are read again under a lock: an item that somebody closed since the caller read it stays closed.
    About six queries, and two for each distinct rule that its files were given, however many files there are.
    """
    held = Item.objects.select_for_update(of=("self",), no_key=True).select_related("chosen_rule").get(pk=item.pk)
    item.state, item.chosen_rule, item.suspended_at = held.state, held.chosen_rule, held.suspended_at
    item.binned_at = held.binned_at
    effective = of_item(
        held.chosen_rule.policy,
        held.state,
        is_suspended=held.suspended_at is not None,
        is_binned=held.binned_at is not None,
    )
    item.effective_rule = AccessRule.objects.intern(effective)
    item.was_public = held.was_public or effective.is_public
    Item.objects.filter(pk=item.pk).update(effective_rule=item.effective_rule, was_public=item.was_public)
    _apply_to_files(item, effective)


def _apply_to_files(item: Item, effective: Policy) -> None:
    files = ItemFile.objects.filter(item=item).order_by()
    files.filter(chosen_rule=None).update(effective_rule=item.effective_rule)
    for chosen in AccessRule.objects.filter(pk__in=files.values("chosen_rule")):
        rule = AccessRule.objects.intern(of_file(chosen.policy, effective))
        files.filter(chosen_rule=chosen).update(effective_rule=rule)
    _apply_to_companions(item)


def _apply_to_companions(item: Item) -> None:
    """Meet the rule of each companion with that of its recording: who may not see a film does not read what is said in it. One query; one
    more where there are some."""
    rows = ItemFile.objects.filter(item=item).order_by("position", "pk")
    if not rows.filter(role__in=COMPANION_ROLES).exists():
        return
    files = list(rows.select_related("effective_rule", "master"))
    for one in files:
        recording = _kept_by(one, files) if is_companion(one) else None
        if recording is None or recording.effective_rule_id == one.effective_rule_id:
            continue
        met = AccessRule.objects.intern(policy.meet(one.effective_rule.policy, recording.effective_rule.policy))
        ItemFile.objects.filter(pk=one.pk).update(effective_rule=met)
