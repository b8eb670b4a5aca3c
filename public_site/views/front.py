"""The front page, and the page about the archive."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import addresses, ways
from archive.crosswalks import schema_org
from archive.models import ItemKind, Place
from archive.search.tallies import Tally
from archive.ways import Tree
from public_site import links
from public_site.links import IndexLink, Node
from public_site.page_languages import page_addresses, page_language
from public_site.titles import Text
from public_site.views import exhibits
from public_site.views.lists import cards_of

NEWEST_SHOWN = 8
PEOPLES_SHOWN = 12
PLACES_SHOWN = 10
DECADES_SHOWN = 8
# What a reader calls a place: not what everything lies in.
NEAR = frozenset(
    {
        Place.PlaceKind.VILLAGE,
        Place.PlaceKind.COMMUNE,
        Place.PlaceKind.WARD,
        Place.PlaceKind.TOWN,
        Place.PlaceKind.SPECIAL_ZONE,
        Place.PlaceKind.FEATURE,
    }
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what this is, ways in, and what came last. Six queries, and those of a list; up to nine more where
    there are exhibits."""
    viewer, language = viewer_of(request), page_language()
    tally = ways.counted(viewer, "kind", "people", "place", "decade")
    places = tally.keys("place")
    context = {
        "section": "home",
        "website": _website(request),
        "total": tally.total,
        "kinds": kinds_of(tally.counts.get("kind", {})),
        "peoples": peoples_of(ways.tree_of_peoples(tally.keys("people")), language),
        "places": [
            links.node_of_place(row, places[row.pk], language)
            for row in ways.fullest_places(places, NEAR, PLACES_SHOWN)
        ],
        "decades": decades_of(tally),
        "exhibits": exhibits.at_home(viewer, language),
        "cards": cards_of(viewer, ways.arrivals(viewer, NEWEST_SHOWN), language),
        **page_addresses(request),
    }
    return render(request, "public_site/home.html", context)


def _website(request: HttpRequest) -> SafeString:
    """The archive for programs. Its letters that mean something to HTML are escaped as JSON escapes them."""
    home, search = (addresses.absolute(request, reverse(f"public_site:{name}")) for name in ("home", "search"))
    return SafeString(
        schema_org.in_page(schema_org.website(settings.LIBRARY_NAME, home=home, search=f"{search}?q={{words}}"))
    )


def kinds_of(counts: Mapping[str, int]) -> list[IndexLink]:
    """Doors by kind, the fullest first."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    at = reverse("public_site:items")
    return [IndexLink(Text(str(ItemKind(kind).label)), f"{at}?kind={kind}", count, kind) for kind, count in ranked]


def peoples_of(tree: Tree, language: str) -> list[Node]:
    """The fullest peoples; branches are on their own page."""

    def node(pk: int) -> Node:
        return links.node_of_authority(tree.rows[pk], tree.counts.get(pk, 0), "people", language)

    return list(links.shown(tree, node).nodes)[:PEOPLES_SHOWN]


def decades_of(tally: Tally) -> list[tuple[int, int]]:
    """The latest decades from which something is: their first and last years."""
    known = sorted((int(first) for first in tally.counts.get("decade", {})), reverse=True)
    return [(first, first + 9) for first in known[:DECADES_SHOWN]]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the archive is, how to ask for access, how to reach the library."""
    return render(request, "public_site/about.html", {"section": "about", **page_addresses(request)})
