"""Which work and which kept files a member of staff may see: those of files that they may see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from access.models import AccessRule
from access.requests import viewer_of
from archive.actions.access_rights import named
from archive.admin.base import looked_after
from archive.models import Item, ItemFile
from archive.querysets import ItemQuerySet
from media_pipeline.models import Job, Master


def items_under(request: HttpRequest) -> ItemQuerySet:
    """Return the items that the asking person may see and that lie, or have a file, under a protocol of which they are a steward."""
    rules = rules_under(request)
    files = ItemFile.objects.visible_to(viewer_of(request)).filter(effective_rule__in=rules)
    own = Q(effective_rule__in=rules) | Q(chosen_rule__in=rules) | Q(Exists(files.filter(item=OuterRef("pk"))))
    return Item.objects.visible_to(viewer_of(request)).filter(own)


def rules_under(request: HttpRequest) -> list[int]:
    """Return the keys of the rules that name a protocol of which the asking person is a steward. One query, or none."""
    pids = looked_after(request).protocols
    return [one.pk for one in AccessRule.objects.all() if pids & named(one.policy)] if pids else []


def visible_jobs(request: HttpRequest) -> QuerySet[Job]:
    """Return the work on files that the asking member of staff may see."""
    # Lists of keys, not a look for each piece of work: both databases then read each list once.
    files = ItemFile.objects.visible_to(viewer_of(request)).order_by()
    of_master = files.filter(master__isnull=False).values("master")
    of_intake = files.filter(intake__isnull=False).values("intake")
    return Job.objects.filter(Q(master__in=of_master) | Q(intake__in=of_intake))


def visible_masters(request: HttpRequest) -> QuerySet[Master]:
    """Return the kept files of which the asking member of staff may see one use."""
    files = ItemFile.objects.visible_to(viewer_of(request)).order_by().filter(master__isnull=False)
    return Master.objects.filter(pk__in=files.values("master"))
