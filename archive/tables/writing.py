"""Writing tables that spreadsheets open rightly and that our reader reads back as they were."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell

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


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(rows))


def write_xlsx(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a workbook of one sheet, row by row. Every cell is a text. Raises TableError("cell_too_long_for_xlsx")."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=1):
        cells = []
        for text in row:
            if len(text) >= XLSX_CHARS_MOST:
                raise TableError("cell_too_long_for_xlsx", row=number, most=XLSX_CHARS_MOST)
            cell = WriteOnlyCell(sheet, value=_UNWRITABLE.sub("", defused(text)))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


WRITERS: dict[str, Callable[[Path, Iterable[Sequence[str]]], None]] = {"csv": write_csv, "xlsx": write_xlsx}


def format_of(path: Path) -> str:
    """Return the format that a file's name asks for."""
    return "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
