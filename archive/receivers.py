"""What the archive does when the pipeline announces something."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from archive.models import ItemFile
from media_pipeline.models import Intake
from media_pipeline.signals import intake_settled


@receiver(intake_settled, dispatch_uid="archive.give_files_their_master")
def give_files_their_master(*, intake: Intake, **_kwargs: Any) -> None:  # Any: Django passes its own
    """Point the files that waited for this intake at the stored master."""
    if intake.master is not None:
        ItemFile.objects.filter(intake=intake, master=None).update(master=intake.master)
