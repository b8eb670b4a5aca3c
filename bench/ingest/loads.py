"""Our load of a table and the bare one of the same rows, in turns, on a table of items that is empty each time."""

from __future__ import annotations

import contextlib
import csv
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from access.models import User
from archive.actions.create_item import columns_of
from archive.loading import running
from archive.loading.running import Run, Wishes, in_lots, survey
from archive.models import Item, ItemAgent, ItemPlace, Revision, SearchEntry
from archive.search import triggers
from bench.ingest import corpus
from bench.measure import Row, median, own_cpu_s, spread

BATCH = 500
TARGET = "≥ 0.33"
MB_MOST = 60
LOG_PERCENT = 5


def rows(data: Path, *, count: int, pairs: int) -> list[Row]:
    user = corpus.librarian()
    table = corpus.write(data / "bang.csv", count=count)
    small = corpus.write(data / "nho.csv", count=count // 4)
    found = _memory(small, table, user)
    _empty()
    columns = _columns(table, user)
    ours: list[_Taken] = []
    bare: list[_Taken] = []
    unlogged: list[_Taken] = []
    for number in range(pairs):
        turns = [
            (ours, lambda: _ours(table, user)),
            (bare, lambda: _bare(table, columns)),
            (unlogged, lambda: _ours(table, user)),
        ]
        for taken, work in turns if number % 2 else reversed(turns):
            _empty()
            with _without_triggers() if taken is unlogged else contextlib.nullcontext():
                taken.append(_timed(work))
            print(f"    {count / taken[-1].wall_s:.0f} rows a second", file=sys.stderr, flush=True)
    _empty()
    checked = _timed(lambda: _checked(table, user))
    ratios = [one.cpu_s / other.cpu_s for one, other in zip(bare, ours, strict=True)]
    logging = [(one.cpu_s / other.cpu_s - 1) * 100 for one, other in zip(ours, unlogged, strict=True)]
    walls = [one.wall_s / other.wall_s for one, other in zip(bare, ours, strict=True)]
    return [
        _rate(f"{count:,} rows, our load, rows a second", count, ours),
        _rate("full_clean and bulk_create of the same, rows a second", count, bare),
        Row("our rate to the bare one, by processor time", f"**{median(ratios):.2f}**", spread(ratios, 2), TARGET),
        Row("the same, by wall time", f"**{median(walls):.2f}**", spread(walls, 2), TARGET),
        Row(
            "what the triggers of the search's log add to a load, % of processor time",
            f"**{median(logging):.1f}**",
            spread(logging, 1),
            f"≤ {LOG_PERCENT}",
        ),
        Row(f"checking {count:,} rows alone, s", f"{checked.wall_s:.1f}", f"processor time {checked.cpu_s:.1f}"),
        *found,
    ]  # fmt: skip


def _rate(what: str, count: int, taken: Sequence[_Taken]) -> Row:
    walls = [count / one.wall_s for one in taken]
    processor = count / median([one.cpu_s for one in taken])
    return Row(what, f"{median(walls):,.0f}", f"{spread(walls, 0)}; {processor:,.0f} a second of processor time")


@contextlib.contextmanager
def _without_triggers() -> Iterator[None]:
    """Let the search's log hear of nothing."""
    triggers.remove()
    try:
        yield
    finally:
        triggers.install()


class _Taken:
    """What one piece of work took: wall time, and processor time of this process and of its session's PostgreSQL process."""

    def __init__(self, wall_s: float, cpu_s: float) -> None:
        self.wall_s, self.cpu_s = wall_s, cpu_s


def _timed(work: Callable[[], int]) -> _Taken:
    connection.ensure_connection()
    server = connection.connection.info.backend_pid if isinstance(connection.connection, psycopg.Connection) else 0
    wall, cpu, theirs = time.perf_counter(), own_cpu_s(), _cpu_of(server)
    work()
    return _Taken(time.perf_counter() - wall, own_cpu_s() - cpu + _cpu_of(server) - theirs)


def _cpu_of(pid: int) -> float:
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _ours(table: Path, user: User) -> int:
    """What `ingest --table` does: the table is read once to its end, then each row is checked and loaded."""
    run = Run(survey(table), Wishes(user, timezone.now()))
    done = 0
    for lot in in_lots(table):
        outcomes = run.load(lot)
        assert all(one.status == "loaded" for one in outcomes), [one.checked.problems for one in outcomes][:3]
        done += len(outcomes)
    return done


def _checked(table: Path, user: User) -> int:
    run = Run(survey(table), Wishes(user, timezone.now()))
    return sum(len(run.check(lot)) for lot in in_lots(table))


def _bare(table: Path, columns: Sequence[dict[str, Any]]) -> int:
    """Read the same file, make an item of each row's columns, clean it and write it: no ties, rules, history, words or log."""
    batch: list[Item] = []
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for _cells, values in zip(reader, columns, strict=True):
            item = Item(**values)
            item.full_clean(validate_unique=False, validate_constraints=False)
            batch.append(item)
            if len(batch) == BATCH:
                _write(batch)
                batch = []
        _write(batch)
    return len(columns)


def _write(batch: Sequence[Item]) -> None:
    with transaction.atomic():
        Item.objects.bulk_create(batch)


def _columns(table: Path, user: User) -> list[dict[str, Any]]:
    """Return the columns of every row's item, as our load has them in the end."""
    now = timezone.now()
    run = Run(survey(table), Wishes(user, now))
    found = []
    for lot in in_lots(table):
        for one in run.checker.check(lot):
            assert one.ready is not None, one.problems
            chosen, effective = run.shared.rules_of(one.ready.access)
            rights = run.shared.statement(one.ready.description.rights_uri)
            found.append(
                columns_of(one.ready.description, rights)
                | {"chosen_rule": chosen, "effective_rule": effective, "created_at": now, "modified_at": now}
                | {"date_first": one.ready.first, "date_last": one.ready.last}
            )
    return found


def _empty() -> None:
    """Take away all items; the log stays, as it does in an archive."""
    through = [Item.peoples.through, Item.subjects.through, Item.collections.through, Item.communities.through]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (*through, ItemAgent, ItemPlace, SearchEntry, Revision, Item):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def _memory(small: Path, large: Path, user: User) -> list[Row]:
    """Return by how much the memory of this process grows at most over a load of a quarter of the rows, and over all of them."""
    _ours(corpus.write(small.with_name("dau.csv"), count=2 * running.AT_ONCE, first=10_000_000), user)
    grown = []
    for table in (small, large):
        _empty()
        Path("/proc/self/clear_refs").write_text("5")
        before = _peak_mb()
        _ours(table, user)
        grown.append(max(0.0, _peak_mb() - before))
    return [
        Row(
            "memory that a load adds, a quarter of the rows, MB", f"{grown[0]:.0f}", "at its peak, after one to warm up"
        ),
        Row("the same, all rows, MB", f"**{grown[1]:.0f}**", f"{_peak_mb():.0f} MB in all", f"≤ {MB_MOST}"),
    ]


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000
