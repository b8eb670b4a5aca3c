"""Keeping the plain search table: one row an item, written in the transaction that changed the item, or right after the one that
changed a name which many items carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from archive import languages
from archive.models import Item, ItemPlace, PlaceName, SearchEntry
from archive.search.folding import compact, fold

BATCH = 200


def refresh(item: Item) -> None:
    """Write the search entry of an item from its public description, as the database has it. About nine queries."""
    _write(Item.objects.filter(pk=item.pk))


def add(items: Iterable[Item]) -> None:
    """Write the search entries of new items whose relations are at hand, as if they had been prefetched. One statement."""
    SearchEntry.objects.bulk_create([_entry(item) for item in items])


def refresh_all(items: QuerySet[Item]) -> Iterator[int]:
    """Write the search entries of many items; yields after each batch how many are done. About ten queries and one short transaction
    a batch, in which its items are held, so that somebody's save at this moment is neither lost nor waits for long."""
    keys = list(items.order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        with transaction.atomic():
            _write(Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=batch).order_by("pk"))
        yield start + len(batch)


def refresh_after_commit(items: QuerySet[Item]) -> None:
    """Write the search entries of the items once the transaction that renamed something of theirs is over."""

    def write() -> None:
        for _done in refresh_all(items):
            pass

    transaction.on_commit(write)


def _write(items: QuerySet[Item]) -> None:
    described = items.prefetch_related("peoples", "subjects", "collections", "credits__agent", "located__place__names")
    SearchEntry.objects.bulk_create(
        [_entry(item) for item in described],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["exact", "folded", "compact", "sort_title"],
    )


def _entry(item: Item) -> SearchEntry:
    texts = list(_texts(item))
    return SearchEntry(
        item=item,
        exact="\n".join(languages.canonical(text).casefold() for text in texts),
        folded=" " + " \n ".join(fold(text) for text in texts) + " ",
        compact="\n".join(compact(text) for text in texts),
        sort_title=fold(item.title_in("vi"))[:200],
    )


def _texts(item: Item) -> Iterator[str]:
    """Yield what a visitor who may see the record could read of it; titles first. Hidden places are not among it. No query."""
    yield item.identifier or ""
    for values in (item.titles, item.descriptions, item.origin_statements):
        for value in values:
            yield value["value"]
    for related in (item.peoples, item.subjects, item.collections):
        for authority in related.all():
            for value in (*authority.names, *authority.variants, *authority.hidden_variants):
                yield value["value"]
    for credit in item.credits.all():
        agent = credit.agent
        # What must not be spoken is not found by being spoken either.
        others = [] if agent.name_is_withheld else [*agent.variants, *agent.hidden_variants]
        for value in (*agent.shown_names, *others):
            yield value["value"]
    shown = [located for located in item.located.all() if located.shown_precision == ItemPlace.Precision.EXACT]
    for located in shown:
        yield located.as_recorded
        for name in located.place.names.all():
            if name.kind != PlaceName.NameKind.HIDDEN:
                yield name.text
