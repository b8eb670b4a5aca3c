"""What the archive does when the pipeline announces something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from archive.actions.settle_kind import settle_kinds
from archive.models import ItemFile
from media_pipeline.models import Intake, Master
from media_pipeline.signals import intake_settled, master_identified


@receiver(intake_settled, dispatch_uid="archive.give_files_their_master")
def give_files_their_master(*, intake: Intake, **_kwargs: Any) -> None:  # Any: Django passes its own
    """Point the files that waited for this intake at the stored master."""
    if intake.master is not None:
        ItemFile.objects.filter(intake=intake, master=None).update(master=intake.master)


@receiver(master_identified, dispatch_uid="archive.let_content_say_what_items_are")
def let_content_say_what_items_are(*, master: Master, **_kwargs: Any) -> None:  # Any: Django passes its own
    """Correct the kind of items that was only guessed when they were made."""
    settle_kinds(master, now=timezone.now())
