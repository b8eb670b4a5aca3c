"""Records of what a search tells besides items: where words stand, places of hits, suggestions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archive.languages import LangValue
from archive.models import Item
from archive.search import PlaceCount, Suggestions, highlighting
from interop.api.headings import Record

LETTERS = 240  # of a text
_FIELDS = ("titles", "alternative_titles", "descriptions", "contents")  # by their names in records of items


def of_item(item: Item, words: Collection[str]) -> Iterator[Record]:
    """Yield a record for each text of the item that holds any of the folded words: the part of it that holds most. All of these texts are
    in the item's own record."""
    if not words:
        return
    for name in _FIELDS:
        values: list[LangValue] = getattr(item, name)
        for value in values:
            found = highlighting.excerpt(value["value"], words, letters=LETTERS)
            if found.held:
                parts = [{"text": part.text, "match": part.is_marked} for part in found.parts]
                yield {"item": item.pid, "field": name, "lang": value["lang"], "parts": parts}


def of_place(place: PlaceCount) -> Record:
    """Return a place in which hits lie."""
    return {
        "slug": place.slug,
        "label": place.label,
        "count": place.count,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def of_suggestions(found: Suggestions) -> Record:
    """Return what may be meant."""
    return {
        "words": list(found.words),
        "titles": [{"pid": pid, "title": title} for pid, title in found.titles],
        "headings": [{"facet": one.facet, "slug": one.slug, "label": one.label} for one in found.headings],
    }
