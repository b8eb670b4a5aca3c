"""Peoples, subjects, collections and places whole, each with how much of what a viewer may see stands under it.

Counted by the index of the search: the database reads every tie of a heading to count it, a second for a million items.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from access.viewer import Viewer
from archive import queries, ways
from archive.models import Collection as ArchiveCollection
from archive.models import People, Place, Subject
from archive.search.tallies import Tally

H = TypeVar("H", People, Subject, ArchiveCollection, Place)
FACETS: Mapping[type[Any], str] = {
    People: "people",
    Subject: "subject",
    ArchiveCollection: "collection",
    Place: "place",
}  # Any: one of these


@dataclass(frozen=True)
class Counted(Generic[H]):
    """Headings under which a viewer sees something, by slug, and how much, by primary key."""

    rows: QuerySet[H]
    counts: Mapping[int, int]

    def with_counts(self, rows: Iterable[H]) -> list[H]:
        """Return some of these rows, each with its `item_count`."""
        found = list(rows)
        for row in found:
            row.item_count = self.counts[row.pk]  # type: ignore[attr-defined]  # as queries annotate it
        return found


def counted(viewer: Viewer, model: type[H], *, tally: Tally | None = None) -> Counted[H]:
    """Return all that there are. `tally`: as `archive.ways.counted` gives it. One query for what changed."""
    known = tally or ways.counted(viewer, FACETS[model])
    counts = known.keys(FACETS[model])
    return Counted(_WHOLE[model](viewer).filter(pk__in=counts), counts)


def among(viewer: Viewer, model: type[H], keys: Collection[int], *, tally: Tally) -> list[H]:
    """Return those of these headings under which the viewer sees something, each with its `item_count`; their ties are looked up with
    them. Two queries for peoples and collections, four for subjects, seven for places; one more where the index has not heard of one
    yet."""
    known = tally.keys(FACETS[model])
    counts = {key: known[key] for key in keys if key in known}
    if missing := set(keys) - set(counts):
        rows = _COUNTED[model](viewer).filter(pk__in=missing).order_by()
        counts |= dict(rows.values_list("pk", "item_count"))
    found = Counted[H](_WHOLE[model](viewer).filter(pk__in=counts), counts)
    return found.with_counts(found.rows)


_COUNTED: Mapping[type[Any], Callable[[Viewer], QuerySet[Any]]] = {  # Any: as above
    People: queries.peoples,
    Subject: queries.subjects,
    ArchiveCollection: queries.collections,
    Place: queries.places,
}
_WHOLE: Mapping[type[Any], Callable[[Viewer], QuerySet[Any]]] = {  # Any: as above
    People: queries.peoples_with_ties,
    Subject: queries.subjects_with_ties,
    ArchiveCollection: queries.collections_with_ties,
    Place: queries.places_with_changes,
}
