"""Read-only screens of the work and of the kept files. Which rows somebody may see is decided by the app that knows items."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from media_pipeline.format_names import format_label
from media_pipeline.messages import sentence
from media_pipeline.models import Job, Master
from media_pipeline.sizes import format_size

ROLE_NAMES = {
    "store": _("check and store"),
    "identify": _("identify"),
    "thumbnail": _("small pictures"),
    "pyramid": _("picture to zoom into"),
    "pages": _("pictures of the pages"),
    "text": _("text"),
    "outline": _("table of contents"),
    "words": _("places of the words"),
    "ocr": _("text read by machine"),
    "pdf": _("document as PDF"),
    "chapters": _("chapters"),
    "captions": _("subtitles and transcript"),
    "waveform": _("waveform"),
    "spectrogram": _("picture of the tones"),
    "audio": _("sound for listening"),
    "poster": _("still picture"),
    "storyboard": _("the film at a glance"),
    "hls": _("film for watching"),
    "mp4": _("small film for old phones"),
}


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """Rows that the software writes and people only read."""

    actions: Any = None  # Any: as in Django
    list_display_links: Any = None  # Any: as in Django
    list_per_page = 100
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # Any: as in Django
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # Any: as in Django
        return False


def _titled(base: type[admin.FieldListFilter], title: Promise) -> Any:  # Any: as in Django
    """Return a filter under a title of the reader's language."""

    class Titled(base):  # type: ignore[valid-type,misc]  # a class of Django's that is an argument
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as in Django
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


class RoleFilter(admin.SimpleListFilter):
    """By what is made: all that can be, so that no list of work has to be looked through for its choices."""

    title = _("what")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return sorted(ROLE_NAMES.items(), key=lambda choice: str(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(role=self.value()) if self.value() else queryset


class JobAdmin(ReadOnlyAdmin):
    """Pieces of work, newest first."""

    list_display: Any = ("number", "what", "shown_state", "progress", "reason", "shown_lane", "created", "finished")
    list_filter: ClassVar[Any] = (  # Any: as in Django
        ("state", _titled(admin.ChoicesFieldListFilter, _("state"))),
        RoleFilter,
        ("lane", _titled(admin.ChoicesFieldListFilter, _("queue"))),
    )
    ordering = ("-pk",)

    @admin.display(description=_("number"), ordering="pk")
    def number(self, job: Job) -> str:
        return f"#{job.pk}"

    @admin.display(description=_("what"), ordering="role")
    def what(self, job: Job) -> str:
        return str(ROLE_NAMES.get(job.role, job.role))

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, job: Job) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', job.state, job.get_state_display())

    @admin.display(description=_("queue"), ordering="lane")
    def shown_lane(self, job: Job) -> str:
        return job.get_lane_display()

    @admin.display(description=_("queued"), ordering="created_at")
    def created(self, job: Job) -> datetime:
        return job.created_at

    @admin.display(description=_("finished"), ordering="finished_at")
    def finished(self, job: Job) -> datetime | None:
        return job.finished_at

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> SafeString:
        return format_html(
            '<progress data-job="{}" max="100" value="{}" aria-label="{}"></progress> <span data-percent>{}%</span>',
            job.pk,
            int(job.percent),
            _("progress"),
            int(job.percent),
        )

    @admin.display(description=_("reason"))
    def reason(self, job: Job) -> SafeString | str:
        if not job.reason_code or not job.reason_detail:
            return sentence(job.reason_code) if job.reason_code else ""
        return format_html(
            "{}<details><summary>{}</summary><pre>{}</pre></details>",
            sentence(job.reason_code),
            _("what the program said"),
            job.reason_detail,
        )


class MasterAdmin(ReadOnlyAdmin):
    """Files kept for good."""

    list_display: Any = (
        "short_hash",
        "shown_kind",
        "shown_format",
        "size",
        "shown_state",
        "reason",
        "stored",
        "verified",
    )
    list_filter: ClassVar[Any] = (  # Any: as in Django
        ("state", _titled(admin.ChoicesFieldListFilter, _("state"))),
        ("kind", _titled(admin.ChoicesFieldListFilter, _("kind"))),
    )
    search_fields = ("sha256",)
    ordering = ("-pk",)

    @admin.display(description="SHA-256", ordering="sha256")
    def short_hash(self, master: Master) -> SafeString:
        return format_html('<code title="{}">{}…</code>', master.sha256, master.sha256[:12])

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, master: Master) -> str:
        return master.get_kind_display()

    @admin.display(description=_("format"), ordering="format_name")
    def shown_format(self, master: Master) -> str:
        return format_label(master.format_name)

    @admin.display(description=_("stored"), ordering="stored_at")
    def stored(self, master: Master) -> datetime:
        return master.stored_at

    @admin.display(description=_("last read back"), ordering="verified_at")
    def verified(self, master: Master) -> datetime:
        return master.verified_at

    @admin.display(description=_("size"), ordering="size_bytes")
    def size(self, master: Master) -> str:
        return format_size(master.size_bytes, get_language() or "en")

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, master: Master) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', master.state, master.get_state_display())

    @admin.display(description=_("reason"))
    def reason(self, master: Master) -> str:
        return sentence(master.reason_code) if master.reason_code else ""
