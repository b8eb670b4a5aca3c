"""Words of a search in the text where they stand: what is to be marked, and the part of a long text that is worth showing. Pure.

Words are compared folded, and marked as they are written: `dak` marks "Đăk", `klong` marks "k'lông". A letter is never parted from its
marks, composed or not. What is matched is what `archive.search.folding.fold` finds: a test holds them together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from operator import add, itemgetter
from typing import AnyStr, NamedTuple

from archive.search.folded_in_place import MARK, SILENT, folded_in_place
from archive.search.folding import fold

TEXT_LENGTH_MOST = 20_000  # letters of a text that are looked through
MARKS_MOST = 500  # places of words that are weighed against each other
JOINED_MOST = 8  # words that may be written as one: "kontum" for "Kon Tum"
PIECES_MOST = 20_000  # pieces of texts between blanks whose words are kept in memory
PIECE_LENGTH_MOST = 40
FIRST_MARK = "\u02ff"  # no combining mark comes before it
_BASE = "a"  # a letter that folds to itself, put on both sides of a letter to see whether it parts words
_BEGIN = itemgetter(1)
Place = tuple[str, int, int]  # a word of a text: folded, and where it stands, in code points


class Part(NamedTuple):
    """A piece of a text, and whether it was looked for."""

    text: str
    is_marked: bool = False


_part: Callable[[tuple[str, bool]], Part] = partial(tuple.__new__, Part)  # in a third of the time


class Word(NamedTuple):
    """One folded word of a text, and where it stands there, in code points."""

    folded: str
    start: int
    end: int


class Excerpt(NamedTuple):
    """A window of a text. `held` of the words looked for stand in it."""

    parts: tuple[Part, ...]
    is_cut_before: bool = False
    is_cut_after: bool = False
    held: int = 0


class Sought(NamedTuple):
    """Folded words that are looked for, each as itself; what may be the first word of one that is written in several; how long the longest
    is. Those that are written in ASCII as bytes, too."""

    words: Mapping[str, str]
    starts: frozenset[str]
    longest: int
    as_bytes: Mapping[bytes, str]
    starts_as_bytes: frozenset[bytes]


@lru_cache(maxsize=128)
def _sought(words: frozenset[str]) -> Sought:
    starts = frozenset([word[:end] for word in words for end in range(1, len(word) + 1)])
    as_bytes = {word.encode(): word for word in words if word.isascii()}
    starts_as_bytes = frozenset([start.encode() for start in starts if start.isascii()])
    longest = max(map(len, words), default=0)
    return Sought({word: word for word in words}, starts, longest, as_bytes, starts_as_bytes)


def sought(words: Collection[str]) -> Sought:
    """Return what is looked for where these folded words are."""
    return _sought(frozenset(words))


def highlight(text: str, words: Collection[str]) -> tuple[Part, ...]:
    """Return the text in parts, those marked that are one of the folded words; joined they are the text."""
    return marked(text, places_of(text, sought(words)))


def excerpt(text: str, words: Collection[str], *, letters: int) -> Excerpt:
    """Return the window of about so many letters that holds most of the words, the first of those; the beginning where none stands."""
    return window(text, places_of(text, sought(words)), letters=letters)


def held_in(text: str, words: Collection[str]) -> frozenset[str]:
    """Return which of the folded words stand in a text."""
    return frozenset([folded for folded, _start, _end in places_of(text, sought(words))])


def none_in(texts: Iterable[str], sought: Sought) -> bool:
    """Return whether it is seen at a glance that none of these texts holds any of the words. False: they are to be looked at."""
    joined = " ".join(texts)
    folded = folded_in_place(joined) if len(joined) <= TEXT_LENGTH_MOST else None
    return folded is not None and sought.starts_as_bytes.isdisjoint(folded.translate(None, SILENT).split())


def places_of(text: str, sought: Sought) -> list[Place]:
    """Return where a word stands, or several together that are one when written without spaces, in order."""
    if len(text) > TEXT_LENGTH_MOST:
        text = text[:TEXT_LENGTH_MOST]
    folded = folded_in_place(text)
    return _by_words(text, sought) if folded is None else _in_place(folded, sought)


def _in_place(folded: bytes, sought: Sought) -> list[Place]:
    """Return the same of a text that was folded in place."""
    wanted, starts = sought.as_bytes, sought.starts_as_bytes
    spoken = folded.translate(None, SILENT)
    standing = spoken.split()
    begun = starts.intersection(standing)
    if not begun:
        return []
    if begun <= wanted.keys() or starts.isdisjoint(map(add, standing, standing[1:])):
        # Each is looked for by itself: no two that follow each other begin one that is written together.
        begun = begun.intersection(wanted)
        if not begun or len(spoken) == len(folded):
            return _alone(folded, begun, wanted)
    # As many of both: what is silent parts no words.
    pieces, standing = folded.split(b" "), spoken.split(b" ")
    numbers = [number for number, word in enumerate(standing) if word]
    places: list[Place] = []
    at = before = 0
    for first, last, word in _runs(list(filter(None, standing)), wanted, starts, sought.longest):
        begin, end = numbers[first], numbers[last]
        at += sum(map(len, pieces[before:begin])) + begin - before
        before = begin
        to = at + sum(map(len, pieces[begin:end])) + end - begin
        places.append((word, at + _begin(pieces[begin]), to + _end(pieces[end])))
    return places


def _alone(folded: bytes, words: Collection[bytes], called: Mapping[bytes, str]) -> list[Place]:
    """Return where these words stand by themselves in a text that was folded in place and has nothing silent."""
    places: list[Place] = []
    padded = b" %b " % folded
    for word in words:
        between, length = b" %b " % word, len(word)
        at = padded.find(between)
        while at >= 0:
            places.append((called[word], at, at + length))
            at = padded.find(between, at + length + 1)
    if len(words) > 1:
        places.sort(key=_BEGIN)
    return places


def _begin(piece: bytes) -> int:
    """Return where in a piece its word begins."""
    return len(piece) - len(piece.lstrip(SILENT))


def _end(piece: bytes) -> int:
    """Return where it ends: behind its last letter, with what is above that and below."""
    end = len(piece.rstrip(SILENT))
    return len(piece) - len(piece[end:].lstrip(MARK)) if end < len(piece) else end


def _by_words(text: str, sought: Sought) -> list[Place]:
    """Return the same of any text."""
    words = _by_pieces(text)
    runs = _runs([word for word, _start, _end in words], sought.words, sought.starts, sought.longest)
    return [(word, words[first][1], words[last][2]) for first, last, word in runs]


def _runs(
    standing: Sequence[AnyStr], wanted: Mapping[AnyStr, str], starts: frozenset[AnyStr], longest: int
) -> list[tuple[int, int, str]]:
    """Return which of the words of a text are looked for: the first and the last, which are the same for a word that stands by itself, and
    the word that they are together."""
    found: list[tuple[int, int, str]] = []
    for first, word in enumerate(standing):
        if word in wanted:
            found.append((first, first, wanted[word]))
        elif word in starts:
            together = word
            for last in range(first + 1, min(first + JOINED_MOST, len(standing))):
                together += standing[last]
                if len(together) > longest:
                    break
                if together in wanted:
                    found.append((first, last, wanted[together]))
                    break
    return found


def marked(text: str, places: Sequence[Place]) -> tuple[Part, ...]:
    """Return the text in parts, those marked that stand in these places."""
    return _parts(text, places, 0, len(text))


def window(text: str, places: Sequence[Place], *, letters: int) -> Excerpt:
    """Return what `excerpt` returns, of words that stand in these places."""
    if len(text) <= letters:
        return Excerpt(_parts(text, places, 0, len(text)), held=len({folded for folded, _start, _end in places}))
    first, first_end, held = _fullest(places, letters)
    begin = _word_edge(text, max(first - letters // 5, 0) if first_end > letters // 2 else 0, forward=True)
    begin = min(begin, first)
    end = max(_word_edge(text, min(begin + letters, len(text)), forward=False), first_end)
    end = end if end > begin else _letter_edge(text, min(begin + letters, len(text)))
    inside = [place for place in places if begin <= place[1] and place[2] <= end]
    return Excerpt(_parts(text, inside, begin, end), begin > 0, end < len(text), held)


def _fullest(found: Sequence[Place], letters: int) -> tuple[int, int, int]:
    """Return the first of the marks after which most different words stand within reach: its begin and end, and how many those are."""
    best = (0, 0, 0)
    for place, (_folded, start, end) in enumerate(found[:MARKS_MOST]):
        near: set[str] = set()
        for folded, _start, stop in found[place : place + letters]:
            if near and stop > start + letters * 3 // 4:
                break
            near.add(folded)
        if len(near) > best[2]:
            best = (start, end, len(near))
    return best


def words_of(text: str) -> Iterator[Word]:
    """Yield the folded words of a text as `fold` would part them, in order."""
    return (Word(*word) for word in _by_pieces(text))


def _by_pieces(text: str) -> list[Place]:
    words: list[Place] = []
    begin = 0
    for piece in text.split(" "):
        if piece:
            if begin and piece[0] > FIRST_MARK and _is_mark(piece[0]):
                # A mark above a blank: where that letter ends is seen in the whole only.
                return _parted(text)
            for folded, start, end in _places_in(piece):
                words.append((folded, begin + start, begin + end))
        begin += len(piece) + 1
    return words


def _places_in(piece: str) -> Sequence[Place]:
    """Return the words of what stands between two blanks, and where in it."""
    return _words_of_piece(piece) if len(piece) <= PIECE_LENGTH_MOST else _parted(piece)


@lru_cache(maxsize=PIECES_MOST)
def _words_of_piece(piece: str) -> tuple[Place, ...]:
    return tuple(_parted(piece))


def _parted(text: str) -> list[Place]:
    words: list[Place] = []
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


def _parts(text: str, places: Sequence[Place], begin: int, end: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = begin
    for _folded, start, stop in places:
        if start < at:
            continue
        between = text[at:start]
        if parts and between.isspace():
            # Words that stand together are one mark.
            parts[-1] = _part((f"{parts[-1].text}{between}{text[start:stop]}", True))
        else:
            if between:
                parts.append(_part((between, False)))
            parts.append(_part((text[start:stop], True)))
        at = stop
    if at < end:
        parts.append(_part((text[at:end], False)))
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
