"""Keeping the plain search table: one row an item, written in the transaction that changed the item."""

from __future__ import annotations

from collections.abc import Iterator

from archive import languages
from archive.models import Item, ItemPlace, PlaceName, SearchEntry
from archive.search.folding import compact, fold


def refresh(item: Item) -> None:
    """Write the search entry of an item from its public description. About eight queries."""
    texts = list(_texts(item))
    exact = "\n".join(languages.canonical(text).casefold() for text in texts)
    SearchEntry.objects.update_or_create(
        item=item,
        defaults={
            "exact": exact,
            "folded": " " + " \n ".join(fold(text) for text in texts) + " ",
            "compact": "\n".join(compact(text) for text in texts),
            "sort_title": fold(item.title_in("vi"))[:200],
        },
    )


def _texts(item: Item) -> Iterator[str]:
    """Yield what a visitor who may see the record could read of it; titles first. Hidden places are not among it."""
    yield item.identifier or ""
    for values in (item.titles, item.descriptions, item.origin_statements):
        for value in values:
            yield value["value"]
    for related in (item.peoples, item.subjects, item.collections):
        for authority in related.all():
            for value in (*authority.names, *authority.variants):
                yield value["value"]
    for credit in item.credits.select_related("agent"):
        for value in credit.agent.names:
            yield value["value"]
    shown = item.located.filter(precision=ItemPlace.Precision.EXACT).prefetch_related("place__names")
    for located in shown:
        yield located.as_recorded
        for name in located.place.names.all():
            if name.kind != PlaceName.NameKind.HIDDEN:
                yield name.text
