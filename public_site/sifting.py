"""What narrows and orders a list: filters with counts, each value an address of its own, and chips that take filters off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive import vocabularies
from archive.models import ItemKind
from archive.search import Facet, Results, Sort, Told
from public_site.forms import SiftForm

AT_ONCE = 6  # values of a filter that are shown before it is opened
KEPT_LETTERS_MOST = 300
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


class Around(NamedTuple):
    """The query string of a list with another value of one part: what stands before that value and after it."""

    before: str
    after: str

    def address(self, value: str) -> str:
        """Return it with this value."""
        return f"{self.before}{quoted[value]}{self.after}"


@dataclass(frozen=True)
class Filter:
    """One filter that the list offers: what is told of its values and how many hits carry each, what is chosen first and then the most
    frequent, and the address of the list with one of them or `without` it. A page has hundreds of values, so they stay as they came."""

    name: str
    label: str
    told: Sequence[Told]
    counts: Sequence[int]
    around: Around
    without: str = ""
    current: str = ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return all of its values as choices, their labels in the page's language."""
        return tuple(map(self._choice, self.told, self.counts))

    @property
    def chosen(self) -> Choice | None:
        """Return the value that is set."""
        return self._choice(self.told[0], self.counts[0]) if self.current else None

    def _choice(self, one: Told, count: int) -> Choice:
        is_chosen = one.value == self.current
        address = self.without if is_chosen else self.around.address(one.value)
        return Choice(one.value, begun(one.label), count, is_chosen, address)


def begun(label: str) -> str:
    """Return a label as it stands in a list: its first letter is a capital."""
    return label[:1].upper() + label[1:]


@dataclass(frozen=True)
class Chip:
    """One filter that is set, and the address of the list without it."""

    label: str
    value: str
    address: str


@lru_cache(maxsize=256)
def _pair(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"


@lru_cache(maxsize=64)
def _encoded(asked: tuple[tuple[str, str], ...]) -> str:
    """A query string, as `urllib.parse.urlencode` makes it: its parts stand in a dozen addresses of a page."""
    return "&".join([_pair(name, value) for name, value in asked])


def query_with(asked: Mapping[str, str], **values: str) -> str:
    """The query string of what was asked, with other values."""
    return f"?{_encoded(tuple({**asked, **values}.items()))}"


def around(asked: Mapping[str, str], name: str) -> Around:
    """The query string of what was asked with another value of one part: `query_with` for a list of values."""
    pairs = tuple(asked.items())
    place = list(asked).index(name) if name in asked else len(pairs)
    before, after = _encoded(pairs[:place]), _encoded(pairs[place + 1 :])
    return Around(f"?{before}{'&' if before else ''}{name}=", f"&{after}" if after else "")


class Made(dict[str, str]):
    """What is made of short texts that stand on every page, kept until there are too many. Looked up for each value of each filter, and so
    without the order of use that `lru_cache` keeps."""

    def __init__(self, make: Callable[[str], str], most: int = 8_192) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, text: str) -> str:
        made = self._make(text)
        if len(text) <= KEPT_LETTERS_MOST:  # what readers write may be longer
            if len(self) >= self._most:
                self.clear()
            self[text] = made
        return made


quoted = Made(quote_plus)


def query_without(asked: Mapping[str, str], *names: str) -> str:
    """The query string of what was asked, without some parts."""
    return f"?{_encoded(tuple(pair for pair in asked.items() if pair[0] not in names))}"


def filters_of(facets: Sequence[Facet], asked: Mapping[str, str], *, fixed: frozenset[str]) -> list[Filter]:
    """The filters worth offering: at least two values, or one that is set. `fixed` belong to the page itself."""
    language, offered = get_language(), []
    for facet in facets:
        name, told, counts = facet.name, facet.told, facet.counts
        if name in fixed or name not in FACET_LABELS:
            continue
        if name == "language":
            told = [Told(tag, 0, _language(tag, language)) for tag, *_rest in told]
        current, without = asked.get(name, ""), ""
        if current:
            told, counts = _chosen_first(name, current, told, counts)
            without = query_without(asked, name)
        if current or len(told) > 1:
            label = _filter_label(name, language)
            offered.append(Filter(name, label, told, counts, around(asked, name), without, current))
    return offered


def _chosen_first(name: str, current: str, told: Sequence[Told], counts: Sequence[int]) -> tuple[list[Told], list[int]]:
    """The values of a filter with the one first that is set; one that no hit carries with what was asked as its label."""
    place = next((place for place, one in enumerate(told) if one.value == current), None)
    if place is None:
        return [_not_found(name, current), *told], [0, *counts]
    return [told[place], *told[:place], *told[place + 1 :]], [counts[place], *counts[:place], *counts[place + 1 :]]


@lru_cache(maxsize=64)
def _filter_label(name: str, _language: str | None) -> str:
    """What a filter is called in the active language."""
    return str(FACET_LABELS[name])


@lru_cache(maxsize=512)
def _language(tag: str, _language: str | None) -> str:
    """What a language is called in the active one."""
    return vocabularies.language(tag)


def _not_found(name: str, value: str) -> Told:
    """A value that no hit carries: of a heading its address part, since whether there is one is not for everybody."""
    label = str(dict(ItemKind.choices).get(value, value)) if name == "kind" else value
    return Told(value, 0, vocabularies.language(value) if name == "language" else label)


def chips_of(filters: Sequence[Filter], form: SiftForm, asked: Mapping[str, str]) -> list[Chip]:
    """A chip for each filter that is set."""
    chips = [Chip(one.label, choice.label, choice.address) for one in filters if (choice := one.chosen) is not None]
    for (name, label), date in zip(DATES, (form.date_from, form.date_to), strict=True):
        if date.day:
            chips.append(Chip(str(label), asked[name], query_without(asked, name)))
    return chips


def sort_choices(current: Sort, asked: Mapping[str, str], *, has_words: bool) -> list[Choice]:
    """The orders that make sense: "best match" only when there are words."""
    if current is Sort.RELEVANCE and not has_words:
        current = Sort.NEWEST
    with_sort = around(asked, "sort")
    return [
        Choice(sort.value, label, 0, sort is current, with_sort.address(sort.value))
        for sort, label in _sort_labels(get_language())
        if sort is not Sort.RELEVANCE or has_words
    ]


@lru_cache(maxsize=8)
def _sort_labels(_language: str | None) -> tuple[tuple[Sort, str], ...]:
    """The orders and what they are called in the active language."""
    return tuple((sort, str(label)) for sort, label in SORT_LABELS.items())


def turns(asked: Mapping[str, str], results: Results) -> dict[str, str]:
    """Addresses of the next and the previous page, empty where there is none."""

    def turn(cursor: str) -> str:
        return query_with(asked, cursor=cursor) if cursor else ""

    return {"next_page": turn(results.next_cursor), "previous_page": turn(results.previous_cursor)}
