"""Texts folded so that each letter stays in its place: a byte for each code point, by two calls that go over the whole text at once. Pure.

It can be done with the letters that nearly all texts here are written in: those of Vietnamese and of the highlands, and what stands
between words. Each of them folds to the same whatever stands beside it, which a test proves for all pairs.
`archive.search.folding.fold` says what they fold to.
"""

from __future__ import annotations

import codecs
import unicodedata

from archive.search.folding import fold

# In the place of what adds nothing to a word and parts none: an apostrophe; a mark of the letter before.
APOSTROPHE, MARK = b"'", b'"'
SILENT = APOSTROPHE + MARK
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES] + ["đ"]
_HIGHLAND = "ĕĭŏŭčñƀ"
_SMALL = "".join(letter for letter in [*_VIETNAMESE, *_HIGHLAND] if not letter.isascii())
_RARE = "\\^{|}~"  # left out, so that there is a byte for each of the others
_ASCII = "".join(letter for letter in map(chr, range(0x20, 0x7F)) if letter not in _RARE)
_MARKS = "\u0301\u0306\u0331"
# Each in the place of its byte.
LETTERS = "\0\t\n\r" + _ASCII + _SMALL + _SMALL.upper() + "‘’ʼ“”–—…·«»\u00a0" + _MARKS
_BYTES = codecs.charmap_build(LETTERS)


def _byte_of(letter: str) -> bytes:
    silent = MARK if letter in _MARKS else APOSTROPHE
    return {"a a": b" ", "aa": silent}.get(folded := fold(f"a{letter}a"), folded[1:-1].encode())


_FOLDED = b"".join(map(_byte_of, LETTERS))


def folded_in_place(text: str) -> bytes | None:
    """Return the text folded: for each code point an ASCII letter or digit, a blank where it parts words, or one of `SILENT`. None where it
    holds anything that is not in `LETTERS`."""
    try:
        return codecs.charmap_encode(text, "strict", _BYTES)[0].translate(_FOLDED)
    except UnicodeEncodeError:
        return None
