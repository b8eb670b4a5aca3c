"""What narrows and orders a list: filters with counts, each value an address of its own, and chips that take filters off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class Address(NamedTuple):
    """The query string of a list with another value of one part: what stands before the value and after it."""

    before: str
    after: str

    def of(self, value: str) -> str:
        """That with this value."""
        return f"{self.before}{quoted(value)}{self.after}"


class Filter(NamedTuple):
    """One filter that the list offers: the value that is `chosen`, its `address` being that of the list without it; and the `others`, most
    frequent first."""

    name: str
    label: str
    chosen: Choice | None
    others: Sequence[FacetValue]
    address: Address

    @property
    def choices(self) -> list[Choice]:
        """All values, the chosen one first."""
        others = [
            Choice(value, capitalised(label), count, is_chosen=False, address=self.address.of(value))
            for value, label, count in self.others
        ]
        return others if self.chosen is None else [self.chosen, *others]


@dataclass(frozen=True)
class Chip:
    """One filter that is set, and the address of the list without it."""

    label: str
    value: str
    address: str


def query_with(asked: Mapping[str, str], **values: str) -> str:
    """The query string of what was asked, with other values."""
    return f"?{urlencode({**asked, **values})}"


def addresses_with(asked: Mapping[str, str], name: str) -> Address:
    """The query string of what was asked with another value of one part: `query_with` for a list of values."""
    pairs = tuple(asked.items())
    place = list(asked).index(name) if name in asked else len(pairs)
    before, after = _encoded(pairs[:place]), _encoded(pairs[place + 1 :])
    head = f"?{before}{'&' if before else ''}{quote_plus(name)}="
    return Address(head, f"&{after}" if after else "")


@lru_cache(maxsize=64)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """A query string: that of a page stands in every filter of it."""
    return urlencode(pairs)


quoted = lru_cache(maxsize=4_096)(quote_plus)  # the same values stand on every page


def capitalised(label: str) -> str:
    """A label as the first word of a line."""
    return label[:1].upper() + label[1:]


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
        if len(facet.values) > 1 or current:
            label, address = str(FACET_LABELS[facet.name]), addresses_with(asked, facet.name)
            values = _in_language(facet)
            if not current:
                offered.append(Filter(facet.name, label, None, values, address))
                continue
            others = [one for one in values if one.value != current]
            chosen = next((one for one in values if one.value == current), None) or _unheard_of(facet.name, current)
            without = query_without(asked, facet.name)
            choice = Choice(current, capitalised(chosen.label), chosen.count, is_chosen=True, address=without)
            offered.append(Filter(facet.name, label, choice, others, address))
    return offered


def _in_language(facet: Facet) -> Sequence[FacetValue]:
    """The values, called as in the page's language."""
    if facet.name != "language":
        return facet.values
    return [FacetValue(value, vocabularies.language(value), count) for value, _label, count in facet.values]


def _unheard_of(name: str, value: str) -> FacetValue:
    """A value that no hit carries: of a heading it is called by its address part, since whether there is one is not for everybody."""
    label = value
    if name == "kind":
        label = str(dict(ItemKind.choices).get(value, value))
    elif name == "language":
        label = vocabularies.language(value)
    return FacetValue(value, label, 0)


def chips_of(filters: Sequence[Filter], form: SiftForm, asked: Mapping[str, str]) -> list[Chip]:
    """A chip for each filter that is set."""
    chips = [Chip(one.label, one.chosen.label, one.chosen.address) for one in filters if one.chosen]
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
