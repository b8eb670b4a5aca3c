"""Words of a search in the text where they stand: what is to be marked, and the part of a long text that is worth showing. Pure.

Words are compared folded, and marked as they are written: `dak` marks "Đăk", `klong` marks "k'lông". A letter is never parted from its
marks, composed or not. What is matched is what `archive.search.folding.fold` finds: a test holds them together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from archive.search.folding import fold

TEXT_LENGTH_MOST = 20_000  # letters of a text that are looked through
MARKS_MOST = 500  # places of words that are weighed against each other
KEPT_LENGTH_MOST = 1_000  # letters of a text whose words are kept in memory for a while
NAME_LENGTH_MOST = 60  # letters of one that is kept longer: names come again on the next page, descriptions do not
JOINED_MOST = 8  # words that may be written as one: "kontum" for "Kon Tum"
PIECES_MOST = 20_000  # pieces of texts between blanks whose words are kept in memory
PIECE_LENGTH_MOST = 40
UNTOLD = " "  # in place of the words of a piece that cannot be read alone: no word holds a blank
FIRST_MARK = "\u02ff"  # no combining mark comes before it
_BASE = "a"  # a letter that folds to itself, put on both sides of a letter to see whether it parts words


class Part(NamedTuple):
    """A piece of a text, and whether it was looked for."""

    text: str
    is_marked: bool = False


class Word(NamedTuple):
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
    if not words:
        return frozenset()
    text = text[:TEXT_LENGTH_MOST]
    wanted, starts, _longest = _looked_for(frozenset(words))
    begun = starts & _folded_in(text)
    # Nothing that stands here could be the first word of one that is written in several: each is itself looked for.
    return begun if begun <= wanted else frozenset([folded for _start, _end, folded in _found(text, words)])


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
    if not words:
        return
    wanted, starts, longest = _looked_for(frozenset(words))
    standing, folded_words = _words_in(text)
    if starts.isdisjoint(folded_words):
        return
    for place, (joined, start, end) in enumerate(standing):
        if joined not in starts:
            continue
        if joined in wanted:
            yield start, end, joined
            continue
        for folded, _start, stop in standing[place + 1 : place + JOINED_MOST]:
            joined += folded  # the words so far, written together
            if len(joined) > longest:
                break
            if joined in wanted:
                yield start, stop, joined
                break


@lru_cache(maxsize=128)
def _looked_for(wanted: frozenset[str]) -> tuple[frozenset[str], frozenset[str], int]:
    """Return the words that are looked for, what may be the first word of one that is written in several, and how long the longest is."""
    starts = {word[:end] for word in wanted for end in range(1, len(word) + 1)}
    return wanted, frozenset(starts), max(map(len, wanted))


_Place = tuple[str, int, int]  # a word of a text: folded, and where it stands


class _Words(NamedTuple):
    """The words of a text in order, and which they are."""

    words: tuple[_Place, ...]
    folded: frozenset[str]


def _words_in(text: str) -> _Words:
    """Return the words of a text, where they stand too: that of one item is looked through several times."""
    return _standing(text) if len(text) <= KEPT_LENGTH_MOST else _words_of(text)


@lru_cache(maxsize=512)
def _standing(text: str) -> _Words:
    return _words_of(text)


def _folded_in(text: str) -> frozenset[str]:
    """Return which words stand in a text: names come again on the next page, descriptions do not."""
    if len(text) <= NAME_LENGTH_MOST:
        return _folded_in_name(text)
    return _folded_in_text(text) if len(text) <= KEPT_LENGTH_MOST else _words_of(text).folded


@lru_cache(maxsize=4_096)
def _folded_in_name(text: str) -> frozenset[str]:
    return _folded_by_pieces(text)


@lru_cache(maxsize=512)
def _folded_in_text(text: str) -> frozenset[str]:
    return _folded_by_pieces(text)


def _folded_by_pieces(text: str) -> frozenset[str]:
    pieces = text.split(" ")
    if max(map(len, pieces)) <= PIECE_LENGTH_MOST:
        found = frozenset(chain.from_iterable(map(_folded_of_piece, pieces)))
        if UNTOLD not in found:
            return found
    return _words_of(text).folded


@lru_cache(maxsize=PIECES_MOST)
def _folded_of_piece(piece: str) -> tuple[str, ...]:
    """Return the words of what stands between two blanks without their places, which take longer to tell than the words."""
    if piece and _is_mark(piece[0]):
        return (UNTOLD,)  # above a blank: where that letter ends is seen in the whole only
    return tuple(word for word, _start, _end in _words_of_piece(piece))


def _words_of(text: str) -> _Words:
    words = _by_pieces(text)
    return _Words(tuple(words), frozenset([word for word, _start, _end in words]))


def words_of(text: str) -> Iterator[Word]:
    """Yield the folded words of a text as `fold` would part them, in order."""
    return (Word(*word) for word in _by_pieces(text))


def _by_pieces(text: str) -> list[_Place]:
    words: list[_Place] = []
    begin = 0
    for piece in text.split(" "):
        if piece:
            if begin and piece[0] > FIRST_MARK and _is_mark(piece[0]):
                # A mark above a blank: where that letter ends is seen in the whole only.
                return _parted(text)
            found = _words_of_piece(piece) if len(piece) <= PIECE_LENGTH_MOST else _parted(piece)
            for folded, start, end in found:
                words.append((folded, begin + start, begin + end))
        begin += len(piece) + 1
    return words


@lru_cache(maxsize=PIECES_MOST)
def _words_of_piece(piece: str) -> tuple[_Place, ...]:
    """Return the words of what stands between two blanks: most pieces of a text come in many others."""
    return tuple(_parted(piece))


def _parted(text: str) -> list[_Place]:
    words: list[_Place] = []
    folded, start, end = "", -1, -1
    for begin, stop in _letters(text):
        pieces = _fold_letter(text[begin:stop])
        for place, piece in enumerate(pieces):
            if place and folded:
                words.append((unicodedata.normalize("NFC", folded), start, end))
                folded = ""
            if piece:
                start = begin if not folded else start
                folded, end = folded + piece, stop
    if folded:
        words.append((unicodedata.normalize("NFC", folded), start, end))
    return words


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each letter stands with all marks above it and below."""
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _is_mark(text[place]):
            if begin < len(text):
                yield begin, place
            begin = place


def _is_mark(letter: str) -> bool:
    return letter > FIRST_MARK and unicodedata.category(letter)[0] == "M"


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
