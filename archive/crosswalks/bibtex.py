"""BibTeX and BibLaTeX in UTF-8: fields that both know under the same names, and `date` (EDTF) for the latter.

Whatever TeX reads as a command is written as a letter, and braces always come in pairs: a brace of a title as `\\textbraceleft{}`, since
BibTeX counts even those that are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archive.crosswalks.markup import percent_encoded
from archive.crosswalks.reference import Dated, Reference
from archive.crosswalks.ris import notes

MEDIA_TYPE = "application/x-bibtex"
_ESCAPES: Mapping[int, str] = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "%": r"\%",
        "#": r"\#",
        "$": r"\$",
        "&": r"\&",
        "_": r"\_",
    }
)
# Three-letter macros that every style knows.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What BibLaTeX knows of EDTF.
_DATE = re.compile(r"[0-9X~?%/.-]+")
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9:_-]")


def bibtex(reference: Reference) -> str:
    """Return the reference as a file of one entry."""
    kind = "book" if reference.is_published and reference.kind in {"document", "ebook"} else "misc"
    fields = "".join(f",\n  {name} = {value}" for name, value in _fields(reference))
    return f"@{kind}{{{_NOT_IN_KEYS.sub('', reference.key)}{fields}\n}}\n"


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    if reference.leads:
        # Braces around each name: it is not taken apart, and " and " within it parts nobody.
        yield "author", "{" + " and ".join(f"{{{_text(one.name)}}}" for one in reference.leads) + "}"
    yield "title", f"{{{{{_text(reference.title)}}}}}"
    yield from _dates(reference.dated)
    url = percent_encoded(reference.address)
    for name, value in (
        ("publisher", _text(", ".join(reference.publishers))),
        ("address", _text(reference.place)),
        ("howpublished", _text(reference.genre)),
        ("series", _text(reference.collection)),
        ("isbn", _text(reference.isbn)),
        ("number", _text(reference.number)),
        ("library", _text(reference.archive)),
        ("language", _text(", ".join(reference.languages))),
        ("keywords", _text(", ".join(one.replace(",", " ") for one in reference.keywords))),
        ("abstract", _text(reference.abstract)),
        ("note", _text(". ".join(notes(reference)))),
        ("url", url),
    ):
        if value:
            yield name, f"{{{value}}}"


def _dates(when: Dated) -> Iterator[tuple[str, str]]:
    known = when.start or when.end
    if known:
        yield "year", f"{{{known[0]:04}}}"
    if len(known) > 1:
        yield "month", _MONTHS[known[1] - 1]
    if _DATE.fullmatch(when.edtf):
        # Read by BibLaTeX itself, not by TeX: "~" is "about".
        yield "date", f"{{{when.edtf}}}"
    if not known and when.words:
        yield "year", f"{{{_text(when.words)}}}"


def _text(value: str) -> str:
    return value.translate(_ESCAPES)
