"""Lists of items: all of them, and those found by a search."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
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
from public_site import advice, drawn_lists, sifting
from public_site.cards import SIZES_PX, Card, card_of
from public_site.drawn_lists import Listed
from public_site.forms import FILTER_NAMES, SiftForm
from public_site.histogram import histogram_of
from public_site.list_markup import Page
from public_site.page_languages import page_addresses, page_language
from public_site.parts import Fact
from public_site.plotting import plot_of
from public_site.titles import Text

PAGE_SIZE = 24
ASKED = ("q", *FILTER_NAMES, "date_from", "date_to", "sort")
UNDER_HEADING = "public_site/heading.html"


def hits_for(viewer: Viewer) -> Load:
    """What reads the hits of a search as cards show them."""
    return partial(hits.of_keys, viewer, sizes_px=SIZES_PX)


def cards_of(
    viewer: Viewer, shown: Sequence[Item | Hit], language: str, results: Results | None = None, query: str = ""
) -> list[Card]:
    """Cards in the order of what is shown; `results`: the answer of the search for `query`, whose hits were read by `hits_for`. Other items
    are read here, those that this viewer may see: one query for the lot, as a rule."""
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


@dataclass(frozen=True)
class Question:
    """All that a page of a list is drawn from, beside who asks and the language. `sent` is what came for `ASKED` and the cursor, of which
    the form is made; `asked` what of it stands in addresses."""

    words: str
    filters: Filters
    sent: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    fixed: frozenset[str]
    has_map: bool
    is_under_heading: bool

    def key(self, viewer: Viewer) -> Hashable | None:
        """Return what the page is kept by; None where it is not."""
        return drawn_lists.key_of(viewer, self, letters=len(self.words) + sum(map(len, self.sent)))


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
    fixed, told = fixed or {}, extra or {}
    form = SiftForm(request.GET)
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name) and name not in fixed}
    question = Question(
        words or form.words(),
        replace(within(form.filters(fixed), days), community=community),
        tuple(request.GET.get(name, "") for name in (*ASKED, "cursor")),
        tuple(asked.items()),
        frozenset(fixed),
        has_map="place" not in fixed and not told.get("chart"),
        is_under_heading=template == UNDER_HEADING,
    )
    viewer = viewer_of(request)
    identity = urlencode({name: value for name, value in asked.items() if name != "sort"})
    context = {
        "listed": drawn_lists.of(question.key(viewer), lambda: _drawn(viewer, question, form)),
        "query": form.words(),
        "feed_query": identity,
        **page_addresses(request, identity),
        **told,
    }
    return render(request, template, context)


def _drawn(viewer: Viewer, question: Question, form: SiftForm) -> tuple[Listed, bool]:
    """A page of the list as it is now, and whether it is the same for whoever satisfies the same rules for as long as nothing is written.
    Raises Http404 on a foreign cursor."""
    asked, words = dict(question.asked), question.words
    try:
        results = search(
            words,
            question.filters,
            viewer,
            sort=form.order(),
            cursor=form.position(),
            page_size=PAGE_SIZE,
            facets=[name for name in FACETS if name not in question.fixed],
            load=hits_for(viewer),
        )
    except BadCursor as error:
        raise Http404 from error
    offered = sifting.filters_of(results.facets, asked, fixed=question.fixed)
    cards = cards_of(viewer, results.hits, page_language(), results, words)
    by_fit = form.order() is Sort.RELEVANCE
    page = Page(
        form=form,
        kept={name: value for name, value in asked.items() if name not in {"date_from", "date_to"}},
        total=results.total,
        cards=[card for card in cards if not (by_fit and card.is_near)],
        near=[card for card in cards if by_fit and card.is_near],
        filters=offered,
        chips=sifting.chips_of(offered, form, asked),
        sorts=sifting.sort_choices(form.order(), asked, has_words=bool(words)),
        histogram=histogram_of(results.decades, asked),
        plot=plot_of(results.on_map, asked) if question.has_map else None,
        meant=advice.meant(results, asked),
        nothing={} if results.total else advice.of(results, asked, offered),
        **sifting.turns(asked, results),
    )
    # Of an answer without hits the clock decides what helps. Words in files are looked at anew: sights of them are written down.
    is_settled = bool(results.total) and not results.is_behind and not (results.moments and viewer.user_id is not None)
    return drawn_lists.draw(page, is_under_heading=question.is_under_heading), is_settled


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
