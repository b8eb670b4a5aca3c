"""Attach a received file to an item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from access import audit, policy
from access.models import AccessRule, User
from access.policy import Policy
from archive import visibility
from archive.actions.access_rights import require_apply_of
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows, require
from archive.history import recording
from archive.languages import LangValue, canonical
from archive.models import FileRole, Item, ItemFile, ItemState
from archive.models.file import COMPANION_ROLES
from media_pipeline.models import Intake


def attach_file(
    item: Item,
    intake: Intake,
    *,
    actor: User | None,
    now: datetime,
    role: str = FileRole.MAIN,
    captions: Sequence[LangValue] = (),
    label: str = "",
    access: Policy | None = None,
    language: str = "",
    beside: ItemFile | None = None,
) -> ItemFile:
    """Return the new last file of the item, waiting for its bytes or already with its master. Raises NotAllowed,
    ActionRefused("protocol_not_yours", "binned").

    `language` and `beside`, a file of the same item, are of subtitles and transcripts. What is published is added to by those who may
    publish. A file from anybody else is for staff until one of them opens it.
    """
    require(actor, "archive.change_item")
    with transaction.atomic():
        # Held until we are done, in the order in which archive.receivers locks. A worker that stores the file just now either has
        # done so, and we read its master, or waits, and then sees our row. Two files that come at once get two places in the order.
        intake = Intake.objects.select_for_update(of=("self",), no_key=True).select_related("master").get(pk=intake.pk)
        items = Item.objects.select_for_update(of=("self",), no_key=True).select_related("chosen_rule")
        held = items.get(pk=item.pk)
        if held.binned_at is not None:
            raise ActionRefused("binned")
        require_apply_of(access, under=held.chosen_rule.policy, actor=actor, now=now, create=False)
        if held.state == ItemState.PUBLISHED and not allows(actor, "archive.publish_item"):
            access = policy.STAFF if access is None else policy.meet(access, policy.STAFF)
        last = ItemFile.objects.filter(item=item).aggregate(last=Max("position"))["last"]
        file = ItemFile.objects.create(
            item=item,
            intake=intake,
            master=intake.master,
            original_name=intake.original_name,
            role=role,
            captions=list(captions),
            label=label,
            language=canonical(language) if role in COMPANION_ROLES else "",
            beside=beside if role in COMPANION_ROLES else None,
            position=0 if last is None else last + 1,
            chosen_rule=None if access is None else AccessRule.objects.intern(access),
            effective_rule=AccessRule.objects.nobody(),
            added_by=actor,
            created_at=now,
        )
        Item.objects.filter(pk=item.pk).update(modified_at=now)
        visibility.apply(item)
        audit.record(actor=actor, verb="attach_file", target_pid=item.pid, now=now, detail={"file": file.pid})
        recording.record_attached(held, file, actor=actor, now=now)
    file.refresh_from_db()
    return file
