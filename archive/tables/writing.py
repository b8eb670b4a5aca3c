"""Writing tables that spreadsheets open rightly and that our reader reads back as they were."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from archive.tables.cells import defused
from archive.tables.shapes import TableError

# Of a cell of that format (ECMA-376, 18.3.1.4): longer texts are cut off by spreadsheets without a word.
XLSX_CHARS_MOST = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMATS = ("csv", "xlsx")


class _Lines:
    """What csv.writer writes into: gives the last line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the first with the mark by which spreadsheets know UTF-8. Nothing is kept in memory."""
    writer = csv.writer(_Lines())
    mark = "\ufeff"
    for row in rows:
        # The writer returns what its file's `write` returned.
        line: object = writer.writerow([defused(cell) for cell in row])
        yield f"{mark}{line}"
        mark = ""


class CsvCopy:
    """A CSV file that is written row by row, so that it is whole up to any row."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)

    def add(self, row: Sequence[str]) -> None:
        self._writer.writerow([defused(cell) for cell in row])

    def close(self) -> None:
        self._file.close()


class XlsxCopy:
    """A workbook of one sheet, written row by row and whole when it is closed. Every cell is a text. `add` raises
    TableError("cell_too_long_for_xlsx")."""

    def __init__(self, path: Path) -> None:
        import openpyxl  # noqa: PLC0415  # its 10 MB are for who writes a workbook, not for every web process

        self._path = path
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("1")
        self._sheet.freeze_panes = "A2"
        self._rows = 0

    def add(self, row: Sequence[str]) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # as above

        self._rows += 1
        cells = []
        for text in row:
            if len(text) >= XLSX_CHARS_MOST:
                raise TableError("cell_too_long_for_xlsx", row=self._rows, most=XLSX_CHARS_MOST)
            cell = WriteOnlyCell(self._sheet, value=_UNWRITABLE.sub("", defused(text)))
            cell.data_type = "s"
            cells.append(cell)
        self._sheet.append(cells)

    def close(self) -> None:
        self._book.save(self._path)


Copy = CsvCopy | XlsxCopy


def copy_at(path: Path, wanted: str | None = None) -> Copy:
    """Return a table that is to be written, of the wanted format or else the one that its name asks for."""
    return XlsxCopy(path) if (wanted or format_of(path)) == "xlsx" else CsvCopy(path)


def format_of(path: Path) -> str:
    """Return the format that a file's name asks for."""
    return "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
