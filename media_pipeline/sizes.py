"""Numbers and sizes of files as Vietnamese and English readers write them. Pure: no Django, no clock.

`language` is "vi" or "en" (longer tags are cut at the hyphen); any other language is written the English way.
"""

from __future__ import annotations

KILO = 1000
_SWAPPED = str.maketrans(",.", ".,")
BYTE_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def is_vietnamese(language: str) -> bool:
    """True for "vi", "vi-VN" and the like."""
    return language.partition("-")[0].lower() == "vi"


def format_number(value: float, language: str, *, decimals: int = 0) -> str:
    """1234567.5 as "1.234.567,5" in Vietnamese and "1,234,567.5" in English; trailing zeros are dropped."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_SWAPPED) if is_vietnamese(language) else text


def format_size(size_bytes: int, language: str) -> str:
    """A size in decimal units, as phone companies count: "2,4 MB". Below 10 of a unit one decimal is kept.

    Anything between 1 byte and 100 KB is told in KB, so that a reader compares like with like.
    """
    amount, unit = float(max(size_bytes, 0)), 0
    while amount >= KILO - 0.5 and unit < len(BYTE_UNITS) - 1:
        amount, unit = amount / KILO, unit + 1
    decimals = 1 if unit >= 2 and amount < 10 else 0
    return f"{format_number(amount, language, decimals=decimals)}\u00a0{BYTE_UNITS[unit]}"
