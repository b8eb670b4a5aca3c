"""Writing revisions: in the transaction of the change, after all of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, Max, Model, OuterRef, QuerySet

from access.models import User
from access.models.audit import SOFTWARE, label_of
from archive.history import snapshots
from archive.history.snapshots import Snapshot
from archive.models import Item, ItemFile, RecordKind, Revision

ATTACH = "attach_file"
ONE_SITTING = timedelta(hours=1)


def record(
    record: Model, verb: str, *, actor: User | None, now: datetime, reason: str = "", even_of_bytes: bool = False
) -> Revision | None:
    """Write how a record is now; None, and nothing is written, where it is as the last revision has it. `even_of_bytes`: also where only
    the bytes of a file came since.

    The caller holds the record's row, so that two changes do not take one number. Two queries beside those of the snapshot.
    """
    taken = snapshots.of(record)
    last = last_of(record)
    differs = last is None or (last.snapshot != taken if even_of_bytes else snapshots.differing(last.snapshot, taken))
    if not differs:
        return None
    return append(
        record, taken, verb, number=1 if last is None else last.number + 1, actor=actor, now=now, reason=reason
    )


def record_attached(item: Item, file: ItemFile, *, actor: User | None, now: datetime) -> None:
    """Write that a file was added at the end. What one person adds one after the other within an hour is one revision, which grows: a
    book of a thousand pages is not a thousand snapshots of up to a thousand files."""
    last = last_of(item)
    goes_on = last is not None and (last.verb, last.actor_id) == (ATTACH, actor.pk if actor else None)
    if last is None or not goes_on or now - last.at > ONE_SITTING:
        record(item, ATTACH, actor=actor, now=now)
        return
    last.snapshot["files"].append(snapshots.of_file(file))
    last.save(update_fields=["snapshot"])


def append(
    record: Model, snapshot: Snapshot, verb: str, *, number: int, actor: User | None, now: datetime, reason: str = ""
) -> Revision:
    """Write a snapshot that was taken already as revision `number` of a record."""
    revision = made(record, snapshot, verb, number=number, actor=actor, now=now, reason=reason)
    revision.save(force_insert=True)
    return revision


def made(
    record: Model, snapshot: Snapshot, verb: str, *, number: int, actor: User | None, now: datetime, reason: str = ""
) -> Revision:
    """Return a revision that is not yet written: a load of many writes them at once."""
    return Revision(
        kind=snapshots.kind_of(record),
        key=snapshots.key_of(record),
        number=number,
        version=getattr(record, "version", 1),
        at=now,
        actor=actor,
        verb=verb,
        reason=reason,
        snapshot=snapshot,
    )


def last_of(record: Model) -> Revision | None:
    """Return the newest revision of a record. One query."""
    return revisions_of(snapshots.kind_of(record), snapshots.key_of(record)).first()


def read_at(record: Model, version: int) -> Revision | None:
    """Return the revision that somebody read who read a record at a version; what raises no version may have come since. One query."""
    own = revisions_of(snapshots.kind_of(record), snapshots.key_of(record))
    return own.filter(version__lte=version).order_by("-version", "-number").first()


def last_of_many(pids: Iterable[str]) -> dict[str, Revision]:
    """Return the newest revision of each of these items, by pid. One query."""
    own = Revision.objects.filter(kind=RecordKind.ITEM, key__in=list(pids))
    newer = Revision.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"), number__gt=OuterRef("number"))
    return {one.key: one for one in own.exclude(Exists(newer))}


def revisions_of(kind: str, key: str) -> QuerySet[Revision]:
    """Return the revisions of a record, the newest first; also of one that is gone."""
    return Revision.objects.filter(kind=kind, key=key).order_by("-number")


def who(revision: Revision) -> str:
    """Return who made a revision, for people. One query, unless `actor` was selected with it."""
    return label_of(SOFTWARE) if revision.actor is None else revision.actor.get_username()


def next_number(kind: str, key: str) -> int:
    """Return the number of the next revision of a record, also of one that is gone. One query."""
    last = Revision.objects.filter(kind=kind, key=key).aggregate(last=Max("number"))["last"]
    return 1 if last is None else int(last) + 1


def forget(record: Model, verb: str, *, actor: User | None, now: datetime) -> Revision:
    """Remove all that the history holds of a record, which goes for good; what is left is one revision that holds nothing."""
    kind, key = snapshots.kind_of(record), snapshots.key_of(record)
    number = next_number(kind, key)
    Revision.objects.filter(kind=kind, key=key).delete()
    return append(record, {}, verb, number=number, actor=actor, now=now)


def has_changed_since(item: Item, actor: User | None, verb: str) -> bool:
    """Return whether a person changed an item, or its files, after its last revision of that verb; of the software itself always False.
    Who may see it, and where it stands, are no words of it. Two queries."""
    if actor is None:
        return False
    revisions = Revision.objects.filter(kind=snapshots.kind_of(item), key=snapshots.key_of(item))
    last = revisions.filter(verb=verb).aggregate(last=Max("number"))["last"]
    theirs = revisions.exclude(verb="choose_access").exclude(verb__startswith="move_to_")
    return last is not None and theirs.filter(number__gt=last, actor=actor).exists()
