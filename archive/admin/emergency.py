"""The page on which an administrator opens one thing that is closed to them, and ends that again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access.actions import break_glass
from access.actions.break_glass import REASON_LETTERS_LEAST, REASON_LETTERS_MOST, BreakGlassRefused
from access.identifiers import PID_PATTERN, is_pid
from access.models import Grant, Petition
from access.requests import viewer_of
from archive.actions.open_in_emergency import end_own, open_in_emergency
from archive.admin.base import actor_of
from archive.models import Item, ItemFile

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

HOURS = (1, 4, 8, 24)
SENTENCES: dict[str, StrPromise] = {
    "not_allowed": gettext_lazy("Only administrators may do this. Nothing was opened."),
    "unknown": gettext_lazy("There is nothing with this identifier. Nothing was opened; the try is in the log."),
    "open_already": gettext_lazy("It is open to you already. Nothing was changed."),
    "short_reason": gettext_lazy("Say in a whole sentence what the emergency is. Nothing was opened."),
    "wrong_time": gettext_lazy("Choose one of the times offered. Nothing was opened."),
}
FIELD_OF = {"unknown": "pid", "open_already": "pid", "short_reason": "reason", "wrong_time": "hours"}


class EmergencyForm(forms.Form):
    """What is opened, for how long, and why."""

    required_css_class = "required"

    pid = forms.CharField(
        label=gettext_lazy("Identifier or address"),
        max_length=200,
        help_text=gettext_lazy("Of the item or of one file, as it stands in its address: eleven letters and digits."),
    )
    hours = forms.TypedChoiceField(label=gettext_lazy("Open for"), coerce=int)
    reason = forms.CharField(
        label=gettext_lazy("What the emergency is"),
        max_length=REASON_LETTERS_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "minlength": REASON_LETTERS_LEAST}),
        help_text=gettext_lazy("Those whose it is read this at once, with your name. It stays in the log."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # passes Django's own arguments through
        choices = [(hours, ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}) for hours in HOURS]
        self.fields["hours"].choices = choices  # type: ignore[attr-defined]  # a field of choices, above

    def clean_pid(self) -> str:
        """Return the identifier in what was typed or pasted; text without one is kept as it is, and is of nothing."""
        typed = str(self.cleaned_data["pid"]).strip().lower()
        found = [word for word in re.findall(PID_PATTERN, typed) if is_pid(word)]
        return found[-1] if found else typed


@dataclass(frozen=True)
class Opening:
    """One emergency that goes on: what it is called, where it is, until when, and the notice of it."""

    name: str
    address: str
    until: datetime
    notice: Petition


def page(request: HttpRequest) -> HttpResponse:
    """Show the form and what is open by it; open what is asked for. For everybody but administrators every answer is the same 403."""
    actor, now = actor_of(request), timezone.now()
    if not break_glass.is_administrator(actor):
        if request.method == "POST":
            break_glass.record_try(actor, target_pid="", why="not_allowed", now=now)
        raise PermissionDenied
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            item = open_in_emergency(
                sent["pid"], actor=actor, reason=sent["reason"], lasts=timedelta(hours=sent["hours"]), now=now
            )
        except BreakGlassRefused as error:
            form.add_error(FIELD_OF.get(error.code), str(SENTENCES[error.code]))
        else:
            text = _("It is open to you, and to nobody else. Those whose it is were told. End it as soon as you can.")
            messages.warning(request, text)
            return HttpResponseRedirect(reverse("admin:archive_item_change", args=[item.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Open something in an emergency"),
        "form": form,
        "openings": openings_of(request, now=now),
    }
    return TemplateResponse(request, "desk/emergency.html", context)


def end(request: HttpRequest, pid: str) -> HttpResponse:
    """End what one opened oneself (POST). Somebody else's is answered as what is not there."""
    actor = actor_of(request)
    if not break_glass.is_administrator(actor):
        raise PermissionDenied
    notice = Petition.objects.filter(pid=pid, asker=actor, kind=Petition.Kind.NOTICE).first()
    if notice is None:
        raise Http404
    if end_own(notice, actor=actor, now=timezone.now()):
        messages.success(request, _("It is closed to you again."))
    return HttpResponseRedirect(reverse("admin:emergency"))


def openings_of(request: HttpRequest, *, now: datetime) -> list[Opening]:
    """Return what this person holds open, the newest first. Three queries."""
    live = Grant.objects.filter(
        user=actor_of(request), is_break_glass=True, withdrawn_at=None, valid_until__gt=now, petition__isnull=False
    ).select_related("petition")
    grants = [grant for grant in live if grant.petition and grant.target_pid == grant.petition.target_pid]
    pids, viewer = [grant.target_pid for grant in grants], viewer_of(request)
    items = {item.pid: item for item in Item.objects.visible_to(viewer).filter(pid__in=pids)}
    files = ItemFile.objects.visible_to(viewer).filter(pid__in=pids).select_related("item")
    items |= {file.pid: file.item for file in files}
    found: list[Opening] = []
    for grant in grants:
        item = items.get(grant.target_pid)
        address = reverse("admin:archive_item_change", args=[item.pk]) if item else ""
        if grant.valid_until is not None and grant.petition is not None:
            found.append(Opening(str(item or grant.target_pid), address, grant.valid_until, grant.petition))
    return found
