"""From the commit of an edit in one process to the first page of another that shows it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from access.models import AccessRule
from archive import languages
from archive.actions.save_item import save_item
from archive.models import Item, ItemState, SearchEntry
from bench.measure import Row, median, percentile, wait_until
from bench.processes import Running

CHANGED = 5_000  # items that were changed before
EDITS_APART_S = 0.05
WITHIN_MS = 1_000


def rows(site: Running, items: int, *, edits: int) -> list[Row]:
    """Change what the base does not hold, then edit one item after another."""
    changed = min(CHANGED, items // 4)
    # Words that no earlier run wrote: letters for the digits of the clock.
    run = "zq" + "".join("bcdfghklmn"[int(digit)] for digit in str(time.time_ns())[:14])
    public = Item.objects.filter(state=ItemState.PUBLISHED, chosen_rule=AccessRule.objects.public())
    keys = list(public.order_by("pk").values_list("pk", flat=True)[: changed + edits])
    together = _found_after(site, run + "xa", lambda: _change(keys[:changed], run + "xa"), hits=changed)
    # Each is one that was in the base alone until then, and in the base and in memory afterwards.
    taken = [_edited(site, key, f"{run}{_letters(number)}") for number, key in enumerate(keys[-edits:])]
    again = [_edited(site, key, f"{run}v{_letters(number)}") for number, key in enumerate(keys[:edits])]
    return [
        Row(f"{changed:,} items changed in one go: all are found after, ms", f"{together:.0f}", "one run"),
        _told(f"an edit, {changed:,} changes beside the base: found after its commit, ms", taken),
        _told("the same, of items changed before", again),
    ]


def _told(what: str, taken: list[float]) -> Row:
    figure = f"p50 {median(taken):.0f}, **p95 {percentile(taken, 0.95):.0f}**, most {max(taken):.0f}"
    return Row(what, figure, f"n = {len(taken)}", f"most ≤ {WITHIN_MS}")


def _edited(site: Running, key: int, word: str) -> float:
    time.sleep(EDITS_APART_S)
    item = Item.objects.get(pk=key)
    item.titles = languages.of(vi=f"{item.title_in('vi')[:200]} {word}")

    def save() -> None:
        save_item(item, read_version=item.version, changed=["titles"], actor=None, now=timezone.now())

    return _found_after(site, word, save, pid=item.pid)


def _found_after(site: Running, word: str, change: Callable[[], None], *, pid: str = "", hits: int = 0) -> float:
    """Return the milliseconds from the end of a change to the end of the first answer that shows it: as many `hits`, or the item."""
    change()
    began = time.monotonic()

    def shows() -> bool:
        status, body = site.get(
            f"/api/v1/search/?q={word}" if hits else f"/search/?q={word}", {"Accept-Language": "vi"}
        )
        if status != 200:
            raise RuntimeError(f"{status}: {body[:300]!r}")
        return json.loads(body)["total"] == hits if hits else f"/{pid}".encode() in body

    wait_until(shows, within_s=120, pause_s=0.002)
    return (time.monotonic() - began) * 1000


def _change(keys: list[int], word: str) -> None:
    entries = list(SearchEntry.objects.filter(pk__in=keys))
    for entry in entries:
        entry.texts = [*entry.texts, word]
    with transaction.atomic():
        SearchEntry.objects.bulk_update(entries, ["texts"], batch_size=100)
    connection.close()


def _letters(number: int) -> str:
    return "bcdfghklmn"[number // 10] + "bcdfghklmn"[number % 10]
