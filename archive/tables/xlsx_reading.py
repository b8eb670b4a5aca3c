"""Reading the first sheet of an XLSX workbook, row by row. Formulas are read as what they last came to; links to other files are left out.

A workbook is a ZIP of XML from anywhere: what it would unpack to is added up before anything is unpacked, and a part that declares
entities is refused before a parser sees it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from archive.tables.shapes import Row, TableError, bounded

PARTS_MOST = 2000
SHEET_BYTES_MOST = 600_000_000  # read as a stream
SHARED_BYTES_MOST = 64_000_000  # the texts of all cells, which are kept in memory
OTHER_BYTES_MOST = 16_000_000
PROLOG_BYTES = 65_536
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z", re.IGNORECASE)
# Parts that nobody unpacks, such as pictures, and what belongs to programs: unless the workbook says that its texts are there.
_UNREAD = re.compile(
    r"(xl/(media|embeddings|drawings|charts|externalLinks|vbaProject)|docProps/thumbnail)", re.IGNORECASE
)
_ROOT = re.compile(rb"<[A-Za-z_]")
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
ROW_NUMBER_MOST = 1_048_576  # of the format itself


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of the first sheet. Raises TableError, OSError."""
    _refuse_hostile(path)
    try:
        yield from _rows(path)
    except (TableError, OSError):
        raise
    except Exception as error:  # the library lets through whatever a damaged part does to its parsers
        raise TableError("damaged") from error


def _rows(path: Path) -> Iterator[Row]:
    import openpyxl  # noqa: PLC0415  # its 10 MB are for who reads a workbook, not for every web process

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise TableError("no_sheet")
        # What a sheet says of its own size is not to be believed: rows would be filled up to it.
        sheets[0].reset_dimensions()
        for number, values in enumerate(sheets[0].iter_rows(values_only=True), start=1):
            if number > ROW_NUMBER_MOST:
                raise TableError("damaged")
            # Rows that are left out of the file come as empty ones, so that numbers are those that a spreadsheet shows.
            yield bounded(number, [_text(value) for value in values]) if any(values) else Row(number, ())
    finally:
        book.close()


def _text(value: object) -> str:
    """Return a cell as a person would type it: whole numbers without a point, days as ISO 8601."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _refuse_hostile(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MOST:
                raise TableError("too_large_unpacked")
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise TableError("not_a_table")
            for part in parts:
                _refuse_part(archive, part)
    except zipfile.BadZipFile as error:
        raise TableError("damaged") from error
    except (NotImplementedError, RuntimeError, EOFError, ValueError, zipfile.LargeZipFile) as error:
        # A way of packing that nobody uses for workbooks, or a password.
        raise TableError("damaged") from error


def _refuse_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename
    most = SHEET_BYTES_MOST if _SHEET.match(name) else OTHER_BYTES_MOST
    if name.lower() == "xl/sharedstrings.xml" or _UNREAD.match(name):
        most = SHARED_BYTES_MOST
    if part.file_size > most:
        raise TableError("too_large_unpacked")
    if name.lower().endswith((".xml", ".rels")):
        with archive.open(part) as content:
            head = content.read(PROLOG_BYTES)
        # The root of our kind of file is in its first lines, in UTF-8.
        if b"\x00" in head or _DECLARES.search(head) or (head and not _ROOT.search(head)):
            raise TableError("damaged")
