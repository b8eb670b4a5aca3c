"""A reader's own notes: written on a work, read together on a page of their own, taken along as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from access.models import User
from access.requests import viewer_of
from archive import addresses, companions, notes, queries
from archive.models import Item, ItemFile, NotePlace
from archive.notes import NoteRefused, Seen
from public_site import note_forms, titles
from public_site.account_sections import SECTIONS, Section
from public_site.note_forms import ASKED, PLACE_OF, NewNoteForm, NoteForm
from public_site.page_languages import page_addresses, page_language
from public_site.titles import Text

SHOWN_MOST = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])
signed_in = login_required(login_url=reverse_lazy("account:sign_in"))


@dataclass(frozen=True)
class Shown:
    """A note as its reader finds it. `title` and `address` are those of its work, None and empty where the reader may not see it;
    `place` is what its number counts, "" for none that may be shown, `at` the number in words."""

    pid: str
    text: str
    on: date
    title: Text | None
    address: str
    place: str
    at: str


def shown(seen: Sequence[Seen], language: str) -> list[Shown]:
    """Return notes ready for a page. No query."""
    return [
        Shown(
            pid=one.note.pid,
            text=one.note.text,
            on=timezone.localdate(one.note.changed_at),
            title=titles.marked_title(one.item, language) if one.item else None,
            address=_address(one),
            place=one.spot.place,
            at=note_forms.shown(one.spot.place, one.spot.number) if one.spot.number is not None else "",
        )
        for one in seen
    ]


def context_of(request: HttpRequest, item: Item, file: ItemFile | None) -> dict[str, object]:
    """Return what the page of an item shows of the reader's own notes; nothing for who is not signed in. At most two queries."""
    user = request.user
    if not isinstance(user, User):
        return {}
    asked = {"file": file.pid} if file else {}
    place = _place_of(file)
    if place is not None and (at := request.GET.get(ASKED[place], "")):
        asked["at"] = at[:12]
    tail = f"?{urlencode(asked)}" if asked else ""
    return {
        "own_notes": shown(notes.of_item(user, viewer_of(request), item), page_language()),
        "note_address": reverse("notes:write", args=[item.pid]) + tail,
    }


@sensitive_post_parameters("text")
@read_or_send
def write(request: HttpRequest, pid: str) -> HttpResponse:
    """Write a note on a work, on a place in one of its files with `?file=` and `?at=`. Raises Http404 for what the reader may not see;
    who is not signed in is led to that."""
    try:
        item = queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path(), reverse("account:sign_in"))
    file = _file_of(item, request.GET.get("file", ""))
    place = _place_of(file)
    initial = {"at": _at(place, request.GET.get("at", ""))}
    form = NewNoteForm(request.POST if request.method == "POST" else None, place=place, initial=initial)
    if request.method == "POST" and form.is_valid():
        spot = notes.spot_of(file, place or "", form.cleaned_data.get("at"))
        try:
            made = notes.write(_reader(request), item, form.cleaned_data["text"], now=timezone.now(), spot=spot)
        except NoteRefused as error:
            form.refuse(error)
        else:
            # To the place in the work, not only to its head: the reader goes on where they were.
            seen = Seen(made, item, spot)
            return HttpResponseRedirect(_address(seen, fragment="notes"))
    context = {
        "item": item,
        "title": titles.marked_title(item, page_language()),
        "label": file.label if file else "",
        "form": form,
    }
    return _page(request, "write", context)


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """All that the reader noted, newest first; `?before=` a note goes on from there."""
    user = _reader(request)
    rows = notes.of_reader(user)
    count = rows.count()
    if before := request.GET.get("before", "")[:11]:
        last = rows.filter(pid=before).first()
        rows = rows.filter(pk__lt=last.pk) if last else rows
    found = list(rows[: SHOWN_MOST + 1])
    context = {
        "count": count,
        "notes": shown(notes.seen(found[:SHOWN_MOST], viewer_of(request)), page_language()),
        "before": found[SHOWN_MOST - 1].pid if len(found) > SHOWN_MOST else "",
    }
    return _page(request, "mine", context)


@sensitive_post_parameters("text")
@read_or_send
@signed_in
def change(request: HttpRequest, pid: str) -> HttpResponse:
    """Write a note of one's own anew, or delete it. Raises Http404 for every other one."""
    note = notes.of_reader(_reader(request)).filter(pid=pid).first()
    if note is None:
        raise Http404
    seen = notes.seen([note], viewer_of(request))[0]
    if request.method == "POST" and "delete" in request.POST:
        note.delete()
        return HttpResponseRedirect(reverse("notes:mine"))
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        try:
            notes.change(note, form.cleaned_data["text"], now=timezone.now())
            return HttpResponseRedirect(_address(seen, fragment="notes") or reverse("notes:mine"))
        except NoteRefused as error:
            form.refuse(error)
    return _page(request, "change", {"note": shown([seen], page_language())[0], "form": form})


@require_safe
@signed_in
def as_json(request: HttpRequest) -> HttpResponse:
    """All notes as a file for programs."""
    kept = {"notes": notes.own_data(_reader(request))}
    return _file(JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2}), "notes.json")


@require_safe
@signed_in
def as_text(request: HttpRequest) -> HttpResponse:
    """All notes as a file for people, oldest first, each below the work as the reader may see it now."""
    rows = list(notes.of_reader(_reader(request)).reverse())
    parts = [_in_words(request, one) for one in shown(notes.seen(rows, viewer_of(request)), page_language())]
    return _file(HttpResponse("\n".join(parts), content_type="text/plain; charset=utf-8"), "notes.txt")


def _in_words(request: HttpRequest, one: Shown) -> str:
    head = [f"{one.on:%Y-%m-%d}"]
    if one.title is not None:
        head = [one.title.value, addresses.absolute(request, one.address), *head]
    else:
        head = [_("A work that you cannot see now"), *head]
    return "\n".join([*head, "", one.text, "", "* * *", ""])


def _file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _address(seen: Seen, fragment: str = "") -> str:
    """The page of a note's work, open at its place; empty where the reader may not see the work."""
    if seen.item is None:
        return ""
    spot, asked = seen.spot, {}
    if spot.file_pid:
        asked["file"] = spot.file_pid
    if spot.number is not None:
        asked[ASKED[NotePlace(spot.place)]] = str(spot.number)
    query = f"?{urlencode(asked)}" if asked else ""
    mark = fragment or ("leaf" if spot.place in {NotePlace.PAGE, NotePlace.CHAPTER} else "")
    return f"{addresses.item(seen.item)}{query}{f'#{mark}' if mark else ''}"


def _file_of(item: Item, pid: str) -> ItemFile | None:
    """The file that a note belongs to: the one asked for, the only one, or none. A companion is a part of its recording."""
    files = companions.shown_alone(item.visible_files)  # type: ignore[attr-defined]  # set by whole_item
    named = next((file for file in files if file.pid == pid), None)
    return named or (files[0] if len(files) == 1 else None)


def _place_of(file: ItemFile | None) -> NotePlace | None:
    return PLACE_OF.get(file.master.kind) if file and file.master else None


def _at(place: NotePlace | None, asked: str) -> str:
    """The place that an address names, as the form shows it; nothing for what is no place."""
    number = note_forms.seconds_of(asked.partition(".")[0]) if place else None
    return note_forms.shown(place, number) if place and number is not None else ""


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    around = {"section": "account", "other_language_url": page_addresses(request)["other_language_url"]}
    return render(request, f"public_site/notes/{name}.html", {**around, **context})


def _section(request: HttpRequest) -> Section | None:
    count = notes.of_reader(_reader(request)).count()
    return Section("public_site/notes/section.html", {"count": count})


SECTIONS.append(_section)
