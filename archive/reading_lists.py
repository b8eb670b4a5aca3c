"""Lists of items that readers make without an account: found again, and shared, by a short code.

A list ends by itself when nobody has opened or changed it for long, and says of nobody who made it. Whoever knows the code may read it;
to change it one holds its key, too, of which only a digest is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from access import codes
from access.identifiers import is_pid
from archive.models import KeptList
from archive.models.reading_list import NAME_LETTERS_MOST

ITEMS_MOST = 200
# Since it was last changed, or opened: a class that comes back after the summer finds its list.
LASTS = timedelta(days=400)
# Opening it is noted by a write once it has lost so much of its time.
NOTED_AFTER = timedelta(days=30)
# Lists that are over are removed as new ones come, so many at a time.
REMOVED_AT_ONCE = 20


class NotYours(Exception):
    """There is no such list, or its key is another."""


class ListFull(Exception):
    """The list has as many items as it may."""


@dataclass(frozen=True)
class ReadingList:
    """One list: the code that it is shared by, what its maker called it (or nothing), pids in the maker's order. Whether a reader may see
    what they name is asked anew each time."""

    code: str
    name: str
    pids: tuple[str, ...] = ()


Change = Callable[[ReadingList], ReadingList]


def begin(name: str, pids: Sequence[str] = (), *, now: datetime) -> tuple[ReadingList, str]:
    """Make a list and return it with its key, which is told this once. Three queries."""
    key = secrets.token_urlsafe(16)
    over = KeptList.objects.filter(expires_at__lte=now).order_by("expires_at").values("pk")[:REMOVED_AT_ONCE]
    KeptList.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    while True:
        made = ReadingList(codes.new_code(groups=2, letters=4), _name(name), _pids(pids))
        row = KeptList(
            code=codes.plain(made.code),
            name=made.name,
            items=list(made.pids),
            key_digest=_digest(key),
            expires_at=now + LASTS,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue
        return made, key


def find(typed: str, *, now: datetime) -> ReadingList | None:
    """Return the list of a code, however it was typed; None where there is none (any more). One query, seldom two."""
    row = _row(typed, now)
    if row is None:
        return None
    if row.expires_at < now + LASTS - NOTED_AFTER:
        KeptList.objects.filter(pk=row.pk).update(expires_at=now + LASTS)
    return _list_of(row)


def is_key(code: str, key: str, *, now: datetime) -> bool:
    """Return whether this is the key of that list. One query."""
    row = _row(code, now)
    return row is not None and _opens(row, key)


def change(code: str, key: str, by: Change, *, now: datetime) -> ReadingList:
    """Change a list and return it. Two people who change it at once do so one after the other. Two queries. Raises NotYours, and whatever
    `by` raises."""
    with transaction.atomic():
        rows = KeptList.objects.select_for_update()
        row = rows.filter(code=codes.plain(code), expires_at__gt=now).first()
        if row is None or not _opens(row, key):
            raise NotYours
        changed = by(_list_of(row))
        row.name, row.items, row.expires_at = changed.name, list(changed.pids), now + LASTS
        row.save(update_fields=["name", "items", "expires_at"])
    return changed


def forget(code: str, key: str, *, now: datetime) -> None:
    """Remove a list for good. Raises NotYours."""
    row = _row(code, now)
    if row is None or not _opens(row, key):
        raise NotYours
    row.delete()


def with_item(pid: str) -> Change:
    """Return the change that puts an item at the end of a list, unless it is in it. Raises ListFull when it is made."""

    def put(old: ReadingList) -> ReadingList:
        if pid in old.pids:
            return old
        if len(old.pids) >= ITEMS_MOST:
            raise ListFull
        return replace(old, pids=(*old.pids, pid))

    return put


def without_item(pid: str) -> Change:
    """Return the change that takes an item out of a list."""
    return lambda old: replace(old, pids=tuple(one for one in old.pids if one != pid))


def named(name: str) -> Change:
    """Return the change that gives a list another name."""
    return lambda old: replace(old, name=_name(name))


def moved(pid: str, *, before: str = "", after: str = "") -> Change:
    """Return the change that puts an item right before or after another one of the list; of what is not in it nothing is moved."""

    def move(old: ReadingList) -> ReadingList:
        beside = before or after
        if pid == beside or pid not in old.pids or beside not in old.pids:
            return old
        rest = [one for one in old.pids if one != pid]
        rest.insert(rest.index(beside) + (0 if before else 1), pid)
        return replace(old, pids=tuple(rest))

    return move


def written(typed: str) -> str:
    """Return a code as it is shown, "k7dm-29xa", of whatever was typed for it."""
    plain = codes.plain(typed)
    return f"{plain[:4]}-{plain[4:]}"


def _row(code: str, now: datetime) -> KeptList | None:
    return KeptList.objects.filter(code=codes.plain(code), expires_at__gt=now).first()


def _list_of(row: KeptList) -> ReadingList:
    return ReadingList(written(row.code), row.name, tuple(map(str, row.items)))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _opens(row: KeptList, key: str) -> bool:
    return hmac.compare_digest(row.key_digest, _digest(key))


def _name(name: str) -> str:
    return " ".join(name.split())[:NAME_LETTERS_MOST]


def _pids(pids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pid for pid in pids if is_pid(pid)))[:ITEMS_MOST]
