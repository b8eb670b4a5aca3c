"""What people read for the codes of tables: of the whole file, of a heading, of a cell. In the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
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
    "too_many_for_page": _("The table has more than %(most)s rows. Part it, or have it loaded on the server by “ingest --table”."),
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
    "no_known_heading": _("The first row names no field. It has to hold the headings of the columns."),
    "no_heading": _("A cell is filled in a column that has no heading."),
    "unstorable": _("The cell holds a character that cannot be stored. Type it again."),
    "failed_formula": _("The formula of this cell failed (%(value)s). Write the value itself."),
    "too_long": _("The text is longer than %(most)s letters."),
    "no_title": _("A title is needed, in any language."),
    "no_kind": _("What kind of thing is it? Fill in the kind or the template, or name a file."),
    "no_tag": _("Each text of this column begins with its language, such as [bdq]. This one does not: %(value)s"),
    "unknown_choice": _("“%(value)s” is none of the choices: %(choices)s."),
    "no_yes_or_no": _("“%(value)s” is neither yes nor no."),
    "date_unreadable": _(
        "“%(value)s” is no date that we understand. Write it such as 30/4/1975, 1975, about 1975, before 1945, or as EDTF."
    ),
    "date_ambiguous": _("“%(value)s” may mean several dates: %(meant)s. Write the one that is meant."),
    "date_lunar": _("“%(value)s” looks like a date of the lunar calendar. Write the date of the common calendar."),
    "date_no_such_day": _("“%(value)s” is no day of the calendar."),
    "date_backwards": _("“%(value)s” ends before it begins."),
    "date_no_year": _("“%(value)s” has no year."),
    "no_edtf": _("“%(value)s” is not a date in EDTF."),
    "no_day": _("“%(value)s” is no day. Write it such as 2026-12-31 or 31/12/2026."),
    "unknown_people": _("No people is called “%(name)s”. Add it to the peoples first, or correct the name."),
    "unknown_subject": _("No subject is called “%(name)s”. Add it to the subjects first, or correct the name."),
    "unknown_collection": _(
        "No collection is called “%(name)s”. Add it to the collections first, or correct the name."
    ),
    "unknown_agent": _("No person or organisation is called “%(name)s”. Add it first, or correct the name."),
    "unknown_rights": _("No statement of rights is called “%(name)s”, and it is no address."),
    "unknown_community": _("No community that you know is called “%(name)s”."),
    "unknown_protocol": _("No protocol that you may put things under is called “%(name)s”."),
    "unknown_place": _("No place is called “%(name)s”. Add it to the places first, or correct the name."),
    "place_elsewhere": _("No place called “%(name)s” lies or lay in “%(context)s”."),
    "ambiguous": _("Several are called “%(name)s”. Write one of these instead: %(slugs)s"),
    "unknown_languages": _("“%(value)s” is no language that we know, and no language tag."),
    "unknown_restriction_reasons": _("“%(value)s” is none of the reasons for closing."),
    "unknown_other_identifiers": _(
        "Write it as scheme and number, such as isbn: 9786040000000. This one is not: %(value)s"
    ),
    "no_folder": _("The row names a file, and no folder of files was given: %(name)s"),
    "no_file": _("The folder has no file of this name: %(name)s. Links are not followed."),
    "empty_file": _("This file is empty: %(name)s"),
    "unreadable_named_file": _("This file cannot be read: %(name)s"),
    "files_not_yours": _("Your account may not add files to items."),
    "identifier_twice": _("Row %(row)s has the same identifier. Each thing has its own."),
    "own_of_other_template": _("The template of this row has no such field."),
    "own_without_template": _("This field belongs to a template. Say in the row which template it is."),
    "no_json": _("This column is written by an export and is JSON. Leave it as it was."),
    "own_form": _("This value does not fit the field."),
    "own_lang": _("The language of the text is not a language tag."),
    "own_long": _("The text is too long."),
    "own_unstorable": _("The cell holds a character that cannot be stored. Type it again."),
    "own_number": _("This is not a number."),
    "own_whole": _("This is not a whole number."),
    "own_least": _("The number is less than %(least)s."),
    "own_most": _("The number is more than %(most)s."),
    "own_choice": _("This is none of the answers: %(choices)s."),
    "own_isbn": _("This is not a right ISBN: a digit is wrong or missing."),
    "own_edtf": _("This is not a date in EDTF."),
    "own_language": _("This is not a language tag."),
    "unknown_level": _("This does not say who may see it."),
    "level_not_yours": _("Your account does not choose who may see things. Leave it empty, or write staff."),
    "reason_needed": _("Say in the column of reasons why not everybody may see it."),
    "no_protocol": _("Name the protocol in the column of protocols."),
    "protocols_of_other_level": _("Protocols are named only where the members of protocols may see it."),
    "closes_before_it_opens": _("It would close before it opens."),
    "needed_to_publish": _("Its template requires this field before it is published."),
    "changed_meanwhile": _(
        "Something that this row names was changed meanwhile, or its number was taken. Run the table again."
    ),
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
    return (
        gettext("Row %(row)s, “%(column)s”: %(text)s") % place if heading else gettext("Row %(row)s: %(text)s") % place
    )
