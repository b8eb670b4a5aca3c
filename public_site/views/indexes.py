"""The pages that lead into the archive: all peoples, places, collections and subjects, the time line, what came last, and a leap."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from access.caching import publicly_cacheable
from access.models import AccessRule
from access.requests import viewer_of
from access.viewer import Viewer, visitor
from archive import queries, ways
from archive.dates_as_said import say
from archive.models import Item, ItemKind, Place
from archive.ways import Tree
from public_site import links, map_tiles, mapping, pmtiles, timeline
from public_site.links import IndexLink, Node, Shown
from public_site.mapping import Spot
from public_site.page_languages import page_addresses, page_language
from public_site.views.lists import cards_of

ARRIVALS_SHOWN = 48
TILE_AGE_S = 86_400
draw: Callable[[int, int], int] = random.SystemRandom().randint


def index(request: HttpRequest, section: str, title: str, listed: list[IndexLink]) -> HttpResponse:
    """A plain index page. `title` is in English, as templates have words."""
    context = {"section": section, "title": title, "links": listed, **page_addresses(request)}
    return render(request, "public_site/index.html", context)


def tree_page(request: HttpRequest, section: str, title: str, about: object, shown: Shown) -> HttpResponse:
    """An index page of headings under headings. `title` is in English, as templates have words."""
    context = {"section": section, "title": title, "about": about, "shown": shown, **page_addresses(request)}
    return render(request, "public_site/tree.html", context)


def authority_tree(tree: Tree, pattern: str) -> Shown:
    """The tree of peoples, collections or subjects for this page's language."""
    language = page_language()
    return links.shown(
        tree, lambda pk: links.node_of_authority(tree.rows[pk], tree.counts.get(pk, 0), pattern, language)
    )


@require_safe
def peoples(request: HttpRequest) -> HttpResponse:
    """All peoples of which the viewer may see something, each with its branches. Two queries."""
    counts = ways.counted(viewer_of(request), "people").keys("people")
    shown = authority_tree(ways.tree_of_peoples(counts), "people")
    about = _(
        "Each people with its branches, by the names that are written for them. The number says how many items you may see."
    )
    return tree_page(request, "peoples", gettext_noop("Peoples"), about, shown)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """All collections in which the viewer may see something. Two queries."""
    counts = ways.counted(viewer_of(request), "collection").keys("collection")
    shown = authority_tree(ways.tree_of_collections(counts), "collection")
    return tree_page(
        request,
        "collections",
        gettext_noop("Collections"),
        _("What was gathered together, and is kept together."),
        shown,
    )


@require_safe
def subjects(request: HttpRequest) -> HttpResponse:
    """All subjects under which the viewer may see something, narrower under broader ones. Three queries."""
    counts = ways.counted(viewer_of(request), "subject").keys("subject")
    shown = authority_tree(ways.tree_of_subjects(counts), "subject")
    return tree_page(
        request,
        "subjects",
        gettext_noop("Subjects"),
        _("What the works are about, narrower subjects under broader ones."),
        shown,
    )


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places where something that the viewer may see is shown, on a map and as a list. Four queries."""
    language = page_language()
    tree = ways.tree_of_places(ways.counted(viewer_of(request), "place").keys("place"))
    today, ended = _by_time(tree)

    def node(pk: int) -> Node:
        return links.node_of_place(tree.rows[pk], tree.counts[pk], language)

    chart = mapping.chart_of(spots_of(today, language), has_tiles=map_tiles.are_there())
    context = {
        "section": "places",
        "shown": links.shown(today, node),
        "ended": links.shown(ended, node),
        **of_chart(chart),
        **page_addresses(request),
    }
    return render(request, "public_site/places.html", context)


def _by_time(tree: Tree) -> tuple[Tree, Tree]:
    """Places of today, and units that ended."""
    parts = []
    for is_ended in (False, True):
        rows = {pk: row for pk, row in tree.rows.items() if (row.valid_to is not None) is is_ended}
        counts = {pk: count for pk, count in tree.counts.items() if pk in rows}
        parts.append(Tree(rows, {} if is_ended else tree.above, counts))
    return parts[0], parts[1]


def spots_of(tree: Tree, language: str, here: int | None = None) -> Iterable[Spot]:
    """The places of a tree that have coordinates; what is wider than a commune is no spot on a map of the province."""
    wide = {Place.PlaceKind.PROVINCE, Place.PlaceKind.DISTRICT}
    for pk, row in tree.rows.items():
        if row.kind not in wide and row.latitude is not None and row.longitude is not None:
            address = reverse("public_site:place", args=[row.slug])
            label = links.name_of_place(row, language)
            yield Spot(label, address, tree.counts[pk], float(row.latitude), float(row.longitude), pk == here)


def of_chart(chart: mapping.Chart | None) -> Mapping[str, object]:
    """The context of a map."""
    tiles = map_tiles.under(chart) if chart is not None else []
    return {"chart": chart, "tiles": tiles}


@require_safe
def time_line(request: HttpRequest) -> HttpResponse:
    """How much there is of which decade, exactly what the lists of those years hold. Two queries."""
    viewer = viewer_of(request)
    dated = ways.dated(viewer)
    spans = [
        (span, [(kind, ItemKind(kind).label, count) for kind, count in span.kinds]) for span in timeline.spans_of(dated)
    ]
    undated = queries.visible_items(viewer).count() - sum(one.count for one in dated)
    context = {"section": "timeline", "spans": spans, "undated": undated, **page_addresses(request)}
    return render(request, "public_site/timeline.html", context)


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """What was published last, by months. As many queries as a list."""
    viewer, language = viewer_of(request), page_language()
    items = ways.arrivals(viewer, ARRIVALS_SHOWN)
    months = [
        (capfirst(say(month, language)), cards_of(viewer, list(ones), language))
        for month, ones in groupby(items, key=_month_of)
    ]
    context = {"section": "arrivals", "months": months, **page_addresses(request)}
    return render(request, "public_site/arrivals.html", context)


def _month_of(item: Item) -> str:
    """The month of its publication in the library's zone, as EDTF."""
    assert item.published_at is not None  # noqa: S101 – arrivals are published, and a constraint says when
    return f"{timezone.localtime(item.published_at):%Y-%m}"


@require_safe
def leap(request: HttpRequest) -> HttpResponse:
    """Lead to something by chance: only what is open to everybody and asks for no care, whoever asks. Five queries at most."""
    pid = ways.by_chance(stranger(), draw)
    address = reverse("public_site:item", args=[pid]) if pid else reverse("public_site:items")
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = "no-store"
    return answer


def stranger() -> Viewer:
    """A viewer who has not signed in."""
    return visitor(now=timezone.now())


@require_safe
def map_tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponseBase:
    """One tile of the PMTiles file that the setting names. Raises Http404 where there is none."""
    path = map_tiles.file()
    if path is None:
        raise Http404
    try:
        picture = pmtiles.tile(path, zoom, x, y)
        media_type = pmtiles.header_of(path).media_type
    except (OSError, pmtiles.PMTilesError) as error:
        raise Http404 from error
    if picture is None:
        raise Http404
    answer = HttpResponse(picture, content_type=media_type)
    return publicly_cacheable(answer, rule=AccessRule.objects.public(), max_age_s=TILE_AGE_S)
