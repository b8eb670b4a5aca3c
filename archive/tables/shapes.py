"""What a table is made of, and how much of it there may be."""

from __future__ import annotations

from dataclasses import dataclass

ROWS_MOST = 200_000
COLUMNS_MOST = 300
CELL_CHARS_MOST = 100_000
FILE_BYTES_MOST = 200_000_000


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it (the headings are mostly row 1), and its cells as texts."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Heading:
    """The row of headings."""

    number: int
    cells: tuple[str, ...]


class TableError(Exception):
    """The file cannot be read as a table. `code` is one of archive.tables.sentences; `row` is where, 0 for the whole of it."""

    def __init__(self, code: str, *, row: int = 0, **detail: object) -> None:
        super().__init__(code)
        self.code, self.row, self.detail = code, row, detail


def bounded(number: int, cells: list[str]) -> Row:
    """Return the row without its empty end. Raises TableError where there is too much of it."""
    while cells and not cells[-1]:
        cells.pop()
    if number > ROWS_MOST:
        raise TableError("too_many_rows", row=number, most=ROWS_MOST)
    if len(cells) > COLUMNS_MOST:
        raise TableError("too_many_columns", row=number, most=COLUMNS_MOST)
    if any(len(cell) > CELL_CHARS_MOST for cell in cells):
        raise TableError("cell_too_long", row=number, most=CELL_CHARS_MOST)
    return Row(number, tuple(cells))
