"""Words of a search in the text where they stand: what is to be marked, and the part of a long text that is worth showing. Pure.

Words are compared folded, and marked as they are written: `dak` marks "Đăk", `klong` marks "k'lông". A letter is never parted from its
marks, composed or not. What is matched is what `archive.search.folding.fold` finds: a test holds them together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.search.folding import fold

TEXT_LENGTH_MOST = 20_000  # letters of a text that are looked through
MARKS_MOST = 500  # places of words that are weighed against each other
KEPT_LENGTH_MOST = 1_000  # letters of a text whose words are kept in memory for a while
JOINED_MOST = 8  # words that may be written as one: "kontum" for "Kon Tum"
_BASE = "a"  # a letter that folds to itself, put on both sides of a letter to see whether it parts words


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it was looked for."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class Word:
    """One folded word of a text, and where it stands there, in code points."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class Excerpt:
    """A window of a text. `held` of the words looked for stand in it."""

    parts: tuple[Part, ...]
    is_cut_before: bool = False
    is_cut_after: bool = False
    held: int = 0


def highlight(text: str, words: Collection[str]) -> tuple[Part, ...]:
    """Return the text in parts, those marked that are one of the folded words; joined they are the text."""
    spans = [(start, end) for start, end, _folded in _found(text[:TEXT_LENGTH_MOST], words)]
    return _parts(text, spans, 0, len(text))


def held_in(text: str, words: Collection[str]) -> frozenset[str]:
    """Return which of the folded words stand in a text."""
    return frozenset(folded for _start, _end, folded in _found(text[:TEXT_LENGTH_MOST], words))


def excerpt(text: str, words: Collection[str], *, letters: int) -> Excerpt:
    """Return the window of about so many letters that holds most of the words, the first of those; the beginning where none stands."""
    found = list(_found(text[:TEXT_LENGTH_MOST], words))
    if len(text) <= letters:
        spans = [(start, end) for start, end, _folded in found]
        return Excerpt(_parts(text, spans, 0, len(text)), held=len({folded for _start, _end, folded in found}))
    first, first_end, held = _fullest(found, letters)
    begin = _word_edge(text, max(first - letters // 5, 0) if first_end > letters // 2 else 0, forward=True)
    begin = min(begin, first)
    end = max(_word_edge(text, min(begin + letters, len(text)), forward=False), first_end)
    end = end if end > begin else _letter_edge(text, min(begin + letters, len(text)))
    inside = [(start, stop) for start, stop, _folded in found if begin <= start and stop <= end]
    return Excerpt(_parts(text, inside, begin, end), begin > 0, end < len(text), held)


def _fullest(found: Sequence[tuple[int, int, str]], letters: int) -> tuple[int, int, int]:
    """Return the first of the marks after which most different words stand within reach: its begin and end, and how many those are."""
    best = (0, 0, 0)
    for place, (start, end, _folded) in enumerate(found[:MARKS_MOST]):
        near: set[str] = set()
        for _start, stop, folded in found[place : place + letters]:
            if near and stop > start + letters * 3 // 4:
                break
            near.add(folded)
        if len(near) > best[2]:
            best = (start, end, len(near))
    return best


def _found(text: str, words: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where a word stands, or several together that are one when written without spaces."""
    wanted = frozenset(words)
    if not wanted:
        return
    longest = max(map(len, wanted))
    standing = _standing(text) if len(text) <= KEPT_LENGTH_MOST else tuple(words_of(text))
    for place, word in enumerate(standing):
        if word.folded in wanted:
            yield word.start, word.end, word.folded
            continue
        joined = word.folded
        for other in standing[place + 1 : place + JOINED_MOST]:
            joined += other.folded
            if len(joined) > longest:
                break
            if joined in wanted:
                yield word.start, other.end, joined
                break


@lru_cache(maxsize=512)
def _standing(text: str) -> tuple[Word, ...]:
    """Return the words of a short text: that of one item is looked through several times, and names come again on the next page."""
    return tuple(words_of(text))


def words_of(text: str) -> Iterator[Word]:
    """Yield the folded words of a text as `fold` would part them, in order."""
    folded, start, end = "", -1, -1
    for begin, stop in _letters(text):
        pieces = _fold_letter(text[begin:stop])
        for place, piece in enumerate(pieces):
            if place and folded:
                yield Word(unicodedata.normalize("NFC", folded), start, end)
                folded = ""
            if piece:
                start = begin if not folded else start
                folded, end = folded + piece, stop
    if folded:
        yield Word(unicodedata.normalize("NFC", folded), start, end)


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each letter stands with all marks above it and below."""
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _is_mark(text[place]):
            if begin < len(text):
                yield begin, place
            begin = place


def _is_mark(letter: str) -> bool:
    return letter > "\u02ff" and unicodedata.category(letter)[0] == "M"


@lru_cache(maxsize=20_000)
def _fold_letter(letter: str) -> tuple[str, ...]:
    """Return what a letter adds to a word: one piece, empty for an apostrophe, more where it parts words."""
    folded = fold(f"{_BASE}{letter}{_BASE}") if not _is_mark(letter[0]) else fold(f"{_BASE} {letter}{_BASE}")[2:]
    inside = folded if _is_mark(letter[0]) else folded[1:]
    return tuple(inside[:-1].split(" "))


def _parts(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = begin
    for start, stop in spans:
        if start < at:
            continue
        between = text[at:start]
        if parts and between.isspace():
            # Words that stand together are one mark.
            parts[-1] = Part(f"{parts[-1].text}{between}{text[start:stop]}", is_marked=True)
        else:
            parts += [*([Part(between)] if between else []), Part(text[start:stop], is_marked=True)]
        at = stop
    if at < end:
        parts.append(Part(text[at:end]))
    return tuple(parts)


def _word_edge(text: str, place: int, *, forward: bool) -> int:
    """Return the nearest place where a word begins (forward) or has ended, within thirty letters; the place itself where there is none."""
    if place in (0, len(text)):
        return place
    for away in range(30):
        at = place + away if forward else place - away
        if not 0 < at < len(text):
            break
        if text[at - 1 if forward else at].isspace():
            return at
    return _letter_edge(text, place)


def _letter_edge(text: str, place: int) -> int:
    """Return the place, or the next one that does not part a letter from its marks."""
    while place < len(text) and _is_mark(text[place]):
        place += 1
    return place
