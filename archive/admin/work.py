"""The work on files and the files kept for good, as far as they belong to something the asking member of staff may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from access.requests import viewer_of
from archive import sights
from archive.admin import health, health_deeds
from archive.admin.base import leads_nowhere_else
from archive.admin.visible_work import visible_jobs, visible_masters
from archive.models import ItemFile
from media_pipeline.admin import ROLE_NAMES, JobAdmin, MasterAdmin
from media_pipeline.models import Job, Master

TRIABLE = {Job.State.FAILED, Job.State.NEEDS_PERSON, Job.State.CANCELLED}
WATCHED_MOST = 200


def _links(files: list[ItemFile]) -> SafeString:
    return format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((reverse("admin:archive_item_change", args=[file.item_id]), file.item) for file in files),
    )


class _WithItems:
    """Gives every row of a page its visible files, with two queries for the page."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return leads_nowhere_else(self, lookup) and bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]  # of the admin beside it

    def files_by(self, request: HttpRequest, key: str, ids: list[int]) -> dict[int, list[ItemFile]]:
        found: dict[int, list[ItemFile]] = {}
        files = (
            ItemFile.objects.visible_to(viewer_of(request))
            .filter(**{f"{key}__in": ids})
            .select_related("item", "effective_rule")
        )
        for file in files.order_by("pk"):
            found.setdefault(getattr(file, key), []).append(file)
        return found


@admin.register(Job)
class DeskJobAdmin(_WithItems, JobAdmin):
    list_display = ("number", "items", "what", "shown_state", "progress", "reason", "deeds", "created")
    change_list_template = "desk/jobs.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return visible_jobs(request).order_by(*self.ordering)

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        self.give_files(request, rows)
        shown.result_list = rows
        return shown

    def give_files(self, request: HttpRequest, jobs: list[Job]) -> None:
        """Tell each of some jobs which visible files it is about, and whether its buttons are offered. Two queries."""
        by_master = self.files_by(request, "master_id", [job.master_id for job in jobs if job.master_id])
        by_intake = self.files_by(request, "intake_id", [job.intake_id for job in jobs if job.intake_id])
        may_act = request.user.has_perm("archive.change_item")
        for job in jobs:
            job.desk_files = by_master.get(job.master_id or 0) or by_intake.get(job.intake_id or 0, [])  # type: ignore[attr-defined]
            job.desk_links = _links(job.desk_files)  # type: ignore[attr-defined]
            job.desk_role = ROLE_NAMES.get(job.role, job.role)  # type: ignore[attr-defined]
            job.desk_may_act = may_act  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("item"))
    def items(self, job: Job) -> SafeString:
        return _links(getattr(job, "desk_files", []))

    @admin.display(description=gettext_lazy("what you can do"))
    def deeds(self, job: Job) -> SafeString | str:
        if not getattr(job, "desk_may_act", False) or (job.is_final and job.state not in TRIABLE):
            return ""
        form, words = ("retry-form", _("Try again")) if job.state in TRIABLE else ("cancel-form", _("Cancel"))
        # The form of this button stands outside the list's own form.
        return format_html('<button type="submit" form="{}" name="job" value="{}">{}</button>', form, job.pk, words)

    def get_urls(self) -> Any:  # Any: as in Django
        deeds = {
            "retry": health_deeds.retry_one,
            "cancel": health_deeds.cancel_one,
            "retry-reason": health_deeds.retry_reason,
            "cancel-waiting": health_deeds.cancel_waiting,
        }
        own = [
            path("progress", self.admin_site.admin_view(self.progress_view), name="media_pipeline_job_progress"),
            path("health/", self.admin_site.admin_view(self.health_view), name="media_pipeline_job_health"),
            *(
                path(
                    name,
                    self.admin_site.admin_view(require_POST(deed)),
                    name=f"media_pipeline_job_{name.replace('-', '_')}",
                )
                for name, deed in deeds.items()
            ),
        ]
        return [*own, *super().get_urls()]

    def progress_view(self, request: HttpRequest) -> JsonResponse:
        """Answer state and percent of the visible jobs that are named (`?id=1&id=2`), at most 200."""
        if not self.has_view_permission(request):
            raise Http404
        ids = [int(text) for text in request.GET.getlist("id")[:WATCHED_MOST] if text.isdecimal()]
        jobs = visible_jobs(request).filter(pk__in=ids)
        rows = [{"id": job.pk, "state": job.state, "percent": int(job.percent), "final": job.is_final} for job in jobs]
        return JsonResponse({"jobs": rows})

    def health_view(self, request: HttpRequest) -> HttpResponse:
        """Show the health board."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        board = health.read(request, now=timezone.now())
        self.give_files(request, board.running)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Health of the workshop"),
            "board": board,
            "now": timezone.now(),
            "opts": self.opts,
            "may_act": request.user.has_perm("archive.change_item"),
        }
        return TemplateResponse(request, "desk/health.html", context)


@admin.register(Master)
class DeskMasterAdmin(_WithItems, MasterAdmin):
    list_display = (
        "short_hash",
        "items",
        "shown_kind",
        "shown_format",
        "size",
        "shown_state",
        "reason",
        "copies",
        "verified",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Master]:
        return visible_masters(request).order_by(*self.ordering)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Master | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            files = self.files_by(request, "master_id", [found.pk]).get(found.pk, [])
            sights.see(viewer_of(request), files=files)
        return found

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        by_master = self.files_by(request, "master_id", [master.pk for master in rows])
        for master in rows:
            master.desk_files = by_master.get(master.pk, [])
        shown.result_list = rows
        return shown

    @admin.display(description=gettext_lazy("item"))
    def items(self, master: Master) -> SafeString:
        return _links(getattr(master, "desk_files", []))

    @admin.display(description=gettext_lazy("copies"))
    def copies(self, master: Master) -> str:
        # There is one store; the second one comes with its own record of what it holds.
        return _("one copy")
