"""Which documents stand under which rule: as the base was written, with what was said since. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from archive.search.index.bitmaps import array_of, bitmap_of
from archive.search.index.storing import Reader

ANSWERS_MOST = 32  # sets of rules whose documents are remembered


@dataclass(frozen=True)
class _Said:
    """What was said since: whose rule is another now, which documents each of those rules has, and who is dead. Replaced as a whole,
    so that a question under way sees one state."""

    moved: BitMap = field(default_factory=BitMap)
    given: Mapping[int, BitMap] = field(default_factory=dict)
    dead: BitMap = field(default_factory=BitMap)


class Rules:
    """The rules of one space, of items or of files."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._numbers = {int(rule): number for number, rule in enumerate(reader.array(f"{name}s"))}
        self._sets = reader.sets(name)
        self._said = _Said()
        self._answers: dict[frozenset[int], tuple[_Said, BitMap]] = {}

    @property
    def dead(self) -> BitMap:
        return self._said.dead

    def under(self, rules: frozenset[int]) -> BitMap:
        """Return the living documents under one of these rules."""
        said = self._said
        told = self._answers.get(rules)
        if told and told[0] is said:
            return told[1].copy()
        found = self._as_written(rules) - said.moved
        for rule in rules:
            if rule in said.given:
                found |= said.given[rule]
        found -= said.dead
        if len(self._answers) >= ANSWERS_MOST:
            self._answers = {}
        self._answers[rules] = (said, found)
        return found.copy()

    def _as_written(self, rules: frozenset[int]) -> BitMap:
        known = [self._sets[self._numbers[rule]] for rule in rules if rule in self._numbers]
        return BitMap.union(*known) if known else BitMap()

    def say(self, documents: BitMap, rules: NDArray[np.int64]) -> None:
        """Give these documents, in ascending order, these rules from now on."""
        said = self._said
        given = {rule: one - documents for rule, one in said.given.items()}
        numbers = array_of(documents)
        for rule in np.unique(rules).tolist():
            given[rule] = given.get(rule, BitMap()) | bitmap_of(numbers[rules == rule])
        self._said = _Said(said.moved | documents, {rule: one for rule, one in given.items() if one}, said.dead)

    def bury(self, documents: BitMap) -> None:
        """Take these documents out of every answer."""
        said = self._said
        self._said = _Said(said.moved, said.given, said.dead | documents)
