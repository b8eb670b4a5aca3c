"""Lists of items: all of them, and those found by a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer
from archive import hits
from archive.hits import Hit
from archive.models import Item
from archive.search import FACETS, BadCursor, Filters, Results, Sort, search
from archive.search.engine import Load
from archive.search.folding import fold
from archive.search.following import called_now
from public_site import advice, sifting
from public_site.cards import SIZES_PX, Card, card_of
from public_site.forms import FILTER_NAMES, SiftForm
from public_site.histogram import histogram_of
from public_site.page_languages import page_addresses, page_language
from public_site.parts import Fact
from public_site.plotting import plot_of
from public_site.titles import Text

PAGE_SIZE = 24


def hits_for(viewer: Viewer) -> Load:
    """What reads the hits of a search as cards show them."""
    return partial(hits.of_keys, viewer, sizes_px=SIZES_PX)


def cards_of(
    viewer: Viewer, shown: Sequence[Item | Hit], language: str, results: Results | None = None, query: str = ""
) -> list[Card]:
    """Cards in the order of what is shown; `results`: the answer of the search for `query`, whose hits were read by `hits_for`. Other items
    are read here, those that this viewer may see: four queries for the lot."""
    if not shown:
        return []
    asked = frozenset(fold(query).split())
    answer = results or Results((), (), 0, "")
    keys = [one.pk for one in shown]
    rows = {one.pk: one for one in shown if isinstance(one, Hit)} or hits_for(viewer)(keys, called_now())
    return [
        card_of(
            rows[key],
            language,
            answer.moments.get(key),
            words=answer.words_in(key),
            asked=asked,
            is_near=key in answer.approximate,
        )
        for key in keys
        if key in rows
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
            load=hits_for(viewer),
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
    """What a collection, a people, a subject, a place or a kept search is called, and what is said of it."""

    heading: Text
    others: Sequence[Text]
    about: Text | None = None
    facts: Sequence[Fact] = ()
