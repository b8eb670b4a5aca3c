"""Parts of centuries, decades, years and months as EDTF intervals, and the words of both languages. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping

EARLY, MIDDLE, LATE = "early", "middle", "late"
PARTS = (EARLY, MIDDLE, LATE)

_CENTURY = {EARLY: ("00", "33"), MIDDLE: ("34", "66"), LATE: ("67", "99")}
_DECADE = {EARLY: ("0", "3"), MIDDLE: ("4", "6"), LATE: ("7", "9")}
_YEAR = {EARLY: ("01", "04"), MIDDLE: ("05", "08"), LATE: ("09", "12")}
DRY, RAINY = ("11", "04"), ("05", "10")  # first and last month; the dry season begins in the year before

SEASONS: Mapping[str, tuple[str, str]] = {
    "21": ("mùa xuân", "spring"),
    "22": ("mùa hè", "summer"),
    "23": ("mùa thu", "autumn"),
    "24": ("mùa đông", "winter"),
}
QUARTERS: Mapping[str, tuple[str, str]] = {
    "33": ("quý 1", "the first quarter of"),
    "34": ("quý 2", "the second quarter of"),
    "35": ("quý 3", "the third quarter of"),
    "36": ("quý 4", "the fourth quarter of"),
    "40": ("nửa đầu", "the first half of"),
    "41": ("nửa cuối", "the second half of"),
}
SEASON_MONTHS: Mapping[str, tuple[str, str]] = {
    "21": ("03", "05"),
    "22": ("06", "08"),
    "23": ("09", "11"),
    "24": ("12", "12"),
    "33": ("01", "03"),
    "34": ("04", "06"),
    "35": ("07", "09"),
    "36": ("10", "12"),
    "40": ("01", "06"),
    "41": ("07", "12"),
}


def part_of(edtf: str, part: str) -> str | None:
    """Return the early, middle or late part of a century, decade, year or month in EDTF; None of anything else."""
    if re.fullmatch(r"[0-9]{2}XX", edtf):
        first, last = _CENTURY[part]
        return f"{edtf[:2]}{first}~/{edtf[:2]}{last}~"
    if re.fullmatch(r"[0-9]{3}X", edtf):
        first, last = _DECADE[part]
        return f"{edtf[:3]}{first}~/{edtf[:3]}{last}~"
    if re.fullmatch(r"[0-9]{4}", edtf):
        first, last = _YEAR[part]
        return f"{edtf}-{first}~/{edtf}-{last}~"
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", edtf) and edtf[:4] != "0000":
        end = monthrange(int(edtf[:4]), int(edtf[5:]))[1]
        first, last = {EARLY: ("01", "10"), MIDDLE: ("11", "20"), LATE: ("21", str(end))}[part]
        return f"{edtf}-{first}~/{edtf}-{last}~"
    return None


def whole_of(interval: str) -> tuple[str, str] | None:
    """Return what such an interval is a part of, and which part; None if it is none."""
    start = interval.partition("/")[0].rstrip("~")
    for whole in (f"{start[:2]}XX", f"{start[:3]}X", start[:4], start[:7]):
        for part in PARTS:
            if part_of(whole, part) == interval:
                return whole, part
    return None


def dry_season(year: int) -> str:
    """Return the dry season that ends in a year."""
    return f"{year - 1:04}-{DRY[0]}~/{year:04}-{DRY[1]}~"


def rainy_season(year: int) -> str:
    return f"{year:04}-{RAINY[0]}~/{year:04}-{RAINY[1]}~"
