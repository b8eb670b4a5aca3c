"""Folding: the one function that indexing and queries share (domain.md 1.5). Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from access.spelling import canonical

_SPECIAL = {"đ": "d", "ƀ": "b", "ɓ": "b", "ꝍ": "o", "ø": "o", "ł": "l", "ŋ": "ng", "ı": "i"}
_APOSTROPHES = frozenset("'’‘ʼʹ`´ꞌꞋʔˀ")
_NEAR = (("ch", "c"), ("nh", "n"), ("kh", "k"), ("ph", "p"))
_LONG_VOWEL = re.compile(r"([aeiou])\1+")
LETTERS_MOST = 20_000  # that are remembered
PIECES_MOST = 20_000
_MARKED = "\ufffe"  # no letter: stands in the table for a mark, whose meaning depends on what it is above


class _Folded(dict[int, str]):
    """What each letter folds to by itself, found out when it first comes."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = _MARKED if unicodedata.category(letter) == "Mn" else _letters(letter)
        if len(self) < LETTERS_MOST:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return the text without case, accents and punctuation, words kept apart. Marks of other scripts stay: they are letters there."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    folded = text.translate(_FOLDED)
    if _MARKED in folded:
        folded = _letters(text)
    return unicodedata.normalize("NFC", re.sub(" +", " ", folded).strip())


def _letters(text: str) -> str:
    """Return the folded letters of a text, one after the other: what is no letter is a blank."""
    out: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", text):
        category = unicodedata.category(letter)
        if category == "Mn":
            # A mark above no letter (a spacing macron is a space with one) is no letter of another script.
            if base and unicodedata.category(base)[0] == "L" and not _is_latin(base):
                out.append(letter)
            continue
        if letter in _APOSTROPHES:
            base = ""  # some are letters to Unicode: what is above them is no letter's
            continue
        base = letter
        out.append(_SPECIAL.get(letter, letter if category[0] in "LN" else " "))
    return "".join(out)


def compact(text: str) -> str:
    """Return the folded text without spaces, so that Kontum finds Kon Tum."""
    return fold(text).replace(" ", "")


def loose(text: str) -> str:
    """Return the key that near spellings share: y is i, č and ch are c, ñ and nh are n, kh is k, ph is p, a long vowel is a short one. It
    is the same for a text and for what that folds to, so that the index keys its folded words and a query the words as typed."""
    key = compact(text).replace("y", "i")
    for pair, letter in _NEAR:
        key = key.replace(pair, letter)
    return _LONG_VOWEL.sub(r"\1", key)


def exact_words(text: str) -> list[str]:
    """Return the words of a canonical text as written, without case, apostrophes and punctuation but with their marks: as many as `fold`
    has, in the same places, each of them folding to its counterpart."""
    whole = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return [word for piece in whole.split() for word in _exact_words(piece)]


@lru_cache(maxsize=PIECES_MOST)
def _exact_words(piece: str) -> tuple[str, ...]:
    """Return the words of what stands between two blanks."""
    out: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", piece):
        category = unicodedata.category(letter)
        if category == "Mn":
            if base and unicodedata.category(base)[0] == "L":
                out.append(letter)
            continue
        if letter in _APOSTROPHES:
            base = ""
            continue
        base = letter
        out.append(letter if category[0] in "LN" else " ")
    return tuple(canonical(word) for word in "".join(out).split())


def has_marks(text: str) -> bool:
    """Return whether a query was typed with diacritics: then exact matches rank first. Case, hyphens and apostrophes are none."""
    base = ""
    for letter in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()):
        if letter in _SPECIAL or (unicodedata.category(letter) == "Mn" and _is_latin(base)):
            return True
        base = letter
    return False


def _is_latin(letter: str) -> bool:
    return bool(letter) and "LATIN" in unicodedata.name(letter, "")
