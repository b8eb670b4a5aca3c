"""How many of the things that a viewer may see carry each value of a facet: one look at the index, no hits, no labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from access.viewer import Viewer
from archive.search import following
from archive.search.engine import question_of, sight_of
from archive.search.index.planning import plan
from archive.search.narrowing import Filters


@dataclass(frozen=True)
class Tally:
    """`counts`: by facet, how many have each value, without zeros. Values are keys of headings and places, or codes."""

    total: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def keys(self, facet: str) -> dict[int, int]:
        """Return the counts of a facet of headings by primary key."""
        return {int(value): count for value, count in self.counts.get(facet, {}).items()}


def tally(viewer: Viewer, *facets: str, filters: Filters | None = None) -> Tally:
    """Return exact counts for this viewer. Raises SearchPreparing. One query for what was changed, if anything was, and one for each
    filter by a heading."""
    question, sight = question_of("", filters or Filters()), sight_of(viewer)
    with following.index().opened() as (part, names):
        answer = plan(question, part, sight, names)
        return Tally(answer.total, answer.counts(facets))
