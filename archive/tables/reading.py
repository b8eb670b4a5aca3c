"""Opening a table of either kind: told by its first bytes, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.tables import csv_reading, xlsx_reading
from archive.tables.shapes import FILE_BYTES_MOST, Heading, Row, TableError

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"PK\x05\x06", b"SQLite format 3")


def rows(path: Path) -> Iterator[Row]:
    """Yield all rows of a table, the headings among them. Raises TableError, OSError."""
    size = path.stat().st_size
    if size > FILE_BYTES_MOST:
        raise TableError("too_large", most_mb=FILE_BYTES_MOST // 1_000_000)
    if size == 0:
        raise TableError("empty")
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(_OLD_OFFICE):
        raise TableError("old_office")
    if head.startswith(_OTHERS):
        raise TableError("not_a_table")
    return xlsx_reading.rows(path) if head.startswith(_ZIP) else csv_reading.rows(path)


def opened(path: Path) -> tuple[Heading, Iterator[Row]]:
    """Return the headings (the first row that is not blank) and the filled rows below. Raises TableError, OSError; so do the rows."""
    every = rows(path)
    for row in every:
        if not row.is_blank:
            return Heading(row.number, row.cells), (one for one in every if not one.is_blank)
    raise TableError("empty")
