"""The pages of one people, place, collection or subject: what it is, whose, where, and its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer
from archive import former_addresses, queries, ways
from archive.models import Collection, Place
from archive.models.authority import Authority
from archive.search import Filters
from public_site import heading_facts, links, map_tiles, mapping, seals, titles
from public_site.page_languages import page_language
from public_site.parts import Fact
from public_site.titles import Text
from public_site.views.indexes import of_chart, spots_of
from public_site.views.lists import HeadingNames, show_list

# Of each filter the section of the site, what that is called, and what is told of one heading.
DOORS: dict[
    str, tuple[str, str, Callable[[Any, Viewer, str], list[Fact]]]
] = {  # Any: a collection, a people or a subject
    "collection": ("collections", gettext_noop("Collections"), heading_facts.of_collection),
    "people": ("peoples", gettext_noop("Peoples"), heading_facts.of_people),
    "subject": ("subjects", gettext_noop("Subjects"), heading_facts.of_subject),
}
FOLLOWED = ("people", "place", "collection")  # that have a feed of their own


def show_heading(
    request: HttpRequest,
    door: str,
    filter_name: str,
    slug: str,
    label: str,
    names: HeadingNames | None,
    extra: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The list of one collection, people, subject or place; an old address of one leads to where it is now. Raises Http404 when the viewer
    may see nothing under it (`names` is None then).

    `door` is the section of the site, and the name of its index page; `label` is its name in English, as templates have words.
    """
    if names is None:
        today = former_addresses.leads_to(viewer_of(request), filter_name, slug)
        if not today:
            raise Http404
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(reverse(f"public_site:{filter_name}", args=[today]) + asked)
    told = {
        "section": door,
        "heading": names.heading,
        "other_names": names.others,
        "about": names.about,
        "facts": names.facts,
        "index": f"public_site:{door}",
        "index_label": label,
        "feed": reverse(f"public_site:{filter_name}_feed", args=[slug]) if filter_name in FOLLOWED else "",
        **(extra or {}),
    }
    return show_list(request, "public_site/heading.html", fixed={filter_name: slug}, extra=told)


def names_of(found: Authority, language: str, facts: Sequence[Fact]) -> HeadingNames:
    """The names of a collection, a people or a subject, for the reader of this page."""
    about = titles.picked(found.descriptions, language) if isinstance(found, Collection) else None
    heading = titles.picked(found.names, language) or Text(found.slug)
    return HeadingNames(heading, links.unlike(heading, titles.others(found.names, language)), about, facts)


def _whose(viewer: Viewer, filters: Filters) -> list[Fact]:
    return heading_facts.of_communities(ways.communities_of(viewer, filters))


def _show(request: HttpRequest, name: str, slug: str, found: Authority | None) -> HttpResponse:
    door, label, facts_of = DOORS[name]
    names = None
    if found is not None:
        viewer, language = viewer_of(request), page_language()
        within: dict[str, Any] = {name: slug}  # Any: Filters has days, too
        facts = facts_of(found, viewer, language) + _whose(viewer, Filters(**within))
        names = names_of(found, language, facts)
    return show_heading(request, door, name, slug, label, names)


@require_safe
@seals.sealed
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """One collection."""
    return _show(request, "collection", slug, queries.whole_collections(viewer_of(request)).filter(slug=slug).first())


@require_safe
@seals.sealed
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """One people."""
    return _show(request, "people", slug, queries.whole_peoples(viewer_of(request)).filter(slug=slug).first())


@require_safe
@seals.sealed
def subject(request: HttpRequest, slug: str) -> HttpResponse:
    """One subject."""
    return _show(request, "subject", slug, ways.subject(viewer_of(request), slug))


@require_safe
@seals.sealed
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place where something is shown exactly, or within which it is."""
    viewer, language = viewer_of(request), page_language()
    found = ways.place(viewer, slug)
    if found is None:
        return show_heading(request, "places", "place", slug, gettext_noop("Places"), None)
    facts = heading_facts.of_place(found, viewer, language) + _whose(viewer, Filters(place=slug))
    names = HeadingNames(links.name_of_place(found, language), (), None, facts)
    return show_heading(
        request, "places", "place", slug, gettext_noop("Places"), names, around(viewer, found, language)
    )


def around(viewer: Viewer, found: Place, language: str) -> Mapping[str, object]:
    """The map of a place, or of what it lies in: itself and what else there is around it. Five queries; one where nobody wrote where either
    lies."""
    middle = ways.middle_of(found)
    if middle is None:
        return {}
    frame = mapping.frame_around(*middle)
    if found.kind in {Place.PlaceKind.PROVINCE, Place.PlaceKind.DISTRICT}:
        frame = mapping.PROVINCE
    counts = ways.counted(viewer, "place").keys("place")
    tree = ways.tree_of_places(counts, within=(frame.west, frame.east, frame.south, frame.north))
    chart = mapping.chart_of(spots_of(tree, language, found.pk), frame, has_tiles=map_tiles.are_there())
    return of_chart(chart)
