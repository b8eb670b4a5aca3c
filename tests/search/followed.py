"""Holding what an index has read, change by change, against what it would read if it began now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from archive.search import documents, following
from archive.search.index.memory import Memory
from archive.search.index.shapes import Document

Compare = Callable[[], None]


@contextmanager
def followed(patch: pytest.MonkeyPatch) -> Iterator[Compare]:
    """Open an index now; give a function that lets it follow and says what it missed."""
    held: dict[int, Document] = {}

    class Recording(Memory):
        def add(self, document: Document) -> None:
            held[document.key] = document
            super().add(document)

        def remove(self, key: int) -> bool:
            found = super().remove(key)
            if found:
                held.pop(key)
            return found

    def compare() -> None:
        with following.index().opened() as (part, _names):
            now = {one.key: one for one in documents.of_all()}
            assert {key: one for key, one in held.items() if now.get(key) != one} == {}, "not heard of"
            assert set(now) == set(held)
            assert len(part.under(frozenset({one.rule for one in now.values()}))) == len(now)

    patch.setattr(following, "Memory", Recording)
    following.leave()
    compare()
    yield compare
    following.leave()
