"""Sealing the log: entries are put into the chain after the transaction that wrote them.

Not inside of it: who holds the end of the chain and waits for an item would wait for who holds the item and waits for the end. What a crash
left unsealed is taken by the next sealing, or by the sweep within a minute.
"""

from __future__ import annotations

from django.db import connection, transaction

from access.audit_chain import Content, Head, digest_after
from access.models import AuditEntry, AuditHead

# Rows of one short transaction.
AT_ONCE = 500
HEAD = 1  # the key of the one row
CONTENT = ("at", "actor_name", "verb", "target_pid", "detail", "reason", "before", "after")


class EndIsLost(Exception):
    """Entries are sealed, and the row that says where the chain ends is gone: somebody was at the tables. `verify_log` says more."""


def seal() -> int:
    """Put every unsealed entry behind the last one, in the order in which they were written; returns how many.

    One query when there is nothing to do, five and a statement for each entry otherwise. Who seals at the same time waits a moment. An
    entry that was begun earlier and committed later gets the later place. Raises EndIsLost.
    """
    count = 0
    unsealed = AuditEntry.objects.filter(sequence=None).order_by("pk")
    while unsealed.exists():
        with transaction.atomic():
            head = _held_end()
            rows = list(unsealed.values_list("pk", *CONTENT)[:AT_ONCE])
            places: list[tuple[int, str, int]] = []
            for pk, *content in rows:
                sequence = head.sequence + 1
                head = Head(sequence, digest_after(head.digest, sequence, Content(*content)))
                places.append((sequence, head.digest, pk))
            _write(places)
            AuditHead.objects.filter(pk=HEAD).update(sequence=head.sequence, digest=head.digest)
        count += len(rows)
    return count


def seal_after_commit() -> None:
    """Seal when the running transaction is committed, once however many entries it writes. What goes wrong then is logged, and the sweep
    takes it up: what was done is done."""
    # What is registered is forgotten with the savepoint in which it was, and that is over by now, or the entry of now is in it, too.
    if not any(one[1] is _seal for one in connection.run_on_commit):
        transaction.on_commit(_seal, robust=True)


def _seal() -> None:
    seal()


def end_of_chain() -> Head:
    """Return where the chain ends. One query."""
    kept = AuditHead.objects.filter(pk=HEAD).values_list("sequence", "digest").first()
    return Head() if kept is None else Head(*kept)


def _held_end() -> Head:
    """Return the end, held until the transaction is over."""
    held = AuditHead.objects.select_for_update().filter(pk=HEAD)
    kept = held.first()
    if kept is None:
        if AuditEntry.objects.filter(sequence__isnull=False).exists():
            raise EndIsLost
        AuditHead.objects.get_or_create(pk=HEAD)
        kept = held.get()
    return Head(kept.sequence, kept.digest)


def _write(places: list[tuple[int, str, int]]) -> None:
    # The model refuses every change of an entry; this is the one that there is.
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    statement = f"UPDATE {table} SET sequence = %s, digest = %s WHERE id = %s AND sequence IS NULL"  # noqa: S608  # our own table
    with connection.cursor() as cursor:
        cursor.executemany(statement, places)
