"""The answer to a question: a union of all that is found, and its order by classes, made only as far as they are looked at. Pure.

Semantics are docs/reference/search.md; tests/search/reference.py is the same in lists and strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from archive.search.index import ordering
from archive.search.index.matching import RUN_MOST, Finder, Runs, Tier, Titles, Words
from archive.search.index.names import Names
from archive.search.index.questions import Question, Sight
from archive.search.index.shapes import Arranged, Order, Part


@dataclass(frozen=True)
class Hit:
    """One document of a page. `is_approximate`: found only nearly (Tier.NEARLY)."""

    number: int
    is_approximate: bool


def scope_of(part: Part, question: Question, sight: Sight) -> BitMap:
    """Return the documents that a viewer may see and that pass the filters."""
    scope = part.under(sight.rules)
    if sight.granted:
        scope |= part.numbers(sight.granted)
    for facet, value in question.values.items():
        scope &= part.valued(facet, value)
    if question.date_from is not None or question.date_to is not None:
        scope &= part.dated(question.date_from, question.date_to)
    return scope


def plan(question: Question, part: Part, sight: Sight, names: Names) -> Answer:
    """Return the answer for a viewer. `part` must stay as it is for as long as that is looked at."""
    return Answer(question, part, sight, names)


class Answer:
    """What is found, its number, its facets and its pages, exactly."""

    def __init__(self, question: Question, part: Part, sight: Sight, names: Names) -> None:
        self.question = question
        self.part = part
        self.scope = scope_of(part, question, sight)
        self.sight = sight
        self._names = names
        self._runs = Runs(question, Finder(part, sight, self.scope), names)
        self._matched: dict[Tier, BitMap] = {}

    @cached_property
    def found(self) -> BitMap:
        """Return all documents that are found. Not to be changed."""
        if self.question.is_blank:
            return self.scope
        return self._within(Tier.NEARLY) if self.question.units else BitMap()

    @property
    def total(self) -> int:
        """Return how many are found."""
        return len(self.found)

    def counts(self, facets: Iterable[str]) -> dict[str, Mapping[str, int]]:
        """Return for each of these facets how many of the found have each value, without zeros."""
        return self.part.counts(facets, self.found)

    def page(self, order: Order | None, start: int, stop: int) -> Sequence[Hit]:
        """Return the hits from `start` up to before `stop` in an order: None is by relevance."""
        if order is None and not self.question.is_blank:
            tiers: list[Tier] = []
            numbers = ordering.page(self._arranged_classes(tiers), start, stop)
            return [Hit(number, tiers[which] is Tier.NEARLY) for which, number in numbers]
        everything = self.part.arranged(self.found, order or Order.NEWEST)
        return [Hit(number, self._is_approximate(number)) for _key, number in everything.slice(start, stop)]

    def classes(self) -> Iterator[tuple[Tier, BitMap]]:
        """Yield the found documents class by class, each with its tier: disjoint, none empty. In a class the newest come first."""
        if self.question.is_blank or not self.question.units:
            if self.found:
                yield Tier.FOLDED, self.found
            return
        passed = BitMap()
        for tier in Tier:
            within = self._within(tier)
            fresh = within - passed
            passed = within
            if fresh:
                yield from ((tier, one) for one in self._split(tier, fresh))
            if len(passed) == len(self.found):
                return

    def matched_runs(self, *, nearly: bool = True) -> frozenset[Words]:
        """Return the runs of folded words by which something was found, for highlighting: those typed, and other spellings and names of
        them that stand in what was found; `nearly`: those by which hits are only approximate, too."""
        units = self.question.units
        runs = {unit.folded for unit in units}
        for start in range(len(units)):
            for end in range(start + 1, min(start + RUN_MOST, len(units)) + 1):
                some = units[start:end]
                if any(unit.quoted for unit in some):
                    continue
                for tier in (Tier.COMPACT, Tier.NAME, *((Tier.NEARLY,) if nearly else ())):
                    runs |= {words for words, found in self._runs.ways(some, tier) if found.intersect(self.found)}
        return frozenset(runs)

    @cached_property
    def _in_titles(self) -> Finder:
        # Asked only about what is found: the fewer those are, the seldomer positions have to be looked at.
        return Finder(self.part, self.sight, self.found, in_titles=True)

    @cached_property
    def _titles(self) -> Titles:
        return Titles(self.question, self._in_titles)

    @cached_property
    def _title_runs(self) -> Runs:
        return Runs(self.question, self._in_titles, self._names)

    def _within(self, tier: Tier) -> BitMap:
        if tier not in self._matched:
            self._matched[tier] = self._runs.matched(self.scope, tier)
        return self._matched[tier]

    def _is_approximate(self, number: int) -> bool:
        return bool(self.question.units) and number not in self._within(Tier.NAME)

    def _arranged_classes(self, tiers: list[Tier]) -> Iterator[Arranged]:
        for tier, documents in self.classes():
            tiers.append(tier)
            yield self.part.arranged(documents, Order.NEWEST)

    def _split(self, tier: Tier, fresh: BitMap) -> Iterator[BitMap]:
        for sooner in self._sooner(tier, fresh):
            taken = fresh & sooner
            if taken:
                yield taken
                fresh = fresh - taken
            if not fresh:
                return
        yield fresh

    def _sooner(self, tier: Tier, fresh: BitMap) -> Iterator[BitMap]:
        """Yield what goes first within a tier, best first; asked for only as far as something is left. Words are met before positions are,
        which are dear."""
        if tier > Tier.FOLDED:
            yield self._title_runs.matched(fresh, tier)
            return
        several = len(self.question.folded) > 1
        if fresh.intersect(self._titles.all_of_them):
            yield self._titles.equal
            if several:
                yield self._titles.together
            yield self._titles.all_of_them
        if several:
            yield self._runs.together()
