"""Choose who may see an item or one of its files."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from access import audit
from access.models import AccessRule, User
from access.policy import Policy
from archive import visibility
from archive.actions.permissions import require
from archive.models import Item, ItemFile


def choose_item_access(item: Item, policy: Policy, *, actor: User | None, now: datetime) -> Item:
    """Write the chosen rule and every effective one that follows from it, in one transaction. Raises NotAllowed."""
    require(actor, "archive.protect_item")
    with transaction.atomic():
        item.chosen_rule = AccessRule.objects.intern(policy)
        Item.objects.filter(pk=item.pk).update(chosen_rule=item.chosen_rule, modified_at=now, version=F("version") + 1)
        item.refresh_from_db()
        visibility.remember(item, now=now)
        visibility.apply(item)
        audit.record(
            actor=actor, verb="choose_access", target_pid=item.pid, now=now, detail={"rule": item.chosen_rule.digest}
        )
    return item


def choose_file_access(file: ItemFile, policy: Policy | None, *, actor: User | None, now: datetime) -> ItemFile:
    """Close a file more tightly than its item (None: as its item). Raises NotAllowed."""
    require(actor, "archive.protect_item")
    with transaction.atomic():
        rule = None if policy is None else AccessRule.objects.intern(policy)
        Item.objects.filter(pk=file.item_id).update(modified_at=now)
        ItemFile.objects.filter(pk=file.pk).update(chosen_rule=rule)
        visibility.apply(file.item)
        file.refresh_from_db()
        digest = rule.digest if rule else ""
        audit.record(
            actor=actor,
            verb="choose_access",
            target_pid=file.item.pid,
            now=now,
            detail={"file": file.pid, "rule": digest},
        )
    return file
