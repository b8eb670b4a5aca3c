"""What narrows and orders a list: filters with counts, each value an address of its own, and chips that take filters off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive import vocabularies
from archive.models import ItemKind
from archive.search import Facet, FacetValue, Results, Sort
from public_site.forms import SiftForm

AT_ONCE = 6  # values of a filter that are shown before it is opened
DATES = (("date_from", _("From")), ("date_to", _("Until")))
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


class Choice(NamedTuple):
    """One value of a filter, or one order. `address` is that of the list with it; of a chosen filter, without it."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # in place of the method of tuples, which nobody calls
    is_chosen: bool
    address: str = ""


@dataclass(frozen=True)
class Filter:
    """One filter that the list offers."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def at_once(self) -> tuple[Choice, ...]:
        """What is shown before it is opened: what is chosen, and the most frequent."""
        return self.choices[:AT_ONCE]

    @property
    def more(self) -> tuple[Choice, ...]:
        """The others."""
        return self.choices[AT_ONCE:]


@dataclass(frozen=True)
class Chip:
    """One filter that is set, and the address of the list without it."""

    label: str
    value: str
    address: str


def query_with(asked: Mapping[str, str], **values: str) -> str:
    """The query string of what was asked, with other values."""
    return f"?{urlencode({**asked, **values})}"


def addresses_with(asked: Mapping[str, str], name: str) -> Callable[[str], str]:
    """What gives the query string of what was asked with another value of one part: `query_with` for a list of values."""
    pairs = tuple(asked.items())
    place = list(asked).index(name) if name in asked else len(pairs)
    before, after = _encoded(pairs[:place]), _encoded(pairs[place + 1 :])
    head = f"?{before}{'&' if before else ''}{quote_plus(name)}="
    tail = f"&{after}" if after else ""
    return lambda value: f"{head}{_quoted(value)}{tail}"


@lru_cache(maxsize=64)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """A query string: that of a page stands in every filter of it."""
    return urlencode(pairs)


_quoted = lru_cache(maxsize=4_096)(quote_plus)  # the same values stand on every page


def query_without(asked: Mapping[str, str], *names: str) -> str:
    """The query string of what was asked, without some parts."""
    kept = {name: value for name, value in asked.items() if name not in names}
    return f"?{urlencode(kept)}" if kept else "?"


def filters_of(facets: Sequence[Facet], asked: Mapping[str, str], *, fixed: frozenset[str]) -> list[Filter]:
    """The filters worth offering: at least two values, or one that is set. `fixed` belong to the page itself."""
    offered = []
    for facet in facets:
        if facet.name in fixed or facet.name not in FACET_LABELS:
            continue
        current = asked.get(facet.name, "")
        values = list(facet.values)
        if current and not any(value.value == current for value in values):
            values.append(FacetValue(current, _label(facet.name, current), 0))
        choices = choices_of(facet.name, values, asked)
        if len(choices) > 1 or current:
            choices.sort(key=lambda choice: not choice.is_chosen)
            offered.append(Filter(facet.name, str(FACET_LABELS[facet.name]), tuple(choices)))
    return offered


def _label(name: str, value: str) -> str:
    """What a value is called that no hit carries: of a heading its address part, since whether there is one is not for everybody."""
    return str(dict(ItemKind.choices).get(value, value)) if name == "kind" else value


def choices_of(name: str, values: Iterable[FacetValue], asked: Mapping[str, str]) -> list[Choice]:
    """Choices, their labels in the page's language."""
    current, address = asked.get(name, ""), addresses_with(asked, name)
    found = []
    for value, called, count in values:
        label = vocabularies.language(value) if name == "language" else called
        is_chosen = value == current
        where = query_without(asked, name) if is_chosen else address(value)
        found.append(Choice(value, label[:1].upper() + label[1:], count, is_chosen, where))
    return found


def chips_of(filters: Sequence[Filter], form: SiftForm, asked: Mapping[str, str]) -> list[Chip]:
    """A chip for each filter that is set."""
    chips = [
        Chip(one.label, choice.label, choice.address) for one in filters for choice in one.choices if choice.is_chosen
    ]
    for (name, label), date in zip(DATES, (form.date_from, form.date_to), strict=True):
        if date.day:
            chips.append(Chip(str(label), asked[name], query_without(asked, name)))
    return chips


def sort_choices(current: Sort, asked: Mapping[str, str], *, has_words: bool) -> list[Choice]:
    """The orders that make sense: "best match" only when there are words."""
    if current is Sort.RELEVANCE and not has_words:
        current = Sort.NEWEST
    return [
        Choice(sort.value, str(label), 0, sort is current, query_with(asked, sort=sort.value))
        for sort, label in SORT_LABELS.items()
        if sort is not Sort.RELEVANCE or has_words
    ]


def turns(asked: Mapping[str, str], results: Results) -> dict[str, str]:
    """Addresses of the next and the previous page, empty where there is none."""

    def turn(cursor: str) -> str:
        return query_with(asked, cursor=cursor) if cursor else ""

    return {"next_page": turn(results.next_cursor), "previous_page": turn(results.previous_cursor)}
