"""Search: one interface, whatever engine stands behind it (DESIGN.md section 5)."""

from archive.search.engine import BadCursor, Facet, FacetValue, Filters, Results, Sort, search

__all__ = ["BadCursor", "Facet", "FacetValue", "Filters", "Results", "Sort", "search"]
