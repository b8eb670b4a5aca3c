"""What a search that finds nothing tells: what would find something. Every number in it counts what the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.search import Results
from public_site.sifting import DATES, FACET_LABELS, Filter, query_with, query_without


@dataclass(frozen=True)
class Way:
    """Another search: what it is called, how many it finds, its address."""

    label: str
    count: int
    address: str


def meant(results: Results, asked: Mapping[str, str]) -> Way | None:
    """Another spelling of the words, which has hits."""
    if not results.did_you_mean:
        return None
    return Way(results.did_you_mean, 0, query_with(asked, q=results.did_you_mean))


def of(results: Results, asked: Mapping[str, str], filters: Sequence[Filter]) -> dict[str, object]:
    """Context of an answer without hits: `alone` are the words each by itself and without filters, `without` the filters that may be taken
    off; what finds nothing either is not among them."""
    chosen = {one.name: choice.label for one in filters if (choice := one.chosen) is not None}
    labels = {**FACET_LABELS, **dict(DATES)}
    return {
        "alone": [Way(word, count, query_with({}, q=word)) for word, count in results.alone if count],
        "without": [
            Way(f"{labels.get(name, name)}: {chosen.get(name, asked.get(name, ''))}", count, query_without(asked, name))
            for name, count in results.without
            if count and name in asked
        ],
    }
