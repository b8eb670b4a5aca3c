"""Searches that can be followed: a feed of any search, and the page and the feed of those that the library keeps.

A feed holds what everybody may see, whoever asks: readers of feeds keep and pass on what they fetch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from access.caching import publicly_cacheable
from access.models import AccessRule
from access.viewer import Viewer, visitor
from archive import addresses, queries, ways
from archive.models import Collection, Item, People, SavedSearch
from archive.search import BadCursor, Filters, Sort, search
from public_site import atom, titles
from public_site.forms import FILTER_NAMES, SiftForm
from public_site.open_pictures import open_picture
from public_site.page_languages import page_addresses, page_language
from public_site.views.lists import HeadingNames, show_list

ENTRIES = 50
SUMMARY_LETTERS_MOST = 400
PICTURE_PX = 480


@require_safe
def search_feed(request: HttpRequest) -> HttpResponseBase:
    """The feed of a search, newest publication first."""
    form = SiftForm(request.GET)
    asked = {name: request.GET[name] for name in (*LASTING, "q") if request.GET.get(name)}
    page = f"{reverse('public_site:search')}?{urlencode(asked)}"
    words = form.words()
    title = _("Search: %(words)s") % {"words": words} if words else _("Search")
    head = atom.Feed("", page, "", title, page_language(), settings.LIBRARY_NAME, ())
    return _feed(request, words, form.filters({}), form.position(), head, asked)


LASTING = (*FILTER_NAMES, "date_from", "date_to")


@require_safe
def arrivals_feed(request: HttpRequest) -> HttpResponseBase:
    """The feed of all that comes in, newest publication first."""
    form = SiftForm(request.GET)
    head = atom.Feed(
        "", reverse("public_site:items"), "", _("New arrivals"), page_language(), settings.LIBRARY_NAME, ()
    )
    return _feed(request, "", Filters(), form.position(), head, {})


FILTERS = {"peoples": "people", "places": "place", "collections": "collection"}  # by the section of the site


@require_safe
def heading_feed(request: HttpRequest, section: str, slug: str) -> HttpResponseBase:
    """The feed of one people, place or collection. Raises Http404 where a stranger sees nothing under it."""
    name, language = FILTERS[section], page_language()
    called = _heading(section, slug, visitor(now=timezone.now()), language)
    if not called:
        raise Http404
    form = SiftForm(request.GET)
    page = reverse(f"public_site:{name}", args=[slug])
    head = atom.Feed("", page, "", called, language, settings.LIBRARY_NAME, ())
    return _feed(request, "", _within(section, slug), form.position(), head, {})


@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    """The searches that the library keeps."""
    language = page_language()
    listed = [(saved, _called(saved, language)) for saved in queries.saved_searches()]
    context = {"section": "search", "listed": listed, **page_addresses(request)}
    return render(request, "public_site/searches.html", context)


@require_safe
def saved_search(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them: what it finds now, for this viewer, to be narrowed further. Raises Http404."""
    saved, language = _shown(slug), page_language()
    names = HeadingNames(
        _called(saved, language), titles.others(saved.names, language), titles.picked(saved.notes, language)
    )
    extra = {
        "section": "search",
        "heading": names.heading,
        "other_names": names.others,
        "about": names.about,
        "index": "public_site:saved_searches",
        "index_label": gettext_noop("Saved searches"),
        "feed": reverse("public_site:saved_feed", args=[slug]),
    }
    filters = queries.filters_of(saved)
    fixed = {name: value for name in FILTER_NAMES if (value := getattr(saved, name))}
    return show_list(
        request,
        "public_site/heading.html",
        fixed=fixed,
        extra=extra,
        words=saved.query,
        days=(filters.date_from, filters.date_to),
    )


@require_safe
def saved_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The feed of one of them. Raises Http404."""
    saved = _shown(slug)
    title = _called(saved, page_language()).value
    page = reverse("public_site:saved_search", args=[slug])
    head = atom.Feed("", page, "", title, page_language(), settings.LIBRARY_NAME, (), changed=saved.changed_at)
    form = SiftForm(request.GET)
    return _feed(request, saved.query, queries.filters_of(saved), form.position(), head, {})


def _heading(section: str, slug: str, viewer: Viewer, language: str) -> str:
    """What a heading is called under which this viewer sees something; empty where there is none."""
    if section == "places":
        place = ways.place(viewer, slug)
        return place.name_on(None) if place else ""
    rows = queries.peoples(viewer) if section == "peoples" else queries.collections(viewer)
    found: People | Collection | None = rows.filter(slug=slug).first()
    return (titles.picked(found.names, language) or titles.Text(slug)).value if found else ""


def _within(section: str, slug: str) -> Filters:
    if section == "places":
        return Filters(place=slug)
    return Filters(people=slug) if section == "peoples" else Filters(collection=slug)


def _shown(slug: str) -> SavedSearch:
    saved = queries.saved_searches().filter(slug=slug).first()
    if saved is None:
        raise Http404
    return saved


def _called(saved: SavedSearch, language: str) -> titles.Text:
    return titles.picked(saved.names, language) or titles.Text(saved.slug)


def _feed(
    request: HttpRequest, words: str, filters: Filters, cursor: str, head: atom.Feed, asked: Mapping[str, str]
) -> HttpResponseBase:
    viewer = visitor(now=timezone.now())

    def pictured(keys: list[int], _called: object) -> dict[int, Item]:
        return {row.pk: row for row in queries.pictured(viewer, queries.visible_items(viewer).filter(pk__in=keys))}

    try:
        found = search(
            words, filters, viewer, sort=Sort.NEWEST, cursor=cursor, page_size=ENTRIES, facets=(), load=pictured
        )
    except BadCursor as error:
        raise Http404 from error
    items = list(found.hits)
    own = addresses.absolute(request, request.path)

    def at(**more: str) -> str:
        query = urlencode({**asked, **more})
        return f"{own}?{query}" if query else own

    feed = replace(
        head,
        own=at(**({"cursor": cursor} if cursor else {})),
        page=addresses.absolute(request, head.page),
        next=at(cursor=found.next_cursor) if found.next_cursor else "",
        entries=[_entry(request, viewer, item, head.lang, head.changed) for item in items],
    )
    answer = HttpResponse(atom.write(feed), content_type=atom.MEDIA_TYPE)
    answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == answer["ETag"]:
        answer = HttpResponse(status=304, headers={"ETag": answer["ETag"]})
    return publicly_cacheable(answer, rule=AccessRule.objects.public())


def _entry(request: HttpRequest, viewer: Viewer, item: Item, language: str, otherwise: datetime) -> atom.Entry:
    title = titles.marked_title(item, language)
    summary = titles.picked(item.descriptions, language)
    text = summary.value if summary else ""
    return atom.Entry(
        id=addresses.ark(item),
        page=addresses.absolute(request, addresses.item(item)),
        title=title.value,
        lang=title.lang or language,
        summary=text if len(text) <= SUMMARY_LETTERS_MOST else f"{text[:SUMMARY_LETTERS_MOST].rstrip()}…",
        kind=item.kind,
        published=item.published_at or otherwise,
        updated=queries.datestamp(viewer, item),
        picture=_picture(request, item),
    )


def _picture(request: HttpRequest, item: Item) -> atom.Picture | None:
    shown = open_picture(item, PICTURE_PX)
    if shown is None:
        return None
    return atom.Picture(addresses.absolute(request, shown.address), shown.media_type, shown.size_bytes)
