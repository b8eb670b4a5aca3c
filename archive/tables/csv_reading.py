"""Reading CSV as spreadsheets and other programs write it. Memory stays flat however long the file is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from archive.tables.encodings import encoding_of
from archive.tables.shapes import Row, TableError, bounded

DELIMITERS = (",", ";", "\t")
# One line of the file; a cell may have several.
LINE_CHARS_MOST = 2_000_000


def rows(path: Path) -> Iterator[Row]:
    """Yield every row, the blank ones too, so that numbers are those of a spreadsheet. Raises TableError, OSError."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        try:
            delimiter, is_said = _delimiter(file)
        except UnicodeDecodeError as error:
            raise TableError("not_utf8") from error
        file.seek(0)
        yield from _parsed(file, delimiter, is_said)


def _parsed(file: TextIO, delimiter: str, is_said: bool) -> Iterator[Row]:
    number = 0
    reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1 and is_said:
                continue
            yield bounded(number, cells)
    except csv.Error as error:
        raise TableError(_code(str(error)), row=number + 1) from error
    except UnicodeDecodeError as error:
        raise TableError("not_utf8", row=number + 1) from error


def _code(said: str) -> str:
    """Return our code for what Python's reader says: a quotation mark that is never closed swallows all that follows."""
    return "quote_not_closed" if "field larger" in said or "unexpected end" in said else "stray_quote"


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LINE_CHARS_MOST):
        if len(line) == LINE_CHARS_MOST and not line.endswith("\n"):
            raise TableError("row_too_long", most=LINE_CHARS_MOST)
        yield line


def _delimiter(file: TextIO) -> tuple[str, bool]:
    """Return what stands between the cells, and whether the first line is there only to say so (`sep=;`, for one spreadsheet)."""
    first = file.readline(LINE_CHARS_MOST)
    said = first.strip().lower()
    if said.startswith("sep=") and (said[4:] in DELIMITERS or first.startswith("sep=\t")):
        return (said[4:] or "\t"), True
    while first and not first.strip():
        first = file.readline(LINE_CHARS_MOST)
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count), False
