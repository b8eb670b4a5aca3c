"""The inbox: what people ask of the library and of the stewards, shown to those who answer it and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access import petitions
from access.models import AuditEntry, Petition, User
from access.petition_sentences import sentence
from access.petitions import PetitionRefused
from access.requests import viewer_of
from archive import addresses, petition_rights
from archive.admin.base import DeskAdmin, actor_of, decider_of
from archive.admin.inbox_form import AnswerForm
from archive.languages import pick_text
from archive.models import Item, ItemFile
from archive.petition_rights import Closed, Decider

State = Petition.State
URGENT, WAITING, ANSWERED = range(3)


@dataclass(frozen=True)
class Clock:
    """One clock of the law: what is to be done, by when, and how many days are left (below 0: over)."""

    what: str
    due: datetime
    days: int
    is_over: bool

    @property
    def said(self) -> str:
        if self.is_over:
            return _("overdue")
        if self.days == 0:
            return _("today")
        return ngettext("%(days)s day left", "%(days)s days left", self.days) % {"days": self.days}


def clocks_of(petition: Petition, *, now: datetime) -> list[Clock]:
    """Return the clocks that run for a request, the nearest first; none when it is answered."""
    if not petition.is_pending:
        return []
    running = [(_("to be acknowledged"), petition.acknowledge_by)] if petition.state == State.OPEN else []
    running.append((_("to be decided"), petition.act_by))
    calendar = petitions.calendar()
    return [Clock(what, due, calendar.days_until(due, now), due < now) for what, due in running if due is not None]


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait, or those that are answered."""

    title = gettext_lazy("answer")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [("yes", _("waits for an answer")), ("no", _("answered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Petition]) -> QuerySet[Petition]:
        pending = Q(state__in=Petition.PENDING)
        match self.value():
            case "yes":
                return queryset.filter(pending)
            case "no":
                return queryset.exclude(pending)
            case _:
                return queryset


@admin.register(Petition)
class InboxAdmin(DeskAdmin[Petition]):
    """Requests that the asking person is to answer, what cannot wait first."""

    list_display = ("shown_kind", "shown_target", "shown_clock", "shown_state", "received_at")
    list_filter: ClassVar[Any] = (WaitingFilter, "kind")  # Any: as in Django
    empty_value_display = ""

    # --- Who gets in ----------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        if not isinstance(request.user, User) or not request.user.is_active:
            return False
        if obj is not None:
            return self._inbox(request).filter(pk=obj.pk).exists()
        who = decider_of(request)
        return bool(
            who.decides_in or who.managed or who.is_of_the_library or who.user.has_perm(petition_rights.DESCRIBE)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False

    def _inbox(self, request: HttpRequest) -> QuerySet[Petition]:
        return petition_rights.inbox(decider_of(request), viewer_of(request))

    # --- The list -------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        urgency = Case(
            When(petition_rights.is_urgent(viewer_of(request).decided_at), then=Value(URGENT)),
            When(state__in=Petition.PENDING, then=Value(WAITING)),
            default=Value(ANSWERED),
        )
        return self._inbox(request).annotate(urgency=urgency).select_related("asker", "community", "decided_by")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("urgency", "act_by", "-received_at", "-pk")

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        titles = titles_of(request, [one.target_pid for one in shown.result_list])
        for one in shown.result_list:
            one.desk_title = titles.get(one.target_pid, one.target_pid)
            one.desk_now = viewer_of(request).decided_at
        return shown

    @admin.display(description=gettext_lazy("what is asked"), ordering="kind")
    def shown_kind(self, petition: Petition) -> str:
        return petition.get_kind_display()

    @admin.display(description=gettext_lazy("of"))
    def shown_target(self, petition: Petition) -> str:
        return str(petition.community) if petition.community else str(getattr(petition, "desk_title", ""))

    @admin.display(description=gettext_lazy("time left"), ordering="act_by")
    def shown_clock(self, petition: Petition) -> SafeString | str:
        clocks = clocks_of(petition, now=getattr(petition, "desk_now", timezone.now()))
        if not clocks:
            return ""
        first = min(clocks, key=lambda clock: clock.due)
        return format_html(
            '<span class="clock{}">{}: {}</span>', " over" if first.is_over else "", first.what, first.said
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, petition: Petition) -> str:
        return petition.get_state_display()

    # --- One request ----------------------------------------------------------------------------------------------------

    def log_name(self, obj: Petition) -> str:
        return obj.pid

    def entries_of(self, obj: Petition) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(target_pid=obj.pid)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        """Show one request and answer it. What is in somebody else's inbox is answered like what is not there."""
        petition = self.get_object(request, object_id)
        if petition is None or not self.has_view_permission(request, petition):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]  # Django's own
        now, who = timezone.now(), decider_of(request)
        closed: list[Closed] = []
        if petition.kind == Petition.Kind.ACCESS and petition.is_pending:
            closed = petition_rights.closed_to_asker(who, petition, now=now)
        form = AnswerForm(request.POST or None, kind=petition.kind, closed=closed, names=names_of(request, closed))
        if request.method == "POST" and form.is_valid() and self._answer(request, form, petition, now=now):
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            **self._shown(request, petition, who, now=now),
            "form": form,
            "closed": closed,
            "opts": self.opts,
        }
        return TemplateResponse(request, "desk/petition.html", context)

    def _answer(self, request: HttpRequest, form: AnswerForm, petition: Petition, *, now: datetime) -> bool:
        """Do what the button says; return whether it was done."""
        try:
            done = form.do(request.POST.get("_do", ""), petition, actor=actor_of(request), now=now)
        except PetitionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return False
        except KeyError:
            return False
        self.message_user(
            request, _("Written down: %(state)s.") % {"state": done.get_state_display()}, messages.SUCCESS
        )
        return True

    def _shown(self, request: HttpRequest, petition: Petition, who: Decider, *, now: datetime) -> dict[str, Any]:
        """Return what the page tells; the title of an item only to those who may see it."""
        item = Item.objects.visible_to(viewer_of(request)).filter(pid=petition.target_pid).first()
        address = ""
        if item is not None:
            may_open_form = request.user.is_staff and request.user.has_perm("archive.view_item")
            address = reverse("admin:archive_item_change", args=[item.pk]) if may_open_form else addresses.item(item)
        is_access = petition.kind == Petition.Kind.ACCESS
        return {
            "title": petition.get_kind_display(),
            "petition": petition,
            "item": item,
            "item_address": address,
            "clocks": clocks_of(petition, now=now),
            "grants": grants_of(request, petition),
            "may_acknowledge": petition.state == State.OPEN and petition_rights.may_acknowledge(who, petition),
            "may_grant": petition.is_pending and petition_rights.may_grant(who, petition),
            "may_refuse": petition.is_pending and petition_rights.may_refuse(who, petition),
            "may_end": petition.grants.filter(is_break_glass=True, withdrawn_at=None, valid_until__gt=now).exists(),
            "may_revoke": petition.state == State.GRANTED and is_access,
            "is_own": petition.asker_id == who.user.pk,
        }


def titles_of(request: HttpRequest, pids: Iterable[str]) -> dict[str, str]:
    """Return the titles of those of the items that the asking person may see, by pid. One query."""
    found = Item.objects.visible_to(viewer_of(request)).filter(pid__in=[pid for pid in pids if pid])
    return {item.pid: str(item) for item in found}


def names_of(request: HttpRequest, closed: Iterable[Closed]) -> dict[str, str]:
    """Return what files are called, by pid: their number in the order, and for who may see them their caption; the name under which a file
    came may tell of people, and is for staff. One query."""
    closed = list(closed)
    pids = [one.pid for one in closed if one.file is not None]
    seen = {file.pid: file for file in ItemFile.objects.visible_to(viewer_of(request)).filter(pid__in=pids)}
    language = getattr(request, "LANGUAGE_CODE", "vi")
    names: dict[str, str] = {}
    for one in closed:
        if one.file is None:
            names[one.pid] = _("the record itself")
            continue
        number = _("file %(number)s") % {"number": one.file.position + 1}
        shown = seen.get(one.pid)
        caption = "" if shown is None else pick_text(shown.captions, language)
        if shown is not None and not caption and viewer_of(request).is_staff:
            caption = shown.original_name
        names[one.pid] = f"{number}: {caption}" if caption else number
    return names


def grants_of(request: HttpRequest, petition: Petition) -> list[tuple[str, datetime | None, datetime | None]]:
    """Return what a request opened: what it is called, until when, and when that was withdrawn. Two queries."""
    held = list(petition.grants.order_by("pk"))
    files = {one.pid: one for one in ItemFile.objects.filter(pid__in=[grant.target_pid for grant in held])}
    named = names_of(request, [Closed(one.target_pid, files.get(one.target_pid), may_open=False) for one in held])
    return [(named[one.target_pid], one.valid_until, one.withdrawn_at) for one in held]
