"""Search: one interface, whatever engine stands behind it (DESIGN.md section 5)."""

from archive.cursors import BadCursor
from archive.search.engine import FACETS, Facet, FacetValue, Results, Sort, search
from archive.search.narrowing import Filters, narrow
from archive.search.passages import Moment

__all__ = ["FACETS", "BadCursor", "Facet", "FacetValue", "Filters", "Moment", "Results", "Sort", "narrow", "search"]
