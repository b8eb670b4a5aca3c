"""The kinds of parts that must all answer alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.search.index.memory import Memory
from archive.search.index.shapes import Part
from tests.search.collections_at_random import Collection
from tests.search.parts_on_disk import base_of, joined_of


def memory_of(collection: Collection) -> Part:
    """Return the collection in memory, changed step by step."""
    memory = Memory()
    for one in (*collection.before, *collection.changes):
        if isinstance(one, int):
            memory.remove(one)
        else:
            memory.add(one)
    return memory


PARTS: dict[str, Callable[[Collection], Part]] = {"memory": memory_of, "base": base_of, "joined": joined_of}
every_part = pytest.mark.parametrize("part_of", PARTS.values(), ids=PARTS.keys())
