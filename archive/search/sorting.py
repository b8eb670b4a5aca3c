"""The order of titles as Vietnamese dictionaries have it, as a key that every database sorts the same way. Pure.

Word by word; of each word the letters first (a ă â b c d đ e ê …), then the tones (none, huyền, hỏi, ngã, sắc, nặng): *ba, ba ba, bà, bả,
bạn*. Letters of highland orthographies stand beside the letter that they are made of. The key holds digits and small Latin letters only:
those stand in the same order in all collations.
"""

from __future__ import annotations

import unicodedata

from archive.languages import canonical

# Combining marks: those that make another letter, and the tones in the order of dictionaries.
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Letters that Unicode does not take apart.
_STROKED = {"đ": "d2", "ƀ": "b2", "ł": "l2"}
SPACE = " "
END_OF_WORD = "0"  # before all letters and digits, so that the shorter word comes first


def title_key(text: str) -> str:
    """Return the key by which a title is sorted."""
    keys: list[str] = []
    letters, tones = "", ""
    base, marks = "", ""
    for char in [*unicodedata.normalize("NFD", canonical(text).casefold()), SPACE, ""]:
        if char and unicodedata.combining(char):
            marks += char
            continue
        letter = _letter(base, marks) if base else ""
        if letter == SPACE and letters:
            keys.append(f"{letters}{END_OF_WORD}{tones}")
            letters, tones = "", ""
        elif letter and letter != SPACE:
            letters += letter
            tones += next((_TONES[mark] for mark in marks if mark in _TONES), "0")
        base, marks = char, ""
    return "".join(keys)


def _letter(base: str, marks: str) -> str:
    """Return two signs for a letter or a digit, a space for what parts words, none for what dictionaries do not see."""
    if base in _STROKED:
        return _STROKED[base]
    if base.isascii() and base.isalpha():
        return base + _rank(base, marks)
    if base.isascii() and base.isdigit():
        return f"1{base}"
    if base.isalpha():
        return f"z9{ord(base):06x}"
    return SPACE if base.isspace() or base in "-–—_/:,.;" else ""


def _rank(base: str, marks: str) -> str:
    """Return where a letter stands among those that share its base: 1 for the bare one. A breve makes ă, the second letter of the alphabet;
    on another vowel it makes a highland letter, which stands after the one that it is made of."""
    has_breve = _BREVE in marks
    if _CIRCUMFLEX in marks:
        return "4" if has_breve else "3"
    if _HORN in marks:
        return "6" if has_breve else "5"
    if has_breve:
        return "2" if base == "a" else "7"
    return "8" if any(mark not in _TONES for mark in marks) else "1"
