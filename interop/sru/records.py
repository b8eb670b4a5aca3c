"""A search: the query's documents, in its order, as records of what one viewer may see at this moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from access.viewer import Viewer
from archive import public_records, queries
from archive.crosswalks.record import Record
from archive.models import Item, ItemState
from archive.search import engine, following
from archive.search.index.questions import Sight
from archive.search.index.shapes import NO_DATE, Order, Part
from interop.sru import contexts, meaning, named
from interop.sru.contexts import Sort
from interop.sru.cql import CqlError, Node, Query, Scoped, SortKey, parse
from interop.sru.found import Found
from interop.sru.request import Asked, SruError

TOO_MANY_KEYS, NO_SORT, BAD_SORT_MODIFIER, OUT_OF_RANGE = 84, 88, 82, 61
_ORDERS = {Sort.TITLE: Order.TITLE, Sort.DATE: Order.DATE, Sort.NEWEST: Order.NEWEST}
_ASCENDING = frozenset({"ascending", "sort.ascending"})
_DESCENDING = frozenset({"descending", "sort.descending"})
_WITHOUT_EFFECT = frozenset({"ignorecase", "ignoreaccents", "sort.ignorecase", "sort.ignoreaccents"})


@dataclass(frozen=True)
class Page:
    """Records from `start` on, of `total`."""

    records: Sequence[Record]
    start: int
    total: int

    @property
    def following(self) -> int | None:
        """Return the place of the first record after these; None after the last."""
        after = self.start + len(self.records)
        return after if after <= self.total else None


@dataclass(frozen=True)
class _Sorted:
    order: Order = Order.NEWEST
    is_reversed: bool = False


def search(viewer: Viewer, asked: Asked, *, base: str) -> Page:
    """Return what a request finds. Raises CqlError, SruError, SearchPreparing.

    `base`: the site's address without a slash at its end. Two queries for what was changed and for whom something was opened, those of
    `interop.sru.named` for each clause that asks the database, and about twenty for the records of a page.
    """
    query = parse(asked.query)
    order = _sorted(query, asked.sort_keys)
    sight = _sight_of(viewer)
    known = named.known(viewer, list(meaning.clauses(query.root, {})))
    for attempt in range(engine.TRIES):
        index = following.index()
        with index.opened() as (part, names):
            documents = Found(part, names, index.headings, viewer, sight, known).of(query.root, {})
            total = len(documents)
            if asked.start > max(total, 1):
                raise SruError(OUT_OF_RANGE, str(asked.start))
            numbers = list(_slice(part, documents, order, asked.start - 1, asked.start - 1 + asked.most))
            keys = [int(key) for key in part.keys(numbers)]
        items = {item.pk: item for item in queries.carried(viewer, queries.published_items(viewer).filter(pk__in=keys))}
        if len(items) == len(keys) or attempt == engine.TRIES - 1:
            break
    rows = [items[key] for key in keys if key in items]
    records = public_records.of_items(viewer, rows, base=base)
    return Page(records, asked.start, total - (len(keys) - len(rows)))


def _sight_of(viewer: Viewer) -> Sight:
    """Return what this viewer may see of what is published: an unfinished record goes to no catalogue, even where it was opened."""
    sight = engine.sight_of(viewer)
    if not sight.granted:
        return sight
    rows = Item.objects.visible_to(viewer).filter(pk__in=sight.granted, state=ItemState.PUBLISHED)
    return replace(sight, granted=tuple(rows.order_by("pk").values_list("pk", flat=True)))


def _slice(part: Part, documents: BitMap, wanted: _Sorted, start: int, stop: int) -> Iterator[int]:
    """Yield the numbers of the documents at these places. What has no date comes last in either direction."""
    arranged = part.arranged(documents, wanted.order)
    if not wanted.is_reversed:
        yield from (number for _key, number in arranged.slice(start, stop))
        return
    size = len(arranged)
    known = arranged.before((NO_DATE, 0)) if wanted.order is Order.DATE else size
    begin, end = known - min(stop, known), known - min(start, known)
    yield from reversed([number for _key, number in arranged.slice(begin, end)] if begin < end else [])
    if stop > known:
        yield from (number for _key, number in arranged.slice(max(start, known), min(stop, size)))


def _sorted(query: Query, sort_keys: str) -> _Sorted:
    """Return the order that is asked for: newest first where none is. Raises CqlError, SruError (82, 84, 88)."""
    keys = query.sort or tuple(_old_keys(sort_keys))
    if not keys:
        return _Sorted()
    if len(keys) > 1:
        raise SruError(TOO_MANY_KEYS, "1")
    name = contexts.find(keys[0].index, dict(_prefixes(query.root)))
    sort = contexts.INDEXES[name].sort
    if sort is None:
        raise SruError(NO_SORT, name)
    modifiers = {one.name for one in keys[0].modifiers}
    if not modifiers <= _ASCENDING | _DESCENDING | _WITHOUT_EFFECT:
        raise SruError(BAD_SORT_MODIFIER, keys[0].modifiers[0].name)
    down = bool(modifiers & _DESCENDING)
    # By itself the order of publication is the newest first.
    return _Sorted(_ORDERS[sort], is_reversed=not down if sort is Sort.NEWEST else down)


def _prefixes(root: Node) -> Iterator[tuple[str, str]]:
    while isinstance(root, Scoped):
        yield root.prefix.lower(), root.uri
        root = root.node


def _old_keys(text: str) -> Iterator[SortKey]:
    """Yield the keys of the parameter sortKeys (SRU 1.1: path, schema, whether ascending, and more, parted by commas)."""
    for one in text.split():
        path, _schema, ascending, *_rest = [*one.split(","), "", "", ""]
        named = "ascending" if ascending in ("", "1", "true") else "descending"
        query = parse(f'x sortBy "{path.replace(chr(34), "")}"/{named}') if path else None
        if query is None:
            raise CqlError(10, "sortKeys")
        yield from query.sort
