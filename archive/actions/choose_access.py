"""Choose who may see an item or one of its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import translation

from access import audit
from access.models import AccessRule, User
from access.models.rule import describe
from access.policy import Policy
from archive import visibility
from archive.actions.access_rights import Kept, closed_from, require_choice
from archive.actions.route_petitions import route_petitions
from archive.history import recording
from archive.models import Item, ItemFile


def choose_item_access(
    item: Item,
    policy: Policy,
    *,
    actor: User | None,
    now: datetime,
    why: Sequence[str] | None = None,
    reason: str = "",
) -> Item:
    """Write the chosen rule and every effective one that follows from it, in one transaction. `why`: the codes of the reasons for closing
    (`archive.vocabularies.RESTRICTION_REASONS`), None: as they are; `reason` is for the log. Raises NotAllowed,
    ActionRefused("protocol_not_yours", "protocol_keeps")."""
    with transaction.atomic():
        held = _held(item.pk)
        old = held.chosen_rule.policy
        closed = None if actor is None else closed_from(held.pid, old)
        require_choice(Kept(old), policy, closed_from=closed, actor=actor, now=now)
        item.chosen_rule = AccessRule.objects.intern(policy)
        changes: dict[str, object] = {"chosen_rule": item.chosen_rule, "modified_at": now, "version": F("version") + 1}
        if why is not None:
            changes["restriction_reasons"] = list(why)
        Item.objects.filter(pk=item.pk).update(**changes)
        item.refresh_from_db()
        visibility.remember(item, now=now)
        visibility.apply(item)
        audit.record(
            actor=actor,
            verb="choose_access",
            target_pid=item.pid,
            now=now,
            detail={"rule": item.chosen_rule.digest},
            reason=reason,
            before=_told(held.chosen_rule, held.restriction_reasons),
            after=_told(item.chosen_rule, item.restriction_reasons),
        )
        # After the entry, which says under what it lay before it was closed to everybody.
        route_petitions(item, now=now)
        recording.record(item, "choose_access", actor=actor, now=now, reason=reason)
    return item


def choose_file_access(
    file: ItemFile, policy: Policy | None, *, actor: User | None, now: datetime, reason: str = ""
) -> ItemFile:
    """Close a file more tightly than its item (None: as its item). Raises NotAllowed, ActionRefused("protocol_not_yours",
    "protocol_keeps")."""
    with transaction.atomic():
        item = _held(file.item_id)
        above = item.chosen_rule.policy
        before = ItemFile.objects.select_related("chosen_rule").get(pk=file.pk).chosen_rule
        old = above if before is None else before.policy
        closed = None if actor is None or before is None else closed_from(item.pid, old, file_pid=file.pid)
        require_choice(Kept(old, above), policy or above, closed_from=closed, actor=actor, now=now)
        rule = None if policy is None else AccessRule.objects.intern(policy)
        Item.objects.filter(pk=file.item_id).update(modified_at=now)
        ItemFile.objects.filter(pk=file.pk).update(chosen_rule=rule)
        visibility.apply(file.item)
        file.refresh_from_db()
        audit.record(
            actor=actor,
            verb="choose_access",
            target_pid=file.item.pid,
            now=now,
            detail={"file": file.pid, "rule": rule.digest if rule else ""},
            reason=reason,
            before=_told(before),
            after=_told(rule),
        )
        route_petitions(file.item, now=now)
        recording.record(file.item, "choose_access", actor=actor, now=now, reason=reason)
    return file


def _held(pk: int) -> Item:
    return Item.objects.select_for_update(of=("self",), no_key=True).select_related("chosen_rule").get(pk=pk)


def _told(rule: AccessRule | None, why: Sequence[str] = ()) -> dict[str, object]:
    """Return what the log keeps of a choice: the rule by its digest and in plain words, protocols by their pids."""
    if rule is None:
        return {"rule": "", "words": ""}
    with translation.override("en"):
        words = describe(rule.policy)
    return {"rule": rule.digest, "words": words} | ({"why": list(why)} if why else {})
