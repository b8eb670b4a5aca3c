"""What stands in one cell: several values, each perhaps with its language or its part, and nothing that a spreadsheet would run. Pure.

Values are parted by `|`, in lists of names and codes also by `;`. A separator that belongs to a value has a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.languages import BCP47, LangValue

NAMES, TEXTS = ";|", "|"
# What spreadsheets take for a formula at the beginning of a cell, also behind our own mark.
# The wide ones are read as the narrow ones where people write Chinese or Japanese.
_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_TAGGED = re.compile(r"\s*\[([A-Za-z0-9-]{2,35})\]\s*")


def split(cell: str, separators: str) -> list[str]:
    """Return the values of a cell, without the blanks around them and without empty ones."""
    found, current, is_escaped = [], "", False
    for letter in cell:
        if is_escaped:
            current += letter if letter in "\\;|" else f"\\{letter}"
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
        elif letter in separators:
            found.append(current)
            current = ""
        else:
            current += letter
    found.append(current + ("\\" if is_escaped else ""))
    return [value.strip() for value in found if value.strip()]


def joined(values: Iterable[str], separators: str) -> str:
    """Return the cell that `split` reads as these values (which have no blanks around them, and of which none is empty)."""
    return f" {separators[0]} ".join(escaped(value, separators) for value in values)


def escaped(value: str, separators: str) -> str:
    """Return a value that is one value in a cell."""
    return re.sub(r"([\\;|])", r"\\\1", value) if any(mark in value for mark in f"\\{separators}") else value


def tagged(value: str) -> tuple[str, str]:
    """Return language and text of a value that says its own: "[bdq] Hơ'mon". The language is empty where it does not."""
    mark = _TAGGED.match(value)
    if mark is None or not BCP47.match(mark[1]):
        return "", value
    return mark[1], value[mark.end() :].strip()


def with_tags(values: Iterable[LangValue]) -> list[str]:
    return [f"[{one['lang']}] {one['value']}" for one in values]


def defused(text: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula: an apostrophe goes before it. `plain` takes it off again."""
    return f"'{text}" if _RUNS.match(text) else text


def plain(text: str) -> str:
    """Return what a cell says, without the apostrophe that keeps it from being run."""
    return text[1:] if _MARKED.match(text) else text
