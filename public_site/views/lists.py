"""Lists of items: all of them, those found by a search, those of one people, place or collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer
from archive import former_addresses, queries, vocabularies, whereabouts
from archive.models import Collection, Item
from archive.models.authority import Authority
from archive.search import FACETS, BadCursor, Facet, FacetValue, Moment, Results, Sort, search
from public_site import heading_facts, titles
from public_site.cards import Card, card_of
from public_site.forms import FILTER_NAMES, SiftForm
from public_site.page_languages import page_addresses, page_language
from public_site.parts import Fact
from public_site.titles import Text

PAGE_SIZE = 24

FACET_LABELS: dict[str, str | Promise] = {
    "people": _("People"),
    "kind": _("Kind"),
    "language": _("Language"),
    "place": _("Place"),
    "subject": _("Subject"),
    "collection": _("Collection"),
}
SORT_LABELS: dict[Sort, str | Promise] = {
    Sort.RELEVANCE: _("Best match"),
    Sort.NEWEST: _("Newest here"),
    Sort.DATE: _("Oldest first"),
    Sort.TITLE: _("Title"),
}


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter that the list offers."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether one of its values is set."""
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True)
class Chip:
    """One filter that is set, and the address of the list without it."""

    label: str
    value: str
    address: str


def cards_of(
    viewer: Viewer, hits: Sequence[Item], language: str, moments: Mapping[int, Moment] | None = None
) -> list[Card]:
    """Cards in the order of the hits, from a constant number of queries; `moments`: where in them the words of a search are said."""
    keys = [hit.pk for hit in hits]
    found = {item.pk: item for item in queries.described_items(viewer).filter(pk__in=keys)}
    places = whereabouts.of_items(found.values())
    return [
        card_of(found[key], places.get(key, ()), language, (moments or {}).get(key)) for key in keys if key in found
    ]


def filters_of(facets: Sequence[Facet], chosen: Mapping[str, str], *, fixed: frozenset[str]) -> list[Filter]:
    """The filters worth offering: at least two values, or one that is set. `fixed` belong to the page itself."""
    offered = []
    for facet in facets:
        if facet.name in fixed or facet.name not in FACET_LABELS:
            continue
        current = chosen.get(facet.name, "")
        choices = [choice_of(facet.name, value, current) for value in facet.values]
        if current and not any(choice.is_chosen for choice in choices):
            choices.append(Choice(current, current, 0, is_chosen=True))
        if len(choices) > 1 or current:
            offered.append(Filter(facet.name, str(FACET_LABELS[facet.name]), tuple(choices)))
    return offered


def choice_of(name: str, value: FacetValue, current: str) -> Choice:
    """One choice, its label in the page's language."""
    label = vocabularies.language(value.value) if name == "language" else value.label
    return Choice(value.value, label, value.count, is_chosen=value.value == current)


def chips_of(filters: Sequence[Filter], form: SiftForm, asked: Mapping[str, str]) -> list[Chip]:
    """A chip for each filter that is set."""
    chips = []
    for one in filters:
        for choice in one.choices:
            if choice.is_chosen:
                chips.append(Chip(one.label, choice.label, query_without(asked, one.name)))
    for name, label in (("date_from", _("From")), ("date_to", _("Until"))):
        if form.cleaned_data.get(name):
            chips.append(Chip(str(label), asked[name], query_without(asked, name)))
    return chips


def query_without(asked: Mapping[str, str], *names: str) -> str:
    """The query string of what was asked, without some parts."""
    kept = {name: value for name, value in asked.items() if name not in names}
    return f"?{urlencode(kept)}" if kept else "?"


def show_list(
    request: HttpRequest,
    template: str,
    *,
    fixed: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
    community: str = "",
) -> HttpResponse:
    """Answer a page of a list. `fixed` are filters that the address itself sets, and so is `community`, a pid, by which nobody else may
    ask. Raises Http404 on a foreign cursor."""
    fixed = fixed or {}
    form = SiftForm(request.GET)
    form.is_valid()
    filters = replace(form.filters(fixed), community=community)
    viewer, language = viewer_of(request), page_language()
    try:
        results = search(
            form.words(),
            filters,
            viewer,
            sort=form.order(),
            cursor=form.position(),
            page_size=PAGE_SIZE,
            facets=[name for name in FACETS if name not in fixed],
        )
    except BadCursor as error:
        raise Http404 from error
    names = ("q", *FILTER_NAMES, "date_from", "date_to", "sort")
    asked = {name: request.GET[name] for name in names if request.GET.get(name) and name not in fixed}
    offered = filters_of(results.facets, asked, fixed=frozenset(fixed))
    context = {
        "cards": cards_of(viewer, results.hits, language, results.moments),
        "total": results.total,
        "query": form.words(),
        "form": form,
        "filters": offered,
        "chips": chips_of(offered, form, asked),
        "sorts": sort_choices(form),
        **turns(asked, results),
        **page_addresses(request, urlencode({name: value for name, value in asked.items() if name != "sort"})),
        **(extra or {}),
    }
    return render(request, template, context)


def sort_choices(form: SiftForm) -> list[Choice]:
    """The orders that make sense: "best match" only when there are words."""
    current = form.order()
    if current is Sort.RELEVANCE and not form.words():
        current = Sort.NEWEST
    return [
        Choice(sort.value, str(label), 0, is_chosen=sort is current)
        for sort, label in SORT_LABELS.items()
        if sort is not Sort.RELEVANCE or form.words()
    ]


def turns(asked: Mapping[str, str], results: Results) -> dict[str, str]:
    """Addresses of the next and the previous page, empty where there is none."""

    def turn(cursor: str) -> str:
        return f"?{urlencode({**asked, 'cursor': cursor})}" if cursor else ""

    return {"next_page": turn(results.next_cursor), "previous_page": turn(results.previous_cursor)}


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
