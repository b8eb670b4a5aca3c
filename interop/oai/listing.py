"""Reading what is announced, page by page, each record asked for again: is it open to every visitor at this moment?

What is kept ready is served only where nothing that it tells has changed since; everything else is made on the spot, or is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from access.viewer import Viewer
from archive import queries
from interop.oai import kept_bodies, memberships, preparing, sets, tokens
from interop.oai.formats import Format
from interop.oai.models import HarvestMembership, HarvestRecord, HarvestSet, HarvestWaiting
from interop.oai.packing import unpacker
from interop.oai.request import Asked, OaiError
from interop.oai.shapes import Page, Place, Told

RECORDS_A_PAGE, HEADERS_A_PAGE = 500, 1000
_DENSE = 2
_COLUMNS = ("pk", "item_key", "pid", "changed_s", "is_deleted", "sets")


class _Row(NamedTuple):
    pk: int
    item_key: int
    pid: str
    changed_s: int
    is_deleted: bool
    sets: str


def begin(asked: Asked, *, now: datetime) -> Place:
    """Return the place where a new harvest begins. Raises OaiError("noRecordsMatch"). Three queries."""
    last = HarvestRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    spec = asked.argument("set")
    place = Place(
        verb=asked.verb,
        prefix=asked.argument("metadataPrefix"),
        spec=spec,
        from_s=asked.from_s,
        until_s=asked.until_s,
        last=last,
        after=0,
        told=0,
        total=0,
        expires_s=tokens.expiry(int(now.timestamp())),
    )
    if spec and not HarvestSet.objects.filter(spec=spec, memberships__isnull=False).exists():
        raise OaiError("noRecordsMatch", "No record matches.")
    total = sum(rows.count() for rows in _selections(place))
    if not total:
        raise OaiError("noRecordsMatch", "No record matches.")
    return replace(place, total=total)


def page(viewer: Viewer, place: Place, form: Format | None, *, now: datetime) -> Page:
    """Return one page. Without a format only headers. Four queries while nothing on it has changed."""
    size = HEADERS_A_PAGE if form is None else RECORDS_A_PAGE
    rows = _rows(place, size + 1)
    if waiting := _waiting(rows[:size]):
        preparing.settle(viewer, waiting, now=now)
        rows = _rows(place, size + 1)
    more, rows = len(rows) > size, rows[:size]
    following = replace(place, after=rows[-1].pk, told=place.told + len(rows)) if more else None
    return Page(list(_told(viewer, rows, form)), place, following)


def one(viewer: Viewer, pid: str, form: Format | None, *, now: datetime) -> Told:
    """Return one record. Raises OaiError("idDoesNotExist"), also for what is there and never was open to everybody."""
    shown = queries.published_items(viewer).filter(pid=pid).values_list("pk", flat=True).first()
    row = _row_of(pid)
    keys = {key for key in (shown, None if row is None else row.item_key) if key is not None}
    if waiting := set(HarvestWaiting.objects.filter(item_key__in=keys).values_list("item_key", flat=True)):
        preparing.settle(viewer, waiting, now=now)
        row = _row_of(pid)
    if row is None:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return next(_told(viewer, [row], form))


def _row_of(pid: str) -> _Row | None:
    found = HarvestRecord.objects.filter(pid=pid).values_list(*_COLUMNS).first()
    return None if found is None else _Row(*found)


def _told(viewer: Viewer, rows: Sequence[_Row], form: Format | None) -> Iterator[Told]:
    """Yield records as they may go out at this moment. Three queries; about twenty more where one has to be made on the spot."""
    keys = [row.item_key for row in rows if not row.is_deleted]
    shown = set(queries.published_items(viewer).order_by().filter(_among("pk", keys)).values_list("pk", flat=True))
    shown.intersection_update(keys)
    fresh = shown - _waiting(rows)
    bodies: dict[int, Any] = {}  # Any: bytes, as the database's driver has them
    if form is not None:
        ready = [row.pk for row in rows if row.item_key in fresh]
        bodies = kept_bodies.bodies(_among("record_id", ready), number=form.number, made_by=preparing.mark())
        fresh = {row.item_key for row in rows if row.pk in bodies and row.item_key in fresh}
    made = preparing.make(viewer, shown - fresh, forms=() if form is None else (form,)) if shown - fresh else {}
    unpack = unpacker()
    for pk, key, pid, changed_s, _is_deleted, specs in rows:
        if key in fresh:
            yield Told(pid, changed_s, False, specs, unpack(bodies[pk]) if form else b"")
        elif key in made:
            late = made[key]
            yield Told(pid, changed_s, False, " ".join(late.sets), late.bodies[form.number] if form else b"")
        else:
            yield Told(pid, changed_s, True)


def _among(field: str, keys: Sequence[int]) -> Q:
    """Return a condition that holds for these keys. Where they lie close together it is a range, which costs half of a list of hundreds,
    and may hold for others, too: the caller takes what it asked for."""
    if keys and max(keys) - min(keys) < _DENSE * len(keys):
        return Q(**{f"{field}__gte": min(keys), f"{field}__lte": max(keys)})
    return Q(**{f"{field}__in": keys})


def _waiting(rows: Sequence[_Row]) -> set[int]:
    """Return which of these items something has changed of that nobody looked at. One short query where nothing waits at all."""
    if not HarvestWaiting.objects.order_by().exists():
        return set()
    keys = [row.item_key for row in rows]
    return set(HarvestWaiting.objects.filter(item_key__in=keys).values_list("item_key", flat=True))


def _rows(place: Place, most: int) -> list[_Row]:
    """Return the next rows of a list, by key."""
    found = [
        _Row(*row)
        for rows in _selections(place)
        for row in rows.filter(pk__gt=place.after).order_by("pk").values_list(*_COLUMNS)[:most]
    ]
    return sorted(found, key=lambda row: row.pk)[:most]


def _selections(place: Place) -> list[QuerySet[HarvestRecord]]:
    """Return what a list is made of: everything in a range of moments; of a set its members, and all that is deleted, since of that
    nobody is told where it stood."""
    bounds: dict[str, Any] = {"pk__lte": place.last}  # Any: numbers of several lookups
    if place.from_s is not None:
        bounds["changed_s__gte"] = place.from_s
    if place.until_s is not None:
        bounds["changed_s__lte"] = place.until_s
    rows = HarvestRecord.objects.filter(**bounds)
    if not place.spec:
        return [rows]
    members = HarvestMembership.objects.filter(set__spec=place.spec).values("record")
    return [rows.filter(pk__in=members, is_deleted=False), rows.filter(is_deleted=True)]


def earliest_s() -> int | None:
    """Return the datestamp of the oldest news; None where there is none. One query."""
    return HarvestRecord.objects.order_by("changed_s").values_list("changed_s", flat=True).first()


def open_sets(viewer: Viewer) -> list[str]:
    """Return the setSpecs of sets in which this viewer may see something, in order. Two queries."""
    seen = queries.published_items(viewer).order_by().values("pk")
    members = HarvestMembership.objects.filter(record__item_key__in=seen).order_by().values("set")
    specs = list(HarvestSet.objects.filter(pk__in=members).order_by("spec").values_list("spec", flat=True))
    # A search that is not shown any more is no set from that moment on, whatever was written down.
    is_search, shown = f"{sets.SEARCH}:", memberships.shown_specs()
    return [spec for spec in specs if not spec.startswith(is_search) or spec in shown]
