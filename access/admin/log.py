"""The log of what people did, to read only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from access import log_changes, standings
from access.log_sentences import noted, said, sentence, why
from access.log_visibility import readable
from access.models import AuditEntry, User
from access.models.audit import label_of
from access.requests import viewer_of

# The filters offer what stands in so many of the newest entries: to look through all of them would take longer than the list itself.
LOOKED_THROUGH = 5_000
CHOICES_MOST = 200
ASKED = frozenset({"verb", "actor_name", "at"})


class _ReadableFilter(admin.SimpleListFilter):
    """By a column, of which what stands in the newest readable entries is offered, and the value that is asked for."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        place = (VerbFilter.parameter_name, PersonFilter.parameter_name).index(str(self.parameter_name))
        values = sorted({entry[place] for entry in _newest(request, model_admin)})[:CHOICES_MOST]
        asked = request.GET.get(str(self.parameter_name), "")
        if asked and asked not in values:
            values.append(asked)
        return sorted(((value, self.shown(value)) for value in values), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset

    def shown(self, value: str) -> str:
        return value


class VerbFilter(_ReadableFilter):
    """By what was done, in words."""

    title = _("what")
    parameter_name = "verb"

    def shown(self, value: str) -> str:
        return said(value)


class PersonFilter(_ReadableFilter):
    """By who did it."""

    title = _("who")
    parameter_name = "actor_name"

    def shown(self, value: str) -> str:
        return label_of(value)


def _newest(request: HttpRequest, model_admin: Any) -> set[tuple[str, str]]:  # Any: as in Django
    """Return (verb, actor's name) of the newest entries that the asking person may read. One query a request."""
    kept = request.__dict__
    if "desk_log_newest" not in kept:
        rows = model_admin.get_queryset(request).order_by("-pk").values_list("verb", "actor_name")
        kept["desk_log_newest"] = set(rows[:LOOKED_THROUGH])
    found: set[tuple[str, str]] = kept["desk_log_newest"]
    return found


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """The log is read here. Entries are written by the actions that they tell of; nobody changes or removes one."""

    list_display = ("at", "shown_actor", "done", "target_pid", "reasons", "changes", "details")
    list_filter = (VerbFilter, PersonFilter, ("at", admin.DateFieldListFilter))
    search_fields = ("actor_name", "target_pid")
    empty_value_display = ""
    list_display_links = None
    list_per_page = 100
    show_full_result_count = False
    actions: Any = None  # Any: as in Django

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let an address ask for what the filters ask for: by another column it would learn what is not shown to the reader."""
        return lookup.partition("__")[0] in ASKED

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        if not isinstance(request.user, User):
            return AuditEntry.objects.none()
        kept = request.__dict__
        if "desk_log" not in kept:
            # Asked once for the list and once for each filter.
            kept["desk_log"] = readable(request.user, viewer_of(request))
        return super().get_queryset(request).filter(kept["desk_log"])

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        try:
            shown = super().get_changelist_instance(request)
        except ValueError as error:
            # A year that no calendar has.
            raise IncorrectLookupParameters from error
        entries = list(shown.result_list)
        viewer = viewer_of(request)
        changed, hidden = log_changes.of_entries(viewer, entries), log_changes.hidden_of(viewer, entries)
        for entry in entries:
            entry.desk_changes = changed.get(entry.pk, [])
            entry.desk_reason_is_hidden = entry.pk in hidden
        shown.result_list = entries
        return shown

    @admin.display(description=_("who"), ordering="actor_name")
    def shown_actor(self, entry: AuditEntry) -> str:
        return entry.actor_label

    @admin.display(description=_("what"), ordering="verb")
    def done(self, entry: AuditEntry) -> str:
        return sentence(entry)

    @admin.display(description=_("why"))
    def reasons(self, entry: AuditEntry) -> str:
        return "" if getattr(entry, "desk_reason_is_hidden", False) else why(entry)

    @admin.display(description=_("what changed"))
    def changes(self, entry: AuditEntry) -> SafeString:
        changes: Iterable[log_changes.Change] = getattr(entry, "desk_changes", ())
        return format_html_join("", "<div>{}</div>", ((one.sentence,) for one in changes))

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return noted(entry)

    # --- Who gets in: those with the right to, and stewards, who read what concerns their protocols ------------------------

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        if super().has_view_permission(request, obj):
            return True
        user = request.user
        return isinstance(user, User) and bool(standings.abilities(user, now=timezone.now()))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
