"""Reading the log of changes: what was committed since a position, no more and no less.

SQLite has one writer at a time, so that numbers are committed in their order: a position is the last number read. PostgreSQL hands out
numbers before rows are committed, and a transaction may take long: a position is the snapshot of what was committed when the log was read,
and new is what that snapshot did not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from archive.models import SearchChange, SearchLog

KEPT_FOR = timedelta(days=7)
PRUNED_AT_ONCE = 20_000
# So many changes are more than half of a collection worth following: an index is made anew instead.
READ_MOST = 500_000
_WHERE_NOW = """
    SELECT epoch, (SELECT COALESCE(MAX(id), pruned_to) FROM archive_searchchange), pruned_to FROM archive_searchlog WHERE id = 1
"""


class Behind(Exception):
    """What was changed since this position is not all in the log any more, or the log is another: the index is to be made anew."""


@dataclass(frozen=True)
class Position:
    """How far the log was read: `at` is a number (SQLite) or a snapshot (PostgreSQL) as text."""

    epoch: str
    at: str

    def as_json(self) -> dict[str, str]:
        """Return it as an index keeps it."""
        return {"epoch": self.epoch, "at": self.at}

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> Position:
        """Return what `as_json` wrote. Raises Behind for anything else."""
        epoch, at = kept.get("epoch"), kept.get("at")
        if not (isinstance(epoch, str) and isinstance(at, str) and at):
            raise Behind
        return cls(epoch, at)


@dataclass(frozen=True)
class Changes:
    """What was committed since a position: every changed item once, and with a minus sign every place. `closing` are those that fewer
    people may see now, or less of."""

    position: Position
    changed: Sequence[int]
    closing: frozenset[int]

    @property
    def has_places(self) -> bool:
        return any(key < 0 for key in self.changed)


def position() -> Position:
    """Return where the log stands now. Read what is indexed after it, never before. One query. Raises Behind where there is no log."""
    if _is_by_snapshot():
        row = _one("SELECT epoch::text, pg_current_snapshot()::text FROM archive_searchlog WHERE id = 1")
    else:
        row = _one(_WHERE_NOW)
    if row is None:
        raise Behind
    return Position(_plain(row[0]), str(row[1]))


def position_or_none() -> Position | None:
    """Return the same, None where there is no log: nothing was migrated, or everything is being emptied."""
    try:
        return position()
    except Behind:
        return None


def since(before: Position) -> Changes:
    """Return what was committed since. Raises Behind. One query; by numbers one more where something was."""
    if before.at.isdecimal():
        return _since_number(before)
    return _since_snapshot(before)


def _is_by_snapshot() -> bool:
    """Whether others may commit beside us. Within a transaction nobody does that we could see (only tests search there)."""
    return connection.vendor == "postgresql" and not connection.in_atomic_block


def prune(*, now: datetime) -> int:
    """Forget what was changed longer ago than any index may be behind; returns how many changes. Some queries for each twenty thousand.

    What is not older than every open transaction stays: an index made beside one of those could not tell whether it has read it.
    """
    pruned = 0
    is_past = {"transaction__lt": _oldest_open()} if _is_by_snapshot() else {}
    while True:
        with transaction.atomic():
            old = SearchChange.objects.filter(at__lt=now - KEPT_FOR, **is_past).order_by("pk")
            rows = list(old.values_list("pk", "transaction")[:PRUNED_AT_ONCE])
            if not rows:
                return pruned
            log = SearchLog.objects.select_for_update().filter(pk=1).first()
            if log is not None:
                log.pruned_to = max(log.pruned_to, rows[-1][0])
                log.pruned_transaction = max(log.pruned_transaction, *(number for _pk, number in rows))
                log.save(update_fields=["pruned_to", "pruned_transaction"])
            SearchChange.objects.filter(pk__in=[pk for pk, _number in rows]).delete()
        pruned += len(rows)


def _oldest_open() -> int:
    """Return the number of the oldest transaction that is not over, of PostgreSQL."""
    row = _one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(str(row[0])) if row else 0


def _since_number(before: Position) -> Changes:
    row = _one(_WHERE_NOW)
    if row is None or _plain(row[0]) != before.epoch:
        raise Behind
    start, last, pruned_to = int(before.at), int(str(row[1])), int(str(row[2]))
    if last == start:
        return Changes(before, (), frozenset())
    if start < pruned_to or not start < last <= start + READ_MOST:
        raise Behind
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_pk, closes FROM archive_searchchange WHERE id > %s AND id <= %s ORDER BY id", [start, last]
        )
        rows = cursor.fetchall()
    return _changes(Position(before.epoch, str(last)), [row[0] for row in rows], [row[1] for row in rows])


def _since_snapshot(before: Position) -> Changes:
    # Transactions that count from lower numbers are those of another server, onto which a dump was brought.
    row = _one(
        """
        WITH late AS MATERIALIZED (
            SELECT id, item_pk, closes FROM archive_searchchange
            WHERE transaction >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
              AND NOT pg_visible_in_snapshot(transaction::text::xid8, %s::pg_snapshot)
            LIMIT %s
        )
        SELECT epoch::text, pg_current_snapshot()::text,
               pruned_transaction >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
               OR pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(%s::pg_snapshot),
               (SELECT array_agg(item_pk ORDER BY id) FROM late), (SELECT array_agg(closes ORDER BY id) FROM late)
        FROM archive_searchlog WHERE id = 1
        """,
        [before.at, before.at, READ_MOST + 1, before.at, before.at],
    )
    if row is None or _plain(row[0]) != before.epoch or row[2]:
        raise Behind
    after = Position(before.epoch, str(row[1]))
    pks, closes = row[3], row[4]
    if not (isinstance(pks, list) and isinstance(closes, list)):
        return Changes(after, (), frozenset())
    if len(pks) > READ_MOST:
        raise Behind
    return _changes(after, pks, closes)


def _changes(after: Position, pks: Sequence[int], closes: Sequence[bool]) -> Changes:
    closing = frozenset(pk for pk, one in zip(pks, closes, strict=True) if one)
    return Changes(after, tuple(dict.fromkeys(pks)), closing)


def _plain(epoch: object) -> str:
    """Return an epoch as both databases have it: SQLite keeps it without hyphens."""
    return str(epoch).replace("-", "")


def _one(query: str, params: Sequence[str | int] = ()) -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        row: tuple[object, ...] | None = cursor.fetchone()
    return row
