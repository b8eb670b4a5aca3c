"""Asking to see something, saying what should not be here, and reading the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import petitions
from access.actions.ask import Asked
from access.models import Grant, Petition, User
from access.petition_sentences import sentence
from access.petitions import PetitionRefused
from access.requests import viewer_of
from archive import addresses, queries
from archive.actions.ask_about_item import ask_about_item
from archive.actions.decide_petition import retract
from archive.models import Item
from public_site import titles
from public_site.account_sections import SECTIONS, Section
from public_site.page_languages import page_addresses, page_language
from public_site.petition_forms import ReasonsForm, ReportForm
from public_site.titles import Text

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN_MOST = 200
State = Petition.State
STANDING: Mapping[str, StrPromise] = {
    State.OPEN: _("It has come in and waits to be read."),
    State.ACKNOWLEDGED: _("Somebody has read it and looks into it."),
    State.GRANTED: _("It was granted."),
    State.REFUSED: _("It was not granted."),
    State.RETRACTED: _("You took it back."),
    State.REVOKED: _("It was granted, and what was opened is closed again."),
}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])
signed_in = login_required(login_url=reverse_lazy("account:sign_in"))


@sensitive_post_parameters("text")
@read_or_send
def access(request: HttpRequest, pid: str) -> HttpResponse:
    """Ask to see what of an item is not open to the reader, who signs in for it. Raises Http404 for what they may not see at all."""
    item = _item(request, pid)
    if queries.closed_file_count(item) == 0:
        return HttpResponseRedirect(addresses.item(item))
    if asker_of(request) is None:
        return redirect_to_login(request.get_full_path(), reverse("account:sign_in"))
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label=_("What do you need it for?"),
        help_text=_("Those who decide read this: the library, or the people whose it is."),
    )
    if request.method == "POST" and form.is_valid():
        asked = Asked(kind=Petition.Kind.ACCESS, text=form.cleaned_data["text"])
        if _ask(request, item, asked, form) is not None:
            return HttpResponseRedirect(reverse("asking:mine"))
    return _page(request, "access", item, form)


@sensitive_post_parameters("text", "name", "contact")
@read_or_send
def report(request: HttpRequest, pid: str) -> HttpResponse:
    """Say that something should not be here, or is wrong; anybody may. Raises Http404 for what the reader may not see."""
    item = _item(request, pid)
    asker = asker_of(request)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        label=_("What should we know?"),
        help_text=_("A few words are enough. Nobody has to give reasons that hurt."),
        is_signed_in=asker is not None,
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        asked = Asked(kind=sent["kind"], text=sent["text"], name=sent["name"], contact=sent["contact"])
        petition = _ask(request, item, asked, form)
        if petition is not None:
            mine_or_receipt = reverse("asking:mine") if asker is not None else receipt_address(petition)
            return HttpResponseRedirect(mine_or_receipt)
    return _page(request, "report", item, form)


@read_or_send
def receipt(request: HttpRequest, word: str) -> HttpResponse:
    """What became of a request, for whoever made it without an account and holds its address. Raises Http404 for every other word."""
    petition = petitions.by_receipt(word)
    if petition is None:
        raise Http404
    error = ""
    if request.method == "POST":
        error = _retracted(petition, None)
        if not error:
            return HttpResponseRedirect(request.path)
    context = {
        "one": told_of(request, [petition])[0],
        "address": addresses.absolute(request, request.path),
        "error": error,
        **_other_language(request),
    }
    return render(request, "public_site/petitions/receipt.html", context)


@read_or_send
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader has asked, and the answers. A request that waits can be taken back here."""
    user = cast(User, request.user)
    error = ""
    if request.method == "POST":
        petition = asked_by(user).filter(pid=request.POST.get("pid", "")[:11]).first()
        if petition is None:
            raise Http404
        error = _retracted(petition, user)
        if not error:
            return HttpResponseRedirect(request.path)
    context = {"section": "account", "asked": told_of(request, asked_by(user)[:SHOWN_MOST]), "error": error}
    return render(request, "public_site/petitions/mine.html", {**context, **_other_language(request)})


@dataclass(frozen=True)
class Told:
    """One request as its asker reads it. `of` is what it is about, as far as they may know of it now, with its address. Days are the
    library's; `open_until` is the last one on which all that was opened is open."""

    petition: Petition
    standing: str
    of: Text | None
    address: str
    sent_on: date
    decided_until: date | None
    open_until: date | None

    @property
    def is_over(self) -> bool:
        return not self.petition.is_pending


def told_of(request: HttpRequest, rows: QuerySet[Petition] | list[Petition]) -> list[Told]:
    """Return requests ready for their page. Five queries, however many they are."""
    viewer, language = viewer_of(request), page_language()
    rows = list(rows)
    items = {item.pid: item for item in queries.visible_items(viewer).filter(pid__in=[one.target_pid for one in rows])}
    known = {one.pk: one for one in queries.communities(viewer).filter(pk__in=[one.community_id for one in rows])}
    told = []
    for one in rows:
        item, community = items.get(one.target_pid), known.get(one.community_id or 0)
        of, address = None, ""
        if item is not None:
            of, address = titles.marked_title(item, language), addresses.item(item)
        elif community is not None:
            of, address = Text(community.name), reverse("public_site:community", args=[community.pid])
        told.append(
            Told(
                one,
                str(STANDING.get(one.state, "")),
                of,
                address,
                sent_on=timezone.localdate(one.received_at),
                decided_until=timezone.localdate(one.act_by) if one.act_by and one.is_pending else None,
                open_until=_open_until(one),
            )
        )
    return told


def _open_until(petition: Petition) -> date | None:
    ends = [grant.valid_until for grant in petition.grants.all() if grant.withdrawn_at is None and grant.valid_until]
    return timezone.localdate(min(ends) - timedelta.resolution) if ends else None


def asked_by(user: User) -> QuerySet[Petition]:
    """Return what a person has asked, newest first, with what it opened. Two queries."""
    opened = Prefetch("grants", queryset=Grant.objects.order_by("valid_until", "pk"))
    return Petition.objects.filter(asker=user).order_by("-received_at", "-pk").prefetch_related(opened)


def asker_of(request: HttpRequest) -> User | None:
    """Return the account that asks, or None."""
    return request.user if isinstance(request.user, User) else None


def receipt_address(petition: Petition) -> str:
    """Return the address under which whoever asked without an account finds the answer."""
    return reverse("asking:receipt", args=[petitions.receipt(petition)])


def refused(form: ReasonsForm, error: PetitionRefused) -> None:
    """Say on the form why something was not taken in; `form.pause` tells the page that it came too often."""
    form.add_error(None, sentence(error))
    form.is_too_much = error.code == "too_many"  # type: ignore[attr-defined]  # read by `status_of`


def status_of(form: ReasonsForm) -> int:
    """Return the status of a page with this form: 429 where too much was asked."""
    return 429 if getattr(form, "is_too_much", False) else 200


def _item(request: HttpRequest, pid: str) -> Item:
    try:
        return queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error


def _ask(request: HttpRequest, item: Item, asked: Asked, form: ReasonsForm) -> Petition | None:
    whole = replace(asked, asker=asker_of(request), address_digest=petitions.address_digest(request))
    try:
        return ask_about_item(
            item.pid, whole, viewer=viewer_of(request), now=timezone.now(), calendar=petitions.calendar()
        )
    except queries.NotVisible as error:
        raise Http404 from error
    except PetitionRefused as error:
        refused(form, error)
    return None


def _retracted(petition: Petition, by: User | None) -> str:
    """Take a request back; return why not, or nothing."""
    try:
        retract(petition, by=by, now=timezone.now())
    except PetitionRefused as error:
        return sentence(error)
    return ""


def _page(request: HttpRequest, name: str, item: Item, form: ReasonsForm) -> HttpResponse:
    context = {
        "section": "items",
        "item": item,
        "title": titles.marked_title(item, page_language()),
        "form": form,
        "is_signed_in": asker_of(request) is not None,
        **_other_language(request),
    }
    return render(request, f"public_site/petitions/{name}.html", context, status=status_of(form))


def _other_language(request: HttpRequest) -> dict[str, object]:
    return {"other_language_url": page_addresses(request)["other_language_url"]}


def _section(request: HttpRequest) -> Section | None:
    user = asker_of(request)
    asked = 0 if user is None else asked_by(user).count()
    return Section("public_site/petitions/section.html", {"count": asked}) if asked else None


SECTIONS.append(_section)
