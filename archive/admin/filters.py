"""Filters of the list of items."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import policy
from access.models import AccessRule
from access.policy import Level
from access.requests import viewer_of
from archive import consent_records
from archive.admin.access_choice import LEVELS
from archive.models import Item, ItemFile, ItemState
from media_pipeline.models import Intake, Master

WORKING = Q(intake__state__in=[Intake.State.RECEIVING, Intake.State.RECEIVED], master=None) | Q(
    master__state__in=[Master.State.IDENTIFYING, Master.State.PROCESSING]
)
REFUSED = Q(master=None, intake__state__in=[Intake.State.REFUSED, Intake.State.EXPIRED])
KEPT = Q(master__state=Master.State.KEPT)


def unopened(items: QuerySet[Item]) -> QuerySet[Item]:
    """Return the published items that readers may see but for a file that is for staff: mostly one that a cataloguer added since."""
    staff = AccessRule.objects.intern(policy.STAFF)
    files = ItemFile.objects.filter(item=OuterRef("pk"), chosen_rule=staff)
    return items.filter(Exists(files), state=ItemState.PUBLISHED).exclude(effective_rule=staff)


class UncountedFilter(admin.SimpleListFilter):
    """A filter without counts beside its choices: they would take longer to get than the list itself."""

    def choices(self, changelist: Any) -> Any:  # Any: as in Django
        counted, changelist.add_facets = changelist.add_facets, False
        try:
            yield from super().choices(changelist)
        finally:
            changelist.add_facets = counted


class AccessFilter(UncountedFilter):
    """By the level that was chosen."""

    title = _("who may see it")
    parameter_name = "access"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [(value, label) for value, label in LEVELS if value != Level.NOBODY.value]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        if not self.value():
            return queryset
        # Rules are few: equal policies share a row.
        rules = [
            rule.pk
            for rule in AccessRule.objects.all()
            if self.value() in {clause.level.value for clause in rule.policy.clauses}
        ]
        return queryset.filter(chosen_rule__in=rules)


class FilesFilter(UncountedFilter):
    """By how the work on the files stands."""

    title = _("files")
    parameter_name = "files"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [
            ("none", _("no file yet")),
            ("working", _("still being worked on")),
            ("kept", _("kept without preview")),
            ("refused", _("refused")),
            ("unopened", _("closed to readers of a published item")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        files = ItemFile.objects.visible_to(viewer_of(request)).filter(item=OuterRef("pk"))
        match self.value():
            case "none":
                return queryset.filter(~Exists(files))
            case "working":
                return queryset.filter(Exists(files.filter(WORKING)))
            case "kept":
                return queryset.filter(Exists(files.filter(KEPT)))
            case "refused":
                return queryset.filter(Exists(files.filter(REFUSED)))
            case "unopened":
                return unopened(queryset)
            case _:
                return queryset


class ConsentFilter(UncountedFilter):
    """What readers are shown without a consent of who can be recognised."""

    title = _("consent")
    parameter_name = "consent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [("lacking", _("published, and a consent is lacking"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        if self.value() != "lacking":
            return queryset
        return consent_records.published_lacking(queryset, day=timezone.localdate())
