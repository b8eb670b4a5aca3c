"""Keeping the words that items are found by: one row an item, written in the transaction that changed the item, or right after the one
that changed a name which many items carry. The triggers of the log tell every index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch, Q, QuerySet

from archive import languages, own_fields, place_history
from archive.languages import LangValue
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemPlace,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    SearchEntry,
    SearchLog,
    Subject,
)
from archive.models.authority import Authority
from archive.place_history import History
from archive.search.sorting import title_key

BATCH = 200
# To be raised when other words of an item are kept: entries of a lower one are written anew.
VERSION = 1
AT_MIGRATION_MOST = 2_000
_SEARCHED = ("names", "variants", "hidden_variants", "parent_id", "name_is_withheld", "shown_as")
_LOOKUPS: Mapping[type[Authority], str] = {Subject: "subjects", Collection: "collections", Agent: "credits__agent"}
# Names by which a place is not told: a question is led from these to the others (archive.search.names).
OTHER_NAMES = frozenset({PlaceName.NameKind.VARIANT.value, PlaceName.NameKind.HIDDEN.value})
_LEVELS_MOST = 4  # of administration
_TITLES = ("titles", "alternative_titles")
# What of an item's own texts is searched besides, in this order.
_TEXTS = (
    "descriptions", "contents", "origin_statements", "sources", "provenances", "mediums",
    "extents", "orthography_notes", "rights_holders",
)  # fmt: skip


def refresh(item: Item) -> None:
    """Write the search entry of an item from its public description, as the database has it. About sixteen queries."""
    _write(Item.objects.filter(pk=item.pk))


def add(items: Iterable[Item]) -> None:
    """Write the search entries of new items whose relations are at hand, as if they had been prefetched. One statement, and six queries at
    most for what is around their places."""
    items = list(items)
    histories = _histories(items)
    SearchEntry.objects.bulk_create([_entry(item, histories) for item in items])


def refresh_all(items: QuerySet[Item]) -> Iterator[int]:
    """Write the search entries of many items; yields after each batch how many are done. About sixteen queries and one short transaction
    a batch, in which its items are held, so that somebody's save at this moment is neither lost nor waits for long."""
    keys = list(items.order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        with transaction.atomic():
            _write(Item.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=batch).order_by("pk"))
        yield start + len(batch)


def stale() -> QuerySet[Item]:
    """Return the items whose entry an older version wrote, or that have none."""
    return Item.objects.filter(Q(search_entry=None) | Q(search_entry__made_by__lt=VERSION))


def after_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: Django passes its own
    """Write the entries anew that an older version wrote, where they are few; many are left to the keeper, which holds up no start."""
    if not plan or SearchLog._meta.db_table not in connection.introspection.table_names():
        return
    if stale().count() <= AT_MIGRATION_MOST:
        for _done in refresh_all(stale()):
            pass


def refresh_after_commit(items: QuerySet[Item]) -> None:
    """Write the search entries of the items once the transaction that renamed something of theirs is over."""

    def write() -> None:
        for _done in refresh_all(items):
            pass

    transaction.on_commit(write)


def searched_of(record: Authority | Place) -> object:
    """Return what of a heading or a place the database has now that items are found by: when it differs, `items_named_by` are written
    anew. One query; of a place four."""
    rows: QuerySet[Any] = type(record)._default_manager.filter(pk=record.pk)  # Any: one of seven models
    if not isinstance(record, Place):
        held = {one.attname for one in record._meta.concrete_fields}
        return rows.values(*(name for name in _SEARCHED if name in held)).first()
    return (
        rows.values("precision", "valid_to").first(),
        *(list(getattr(record, name).order_by("pk").values()) for name in ("names", "parents", "successors")),
    )


def items_named_by(record: Authority | Place) -> QuerySet[Item]:
    """Return the items that are found by the names of a heading, of what it is a branch of, or of a place that they lie in or lay in."""
    if isinstance(record, Place):
        below, edge = {record.pk}, {record.pk}
        for _level in range(_LEVELS_MOST):
            inside = PlaceParent.objects.filter(parent__in=edge).values_list("child_id", flat=True)
            became = PlaceSuccession.objects.filter(Q(before__in=edge) | Q(after__in=edge)).values_list(
                "before_id", "after_id"
            )
            edge = {*inside, *(pk for pair in became for pk in pair)} - below
            below |= edge
        return Item.objects.filter(located__place__in=below)
    if isinstance(record, People):
        return Item.objects.filter(Q(peoples=record) | Q(peoples__parent=record))
    return Item.objects.filter(**{_LOOKUPS[type(record)]: record}) if type(record) in _LOOKUPS else Item.objects.none()


def _write(items: QuerySet[Item]) -> None:
    peoples = People.objects.select_related("parent")
    described = list(
        items.prefetch_related(
            Prefetch("peoples", queryset=peoples), "subjects", "collections", "credits__agent", "located__place__names"
        )
    )
    histories = _histories(described)
    SearchEntry.objects.bulk_create(
        [_entry(item, histories) for item in described],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["titles", "texts", "sort_title", "made_by"],
    )


def _histories(items: Iterable[Item]) -> Mapping[int, History]:
    return place_history.of_places(located.place for item in items for located in _shown(item))


def _entry(item: Item, histories: Mapping[int, History]) -> SearchEntry:
    titles = list(dict.fromkeys(text for name in _TITLES for text in _words(getattr(item, name)) if text))
    texts = dict.fromkeys(text for text in _texts(item, histories) if text)
    return SearchEntry(
        item=item,
        titles=[languages.canonical(text) for text in titles],
        texts=[languages.canonical(text) for text in texts if text not in titles],
        sort_title=title_key(item.title_in("vi"))[:200],
        made_by=VERSION,
    )


def _texts(item: Item, histories: Mapping[int, History]) -> Iterator[str]:
    """Yield what a visitor who may see the record could read of it, but for its titles: no hidden places, nothing for staff. No query."""
    yield item.identifier or ""
    for name in _TEXTS:
        yield from _words(getattr(item, name))
    for own in own_fields.of_item(item):
        yield from _words(own.texts)
        yield own.value if isinstance(own.value, str) and own.field.form == "plain" else ""
    for one in item.other_identifiers:
        yield str(one.get("value", ""))
    yield from (item.date_as_written, item.issued_as_written, item.period_as_written)
    for people in item.peoples.all():
        # By its other names the question leads to these (archive.search.names).
        yield from _words(people.names)
        yield from [] if people.parent is None else _words(people.parent.names)
    for related in (item.subjects, item.collections):
        for authority in related.all():
            yield from _names(authority)
    for credit in item.credits.all():
        agent = credit.agent
        # What must not be spoken is not found by being spoken either.
        yield from _words(agent.shown_names) if agent.name_is_withheld else _names(agent)
    for located in _shown(item):
        yield located.as_recorded
        yield from _place_names(located.place)
        history = histories[located.place_id]
        # People type the district and the commune of before July 2025, and those of today.
        for place in (one for path in (*history.now, history.before) for one in path):
            yield from _place_names(place)


def _shown(item: Item) -> list[ItemPlace]:
    return [located for located in item.located.all() if located.shown_precision == ItemPlace.Precision.EXACT]


def _words(values: Iterable[LangValue]) -> Iterator[str]:
    for value in values:
        yield value["value"]


def _names(authority: Authority) -> Iterator[str]:
    """Yield all that an authority is found by, slurs of old sources too: they find and are not told."""
    for values in (authority.names, authority.variants, authority.hidden_variants):
        yield from _words(values)


def _place_names(place: Place) -> Iterator[str]:
    for name in place.names.all():
        if name.kind not in OTHER_NAMES:
            yield name.text
