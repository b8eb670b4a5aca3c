"""A partner's own set: what stewards opened to it and what is not open to everybody. Only its key opens the set; to anybody else there
is none.

What it was told is kept, as of visitors: a pid and a moment, so that what closes to it is announced to it as deleted. Records are made
on the spot, as the partner may see them at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from access.models import Partner
from access.viewer import Viewer
from archive import queries
from interop.oai import preparing, sets, tokens
from interop.oai.formats import Format
from interop.oai.models import HarvestPartnerRecord
from interop.oai.request import Asked, OaiError
from interop.oai.shapes import Page, Place, Told

# Made on the spot, at some milliseconds each.
RECORDS_A_PAGE, HEADERS_A_PAGE = 100, 1000
_AT_ONCE = 500


def is_own(spec: str) -> bool:
    """Return whether a setSpec is one of a partner."""
    return spec.startswith(f"{sets.PARTNER}:")


def spec_of(partner: Partner) -> str:
    return f"{sets.PARTNER}:{partner.pid}"


def begin(partner: Partner, viewer: Viewer, stranger: Viewer, asked: Asked, *, now: datetime) -> Place:
    """Return the place where a harvest of the partner's set begins. Raises OaiError("noRecordsMatch"). About eight queries."""
    if asked.argument("set") != spec_of(partner):
        raise OaiError("noRecordsMatch", "No record matches.")
    _follow(partner, viewer, stranger, now_s=int(now.timestamp()))
    rows = HarvestPartnerRecord.objects.filter(partner=partner.pid)
    place = Place(
        verb=asked.verb,
        prefix=asked.argument("metadataPrefix"),
        spec=spec_of(partner),
        from_s=asked.from_s,
        until_s=asked.until_s,
        last=rows.order_by("-pk").values_list("pk", flat=True).first() or 0,
        after=0,
        told=0,
        total=0,
        expires_s=tokens.expiry(int(now.timestamp())),
    )
    total = _selected(partner, place).count()
    if not total:
        raise OaiError("noRecordsMatch", "No record matches.")
    return replace(place, total=total)


def page(partner: Partner, viewer: Viewer, place: Place, form: Format | None) -> Page:
    """Return one page. Without a format only headers. About twenty queries."""
    size = HEADERS_A_PAGE if form is None else RECORDS_A_PAGE
    rows = list(_selected(partner, place).filter(pk__gt=place.after).order_by("pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    following = replace(place, after=rows[-1].pk, told=place.told + len(rows)) if more else None
    return Page(list(_told(partner, viewer, rows, form)), place, following)


def one(partner: Partner, viewer: Viewer, stranger: Viewer, pid: str, form: Format | None) -> Told | None:
    """Return the record of an item that is open to the partner and not to everybody; None of any other."""
    item = _only_theirs(viewer, stranger).filter(pid=pid).first()
    if item is None:
        return None
    row = HarvestPartnerRecord.objects.filter(partner=partner.pid, item_key=item.pk, is_deleted=False).first()
    changed_s = row.changed_s if row is not None else int(queries.datestamp(viewer, item).timestamp())
    told = HarvestPartnerRecord(item_key=item.pk, pid=item.pid, changed_s=changed_s)
    return next(_told(partner, viewer, [told], form))


def _told(
    partner: Partner, viewer: Viewer, rows: Sequence[HarvestPartnerRecord], form: Format | None
) -> Iterator[Told]:
    keys = [row.item_key for row in rows if not row.is_deleted]
    made = preparing.make(viewer, keys, forms=() if form is None else (form,)) if keys else {}
    for row in rows:
        one = made.get(row.item_key)
        if one is None:
            yield Told(row.pid, row.changed_s, True)
        else:
            specs = " ".join((*one.sets, spec_of(partner)))
            yield Told(row.pid, row.changed_s, False, specs, one.bodies[form.number] if form else b"")


def _selected(partner: Partner, place: Place) -> QuerySet[HarvestPartnerRecord]:
    bounds: dict[str, Any] = {"partner": partner.pid, "pk__lte": place.last}  # Any: values of several lookups
    if place.from_s is not None:
        bounds["changed_s__gte"] = place.from_s
    if place.until_s is not None:
        bounds["changed_s__lte"] = place.until_s
    return HarvestPartnerRecord.objects.filter(**bounds)


def _only_theirs(viewer: Viewer, stranger: Viewer) -> QuerySet[Any]:  # Any: items, with and without values
    return queries.published_items(viewer).exclude(effective_rule_id__in=stranger.rule_ids)


def _follow(partner: Partner, viewer: Viewer, stranger: Viewer, *, now_s: int) -> None:
    """Compare what the partner was told with what it may see now, and write what differs: dated by this harvest, which hears of it.

    What became open to everybody meanwhile stays in the set: told as deleted it would go from the copy of whoever harvests both.
    """
    with transaction.atomic():
        rows = HarvestPartnerRecord.objects.filter(partner=partner.pid)
        known = dict(rows.order_by().values_list("item_key", "is_deleted"))
        seen = set(_among(queries.published_items(viewer), list(known)))
        new = _only_theirs(viewer, stranger).order_by("pk").values_list("pk", "pid")
        for was_deleted, keys in (
            (False, [key for key, is_deleted in known.items() if not is_deleted and key not in seen]),
            (True, [key for key, is_deleted in known.items() if is_deleted and key in seen]),
        ):
            for start in range(0, len(keys), _AT_ONCE):
                some = rows.filter(item_key__in=keys[start : start + _AT_ONCE])
                some.update(is_deleted=not was_deleted, changed_s=now_s)
        told = [
            HarvestPartnerRecord(partner=partner.pid, item_key=key, pid=pid, changed_s=now_s)
            for key, pid in new
            if key not in known
        ]
        HarvestPartnerRecord.objects.bulk_create(told, ignore_conflicts=True, batch_size=2000)


def _among(items: QuerySet[Any], keys: Sequence[int]) -> Iterator[int]:  # Any: as above
    for start in range(0, len(keys), _AT_ONCE):
        yield from items.filter(pk__in=keys[start : start + _AT_ONCE]).order_by().values_list("pk", flat=True)
