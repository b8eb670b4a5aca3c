"""“I know this person, this place, this song”: telling it, finding it again by its code, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import petitions
from access.models import User
from access.requests import viewer_of
from archive import addresses, contributions, queries
from archive.actions import contribute
from archive.actions.contribute import Knowledge, Sent
from archive.contribution_sentences import sentence
from archive.contributions import ContributionRefused
from archive.models import Contribution, Item
from public_site import titles
from public_site.account_sections import SECTIONS, Section
from public_site.page_languages import page_addresses, page_language
from public_site.telling_forms import TRAP, CodeForm, ReplyForm, TellingForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

State = Contribution.State
STANDING: Mapping[str, StrPromise] = {
    State.OPEN: _("It has come in and waits to be read. Nobody else sees it."),
    State.ASKED_BACK: _("Those who look after the work ask you something."),
    State.ACCEPTED: _("It was taken up, with thanks."),
    State.REFUSED: _("It was not taken up, and what you had written is erased."),
    State.WITHDRAWN: _("You took it back, and it is erased."),
}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("text", "name", "contact")
@read_or_send
def tell(request: HttpRequest, pid: str) -> HttpResponse:
    """Tell what one knows of a work; anybody may. Raises Http404 for what the reader may not see."""
    try:
        item = queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error
    giver = _giver(request)
    initial = {"name": giver.get_full_name() or giver.get_username(), "contact": giver.email} if giver else None
    form = TellingForm(request.POST or None, request.FILES or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data[TRAP]:
            # Said to whoever filled it by hand, and of no use to a program.
            form.add_error(None, _("One field must stay empty. Nothing was sent."))
        else:
            try:
                _told, code = contribute.contribute(
                    item.pid, _knowledge(request, form, giver), viewer=viewer_of(request), now=timezone.now()
                )
            except queries.NotVisible as error:
                raise Http404 from error
            except ContributionRefused as error:
                form.add_error(None, sentence(error))
                status = 429 if error.code == "too_many" else 200
            else:
                return _thanks(request, item, code)
    context = {
        "section": "items",
        "item": item,
        "title": titles.marked_title(item, page_language()),
        "form": form,
        "is_signed_in": giver is not None,
        **_other_language(request),
    }
    return render(request, "public_site/telling/tell.html", context, status=status)


def _knowledge(request: HttpRequest, form: TellingForm, giver: User | None) -> Knowledge:
    sent = form.cleaned_data
    file = sent["file"]
    return Knowledge(
        subject=sent["subject"],
        text=sent["text"],
        consent=sent["consent"],
        name=sent["name"],
        contact=sent["contact"],
        wants_answer=sent.get("wants_answer", False),
        language=page_language(),
        file=Sent(file.name, file.chunks()) if file else None,
        giver=giver,
        address_digest="" if giver else petitions.address_digest(request),
    )


def _thanks(request: HttpRequest, item: Item, code: str) -> HttpResponse:
    """The page that shows the code, this once."""
    at = reverse("asking:told", args=[code])
    context = {
        "section": "items",
        "item": item,
        "title": titles.marked_title(item, page_language()),
        "code": code,
        "address": addresses.absolute(request, at),
    }
    return render(request, "public_site/telling/thanks.html", context, status=201)


@read_or_send
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the code of something that was told, and lead to it."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = str(form.cleaned_data["code"])
        if contributions.by_code(code) is not None:
            return HttpResponseRedirect(reverse("asking:told", args=[contributions.written(code)]))
        form.add_error("code", _("Nothing was told under this code."))
    return render(request, "public_site/telling/find.html", {"form": form, **_other_language(request)})


@sensitive_post_parameters("text")
@read_or_send
def told(request: HttpRequest, code: str) -> HttpResponse:
    """What became of something that was told, for whoever holds its code. Raises Http404 for every other code."""
    found = contributions.by_code(code)
    if found is None:
        raise Http404
    form = ReplyForm(request.POST if "reply" in request.POST else None)
    error = ""
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                contribute.take_back(found, by=_giver(request), now=timezone.now())
                return HttpResponseRedirect(request.path)
            if "reply" in request.POST and form.is_valid():
                contribute.reply(found, form.cleaned_data["text"], by=_giver(request), now=timezone.now())
                return HttpResponseRedirect(request.path)
        except ContributionRefused as refusal:
            error = sentence(refusal)
    item = queries.visible_items(viewer_of(request)).filter(pk=found.item_id).first()
    context = {
        "told": found,
        "standing": STANDING[found.state],
        "item": item,
        "title": titles.marked_title(item, page_language()) if item else None,
        "sent_on": timezone.localdate(found.consented_at),
        "is_gone": found.state in {State.REFUSED, State.WITHDRAWN},
        "may_take_back": found.state != State.WITHDRAWN,
        "form": form if found.state == State.ASKED_BACK else None,
        "error": error,
        **_other_language(request),
    }
    return render(request, "public_site/telling/told.html", context)


def _giver(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _other_language(request: HttpRequest) -> dict[str, object]:
    return {"other_language_url": page_addresses(request)["other_language_url"]}


def _section(request: HttpRequest) -> Section | None:
    user = _giver(request)
    count = 0 if user is None else contributions.of_giver(user).exclude(state=State.WITHDRAWN).count()
    return Section("public_site/telling/section.html", {"count": count}) if count else None


SECTIONS.append(_section)
