"""Folding: the one function that indexing and queries share (domain.md 1.5). Pure."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {"đ": "d", "ƀ": "b", "ɓ": "b", "ꝍ": "o", "ø": "o", "ł": "l", "ŋ": "ng", "ı": "i"}
_APOSTROPHES = frozenset("'’‘ʼʹ`´ꞌꞋʔˀ")


def fold(text: str) -> str:
    """Return the text without case, accents and punctuation, words kept apart. Marks of other scripts stay: they are letters there."""
    out: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()):
        category = unicodedata.category(letter)
        if category == "Mn":
            # A mark above no letter (a spacing macron is a space with one) is no letter of another script.
            if base and unicodedata.category(base)[0] == "L" and not _is_latin(base):
                out.append(letter)
            continue
        base = letter
        if letter in _APOSTROPHES:
            continue
        out.append(_SPECIAL.get(letter, letter if category[0] in "LN" else " "))
    return unicodedata.normalize("NFC", re.sub(" +", " ", "".join(out)).strip())


def compact(text: str) -> str:
    """Return the folded text without spaces, so that Kontum finds Kon Tum."""
    return fold(text).replace(" ", "")


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
