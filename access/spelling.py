"""The one form in which text is stored, so that what looks alike is alike. Pure."""

from __future__ import annotations

import re
import unicodedata

_FIRST = "\u0302\u031b"  # circumflex, horn: part of the vowel
_SECOND = "\u0306"  # breve: shortness, above both in highland orthographies
_MARK = re.compile("[\u0300-\u036f]")


def canonical(text: str) -> str:
    """Return NFC with a fixed order of marks: circumflex or horn, then breve, then tone, duplicates removed (domain.md 1.4).

    `e + breve + circumflex` and `ê + breve` look alike but are not canonically equal, so the order must be made. Nothing else is touched:
    a caron or tilde that stands for a breve is a spelling, and spellings are their writers'.
    """
    # Letters that carry their marks within one code point have them in this order already.
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and not _MARK.search(text)):
        return text
    out: list[str] = []
    marks: list[str] = []
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter) and "\u0300" <= letter <= "\u036f":
            if letter not in marks:
                marks.append(letter)
            continue
        out += sorted(marks, key=_place)
        marks = []
        out.append(letter)
    out += sorted(marks, key=_place)
    return unicodedata.normalize("NFC", "".join(out))


def _place(mark: str) -> tuple[int, int]:
    if mark in _FIRST:
        return (0, 0)
    return (1, 0) if mark == _SECOND else (2, unicodedata.combining(mark))
