"""The desk's screen of consents. One is shown to who may see all of its items, and does not exist for anybody else: docs/adr/0013."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from access.models import AuditEntry
from access.requests import viewer_of
from archive import originals, vocabularies
from archive.actions.attach_evidence import attach_evidence, wants_evidence
from archive.actions.errors import ActionRefused
from archive.actions.read_evidence import read_evidence
from archive.actions.record_consent import record_consent
from archive.actions.withdraw_consent import withdraw_consent
from archive.admin.authorities import matching
from archive.admin.base import DeskAdmin, actor_of
from archive.admin.choosers import is_key
from archive.admin.community_choices import communities_for
from archive.admin.consent_form import ConsentForm, EvidenceForm, evidence_of
from archive.admin.sentences import sentence
from archive.models import Agent, ConsentRecord, ConsentScope, Item
from archive.search.folding import fold
from media_pipeline.format_names import format_label
from media_pipeline.intakes import IntakeError
from media_pipeline.messages import sentence as pipeline_sentence
from media_pipeline.models import Intake
from media_pipeline.sizes import format_size

READ_EVIDENCE = "archive.read_evidence"
SHOWN = (
    "somebody",
    "shown_guardian",
    "shown_items",
    "shown_scopes",
    "given_on",
    "valid_until",
    "state_mark",
    "method",
    "shown_language",
    "witness",
    "note",
    "recorder",
    "recorded_at",
)
STATES = {
    "valid": pgettext_lazy("consent", "valid"),
    "over": pgettext_lazy("consent", "over"),
    "withdrawn": pgettext_lazy("consent", "withdrawn"),
}


def state_of(record: ConsentRecord, *, day: date) -> str:
    """Return where a consent stands on a day: valid, over or withdrawn."""
    if record.withdrawn_at is not None:
        return "withdrawn"
    return "over" if record.valid_until is not None and record.valid_until < day else "valid"


class StateFilter(admin.SimpleListFilter):
    """By where a consent stands today."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
        day = timezone.localdate()
        match self.value():
            case "valid":
                return queryset.filter(Q(valid_until=None) | Q(valid_until__gte=day), withdrawn_at=None)
            case "over":
                return queryset.filter(valid_until__lt=day, withdrawn_at=None)
            case "withdrawn":
                return queryset.filter(withdrawn_at__isnull=False)
            case _:
                return queryset


class ItemFilter(admin.SimpleListFilter):
    """Of one item, which the item's own form leads to. It offers nothing by itself."""

    title = gettext_lazy("item")
    parameter_name = "item"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        key = request.GET.get(self.parameter_name, "")
        item = Item.objects.visible_to(viewer_of(request)).filter(pk=key).first() if is_key(key) else None
        return [] if item is None else [(str(item.pk), str(item))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
        return queryset.filter(items=int(self.value() or 0)) if is_key(self.value()) else queryset


@admin.register(ConsentRecord)
class ConsentAdmin(DeskAdmin[ConsentRecord]):
    """Recorded once, read since, and withdrawn: what was allowed is never written over."""

    form = ConsentForm
    autocomplete_fields = ("agent", "items")
    list_display = ("somebody", "shown_items", "shown_scopes", "valid_until", "state_mark")
    list_filter = (StateFilter, ItemFilter)
    # Only turns the search box on: `get_search_results` searches.
    search_fields = ("person_name",)
    search_help_text = gettext_lazy("The name of the person or community, with or without diacritics.")
    ordering = ("-recorded_at", "-pk")
    empty_value_display = "—"
    change_form_template = "desk/consent_form.html"
    fieldsets: ClassVar[Any] = (  # Any: as in Django
        (gettext_lazy("Who allows it"), {"fields": ("agent", "person_name", "community", "is_child", "guardian")}),
        (gettext_lazy("What is allowed"), {"fields": ("items", "scopes", ("given_on", "valid_until"))}),
        (gettext_lazy("How that is known"), {"fields": ("method", "language", "witness", "evidence", "note")}),
    )

    # --- What is seen, and by whom --------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentRecord]:
        seen = ConsentRecord.objects.visible_to(viewer_of(request)).order_by(*self.ordering)
        to_one = ("agent", "community", "recorded_by", "evidence_intake", "evidence_master")
        return seen.select_related(*to_one).prefetch_related("items")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConsentRecord], search_term: str
    ) -> tuple[QuerySet[ConsentRecord], bool]:
        wanted = fold(search_term)
        if not wanted:
            return queryset, False
        written = queryset.order_by().values_list("pk", "person_name", "community__name")
        named = [pk for pk, *names in written if any(wanted in fold(name or "") for name in names)]
        return queryset.filter(Q(pk__in=named) | Q(agent__in=matching(Agent.objects.all(), search_term))), False

    def has_change_permission(self, request: HttpRequest, obj: ConsentRecord | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsentRecord | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: ConsentRecord | None = None) -> Any:  # Any: as in Django
        return self.fieldsets if obj is None else ((None, {"fields": SHOWN}),)

    def get_readonly_fields(self, request: HttpRequest, obj: ConsentRecord | None = None) -> Any:  # Any: as in Django
        return () if obj is None else SHOWN

    # --- The list and the record ----------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("who allows it"))
    def somebody(self, record: ConsentRecord) -> str:
        name = str(record.agent or record.community or record.person_name)
        return _("%(name)s (a child)") % {"name": name} if record.is_child else name

    @admin.display(description=gettext_lazy("items"))
    def shown_items(self, record: ConsentRecord) -> SafeString:
        rows = ((reverse("admin:archive_item_change", args=[item.pk]), item) for item in record.items.all())
        return format_html_join(", ", '<a href="{}">{}</a>', rows)

    @admin.display(description=gettext_lazy("allowed"))
    def shown_scopes(self, record: ConsentRecord) -> str:
        return ", ".join(str(ConsentScope(scope).label) for scope in record.scopes if scope in ConsentScope.values)

    @admin.display(description=gettext_lazy("guardian"))
    def shown_guardian(self, record: ConsentRecord) -> str:
        return record.guardian or self.empty_value_display

    @admin.display(description=gettext_lazy("language of the consent"))
    def shown_language(self, record: ConsentRecord) -> str:
        return vocabularies.language(record.language) if record.language else self.empty_value_display

    @admin.display(description=gettext_lazy("recorded by"))
    def recorder(self, record: ConsentRecord) -> str:
        return record.recorded_by.get_username() if record.recorded_by else self.empty_value_display

    @admin.display(description=gettext_lazy("state"))
    def state_mark(self, record: ConsentRecord) -> SafeString:
        state = state_of(record, day=timezone.localdate())
        return format_html('<span class="state state-consent-{}">{}</span>', state, STATES[state])

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,  # Any: as in Django
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: ConsentRecord | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["evidence"] = evidence_sentence(obj)
            context["may_open_evidence"] = obj.evidence_master_id and request.user.has_perm(READ_EVIDENCE)
            may_add = request.user.has_perm("archive.add_consentrecord") and wants_evidence(obj)
            context["evidence_form"] = context.get("evidence_form") or (EvidenceForm() if may_add else None)
            may_change = request.user.has_perm("archive.change_consentrecord")
            context["may_withdraw"] = obj.withdrawn_at is None and may_change
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # --- Recording ------------------------------------------------------------------------------------------------------

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:  # Any: as in Django
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "items" and field is not None:
            # An item is described on its own screen.
            field.widget.can_add_related = False
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name == "items":
            kwargs["queryset"] = Item.objects.visible_to(viewer_of(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name == "community":
            kwargs["queryset"] = communities_for(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        except IntakeError as error:
            self.message_user(request, pipeline_sentence(error.code), messages.ERROR)
        return HttpResponseRedirect(request.path)

    def save_model(
        self, request: HttpRequest, obj: ConsentRecord, form: Any, change: bool
    ) -> None:  # Any: as in Django
        made = record_consent(
            form.given(),
            actor=actor_of(request),
            now=timezone.now(),
            evidence=evidence_of(form.cleaned_data["evidence"]),
        )
        for field in ConsentRecord._meta.concrete_fields:
            setattr(obj, field.attname, getattr(made, field.attname))
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        """The action has saved the items, too."""

    def response_add(
        self, request: HttpRequest, obj: ConsentRecord, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, _("The consent is recorded."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_consentrecord_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: ConsentRecord, message: Any) -> Any:  # Any: as in Django
        """The action has written the log."""

    def log_name(self, obj: ConsentRecord) -> str:
        return obj.pid

    def entries_of(self, obj: ConsentRecord) -> QuerySet[AuditEntry]:
        # Nothing else is called by this pid, and every action has a verb of its own.
        return AuditEntry.objects.filter(target_pid=obj.pid)

    # --- Pages of our own -----------------------------------------------------------------------------------------------

    def get_urls(self) -> Any:  # Any: as in Django
        def own(view: Any) -> Any:  # Any: a view
            return self.admin_site.admin_view(view)

        evidence = require_http_methods(["GET", "HEAD", "POST"])(self.evidence_view)
        return [
            path("<int:pk>/evidence", own(evidence), name="archive_consentrecord_evidence"),
            path("<int:pk>/withdraw", own(require_POST(self.withdraw_view)), name="archive_consentrecord_withdraw"),
            *super().get_urls(),
        ]

    def _seen(self, request: HttpRequest, pk: int) -> ConsentRecord:
        """Return a consent that the person may see. Raises PermissionDenied, whichever it is; Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            raise Http404
        return record

    def evidence_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the evidence to who may open it, each time written down; take in one that comes later."""
        if request.method == "POST":
            return self._add_evidence(request, self._seen(request, pk))
        if not request.user.has_perm(READ_EVIDENCE):
            raise PermissionDenied
        record = self._seen(request, pk)
        master, intake = record.evidence_master, record.evidence_intake
        if master is None:
            raise Http404
        read_evidence(record, actor=actor_of(request), now=timezone.now())
        name = intake.original_name if intake else f"{record.pid}.{master.extension}"
        return originals.send(request, master, download_name=name)

    def _add_evidence(self, request: HttpRequest, record: ConsentRecord) -> HttpResponse:
        form = EvidenceForm(request.POST, request.FILES)
        if not form.is_valid():
            for text in form.errors.get("evidence", []):
                self.message_user(request, str(text), messages.ERROR)
            return self._back(record)
        given = evidence_of(form.cleaned_data["evidence"])
        try:
            if given is not None:
                attach_evidence(record, given, actor=actor_of(request), now=timezone.now())
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        except IntakeError as error:
            self.message_user(request, pipeline_sentence(error.code), messages.ERROR)
        else:
            self.message_user(request, _("The evidence has arrived and is being stored."), messages.SUCCESS)
        return self._back(record)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw a consent with a reason."""
        record = self._seen(request, pk)
        try:
            hidden = withdraw_consent(
                record, actor=actor_of(request), now=timezone.now(), reason=request.POST.get("reason", "")[:500]
            )
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return self._back(record)
        self.message_user(request, _("The consent is withdrawn."), messages.SUCCESS)
        if hidden:
            text = ngettext(
                "%(count)s item is hidden from readers from now on, for want of a consent.",
                "%(count)s items are hidden from readers from now on, for want of a consent.",
                len(hidden),
            )
            self.message_user(request, text % {"count": len(hidden)}, messages.WARNING)
        return self._back(record)

    def _back(self, record: ConsentRecord) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:archive_consentrecord_change", args=[record.pk]))


def evidence_sentence(record: ConsentRecord) -> str:
    """Return what the record says of its evidence."""
    master, intake = record.evidence_master, record.evidence_intake
    if master is not None:
        name = format_label(master.format_name) if master.format_name else _("being identified")
        told = {"format": name, "size": format_size(master.size_bytes, get_language() or "en")}
        return _("Stored: %(format)s, %(size)s.") % told
    if intake is None:
        return _("There is no evidence yet.")
    if intake.state in {Intake.State.REFUSED, Intake.State.EXPIRED}:
        return pipeline_sentence(intake.reason_code)
    return _("The evidence has arrived and is being stored.")
