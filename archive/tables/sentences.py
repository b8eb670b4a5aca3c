"""What people read for the codes of tables: of the whole file, of a heading, of a cell. In the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from archive.tables.shapes import TableError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_OLD_LETTERS = _(
    "The table is in old letters (%(name)s), which a machine cannot turn into Vietnamese and Bahnar without mistakes. "
    "Convert it to Unicode, look it over, and save it as “CSV UTF-8” or XLSX. Nothing was read."
)
# Of the whole file.
OF_FILES: Mapping[str, StrPromise] = {
    "looks_like_tcvn3": _OLD_LETTERS,
    "looks_like_vni": _OLD_LETTERS,
    "looks_like_cp1258": _OLD_LETTERS,
    "not_utf8": _(
        "The table is not in Unicode: its letters cannot be told. Save it again as “CSV UTF-8” or XLSX. Nothing was read."
    ),
    "quote_not_closed": _(
        "A quotation mark opens a cell near row %(row)s and never closes it. Close it, or save the table as XLSX. Nothing was read."
    ),
    "stray_quote": _(
        "A quotation mark stands where none may be, near row %(row)s. Save the table again from a spreadsheet. Nothing was read."
    ),
    "row_too_long": _("A line of the file is longer than %(most)s letters. It is no table that we can read."),
    "cell_too_long": _("A cell of row %(row)s has more than %(most)s letters. Shorten it. Nothing was read."),
    "too_many_rows": _("The table has more than %(most)s rows. Part it into several. Nothing was read."),
    "too_many_columns": _("Row %(row)s has more than %(most)s columns. Nothing was read."),
    "too_large": _("The file is larger than %(most_mb)s MB. Part it into several. Nothing was read."),
    "too_large_unpacked": _("The workbook unpacks to more than a table should hold. Save it as CSV. Nothing was read."),
    "empty": _("The table is empty."),
    "no_sheet": _("The workbook has no sheet with rows."),
    "damaged": _("The workbook is damaged, or locked with a password. Open it in a spreadsheet and save it again. Nothing was read."),
    "old_office": _(
        "The file is an old workbook (.xls) or locked with a password. Save it as XLSX or as “CSV UTF-8”. Nothing was read."
    ),
    "not_a_table": _("The file is no table. Take a CSV file or an XLSX workbook. Nothing was read."),
    "unreadable_file": _("The file cannot be read. Nothing was read."),
    "cell_too_long_for_xlsx": _("A cell of row %(row)s is too long for XLSX. Choose CSV."),
}  # fmt: skip
_OLD_NAMES = {"looks_like_tcvn3": "TCVN3 (ABC)", "looks_like_vni": "VNI", "looks_like_cp1258": "Windows-1258"}
# Of a heading or a cell.
OF_CELLS: Mapping[str, StrPromise] = {
    "unknown_heading": _(
        "No field is called “%(heading)s”. Rename the column, or begin its heading with # to leave it out."
    ),
    "unknown_heading_near": _("No field is called “%(heading)s”. Is it “%(nearest)s”?"),
    "heading_twice": _("“%(heading)s” is filled by another column already."),
}


def of_file(error: TableError) -> str:
    """Return what is wrong with the whole file."""
    text = OF_FILES.get(error.code)
    detail = {"row": error.row, "name": _OLD_NAMES.get(error.code, ""), **error.detail}
    return error.code if text is None else str(text) % detail


def of_cell(code: str, detail: Mapping[str, object]) -> str:
    """Return what is wrong with a heading or a cell."""
    if code == "unknown_heading" and detail.get("nearest"):
        code = "unknown_heading_near"
    text = OF_CELLS.get(code)
    return code if text is None else str(text) % detail


def in_row(row: int, heading: str, text: str) -> str:
    """Return one line for people: where it is, and what is wrong."""
    place = {"row": row, "column": heading, "text": text}
    return now_("Row %(row)s, “%(column)s”: %(text)s") % place if heading else now_("Row %(row)s: %(text)s") % place
