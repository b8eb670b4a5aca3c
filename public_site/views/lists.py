"""Lists of items: all of them, those found by a search, those of one people, place or collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer
from archive import former_addresses, queries, whereabouts
from archive.models import Collection, Item
from archive.models.authority import Authority
from archive.search import FACETS, BadCursor, Filters, Results, Sort, search
from archive.search.folding import fold
from public_site import advice, heading_facts, sifting, titles
from public_site.cards import Card, card_of
from public_site.forms import FILTER_NAMES, SiftForm
from public_site.histogram import histogram_of
from public_site.page_languages import page_addresses, page_language
from public_site.parts import Fact
from public_site.plotting import plot_of
from public_site.titles import Text

PAGE_SIZE = 24


def cards_of(
    viewer: Viewer, hits: Sequence[Item], language: str, results: Results | None = None, query: str = ""
) -> list[Card]:
    """Cards in the order of the hits, from a constant number of queries; `results`: the answer of the search for `query` that they are
    hits of, described already."""
    keys = [hit.pk for hit in hits]
    described = hits if results else queries.described_items(viewer).filter(pk__in=keys)
    found = {item.pk: item for item in described}
    places = whereabouts.of_items(found.values())
    answer = results or Results((), (), 0, "")
    asked = frozenset(fold(query).split())
    return [
        card_of(
            found[key],
            places.get(key, ()),
            language,
            answer.moments.get(key),
            words=answer.words_in(key),
            asked=asked,
            is_near=key in answer.approximate,
        )
        for key in keys
        if key in found
    ]


def within(filters: Filters, days: tuple[date | None, date | None]) -> Filters:
    """The filters, their days no wider than these."""
    first = max((day for day in (filters.date_from, days[0]) if day), default=None)
    last = min((day for day in (filters.date_to, days[1]) if day), default=None)
    return replace(filters, date_from=first, date_to=last)


def show_list(
    request: HttpRequest,
    template: str,
    *,
    fixed: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
    community: str = "",
    words: str = "",
    days: tuple[date | None, date | None] = (None, None),
) -> HttpResponse:
    """Answer a page of a list. `fixed` are filters that the address itself sets, and so is `community`, a pid, by which nobody else may
    ask; `words` and `days` are those of a saved search, within which a reader's own days may narrow. Raises Http404 on a foreign
    cursor."""
    fixed = fixed or {}
    form = SiftForm(request.GET)
    form.is_valid()
    words = words or form.words()
    filters = replace(within(form.filters(fixed), days), community=community)
    viewer, language = viewer_of(request), page_language()
    try:
        results = search(
            words,
            filters,
            viewer,
            sort=form.order(),
            cursor=form.position(),
            page_size=PAGE_SIZE,
            facets=[name for name in FACETS if name not in fixed],
            described=queries.described_items(viewer),
        )
    except BadCursor as error:
        raise Http404 from error
    names = ("q", *FILTER_NAMES, "date_from", "date_to", "sort")
    asked = {name: request.GET[name] for name in names if request.GET.get(name) and name not in fixed}
    offered = sifting.filters_of(results.facets, asked, fixed=frozenset(fixed))
    cards = cards_of(viewer, results.hits, language, results, words)
    by_fit = form.order() is Sort.RELEVANCE
    context = {
        "cards": [card for card in cards if not (by_fit and card.is_near)],
        "near": [card for card in cards if by_fit and card.is_near],
        "total": results.total,
        "query": form.words(),
        "feed_query": urlencode({name: value for name, value in asked.items() if name != "sort"}),
        "form": form,
        "kept": {name: value for name, value in asked.items() if name not in {"date_from", "date_to"}},
        "filters": offered,
        "chips": sifting.chips_of(offered, form, asked),
        "sorts": sifting.sort_choices(form.order(), asked, has_words=bool(words)),
        "histogram": histogram_of(results.decades, asked),
        "plot": None if "place" in fixed else plot_of(results.places, asked),
        "meant": advice.meant(results, asked),
        **({} if results.total else advice.of(results, asked, offered)),
        **sifting.turns(asked, results),
        **page_addresses(request, urlencode({name: value for name, value in asked.items() if name != "sort"})),
        **(extra or {}),
    }
    return render(request, template, context)


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """All items, sifted."""
    return show_list(request, "public_site/items.html", extra={"section": "items"})


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Items found by words."""
    return show_list(request, "public_site/search.html", extra={"section": "search"})


@dataclass(frozen=True)
class HeadingNames:
    """What a collection, a people or a place is called, and what is said of it."""

    heading: Text
    others: Sequence[Text]
    about: Text | None = None
    facts: Sequence[Fact] = ()


def show_heading(
    request: HttpRequest, door: str, filter_name: str, slug: str, label: object, names: HeadingNames | None
) -> HttpResponse:
    """The list of one collection, people or place; an old address of one leads to where it is now. Raises Http404 when the viewer may see
    nothing under it (`names` is None then).

    `door` is the section of the site, and the name of its index page.
    """
    if names is None:
        today = former_addresses.leads_to(viewer_of(request), filter_name, slug)
        if not today:
            raise Http404
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(reverse(f"public_site:{filter_name}", args=[today]) + asked)
    extra = {
        "section": door,
        "heading": names.heading,
        "other_names": names.others,
        "about": names.about,
        "facts": names.facts,
        "index": f"public_site:{door}",
        "index_label": label,
        "feed": reverse(f"public_site:{filter_name}_feed", args=[slug]),
    }
    return show_list(request, "public_site/heading.html", fixed={filter_name: slug}, extra=extra)


def names_of(found: Authority, language: str, facts: Sequence[Fact]) -> HeadingNames:
    """The names of a collection or a people, for the reader of this page."""
    about = titles.picked(found.descriptions, language) if isinstance(found, Collection) else None
    heading = titles.picked(found.names, language) or Text(found.slug)
    return HeadingNames(heading, titles.others(found.names, language), about, facts)


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """One collection."""
    viewer, language = viewer_of(request), page_language()
    found = queries.whole_collections(viewer).filter(slug=slug).first()
    names = names_of(found, language, heading_facts.of_collection(found, viewer, language)) if found else None
    return show_heading(request, "collections", "collection", slug, _("Collections"), names)


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """One people."""
    viewer, language = viewer_of(request), page_language()
    found = queries.whole_peoples(viewer).filter(slug=slug).first()
    names = names_of(found, language, heading_facts.of_people(found, viewer, language)) if found else None
    return show_heading(request, "peoples", "people", slug, _("Peoples"), names)


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place where something is shown exactly."""
    viewer, language = viewer_of(request), page_language()
    found = queries.whole_places(viewer).filter(slug=slug).first()
    names = None
    if found is not None:
        named = found.named_on(None)
        heading = Text(named.text, "" if named.lang == language else named.lang) if named else Text(found.slug)
        names = HeadingNames(heading, (), None, heading_facts.of_place(found, viewer, language))
    return show_heading(request, "places", "place", slug, _("Places"), names)
