"""What the archive does when the pipeline or access announces something.

Everywhere rows are locked in one order, so that nobody waits in a ring: the intake or master, the item, its files.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone

from access.actions.erase_contacts import erase_old_contacts
from access.models import AccessRule
from access.signals import protocol_changing
from archive import visibility
from archive.actions.settle_kind import settle_kinds
from archive.models import ConsentRecord, Item, ItemFile
from archive.models.file import COMPANION_ROLES
from archive.search import passages
from archive.visibility import remember_all
from media_pipeline.models import Intake, Master
from media_pipeline.signals import intake_settled, master_identified, master_settled, tidied


@receiver(intake_settled, dispatch_uid="archive.give_files_their_master")
def give_files_their_master(*, intake: Intake, **_kwargs: Any) -> None:  # Any: Django passes its own
    """Point the files that waited for this intake at the stored master; their items changed for harvesters, refused or not."""
    waiting = ItemFile.objects.filter(intake=intake)
    _touch(waiting, now=intake.touched_at)
    if intake.master is not None:
        waiting.filter(master=None).update(master=intake.master)


@receiver(intake_settled, dispatch_uid="archive.give_consents_their_evidence")
def give_consents_their_evidence(*, intake: Intake, **_kwargs: Any) -> None:  # Any: as above
    """Point the consent that waited for this intake at the stored proof."""
    if intake.keep_only and intake.master is not None:
        ConsentRecord.objects.filter(evidence_intake=intake).update(evidence_master=intake.master)


@receiver(master_identified, dispatch_uid="archive.let_content_say_what_items_are")
def let_content_say_what_items_are(*, master: Master, **_kwargs: Any) -> None:  # Any: Django passes its own
    """Correct the kind of items that was only guessed when they were made."""
    settle_kinds(master, now=timezone.now())


@receiver(master_identified, dispatch_uid="archive.let_recordings_keep_their_companions")
def let_recordings_keep_their_companions(*, master: Master, **_kwargs: Any) -> None:  # Any: as above
    """Write the rules of subtitles and transcripts anew where the first recording of their item has just turned out to be one."""
    beside = ItemFile.objects.filter(role__in=COMPANION_ROLES, beside=None).order_by().values("item")
    for item in Item.objects.filter(files__master=master, pk__in=beside).distinct().order_by("pk"):
        visibility.apply(item)


@receiver(master_settled, dispatch_uid="archive.read_what_is_said")
def read_what_is_said(*, master: Master, **_kwargs: Any) -> None:  # Any: as above
    """Let the search read a transcript, pages and chapters once they are there: after the commit, since they lie in the storage. What fails
    is read within the hour."""
    transaction.on_commit(lambda: passages.refresh_quietly(master.pk))


@receiver(tidied, dispatch_uid="archive.read_what_was_not_read")
def read_what_was_not_read(**_kwargs: Any) -> None:  # Any: as above
    """Let the search read the texts that it could not read when they were made."""
    passages.catch_up()


@receiver(master_settled, dispatch_uid="archive.tell_of_finished_files")
def tell_of_finished_files(*, master: Master, now: datetime, **_kwargs: Any) -> None:  # Any: as above
    """Let harvesters see that the files of this master are finished."""
    _touch(ItemFile.objects.filter(master=master), now=now)


@receiver(tidied, dispatch_uid="archive.forget_old_contacts")
def forget_old_contacts(*, now: datetime, **_kwargs: Any) -> None:  # Any: as above
    """Erase what was kept of people only so that they could be answered."""
    erase_old_contacts(now=now)


@receiver(protocol_changing, dispatch_uid="archive.tell_of_changed_protocols")
def tell_of_changed_protocols(*, pid: str, now: datetime, **_kwargs: Any) -> None:  # Any: as above
    """Remember which items under this protocol everybody could see until now, and let harvesters hear of all of them."""
    rules = [
        one.pk for one in AccessRule.objects.all() if any(pid in clause.protocols for clause in one.policy.clauses)
    ]
    if not rules:
        return
    below = ItemFile.objects.filter(effective_rule__in=rules).order_by().values("item")
    items = Item.objects.filter(Q(effective_rule__in=rules) | Q(pk__in=below))
    # Held in order first: whoever changes several items holds them so.
    list(items.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    remember_all(Item.objects.filter(effective_rule__in=rules), now=now)
    items.update(modified_at=now)


def _touch(files: QuerySet[ItemFile], *, now: datetime) -> None:
    items = Item.objects.filter(pk__in=files.order_by().values("item"))
    held = items.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    Item.objects.filter(pk__in=list(held)).update(modified_at=now)
