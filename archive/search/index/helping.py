"""What to try when a query finds nothing: the words by themselves, without a filter, another spelling of the collection's own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from pyroaring import BitMap

from archive.search.index.names import Names
from archive.search.index.planning import Answer, plan
from archive.search.index.questions import Question, Sight, Unit
from archive.search.index.shapes import Field, Part
from archive.search.index.suggesting import spelled

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_TAI_VIET = "".join(map(chr, range(0xAA80, 0xAAC3)))
CORRECTED_MOST = 30  # letters of a word that is looked at letter by letter
TRIES_MOST = 48  # corrections of all wrong words together that are tried
COMPARED_MOST = 8  # of them that are compared by what stands next to each other
# Vietnamese typed on a keyboard that was not set to it, as the letters that were meant fold: Telex (dd, aw, tones as letters) and
# VNI (digits).
_TELEX = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("aw", "a"), ("ow", "o"), ("uw", "u"), ("w", "u"))
_TONE = re.compile("[sfrxj]")
_VNI = re.compile(r"(?<=[a-z])[0-9]")


@dataclass(frozen=True)
class Help:
    """`alone`: each word or quoted phrase as typed, with how many hits it has by itself under the same filters. `without`: filters that
    hide hits, with how many there are without each. `did_you_mean`: a query that finds something, or nothing to offer."""

    alone: tuple[tuple[str, int], ...] = ()
    without: tuple[tuple[str, int], ...] = ()
    did_you_mean: str = ""


class Helper:
    """Help for one viewer. `public` are the rules that everybody satisfies."""

    def __init__(self, part: Part, sight: Sight, public: frozenset[int], names: Names) -> None:
        self._part = part
        self._sight = sight
        self._public = public
        self._names = names

    def help(self, question: Question) -> Help:
        """Return help for a question that found nothing."""
        units = tuple(dict.fromkeys(question.units))
        several = len(units) > 1 or bool(question.filters())
        alone = tuple((said(unit), self._answer(replace(question, units=(unit,))).total) for unit in units)
        without = ((name, self._answer(question.without_filter(name)).total) for name in question.filters())
        return Help(
            alone=alone if several else (),
            without=tuple((name, total) for name, total in without if total),
            did_you_mean=self.did_you_mean(question),
        )

    def did_you_mean(self, question: Question) -> str:
        """Return the query with each word that finds nothing anywhere put right by one letter, or typed with the right keyboard: by words
        of the collection that stand with the other words of the query in something that the viewer would find under the filters. Of several
        those that stand next to their neighbours in most public documents; then those that most public documents hold. Empty where there
        is none, or no word is wrong."""
        wrong = [number for number, unit in enumerate(question.units) if not self._total_alone(unit)]
        if not wrong or any(question.units[number].quoted for number in wrong):
            return ""
        right = [unit for number, unit in enumerate(question.units) if number not in wrong]
        rest = replace(question, units=tuple(right), is_blank=not right)
        found = self._answer(rest).found
        public = plan(rest, self._part, Sight(self._public), self._names).found
        best = self._together(question, wrong, found, public)
        if not best:
            return ""
        words: dict[int, str] = {}
        for number, word in best.items():
            marked = spelled(self._part, word, (found, public), self._names) if question.is_marked else ""
            words[number] = marked or word
            holders = self._part.words(Field.ALL, word)
            found, public = found & holders, public & holders
        return " ".join(words.get(number, said(unit)) for number, unit in enumerate(question.units))

    def _together(self, question: Question, wrong: Sequence[int], found: BitMap, public: BitMap) -> dict[int, str]:
        """Return the best words for those that are wrong, by their numbers: the nearest few of each are tried together."""
        each = max(1, int(TRIES_MOST ** (1 / len(wrong))))
        near = [self._nearest(question.units[number].folded[0], found, public, each) for number in wrong]
        tries: list[tuple[int, tuple[str, ...]]] = []
        for words in product(*near):
            holders = [self._part.words(Field.ALL, word) for word in words]
            if found.intersection(*holders):
                tries.append((-len(public.intersection(*holders)), words))
        tries = sorted(tries)[:COMPARED_MOST]
        if not tries:
            return {}
        if len(tries) > 1 and len(question.units) > 1:
            tries.sort(key=lambda one: (-self._beside(question, dict(zip(wrong, one[1], strict=True))), one))
        return dict(zip(wrong, tries[0][1], strict=True))

    def _beside(self, question: Question, words: Mapping[int, str]) -> int:
        """Return in how many public documents the words stand next to their neighbours in the query, pair by pair."""
        total = 0
        for number, (one, other) in enumerate(pairwise(question.units)):
            if (number in words or number + 1 in words) and not (one.quoted or other.quoted):
                pair = (words.get(number, one.folded[0]), words.get(number + 1, other.folded[0]))
                asked = Question((Unit(pair, pair, quoted=True),), is_blank=False)
                total += plan(asked, self._part, Sight(self._public), self._names).total
        return total

    def _nearest(self, word: str, found: BitMap, public: BitMap, most: int) -> list[str]:
        """Return the words nearest to one that are held by what is found, those of most public documents first."""
        near: list[tuple[int, str]] = []
        for one in set(neighbours(word)):
            holders = self._part.words(Field.ALL, one)
            if holders.intersect(found):
                near.append((-holders.intersection_cardinality(public), one))
        return [one for _count, one in sorted(near)[:most]]

    def _total_alone(self, unit: Unit) -> int:
        return self._answer(Question((unit,), is_blank=False)).total

    def _answer(self, question: Question) -> Answer:
        return plan(question, self._part, self._sight, self._names)


def said(unit: Unit) -> str:
    """Return a unit as it was typed, but for case and punctuation."""
    words = " ".join(unit.exact)
    return f'"{words}"' if unit.quoted else words


def neighbours(word: str) -> Iterator[str]:
    """Yield the words that one slip away from a folded word: a letter too many, too few, another, two swapped; or typed for a Vietnamese
    keyboard that was not there."""
    if len(word) > CORRECTED_MOST:
        return
    letters = _LATIN if word.isascii() else _TAI_VIET
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (f"{head}{letter}{tail}" for letter in letters)
        if tail:
            yield f"{head}{tail[1:]}"
            yield from (f"{head}{letter}{tail[1:]}" for letter in letters if letter != tail[0])
        if len(tail) > 1:
            yield f"{head}{tail[1]}{tail[0]}{tail[2:]}"
    yield from _retyped(word)


def _retyped(word: str) -> Iterator[str]:
    if not word.isascii():
        return
    plain = word
    for pair, letter in _TELEX:
        plain = plain.replace(pair, letter)
    # A tone is typed behind its vowel, at the end mostly; of the letters that do it some begin or end syllables of highland languages.
    toneless: Sequence[str] = [plain[:at] + plain[at + 1 :] for at in range(1, len(plain)) if _TONE.match(plain[at])]
    yield from (one for one in (plain, *toneless, _VNI.sub("", word)) if one and one != word)
