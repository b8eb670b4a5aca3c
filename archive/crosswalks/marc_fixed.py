"""Leader and field 008 of MARC 21: a text of a fixed length in which each position means something."""

from __future__ import annotations

from archive.crosswalks import codes
from archive.crosswalks.record import Record, When

# 008/18-34 by configuration of material. Form of item (o) is online; "|" is "not said", "n" is "does not apply".
_BOOKS = "     o     00| | "
_MAPS = "       a   o |   "
_SOUND = "nnn  o         n "
_MUSIC = "fmn  o      n  n "
_PICTURES = "nnn        o   in"
_FILMS = "---        o   vl"
_MATERIALS = {"a": _BOOKS, "e": _MAPS, "i": _SOUND, "j": _MUSIC, "k": _PICTURES, "g": _FILMS}


def leader(kind: str) -> str:
    """Return the leader: new, of this type, one thing by itself, UTF-8, minimal level, punctuated. Lengths are the reader's to reckon."""
    return f"00000n{kind}m a22000007i 4500"


def general(record: Record, kind: str) -> str:
    """Return field 008: forty positions."""
    when = record.issued if codes.years(record.issued) != (None, None) else record.created
    language = codes.marc_language(record.languages[0]) if record.languages else "und"
    entered = record.published.strftime("%y%m%d")
    # 15-17: Viet Nam; 38: not changed; 39: by no national agency.
    return f"{entered}{_dates(when)}vm {_MATERIALS[kind]}{language} d"


def _dates(when: When) -> str:
    """Return 008/06-14: one year, a year that is not sure to lie within two, or none."""
    first, last = codes.years(when)
    if first is None and last is None:
        return "nuuuuuuuu"
    if first is None or last is None:
        return f"q{_four(first)}{_four(last)}"
    if first == last:
        return f"s{first:04}    "
    return f"q{first:04}{last:04}"


def _four(year: int | None) -> str:
    return "uuuu" if year is None else f"{year:04}"
