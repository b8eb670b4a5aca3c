"""What to offer while somebody types: words that go on so, headings, titles. Pure.

Only what the viewer would find is offered. What comes first is decided by what is public: how many public documents hold a word.
Nothing that he may not see is counted, offered, or moves anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from archive.languages import canonical
from archive.search.folding import exact_words, fold
from archive.search.index.bitmaps import union
from archive.search.index.names import Names
from archive.search.index.planning import plan
from archive.search.index.questions import QUERY_LENGTH_MOST, WORDS_MOST, Question, Sight, read
from archive.search.index.shapes import Field, Order, Part

WORDS_OFFERED = 8
TITLES_OFFERED = 5
HEADINGS_OFFERED = 5


@dataclass(frozen=True)
class Heading:
    """A heading or a place that hits can be narrowed to. `names` are those that may be shown: it is offered by any of them."""

    facet: str
    value: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """What is offered: whole queries, headings, and items by their keys."""

    queries: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    items: tuple[int, ...] = ()


@dataclass(frozen=True)
class Typed:
    """What has been typed: the words before, as typed, and the folded beginning of the last."""

    before: str
    beginning: str


def typed(text: str) -> Typed:
    """Return what has been typed. A blank or a sign behind the last word ends it: then nothing has been begun."""
    text = canonical(text)[:QUERY_LENGTH_MOST]
    at = len(text)
    # A letter is what folds to something, an apostrophe what does not part words.
    while at and " " not in fold(f"a{text[at - 1]}a"):
        at -= 1
    return Typed(text[:at], fold(text[at:]))


class Suggester:
    """Offers for one viewer. `public` are the rules that everybody satisfies."""

    def __init__(self, part: Part, sight: Sight, public: frozenset[int], names: Names) -> None:
        self._part = part
        self._sight = sight
        self._public = Sight(public)
        self._names = names

    def offer(self, text: str, headings: Iterable[Heading] = ()) -> Offer:
        """Return what to offer for what was typed so far; nothing for no word."""
        given = typed(text)
        if not given.beginning and not fold(given.before):
            return Offer()
        before = read(given.before)
        if len(before.folded) >= WORDS_MOST:
            return Offer()
        found = plan(before, self._part, self._sight, self._names).found
        words: Sequence[str] = ()
        if given.beginning:
            public = plan(before, self._part, self._public, self._names).found
            words = list(self._going_on(given.beginning, found, public))[:WORDS_OFFERED]
        queries = [self._query(before, given, word, found, public) for word in words if word != given.beginning]
        return Offer(
            queries=tuple(dict.fromkeys(one for one in queries if one and not self._names.hides(exact_words(one)))),
            headings=tuple(self._headings(fold(text), headings)),
            items=self._titled(before.folded, [given.beginning, *words] if given.beginning else [], found),
        )

    def _going_on(self, beginning: str, found: BitMap, public: BitMap) -> Iterator[str]:
        """Yield the words that begin so and are among what is found, those in most public documents first, no more than are offered.

        Words are looked at in the order of a number that is never too low, until none that is left can be among the best: so the outcome
        is as if all had been looked at, whatever those numbers are made of.
        """
        best: list[tuple[int, str]] = []
        bounds = self._part.bounds(beginning)
        for bound, word in sorted((-bound, word) for word, bound in bounds.items()):
            if len(best) >= WORDS_OFFERED and (bound, word) > best[-1]:
                break
            holders = self._part.words(Field.ALL, word)
            if holders.intersect(found):
                best = sorted([*best, (-holders.intersection_cardinality(public), word)])[:WORDS_OFFERED]
        return (word for _count, word in best)

    def _query(self, before: Question, given: Typed, word: str, found: BitMap, public: BitMap) -> str:
        """Return the whole query, with the marks that its words have in the collection where none were typed; empty where its last word
        is not to be offered."""
        holders = self._part.words(Field.ALL, word)
        found, public = found & holders, public & holders
        last = self._spelled(word, found, public)
        if not last or before.is_marked or any(unit.quoted for unit in before.units):
            return f"{given.before}{last}" if last else ""
        return " ".join([*(self._spelled(one, found, public) or one for one in before.folded), last])

    def _spelled(self, word: str, found: BitMap, public: BitMap) -> str:
        return spelled(self._part, word, (found, public), self._names)

    def _headings(self, wanted: str, headings: Iterable[Heading]) -> Iterator[Heading]:
        visible = self._part.under(self._sight.rules) | self._part.numbers(self._sight.granted)
        everybody = self._part.under(self._public.rules)
        ranked = []
        for one in headings:
            if any(f" {wanted}" in f" {fold(name)}" for name in one.names):
                having = self._part.valued(one.facet, one.value)
                if having.intersect(visible):
                    is_first = any(fold(name).startswith(wanted) for name in one.names)
                    count = having.intersection_cardinality(everybody)
                    ranked.append((not is_first, -count, one.facet, one.value, one))
        ranked.sort(key=lambda entry: entry[:4])
        return (entry[-1] for entry in ranked[:HEADINGS_OFFERED])

    def _titled(self, before: Sequence[str], ends: Sequence[str], found: BitMap) -> tuple[int, ...]:
        """Return the newest items whose titles hold all the words, the last of them in one of some ways."""
        held = found
        for word in before:
            held = held & self._part.words(Field.TITLE, word)
        if ends:
            held = held & union([self._part.words(Field.TITLE, word) for word in dict.fromkeys(ends)])
        page = self._part.arranged(held, Order.NEWEST).slice(0, TITLES_OFFERED)
        return tuple(self._part.keys([number for _key, number in page]).tolist())


def spelled(part: Part, word: str, among: tuple[BitMap, BitMap], names: Names) -> str:
    """Return how a folded word is written most often in the second of two sets of documents, of the ways that are in the first; itself
    where it is in none of these, empty where it is written only as a name that is for finding."""
    found, public = among
    ways = []
    hidden = False
    for written in part.spellings(word):
        holders = part.exact(written)
        if holders.intersect(found):
            if names.hides([written]):
                hidden = True
            else:
                ways.append((-holders.intersection_cardinality(public), written))
    if ways:
        return min(ways)[1]
    return "" if hidden else word
