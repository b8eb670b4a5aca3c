"""RIS, as Zotero, EndNote and Mendeley read it: a tag of two letters, two blanks, a dash, a blank and a value on each line, CRLF between.

A value never holds a line break (`reference.one_line`), so that nothing that was typed becomes a tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.crosswalks.reference import Dated, Reference

MEDIA_TYPE = "application/x-research-info-systems"
# Types of reference. What came out as a book does is one, whatever it is kept as.
TYPES: Mapping[str, str] = {"image": "ART", "audio": "SOUND", "video": "VIDEO", "document": "GEN", "ebook": "EBOOK"}
TYPES_OF_TEMPLATES: Mapping[str, str] = {"map": "MAP"}


def ris(reference: Reference) -> str:
    """Return the reference as a file of one record."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _lines(reference)) + "ER  - \r\n"


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", _type(reference)
    yield "ID", reference.key
    yield "TI", reference.title
    for title in reference.other_titles:
        yield "TT", title
    for one in reference.leads:
        yield "AU", one.name
    for one in reference.followers:
        yield "A2", one.name
    yield from _dates(reference.dated)
    for tag, values in (
        ("PB", reference.publishers),
        ("CY", (reference.place,)),
        ("M3", (reference.genre,)),
        ("T2", (reference.collection,)),
        ("SN", (reference.isbn,)),
        ("CN", (reference.number,)),
        ("DP", (reference.archive,)),
        ("LA", (", ".join(reference.languages),)),
        ("KW", reference.keywords),
        ("AB", (reference.abstract,)),
        ("N1", notes(reference)),
        ("UR", (reference.address,)),
    ):
        for value in values:
            if value:
                yield tag, value


def notes(reference: Reference) -> tuple[str, ...]:
    """Return what formats for citing have no field for, and what nobody should cite without: whose it is and on what terms."""
    parts = [f"{one.part}: {one.name}" for one in (*reference.creators, *reference.contributors) if one.part]
    found = ("; ".join(parts), "; ".join(reference.communities), "; ".join(reference.labels), reference.rights)
    return tuple(one for one in found if one)


def _type(reference: Reference) -> str:
    if reference.template in TYPES_OF_TEMPLATES and reference.kind in {"image", "document"}:
        return TYPES_OF_TEMPLATES[reference.template]
    return "BOOK" if reference.kind == "document" and reference.is_published else TYPES.get(reference.kind, "GEN")


def _dates(when: Dated) -> Iterator[tuple[str, str]]:
    """Yield the year, and the date as YYYY/MM/DD/words with what is not known left out between its strokes."""
    known = when.start or when.end
    if known:
        yield "PY", f"{known[0]:04}"
    if when:
        day = "/".join(
            [f"{one:04}" if not place else f"{one:02}" for place, one in enumerate(known)] + [""] * (3 - len(known))
        )
        yield "DA", f"{day}/{(when.words or when.edtf).replace('/', '–')}"
