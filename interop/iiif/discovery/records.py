"""Pages of activities, each asked for again: is its item open to every visitor at this moment?

A page is a range of numbers that are never given again (`interop.oai.activities`), so it stands still, and only loses what moved on to a
later one. Its number is that of announcements, of which what never was open has none.
"""

from __future__ import annotations

from datetime import datetime

from access.viewer import Viewer
from archive import queries
from interop.iiif.discovery.values import Activity, Page, Stream
from interop.oai import preparing
from interop.oai.models import HarvestActivity, HarvestWaiting

PAGE = 1000  # a page is asked for by one query; judges and small harvesters read fifty pages at the most
_TURNS_MOST = 15  # as harvests do
DELETE = HarvestActivity.Kind.DELETE


def stream(viewer: Viewer, *, now: datetime) -> Stream:
    """Return where the activities begin and end, after finding out what is new. `viewer` is the visitor. Seven queries where nothing is."""
    preparing.follow_rules(viewer)
    for _turn in range(_TURNS_MOST):
        if not preparing.prepare(viewer, now=now):
            break
    # What is found out later is not dated before this look, by whatever clock it began: who comes again asks from here on.
    preparing.begin(now=now)
    numbers = HarvestActivity.objects.values_list("number", flat=True)
    first, last = numbers.order_by("number").first(), numbers.order_by("-number").first()
    return Stream(_page_of(first or 1), _page_of(last or 1), numbers.order_by().count())


def page(viewer: Viewer, number: int, *, now: datetime) -> Page | None:
    """Return one page: what the viewer, the visitor, sees at this moment, and deletions; None after the last one. Seven queries while
    nothing on it has changed."""
    preparing.follow_rules(viewer)
    rows = _rows(number)
    waiting = HarvestWaiting.objects.filter(item_key__in=[row.item_key for row in rows])
    if changed := set(waiting.values_list("item_key", flat=True)):
        preparing.settle(viewer, changed, now=now)
        rows = _rows(number)
    keys = [row.item_key for row in rows if row.kind != DELETE]
    shown = set(queries.published_items(viewer).order_by().filter(pk__in=keys).values_list("pk", flat=True))
    numbers = HarvestActivity.objects.values_list("number", flat=True)
    before = numbers.filter(number__lte=(number - 1) * PAGE).order_by("-number").first()
    after = numbers.filter(number__gt=number * PAGE).order_by("number").first()
    # Page 1 is always there, an emptied one while others follow it: who walks through them is not stopped by what moved on.
    if not rows and number != 1 and after is None:
        return None
    # What closed and could not be looked at just now is told of later, as deleted.
    told = [
        Activity(row.number, row.kind, row.pid, row.told_s)
        for row in rows
        if row.kind == DELETE or row.item_key in shown
    ]
    return Page(number, told, before and _page_of(before), after and _page_of(after))


def _rows(number: int) -> list[HarvestActivity]:
    within = HarvestActivity.objects.filter(number__gt=(number - 1) * PAGE, number__lte=number * PAGE)
    return list(within.order_by("number"))


def _page_of(number: int) -> int:
    return (number - 1) // PAGE + 1
