"""The work on files and the files kept for good, as far as they belong to something the asking member of staff may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from access.requests import viewer_of
from archive import sights
from archive.actions.errors import ActionRefused
from archive.actions.retry_job import retry_job
from archive.admin.base import actor_of, leads_nowhere_else
from archive.admin.sentences import sentence
from archive.admin.visible_work import visible_jobs, visible_masters
from archive.models import ItemFile
from media_pipeline.admin import JobAdmin, MasterAdmin
from media_pipeline.models import Job, Master

TRIABLE = {Job.State.FAILED, Job.State.NEEDS_PERSON}
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
    list_display = ("number", "items", "what", "shown_state", "progress", "reason", "again", "created")
    change_list_template = "desk/jobs.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return visible_jobs(request).order_by(*self.ordering)

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        by_master = self.files_by(request, "master_id", [job.master_id for job in rows if job.master_id])
        by_intake = self.files_by(request, "intake_id", [job.intake_id for job in rows if job.intake_id])
        may_retry = request.user.has_perm("archive.change_item")
        for job in rows:
            job.desk_files = by_master.get(job.master_id, []) if job.master_id else by_intake.get(job.intake_id, [])
            job.desk_may_retry = may_retry
        shown.result_list = rows
        return shown

    @admin.display(description=gettext_lazy("item"))
    def items(self, job: Job) -> SafeString:
        return _links(getattr(job, "desk_files", []))

    @admin.display(description=gettext_lazy("again"))
    def again(self, job: Job) -> SafeString | str:
        if job.state not in TRIABLE or not getattr(job, "desk_may_retry", False):
            return ""
        # The form of this button stands outside the list's own form.
        return format_html(
            '<button type="submit" form="retry-form" name="job" value="{}">{}</button>', job.pk, _("Try again")
        )

    def get_urls(self) -> Any:  # Any: as in Django
        own = [
            path("progress", self.admin_site.admin_view(self.progress_view), name="media_pipeline_job_progress"),
            path("retry", self.admin_site.admin_view(require_POST(self.retry_view)), name="media_pipeline_job_retry"),
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

    def retry_view(self, request: HttpRequest) -> HttpResponse:
        """Queue one failed job again."""
        number = request.POST.get("job", "")
        job = visible_jobs(request).filter(pk=int(number)).first() if number.isdecimal() else None
        if job is None:
            raise Http404
        try:
            retry_job(job, actor=actor_of(request), now=timezone.now())
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        else:
            self.message_user(request, _("It is tried again."), messages.SUCCESS)
        back = request.POST.get("back", "")
        if not url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            back = reverse("admin:media_pipeline_job_changelist")
        return HttpResponseRedirect(back)


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
