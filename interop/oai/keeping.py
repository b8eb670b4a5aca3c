"""Working through what waits, outside of requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from access.viewer import visitor
from interop.oai import preparing, searches
from interop.oai.models import HarvestWaiting


def catch_up(*, now: datetime, within_s: float) -> int:
    """Prepare what waits until nothing does or the time is over; return how many items were looked at."""
    ends, done = time.monotonic() + within_s, 0
    viewer = visitor(now=now)
    # Before the work, so that what entered or left a set of a search is looked at in the same turn.
    searches.follower.follow(viewer, is_news=HarvestWaiting.objects.order_by().exists())
    for count in batches(now=now):
        done += count
        if time.monotonic() >= ends:
            break
    return done


def batches(*, now: datetime) -> Iterator[int]:
    """Prepare what waits, batch by batch; yields how many items each had."""
    viewer = visitor(now=now)
    preparing.follow_rules(viewer)
    while count := preparing.prepare(viewer, now=now):
        yield count


def left() -> int:
    """Return how many items wait. One query."""
    return HarvestWaiting.objects.values("item_key").distinct().count()
