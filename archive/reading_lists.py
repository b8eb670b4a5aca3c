"""Lists of items that readers make without an account: found again, and shared, by a short code.

A list lies where the database keeps what browsers without an account leave behind: a row of the session table, of which nothing but
the code tells the name. It ends by itself when nobody has opened or changed it for long, is in no backup, and says of nobody who made it.
Whoever knows the code may read it; to change it one holds its key, too, of which only a digest is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from access import codes
from access.identifiers import is_pid

ITEMS_MOST = 200
NAME_LETTERS_MOST = 100
# Since it was last changed, or opened: a class that comes back after the summer finds its list.
LASTS = timedelta(days=400)
# Opening it is noted by a write once it has lost so much of its time.
NOTED_AFTER = timedelta(days=30)
WITHIN = "reading_list"


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
    """Make a list and return it with its key, which is told this once. One query."""
    key = secrets.token_urlsafe(16)
    while True:
        made = ReadingList(codes.new_code(groups=2, letters=4), _name(name), _pids(pids))
        try:
            with transaction.atomic():
                row = Session(session_key=_row_of(made.code), session_data=_packed(made, _digest(key)))
                row.expire_date = now + LASTS
                row.save(force_insert=True)
        except IntegrityError:
            continue
        return made, key


def find(typed: str, *, now: datetime) -> ReadingList | None:
    """Return the list of a code, however it was typed; None where there is none (any more). One query, seldom two."""
    code = written(typed)
    row = Session.objects.filter(session_key=_row_of(code), expire_date__gt=now).first()
    if row is None or (found := _unpacked(code, row)) is None:
        return None
    if row.expire_date < now + LASTS - NOTED_AFTER:
        Session.objects.filter(pk=row.pk).update(expire_date=now + LASTS)
    return found[0]


def is_key(code: str, key: str, *, now: datetime) -> bool:
    """Return whether this is the key of that list. One query."""
    row = Session.objects.filter(session_key=_row_of(code), expire_date__gt=now).first()
    return row is not None and _held(code, key, row) is not None


def change(code: str, key: str, by: Change, *, now: datetime) -> ReadingList:
    """Change a list and return it. Two people who change it at once do so one after the other. Two queries. Raises NotYours, and whatever
    `by` raises."""
    with transaction.atomic():
        rows = Session.objects.select_for_update()
        row = rows.filter(session_key=_row_of(code), expire_date__gt=now).first()
        held = None if row is None else _held(code, key, row)
        if row is None or held is None:
            raise NotYours
        changed = by(held)
        row.session_data = _packed(changed, _digest(key))
        row.expire_date = now + LASTS
        row.save(force_update=True)
    return changed


def forget(code: str, key: str, *, now: datetime) -> None:
    """Remove a list for good. Raises NotYours."""
    if not is_key(code, key, now=now):
        raise NotYours
    Session.objects.filter(session_key=_row_of(code)).delete()


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


def _row_of(code: str) -> str:
    """The key of its row. Nobody can tell it from the code: as the name of a session it would give the list away, or let it be deleted."""
    secret = f"reading list\n{settings.SECRET_KEY}".encode()
    return hmac.digest(secret, codes.plain(code).encode(), "sha256").hex()[:40]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _held(code: str, key: str, row: Session) -> ReadingList | None:
    found = _unpacked(code, row)
    return found[0] if found and hmac.compare_digest(found[1], _digest(key)) else None


def _packed(one: ReadingList, digest: str) -> str:
    return str(SessionStore().encode({WITHIN: {"name": one.name, "items": list(one.pids), "key": digest}}))


def _unpacked(code: str, row: Session) -> tuple[ReadingList, str] | None:
    kept = SessionStore().decode(row.session_data).get(WITHIN)
    if not isinstance(kept, dict):
        return None
    return ReadingList(code, str(kept["name"]), tuple(map(str, kept["items"]))), str(kept["key"])


def _name(name: str) -> str:
    return " ".join(name.split())[:NAME_LETTERS_MOST]


def _pids(pids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pid for pid in pids if is_pid(pid)))[:ITEMS_MOST]
