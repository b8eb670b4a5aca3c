"""What was read for a page, noted as the database gave it: whoever has the page already need not have it drawn to be told that it holds.

Only prepared statements note what they read. Whatever else asks the database meanwhile makes the note worthless, but for what says that it
is `aside`: that its answer is not what a page is drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


class Note:
    """What was read, in order. `is_whole`: nothing else was."""

    def __init__(self) -> None:
        self.read: list[object] = []
        self.is_whole = True
        self.is_aside = False
        # What is told of each statement, and what hears it there for this note.
        self.told: list[Any] = []
        self.heard: Any = None


_open: ContextVar[Note | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Note]:
    """Note what is read until the end."""
    note = Note()

    def heard(execute: Callable[..., Any], *asked: Any) -> Any:  # Any: Django's own
        note.is_whole = False
        return execute(*asked)

    here = connections[DEFAULT_DB_ALIAS]
    note.told, note.heard = here.execute_wrappers, heard
    token = _open.set(note)
    try:
        with here.execute_wrapper(heard):
            yield note
    finally:
        _open.reset(token)


def add(read: object) -> None:
    """Note something that a page is drawn from."""
    note = _open.get()
    if note is not None:
        note.read.append(read)


def beside() -> None:
    """Say that a page is drawn from what was read before, too, and is kept: what is read now does not tell all of it."""
    note = _open.get()
    if note is not None:
        note.is_whole = False


@contextmanager
def aside() -> Iterator[None]:
    """Ask the database for what is noted otherwise, or for what no page is drawn from."""
    note = _open.get()
    if note is None or note.is_aside:
        yield
        return
    note.is_aside = True
    # Taken away and not told to be deaf: to whom nobody listens, the database answers sooner.
    place = note.told.index(note.heard)
    del note.told[place]
    try:
        yield
    finally:
        note.told.insert(place, note.heard)
        note.is_aside = False
