"""Search: one interface, whatever engine stands behind it (DESIGN.md section 5)."""

from archive.cursors import BadCursor
from archive.search.answers import (
    Facet,
    FacetValue,
    Heading,
    PlaceCount,
    Results,
    SearchPreparing,
    Sort,
    Suggestions,
    Told,
)
from archive.search.engine import FACETS, search, suggest
from archive.search.narrowing import Filters, narrow
from archive.search.passages import Moment

__all__ = [
    "FACETS",
    "BadCursor",
    "Facet",
    "FacetValue",
    "Filters",
    "Heading",
    "Moment",
    "PlaceCount",
    "Results",
    "SearchPreparing",
    "Sort",
    "Suggestions",
    "Told",
    "narrow",
    "search",
    "suggest",
]
