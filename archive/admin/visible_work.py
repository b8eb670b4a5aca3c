"""Which work and which kept files a member of staff may see: those of files that they may see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from access.requests import viewer_of
from archive.models import ItemFile
from media_pipeline.models import Job, Master


def visible_jobs(request: HttpRequest) -> QuerySet[Job]:
    """Return the work on files that the asking member of staff may see."""
    files = ItemFile.objects.visible_to(viewer_of(request))
    of_master = files.filter(master=OuterRef("master"))
    of_intake = files.filter(intake=OuterRef("intake"))
    return Job.objects.filter(Q(Exists(of_master)) | Q(Exists(of_intake)))


def visible_masters(request: HttpRequest) -> QuerySet[Master]:
    """Return the kept files of which the asking member of staff may see one use."""
    return Master.objects.filter(Exists(ItemFile.objects.visible_to(viewer_of(request)).filter(master=OuterRef("pk"))))
