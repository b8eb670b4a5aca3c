"""What a search has to answer, in lists and strings: slow, and simple enough to be believed. Written from docs/reference/search.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise

from archive.search.folding import exact_words, fold, loose
from archive.search.index.questions import Question, Sight, Unit
from archive.search.index.shapes import Document

Authority = tuple[Sequence[str], Sequence[str]]
_loose = cache(loose)
VOWELS = "aeiouy"


class Reference:
    """A collection that is looked through from end to end for each question."""

    def __init__(self, documents: Iterable[Document], authorities: Sequence[Authority] = ()) -> None:
        self.documents = list(documents)
        self.authorities = authorities

    def hits(
        self,
        question: Question,
        rules: Iterable[int],
        granted: Sequence[int] = (),
        order: str | None = None,
        files: Sequence[int] = (),
    ) -> list[tuple[int, bool]]:
        """Return the keys of what is found, in order, and whether each is found only nearly."""
        rules = frozenset(rules)
        found = []
        for one in self.scope(question, rules, granted):
            reading = Reading(one, rules, self.authorities, files)
            tier = reading.tier(question)
            if tier is not None:
                found.append((one, tier, reading.place(question, tier)))
        # Sorting keeps what was equal in its order, so the last is the first to be sorted by.
        found.sort(key=lambda hit: (-hit[0].published, -hit[0].key))
        if order is None and not question.is_blank:
            found.sort(key=lambda hit: hit[1:])
        elif order in ("title", "date"):
            found.sort(key=lambda hit: hit[0].key)
            found.sort(key=lambda hit: hit[0].title_key if order == "title" else str(hit[0].first or "unknown"))
        return [(one.key, bool(question.units) and tier == 4) for one, tier, _place in found]

    def scope(self, question: Question, rules: Iterable[int], granted: Sequence[int] = ()) -> list[Document]:
        """Return the documents that a viewer may see and that pass the filters."""
        return [
            one
            for one in self.documents
            if (one.rule in rules or one.key in granted)
            and all(value in one.facets.get(facet, ()) for facet, value in question.values.items())
            and _touches(one, question.date_from, question.date_to)
        ]

    def words_of(self, keys: Iterable[int]) -> list[set[str]]:
        """Return the folded words of each of these items' own description."""
        among = set(keys)
        return [
            {word for text in (*one.titles, *one.texts) for word in fold(text).split()}
            for one in self.documents
            if one.key in among
        ]

    def going_on(self, question: Question, beginning: str, sight: Sight, public: frozenset[int]) -> list[str]:
        """Return the words that begin so and stand in what a question finds: those in most public documents first."""
        found = [key for key, _nearly in self.hits(question, sight.rules, sight.granted, files=sight.files)]
        held = self.words_of(found)
        public_words = self.words_of(key for key, _nearly in self.hits(question, public))
        words = {word for one in held for word in one if word.startswith(beginning)}
        return sorted(words, key=lambda word: (-sum(word in one for one in public_words), word))

    def spelled(self, word: str, among: Iterable[int], public: Iterable[int]) -> str:
        """Return how a word is written most often in the public ones of these items; empty if only as what must not be offered."""

        def ways(keys: Iterable[int]) -> list[set[str]]:
            them = set(keys)
            return [
                {way for text in (*one.titles, *one.texts) for way in exact_words(text) if fold(way) == word}
                for one in self.documents
                if one.key in them
            ]

        counted = ways(public)
        written = {way for one in ways(among) for way in one}
        if written and all(self.is_hidden([way]) for way in written):
            return ""
        written = {way for way in written if not self.is_hidden([way])}
        return min(written, key=lambda way: (-sum(way in one for one in counted), way), default=word)

    def is_hidden(self, exact: Sequence[str]) -> bool:
        """Return whether words end in a name that only finds."""
        slurs = [exact_words(name) for _names, finding in self.authorities for name in finding]
        return any(list(exact[-len(slur) :]) == slur for slur in slurs)

    def nearest(self, word: str, keys: Iterable[int], public: Iterable[int]) -> str:
        """Return the word of these items that is one slip away, in most of the public ones; empty if there is none."""
        held, counted = self.words_of(keys), self.words_of(public)
        near = {other for one in held for other in one if is_slip(word, other)}
        return min(near, key=lambda other: (-sum(other in one for one in counted), other), default="")

    def counts(self, facet: str, keys: Iterable[int]) -> dict[str, int]:
        """Return how many of these items have each value."""
        among = set(keys)
        return dict(
            Counter(value for one in self.documents if one.key in among for value in set(one.facets.get(facet, ())))
        )


def is_slip(typed: str, meant: str) -> bool:
    """Return whether one letter too many, too few, another or two swapped make one word of another; Latin letters are put in only into
    Latin words, Tai Viet ones into others."""
    if typed == meant:
        return False
    letters = set(map(chr, range(ord("a"), ord("z") + 1))) if typed.isascii() else set(map(chr, range(0xAA80, 0xAAC3)))
    for at in range(max(len(typed), len(meant)) + 1):
        head, tail = typed[:at], typed[at:]
        if meant[:at] != head:
            return False
        rest = meant[at:]
        if tail and rest == tail[1:]:
            return True
        if rest and rest[0] in letters and (rest[1:] == tail or (tail and rest[1:] == tail[1:])):
            return True
        if len(tail) > 1 and rest == tail[1] + tail[0] + tail[2:]:
            return True
    return False


def _touches(document: Document, start: int | None, end: int | None) -> bool:
    first, last = document.first, document.last
    if start is not None and not ((last is not None and last >= start) or (last is None and first is not None)):
        return False
    return end is None or (first is not None and first <= end) or (first is None and last is not None)


class Reading:
    """One document as a viewer may read it."""

    def __init__(
        self, document: Document, rules: Iterable[int], authorities: Sequence[Authority], files: Sequence[int] = ()
    ) -> None:
        self.titles = [fold(title).split() for title in document.titles]
        described = self.titles + [fold(text).split() for text in document.texts]
        opened = [one for one in document.files if one.rule in rules or one.key in files]
        self.anywhere = described + [passage.split() for one in opened for passage in one.folded.split("\n")]
        self.written = {word for text in (*document.titles, *document.texts) for word in exact_words(text)}
        self.authorities = authorities

    def tier(self, question: Question) -> int | None:
        """Return the nearest tier at which the document is found, if it is."""
        if question.is_blank:
            return 1
        if not question.units:
            return None
        return next((tier for tier in range(5) if self.matches(question, tier, self.anywhere)), None)

    def place(self, question: Question, tier: int) -> int:
        """Return where the document stands among those of its tier."""
        words = [word for unit in question.units for word in unit.folded]
        if tier >= 2:
            return 0 if self.matches(question, tier, self.titles) else 1
        if words in self.titles:
            return 0
        if stands(words, self.titles):
            return 1
        if all(stands([word], self.titles) for word in words):
            return 2
        return 3 if stands(words, self.anywhere) else 4

    def matches(self, question: Question, tier: int, texts: Sequence[Sequence[str]]) -> bool:
        """Return whether the units can be parted into runs each of which is found within a tier."""
        units = question.units

        def rest(start: int) -> bool:
            ends = range(start + 1, min(start + 4, len(units)) + 1)
            return start == len(units) or any(
                rest(end)
                for end in ends
                if any(self.found(units[start:end], at, texts, is_marked=question.is_marked) for at in range(tier + 1))
            )

        return rest(0)

    def found(self, units: Sequence[Unit], tier: int, texts: Sequence[Sequence[str]], *, is_marked: bool) -> bool:
        """Return whether a run of units is found at just this tier."""
        words = [word for unit in units for word in unit.folded]
        exact = [word for unit in units for word in unit.exact]
        if len(units) > 1 and (tier < 2 or any(unit.quoted for unit in units)):
            return False
        if tier == 0:
            return is_marked and stands(words, texts) and all(word in self.written for word in exact)
        if tier == 1:
            return stands(words, texts)
        if units[0].quoted:
            return False
        if tier == 2:
            return any(stands(parts, texts) for parts in (_parted(words[0]) if len(words) == 1 else [["".join(words)]]))
        if tier == 3:
            return any(self.named(name, texts) for name in other_names(exact, words, self.authorities))
        return len(words) == 1 and any(_loose(word) == _loose(words[0]) for text in texts for word in text)

    def named(self, name: str, texts: Sequence[Sequence[str]]) -> bool:
        """Return whether a name stands in the texts: one of a single word with its marks."""
        words = fold(name).split()
        if len(words) == 1:
            return exact_words(name)[0] in self.written and stands(words, texts)
        return stands(words, texts) or stands(["".join(words)], texts)


def stands(words: Sequence[str], texts: Sequence[Sequence[str]]) -> bool:
    """Return whether the words stand together in one of the texts."""
    size = len(words)
    return any(list(text[at : at + size]) == list(words) for text in texts for at in range(len(text) - size + 1))


def _parted(word: str) -> Iterator[list[str]]:
    if len(word) > 24 or any(letter.isdigit() for letter in word):
        return
    for cuts in [*combinations(range(1, len(word)), 1), *combinations(range(1, len(word)), 2)]:
        ends = [0, *cuts, len(word)]
        parts = [word[start:end] for start, end in pairwise(ends)]
        between_vowels = any(word[cut - 1] in VOWELS and word[cut] in VOWELS for cut in cuts)
        syllables = all(len(part) == 1 or not part.isascii() or set(part) & set(VOWELS) for part in parts)
        if syllables and not between_vowels and (len(parts) == 2 or all(len(part) > 1 for part in parts)):
            yield parts


def other_names(exact: Sequence[str], folded: Sequence[str], authorities: Sequence[Authority]) -> list[str]:
    """Return the other names of what these words name, as they are written."""
    slurs = {tuple(exact_words(name)) for _names, finding in authorities for name in finding if fold(name)}
    found = []
    for names, finding in authorities:
        open_names = [name for name in names if fold(name) and tuple(exact_words(name)) not in slurs]
        ways_in = [name for name in finding if fold(name) and "".join(exact_words(name)) == "".join(exact)]
        for name in open_names:
            if len(fold(name).split()) > 1:
                is_it = "".join(fold(name).split()) == "".join(folded)
            else:
                is_it = "".join(exact) in (exact_words(name)[0], fold(name))
            if is_it:
                ways_in.append(name)
        if ways_in:
            found += [name for name in open_names if fold(name).split() != list(folded)]
    return found
