"""The front page, the index pages and the page about the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import queries
from archive.models import Place
from archive.models.authority import Authority
from archive.search import Filters, Results, SearchPreparing, Sort, search
from public_site import titles
from public_site.page_languages import page_addresses, page_language
from public_site.titles import Text
from public_site.views.lists import cards_of

NEWEST_SHOWN = 8
PLACES_SHOWN = 12


@dataclass(frozen=True)
class IndexLink:
    """One way into the archive: its name, its page, how much lies behind it."""

    label: Text
    address: str
    count: int
    kind: str = ""


def authority_links(rows: Iterable[Authority], pattern: str) -> list[IndexLink]:
    """Links to the pages of peoples or collections that carry `item_count`, the fullest first."""
    language = page_language()
    links = []
    for row in rows:
        name = titles.picked(row.names, language) or Text(row.slug)
        count: int = row.item_count  # type: ignore[attr-defined]  # annotated by queries
        links.append(IndexLink(name, reverse(pattern, args=[row.slug]), count))
    return sorted(links, key=lambda link: -link.count)


def place_links(rows: Iterable[Place]) -> list[IndexLink]:
    """Links to the pages of places, the fullest first."""
    links = []
    for row in rows:
        count: int = row.item_count  # type: ignore[attr-defined]  # annotated by queries
        links.append(IndexLink(Text(row.name_on(None)), reverse("public_site:place", args=[row.slug]), count))
    return sorted(links, key=lambda link: -link.count)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what this is, ways in, and what came last."""
    viewer, language = viewer_of(request), page_language()
    try:
        results = search("", Filters(), viewer, sort=Sort.NEWEST, page_size=NEWEST_SHOWN, facets=["kind"])
    except SearchPreparing:
        newest = queries.visible_items(viewer)
        results = Results(list(newest[:NEWEST_SHOWN]), (), newest.count(), "")
    kinds = next((facet.values for facet in results.facets if facet.name == "kind"), ())
    context = {
        "section": "home",
        "total": results.total,
        "kinds": [
            IndexLink(Text(value.label), f"{reverse('public_site:items')}?kind={value.value}", value.count, value.value)
            for value in kinds
        ],
        "peoples": authority_links(queries.peoples(viewer), "public_site:people"),
        "places": place_links(queries.places(viewer))[:PLACES_SHOWN],
        "cards": cards_of(viewer, results.hits, language),
        **page_addresses(request),
    }
    return render(request, "public_site/home.html", context)


def index(request: HttpRequest, section: str, title: object, links: list[IndexLink]) -> HttpResponse:
    """An index page."""
    context = {"section": section, "title": title, "links": links, **page_addresses(request)}
    return render(request, "public_site/index.html", context)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """All collections in which the viewer may see something."""
    links = authority_links(queries.collections(viewer_of(request)), "public_site:collection")
    return index(request, "collections", _("Collections"), links)


@require_safe
def peoples(request: HttpRequest) -> HttpResponse:
    """All peoples of which the viewer may see something."""
    return index(
        request, "peoples", _("Peoples"), authority_links(queries.peoples(viewer_of(request)), "public_site:people")
    )


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places where something that the viewer may see is shown."""
    return index(request, "places", _("Places"), place_links(queries.places(viewer_of(request))))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the archive is, how to ask for access, how to reach the library."""
    return render(request, "public_site/about.html", {"section": "about", **page_addresses(request)})
