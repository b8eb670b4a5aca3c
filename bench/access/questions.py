"""The questions that doors put to the database, with a reader's rules and without any, and what making a viewer costs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext

from access.models import AccessRule, User
from access.viewer import Viewer, viewer_for
from archive import queries
from archive.models import Item, ItemFile, ItemState
from archive.querysets import NEWEST_FIRST
from archive.search.narrowing import Filters, narrow
from bench.access.corpus import NOW, READER
from bench.measure import Row, median, own_cpu_s, percentile
from interop.api.paging import NewestFirst

LIMIT = 1.1
PAGE = 50
# A question of microseconds is put more often than one of half a second, but not for longer.
WHOLE_S, MOST = 4.0, 400


@dataclass(frozen=True)
class Question:
    """One question, put with rules and without. Each returns what it found, so that nothing is left unread."""

    what: str
    with_rules: Callable[[], object]
    without: Callable[[], object]
    target: str = f"≤ {LIMIT}"


def rows(*, pairs: int) -> list[Row]:
    """Return the lines of the results: who asks and what they see, each question, and the viewer itself."""
    reader, clock = User.objects.get(username=READER), Clock()
    viewer, guest = viewer_for(reader, now=NOW), viewer_for(AnonymousUser(), now=NOW)
    found = [_audience("reader with 20 memberships", viewer)]
    found += [_compared(clock, question, pairs) for question in questions(viewer)]
    found.append(_audience("visitor", guest))
    found += [_compared(clock, question, pairs) for question in questions(guest)[:2]]
    few = replace(viewer, rule_ids=frozenset({max(viewer.rule_ids)}))
    found.append(_audience("who satisfies one rule alone, and that the rarest", few))
    # Nothing to reach: a list in the order of time passes over all that is closed.
    found.append(replace(_compared(clock, questions(few)[0], pairs), target=""))
    found.append(_made(clock, "a reader's viewer", lambda: viewer_for(reader, now=NOW), pairs))
    found.append(_made(clock, "a visitor's viewer", lambda: viewer_for(AnonymousUser(), now=NOW), pairs))
    return found


class Clock:
    """Processor time of this process and of its session's PostgreSQL process: what a busy machine does not change.

    Linux tells it in nanoseconds of any process, of whichever account. Queries run in that one process: with parallel workers the
    time of the others would be lost.
    """

    def __init__(self) -> None:
        self._server: Path | None = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET max_parallel_workers_per_gather = 0")
                cursor.execute("SELECT pg_backend_pid()")
                self._server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def seconds(self, ask: Callable[[], object]) -> float:
        began = self._now()
        ask()
        return self._now() - began

    def _now(self) -> float:
        of_server = 0 if self._server is None else int(self._server.read_text().split()[0])
        return own_cpu_s() + of_server / 1e9


def questions(viewer: Viewer) -> list[Question]:
    everything, seen = Item.objects.all(), Item.objects.visible_to(viewer)
    pid = seen.order_by("pk").values_list("pid", flat=True)[1000]
    page = list(queries.visible_items(viewer)[:PAGE])
    middle = _after_the_middle()
    people = Filters(people="gie-trieng")
    return [
        Question(
            "newest 50",
            lambda: list(queries.visible_items(viewer)[:PAGE]),
            lambda: list(Item.objects.order_by(*NEWEST_FIRST)[:PAGE]),
        ),
        Question(
            "count of what is published", lambda: queries.published_items(viewer).count(), lambda: _published().count()
        ),
        # SQLite counts a whole table by its pages and looks at no row: nothing that looks at rows comes near it.
        Question("count of all", seen.count, everything.count, "" if connection.vendor == "sqlite" else f"≤ {LIMIT}"),
        Question("one by pid", lambda: seen.get(pid=pid), lambda: everything.get(pid=pid)),
        Question(
            "50 in the middle, by cursor",
            lambda: list(middle(queries.published_items(viewer))),
            lambda: list(middle(_published())),
        ),
        Question("count by kind", lambda: _by_kind(seen), lambda: _by_kind(everything)),
        Question(
            "newest 50 of one people",
            lambda: list(narrow(seen, people).order_by(*NEWEST_FIRST)[:PAGE]),
            lambda: list(narrow(everything, people).order_by(*NEWEST_FIRST)[:PAGE]),
        ),
        Question(
            "count of one people", lambda: narrow(seen, people).count(), lambda: narrow(everything, people).count()
        ),
        # In SQLite, which comes to these items by their keys, no visibility can go below it.
        Question(
            "the same, each item's rule read and nothing hidden",
            lambda: narrow(everything.filter(effective_rule_id__gt=0), people).count(),
            lambda: narrow(everything, people).count(),
            "",
        ),
        Question(
            "files of 50 items, as a list shows them",
            lambda: list(_listed(ItemFile.objects.visible_to(viewer), page)),
            lambda: list(_listed(ItemFile.objects.all(), page)),
        ),
    ]


def _published() -> QuerySet[Item]:
    return Item.objects.filter(state=ItemState.PUBLISHED).order_by(*NEWEST_FIRST)


def _after_the_middle() -> Callable[[QuerySet[Item]], QuerySet[Item]]:
    """Return what makes a list's page after the item in its middle, as the API does with a cursor."""
    keyset = NewestFirst()
    half = Item.objects.count() // 2
    row = Item.objects.filter(pk__gte=half, state=ItemState.PUBLISHED).order_by("pk")[0]
    beyond = keyset.beyond(keyset.position(row), backwards=False)
    return lambda items: items.filter(beyond).order_by(*keyset.order(backwards=False))[: PAGE + 1]


def _listed(files: QuerySet[ItemFile], page: Sequence[Item]) -> QuerySet[ItemFile]:
    with_facts = files.select_related("master", "intake", "effective_rule")
    return with_facts.filter(item__in=page).order_by("item", "position", "pk")


def _by_kind(items: QuerySet[Item]) -> list[tuple[str, int]]:
    return list(items.order_by().values("kind").annotate(count=Count("*")).values_list("kind", "count"))


def _compared(clock: Clock, question: Question, pairs: int) -> Row:
    """Put both in turns and in changing order, after a round to warm up, for some seconds but never fewer times than asked for."""
    first = clock.seconds(question.with_rules) + clock.seconds(question.without)
    count = max(pairs, min(MOST, int(WHOLE_S / max(first, 1e-6))))
    with_rules: list[float] = []
    without: list[float] = []
    for number in range(count):
        turns = [(question.with_rules, with_rules), (question.without, without)]
        for ask, found in turns if number % 2 else reversed(turns):
            found.append(clock.seconds(ask))
    ratio = median(with_rules) / median(without)
    print(f"    {question.what}: {ratio:.2f}, {_told(with_rules)} / {_told(without)}", file=sys.stderr, flush=True)
    figures = f"{_told(with_rules)} / {_told(without)}, n = {count}"
    return Row(question.what, f"**{ratio:.2f}**", figures, question.target)


def _told(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e3:.2f} ms (p95 {percentile(seconds, 0.95) * 1e3:.2f})"


def _audience(who: str, viewer: Viewer) -> Row:
    rules, items = AccessRule.objects.count(), Item.objects.count()
    seen = Item.objects.visible_to(viewer).count()
    return Row(who, f"{len(viewer.rule_ids)} of {rules} rules", f"sees {seen / items:.0%} of {items:,} items")


def _made(clock: Clock, what: str, make: Callable[[], object], pairs: int) -> Row:
    make()
    with CaptureQueriesContext(connection) as context:
        make()
    taken = [clock.seconds(make) for _ in range(max(pairs, 100))]
    return Row(
        f"making {what}",
        f"{median(taken) * 1e3:.2f} ms",
        f"p95 {percentile(taken, 0.95) * 1e3:.2f}, {len(context)} queries",
    )
