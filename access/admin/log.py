"""The log of what people did, to read only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from access.log_sentences import noted, said, sentence
from access.log_visibility import readable
from access.models import AuditEntry, User
from access.requests import viewer_of


class VerbFilter(admin.AllValuesFieldListFilter):
    """By what was done, in words."""

    def choices(self, changelist: Any) -> Any:  # Any: as in Django
        for choice in super().choices(changelist):
            yield {**choice, "display": said(str(choice["display"]))}


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """The log is read here. Entries are written by the actions that they tell of; nobody changes or removes one."""

    list_display = ("at", "shown_actor", "done", "target_pid", "details")
    list_filter = (("verb", VerbFilter),)
    search_fields = ("actor_name", "target_pid")
    date_hierarchy = "at"
    list_display_links = None
    list_per_page = 100
    show_full_result_count = False
    actions: Any = None  # Any: as in Django

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        if not isinstance(request.user, User):
            return AuditEntry.objects.none()
        return super().get_queryset(request).filter(readable(request.user, viewer_of(request)))

    @admin.display(description=_("who"), ordering="actor_name")
    def shown_actor(self, entry: AuditEntry) -> str:
        return entry.actor_label

    @admin.display(description=_("what"), ordering="verb")
    def done(self, entry: AuditEntry) -> str:
        return sentence(entry)

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return noted(entry)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
