"""Making a list without an account, and changing it: whoever made it holds its key in a cookie, or in an address of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import sign_in
from access.forms import Counted
from access.requests import viewer_of
from archive import addresses, queries, reading_lists
from archive.models import Item
from archive.models.reading_list import NAME_LETTERS_MOST
from archive.reading_lists import Change, ListFull, NotYours, ReadingList
from public_site import titles
from public_site.page_languages import page_addresses, page_language
from public_site.views.reading_lists import items_of, list_of, name_of

COOKIE = "danh_sach"
FULL = _("The list is full: it takes two hundred works. Begin another one.")
TOO_MANY = _("Too many lists were begun from here just now. Please wait a quarter of an hour.")
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


class NameForm(Counted):
    """What a list is called."""

    name = forms.CharField(
        label=_("Name of the list"),
        help_text=_("Whoever has the code reads it, too. Write no name of a person here."),
        required=False,
        max_length=NAME_LETTERS_MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Own:
    """The list that a browser changes now, with its key."""

    list: ReadingList
    key: str


def own_of(request: HttpRequest) -> Own | None:
    """The list whose key the browser holds; None where there is none, or no such list any more. Two queries at most."""
    code, _dot, key = request.COOKIES.get(COOKIE, "").partition(".")
    now = timezone.now()
    if not key or not reading_lists.is_key(code, key, now=now):
        return None
    found = reading_lists.find(code, now=now)
    return None if found is None else Own(found, key)


@read_or_send
def keep(request: HttpRequest, pid: str) -> HttpResponse:
    """Put an item on the reader's list; without one a new one is made. Raises Http404 for what the reader may not see."""
    try:
        item = queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error
    own = own_of(request)
    form = NameForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        if own is None or "new" in request.POST:
            answer = _begun(request, form, (item.pid,))
            if answer is not None:
                return answer
        else:
            try:
                reading_lists.change(own.list.code, own.key, reading_lists.with_item(item.pid), now=timezone.now())
                return HttpResponseRedirect(reverse("public_site:list", args=[own.list.code]))
            except ListFull:
                refused = str(FULL)
            except NotYours:
                return HttpResponseRedirect(request.path)
    return _shown(request, "keep", {"item": item, "own": own, "form": form, "error": refused, **_titled(item)})


@read_or_send
def new(request: HttpRequest) -> HttpResponse:
    """Begin a list that holds nothing yet."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _begun(request, form, ())
        if answer is not None:
            return answer
    return _shown(request, "new", {"form": form, "own": own_of(request)})


@read_or_send
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Make a list of one's own with the works of another. Raises Http404."""
    found = list_of(code)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        answer = _begun(request, form, tuple(item.pid for item in items_of(viewer_of(request), found)))
        if answer is not None:
            return answer
    return _shown(request, "copy", {"form": form, "list": found, "name": name_of(found)})


@read_or_send
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Order, remove, rename, delete: for who holds the key. Others read here how to come by a list of their own. Raises Http404."""
    found, own = list_of(code), own_of(request)
    if own is None or own.list.code != found.code:
        return _shown(request, "not_yours", {"list": found, "name": name_of(found)})
    items = list(items_of(viewer_of(request), found))
    if request.method == "POST":
        try:
            return _changed(request, own, [item.pid for item in items])
        except NotYours:
            return HttpResponseRedirect(request.path)
    language = page_language()
    opening = reverse("own_lists:open", args=[found.code, own.key])
    context = {
        "list": found,
        "name": name_of(found),
        "form": NameForm(initial={"name": found.name}),
        "rows": [(item.pid, titles.marked_title(item, language)) for item in items],
        "opening": addresses.absolute(request, opening),
    }
    return _shown(request, "change", context)


@sensitive_post_parameters()
@read_or_send
def open_for_change(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Take a list over into this browser, by the address that its maker kept. Raises Http404 for every other key."""
    found = list_of(code)
    if not reading_lists.is_key(found.code, key, now=timezone.now()):
        raise Http404
    if request.method == "POST":
        return _held(HttpResponseRedirect(reverse("own_lists:change", args=[found.code])), found.code, key)
    return _shown(request, "open", {"list": found, "name": name_of(found)})


def _begun(request: HttpRequest, form: NameForm, pids: tuple[str, ...]) -> HttpResponse | None:
    """The answer that leads to a new list, whose key the browser holds from now on; None in a pause, of which the form tells."""
    now = timezone.now()
    counted = sign_in.begin_code("reading_list", sign_in.address_of(request), now=now)
    if isinstance(counted, sign_in.Pause):
        form.pause = counted
        form.add_error(None, TOO_MANY)
        return None
    made, key = reading_lists.begin(form.cleaned_data["name"], pids, now=now)
    return _held(HttpResponseRedirect(reverse("own_lists:change", args=[made.code])), made.code, key)


def _changed(request: HttpRequest, own: Own, shown: list[str]) -> HttpResponse:
    """Do what a button of the page says. Raises NotYours."""
    code, now = own.list.code, timezone.now()
    if "delete" in request.POST:
        reading_lists.forget(code, own.key, now=now)
        answer = HttpResponseRedirect(reverse("public_site:lists"))
        answer.delete_cookie(COOKIE, samesite="Lax")
        return answer
    wanted = _change_of(request, shown)
    if wanted is not None:
        reading_lists.change(code, own.key, wanted, now=now)
    return HttpResponseRedirect(request.path)


def _change_of(request: HttpRequest, shown: list[str]) -> Change | None:
    sent = request.POST
    if "rename" in sent:
        form = NameForm(sent)
        return reading_lists.named(form.cleaned_data["name"]) if form.is_valid() else None
    if "remove" in sent:
        return reading_lists.without_item(sent["remove"])
    for word, step in (("up", -1), ("down", 1)):
        if (pid := sent.get(word, "")) in shown:
            # Beside what the reader sees there: what is hidden from them keeps its place.
            at = shown.index(pid) + step
            if 0 <= at < len(shown):
                beside = {"before": shown[at]} if step < 0 else {"after": shown[at]}
                return reading_lists.moved(pid, **beside)
    return None


def _held(answer: HttpResponse, code: str, key: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE,
        f"{code}.{key}",
        max_age=reading_lists.LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _titled(item: Item) -> dict[str, object]:
    return {"title": titles.marked_title(item, page_language())}


def _shown(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    form = context.get("form")
    paused = isinstance(form, NameForm) and form.pause is not None
    other = {"other_language_url": page_addresses(request)["other_language_url"], "section": "lists"}
    return render(request, f"public_site/lists/{name}.html", {**context, **other}, status=429 if paused else 200)
