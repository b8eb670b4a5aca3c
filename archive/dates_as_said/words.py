"""Words of dates as they are compared: lower case, without marks. Vietnamese and English share one table; none of them collides. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from archive.dates_as_said.parts import EARLY, LATE, MIDDLE

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_QUOTES = re.compile(r"['\u2018\u2019\u02bc\"\u201c\u201d]")

ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_VIETNAMESE = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
MONTHS: Mapping[str, int] = {
    **{name.lower(): number for number, name in enumerate(ENGLISH_MONTHS, 1)},
    **{name.lower()[:3]: number for number, name in enumerate(ENGLISH_MONTHS, 1)},
    "sept": 9,
}
VIETNAMESE_MONTHS: Mapping[str, int] = {name: number for number, name in enumerate(_VIETNAMESE, 1)}
SEASONS: Mapping[str, str] = {
    "xuan": "21",
    "he": "22",
    "ha": "22",
    "thu": "23",
    "dong": "24",
    "spring": "21",
    "summer": "22",
    "autumn": "23",
    "fall": "23",
    "winter": "24",
}
PARTS: Mapping[str, str] = {
    "dau": EARLY,
    "giua": MIDDLE,
    "cuoi": LATE,
    "early": EARLY,
    "mid": MIDDLE,
    "middle of": MIDDLE,
    "the middle of": MIDDLE,
    "late": LATE,
    "the beginning of": EARLY,
    "the end of": LATE,
    "thuong tuan": EARLY,
    "trung tuan": MIDDLE,
    "ha tuan": LATE,
}
ORDINALS: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
CENTURY_WORDS: Mapping[str, int] = {
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "twenty-first": 21,
}
UNKNOWN = frozenset(
    {
        "khong ro",
        "chua ro",
        "khong ro nam",
        "khong ro ngay",
        "khong ro ngay thang",
        "khong ro thoi gian",
        "chua ro thoi gian",
        "khong biet",
        "khong xac dinh",
        "chua xac dinh",
        "khong ghi",
        "unknown",
        "not known",
        "date not known",
        "date unknown",
        "undated",
        "no date",
        "n.d",
        "nd",
        "s.d",
        "xxxx",
        "?",
    }
)

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
ROMAN: Mapping[str, int] = {
    f"{tens}{unit}": ten + number
    for tens, ten in (("", 0), ("x", 10), ("xx", 20))
    for number, unit in enumerate(("", *_ROMAN[:9]))
    if ten + number
}


def plain(text: str) -> str:
    """Return the text as it is compared: compatibility forms undone, no case, no marks, đ as d, one kind of dash, single spaces."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in bare if unicodedata.category(letter) != "Mn").replace("đ", "d")
    bare = _QUOTES.sub("", _DASHES.sub("-", bare))
    return " ".join(bare.split())
