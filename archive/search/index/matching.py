"""Which documents a run of the words of a query finds, tier by tier (docs/reference/search.md). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cached_property, lru_cache

from pyroaring import BitMap

from archive.search.folding import loose
from archive.search.index.bitmaps import union
from archive.search.index.names import Name, Names
from archive.search.index.questions import Question, Sight, Unit
from archive.search.index.shapes import Field, Part

RUN_MOST = 4  # units that are looked at as one word or one name
PARTED_MOST = 24  # letters of a word that is taken apart
_VOWELS = frozenset("aeiouy")
Words = tuple[str, ...]


class Tier(IntEnum):
    """How near a document comes to a query: the least that all words together need."""

    EXACT = 0  # with the marks that were typed
    FOLDED = 1
    COMPACT = 2  # written together or apart
    NAME = 3  # by another name of the same people or place
    NEARLY = 4  # i for y, a long vowel for a short one, and their like


@lru_cache(maxsize=4_096)
def parted(word: str) -> tuple[Words, ...]:
    """Return the ways in which a folded word may be two or three that were written together.

    Latin parts are syllables: each holds a vowel, or is one consonant (a minor syllable: K Bang); none is parted between two vowels. So
    a single Vietnamese syllable is hardly ever taken apart, which would be slow and find nothing that was meant. Of three parts
    each has two letters.
    """
    if len(word) > PARTED_MOST or any(letter.isdigit() for letter in word):
        return ()
    return tuple(_parted(word))


def _parted(word: str) -> Iterator[Words]:
    cuts = [at for at in range(1, len(word)) if not (word[at - 1] in _VOWELS and word[at] in _VOWELS)]
    for cut in cuts:
        if _can_stand(word[:cut]) and _can_stand(word[cut:]):
            yield word[:cut], word[cut:]
    for first in cuts:
        if first < 2 or not _can_stand(word[:first]):
            continue
        for second in cuts:
            parts = (word[:first], word[first:second], word[second:])
            if second > first and all(len(part) >= 2 and _can_stand(part) for part in parts):
                yield parts


def _can_stand(part: str) -> bool:
    return len(part) == 1 or not part.isascii() or any(letter in _VOWELS for letter in part)


class Finder:
    """Looks up words and phrases in one part, in titles only or anywhere: for one query, of which it remembers what it found. Anywhere is
    `Field.ALL` and the files that a viewer may see. Bitmaps that come back are not to be changed."""

    def __init__(self, part: Part, sight: Sight, scope: BitMap, *, in_titles: bool = False) -> None:
        self.part = part
        self.field = Field.TITLE if in_titles else Field.ALL
        self._sight = sight
        self._scope = scope
        self._in_titles = in_titles
        self._words: dict[str, BitMap] = {}
        self._standing: dict[Words, BitMap] = {}

    def word(self, word: str) -> BitMap:
        """Return the documents in scope with this folded word."""
        if word not in self._words:
            self._words[word] = _either(self._described(word), self._in_files((word,)))
        return self._words[word]

    def exact(self, word: str, folded: str) -> BitMap:
        """Return the documents in scope with a word as written; in titles those that hold its folded form there too."""
        found = self.part.exact(word) & self._scope
        return found & self.word(folded) if self._in_titles else found

    def standing(self, words: Words) -> BitMap:
        """Return the documents in scope in which these folded words stand together."""
        if len(words) == 1:
            return self.word(words[0])
        if words not in self._standing:
            self._standing[words] = _either(self._together(words), self._in_files(words))
        return self._standing[words]

    def _described(self, word: str) -> BitMap:
        found = self.part.words(self.field, word)
        return found & self._scope if found else found

    def _together(self, words: Words) -> BitMap:
        holders = self._scope
        for word in words:
            # Positions are dear: nobody asks for them where no document holds all the words.
            holders = holders & self.word(word)
            if not holders:
                return BitMap()
        return self.part.standing(self.field, words, holders)

    def _in_files(self, words: Words) -> BitMap:
        if self._in_titles:
            return BitMap()
        found = self.part.in_files(words, self._sight.rules, self._sight.files)
        return found & self._scope if found else found


def _either(one: BitMap, other: BitMap) -> BitMap:
    """Return the union, which is not to be changed: one of them itself where the other is empty."""
    if not one:
        return other
    return one | other if other else one


def _any_of(several: Sequence[BitMap]) -> BitMap:
    """Return the union, which is not to be changed."""
    return several[0] if len(several) == 1 else union(several)


class Runs:
    """For each run of units of a question the documents that it finds at each tier or a nearer one, and from there those that the
    whole question finds."""

    def __init__(self, question: Question, finder: Finder, names: Names) -> None:
        self._question = question
        self._finder = finder
        self._names = names
        self._found: dict[tuple[int, int, Tier], BitMap] = {}

    def matched(self, scope: BitMap, most: Tier) -> BitMap:
        """Return the documents in scope that some way of parting the units into runs finds within a tier."""
        units = self._question.units
        reached = [scope]
        for end in range(1, len(units) + 1):
            ways = [
                reached[start] & found
                for start in range(max(0, end - RUN_MOST), end)
                if reached[start] and (found := self.run(start, end, most))
            ]
            reached.append(_any_of(ways))
        return reached[-1]

    def run(self, start: int, end: int, most: Tier) -> BitMap:
        """Return the documents that the units from `start` up to before `end` find as one, within a tier. Not to be changed."""
        key = (start, end, most)
        if key not in self._found:
            nearer = self.run(start, end, Tier(most - 1)) if most else BitMap()
            self._found[key] = _either(nearer, self._at(self._question.units[start:end], most))
        return self._found[key]

    def together(self) -> BitMap:
        """Return the documents in which all words of the question stand together. Not to be changed."""
        return self._finder.standing(self._question.folded)

    def _at(self, units: Sequence[Unit], tier: Tier) -> BitMap:
        if len(units) == 1:
            (unit,) = units
            if tier <= Tier.FOLDED or unit.quoted:
                return self._as_typed(unit, tier)
        elif tier <= Tier.FOLDED or any(unit.quoted for unit in units):
            return BitMap()
        return _any_of([found for _words, found in self.ways(units, tier) if found])

    def _as_typed(self, unit: Unit, tier: Tier) -> BitMap:
        if tier is Tier.EXACT:
            if not self._question.is_marked:
                return BitMap()
            found = self._finder.standing(unit.folded)
            for exact, folded in zip(unit.exact, unit.folded, strict=True):
                found = found & self._finder.exact(exact, folded)
            return found
        return self._finder.standing(unit.folded) if tier is Tier.FOLDED else BitMap()

    def ways(self, units: Sequence[Unit], tier: Tier) -> Iterator[tuple[Words, BitMap]]:
        """Yield other words for a run of unquoted units, at one of the tiers from COMPACT on, with the documents that each finds."""
        folded = tuple(word for unit in units for word in unit.folded)
        if tier is Tier.COMPACT:
            others = parted(folded[0]) if len(folded) == 1 else (("".join(folded),),)
            for words in others:
                yield words, self._finder.standing(words)
        elif tier is Tier.NAME:
            exact = tuple(word for unit in units for word in unit.exact)
            for name in self._names.others(exact, folded):
                yield from self._by_name(name)
        elif len(folded) == 1:
            for word in self._finder.part.alike(loose(folded[0])):
                if word != folded[0]:
                    yield (word,), self._finder.word(word)

    def _by_name(self, name: Name) -> Iterator[tuple[Words, BitMap]]:
        if len(name.folded) == 1:
            yield name.folded, self._finder.exact(name.exact[0], name.folded[0])
            return
        yield name.folded, self._finder.standing(name.folded)
        joined = "".join(name.folded)
        yield (joined,), self._finder.word(joined)


class Titles:
    """How the titles of documents hold all the words of a question. Not to be changed."""

    def __init__(self, question: Question, finder: Finder) -> None:
        self._words = question.folded
        self._finder = finder

    @cached_property
    def equal(self) -> BitMap:
        """Return the documents one of whose titles is the words and nothing else."""
        return self._finder.part.titled(self._words) & self.all_of_them

    @cached_property
    def together(self) -> BitMap:
        """Return the documents one of whose titles holds the words side by side."""
        return self._finder.standing(self._words)

    @cached_property
    def all_of_them(self) -> BitMap:
        """Return the documents whose titles hold each of the words."""
        found = self._finder.word(self._words[0])
        for word in self._words[1:]:
            found = found & self._finder.word(word)
        return found
