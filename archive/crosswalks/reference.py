"""What a record is cited by: the plain value from which RIS, BibTeX, CSL-JSON, tags for machines and written citations are made.

Every text is one line. Names stand as they are said: in a highland or Vietnamese name no place tells which part is the family's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from archive.crosswalks import codes
from archive.crosswalks.record import Doer, Record, Text, When, first, in_language, name_of

_EXACT = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-3][0-9]))?)?([~?%]?)")
# Controls and halves of pairs. Joiners, which print nothing either, are kept.
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Name(NamedTuple):
    """Who had a part: `role` is a MARC relator code, `part` its name in the library's language."""

    name: str
    role: str
    part: str = ""
    is_body: bool = False


@dataclass(frozen=True)
class Dated:
    """When: `start` and `end` as year, month, day, as far as they are known (empty: open, or not known). `is_about`: not sure.

    `edtf` is the date itself, `words` what people wrote.
    """

    start: tuple[int, ...] = ()
    end: tuple[int, ...] = ()
    is_about: bool = False
    edtf: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.start or self.end or self.words)


@dataclass(frozen=True)
class Reference:
    """One reference. `address` lasts; `number` is the library's own."""

    key: str
    kind: str
    template: str
    title: str
    title_lang: str
    address: str
    archive: str
    genre: str = ""
    other_titles: tuple[str, ...] = ()
    creators: tuple[Name, ...] = ()
    contributors: tuple[Name, ...] = ()
    publishers: tuple[str, ...] = ()
    place: str = ""
    dated: Dated = Dated()
    number: str = ""
    isbn: str = ""
    languages: tuple[str, ...] = ()
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    collection: str = ""
    extent: str = ""
    rights: str = ""
    communities: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def leads(self) -> tuple[Name, ...]:
        """Who stands first: those who made it, else all who had a part in it."""
        return self.creators or self.contributors

    @property
    def followers(self) -> tuple[Name, ...]:
        """Who had a part in it besides."""
        return self.contributors if self.creators else ()

    @property
    def is_published(self) -> bool:
        """Whether it came out as a book does, not as a thing that was put into an archive."""
        return bool(self.publishers or self.isbn) or self.kind == "ebook"


def one_line(value: str) -> str:
    """Return a text without line breaks and other letters that nobody sees; every run of blanks is one. What makes a new line anywhere
    (U+2028 and the separators of ASCII, too) is a blank to `split`."""
    line = " ".join(value.split())
    return line if line.isprintable() else _UNPRINTED.sub("", line)


def reference(record: Record, language: str) -> Reference:
    """Return the reference of a record, for readers of a language: titles and headings in it where there are some."""
    title = first(record.titles, language, "vi", "en") or Text("", record.identifier or record.pid)
    makers = [doer for doer in record.doers if doer.role not in codes.PUBLISHERS]
    when = record.issued if record.issued else record.created
    came_out = [where for where in record.places if where.role == "published"]
    made = [where for where in record.places if where.role == "created"]
    rights = name_of(record.rights.names, language) or (record.rights.uri if record.rights.is_link else "")
    return Reference(
        key=record.pid,
        kind=record.kind,
        template=record.template,
        title=one_line(title.value) or record.pid,
        title_lang=title.lang,
        address=record.lasting or record.address,
        archive=one_line(record.library),
        genre=_capital(_named(record.genre, language)),
        other_titles=tuple(_lines(one.value for one in (*record.titles, *record.alternative_titles) if one != title)),
        creators=tuple(_names((one for one in makers if one.role in codes.CREATORS), language)),
        contributors=tuple(_names((one for one in makers if one.role not in codes.CREATORS), language)),
        publishers=tuple(_lines(name_of(one.names, language) for one in record.doers if one.role in codes.PUBLISHERS)),
        place=next(
            (_named(where.names, language) for where in (came_out if record.issued else [*came_out, *made])), ""
        ),
        dated=dated(when),
        number=one_line(record.identifier),
        isbn=next((one_line(value) for scheme, value in record.other_identifiers if scheme.lower() == "isbn"), ""),
        languages=tuple(_lines([tag for tag in record.languages if tag not in {"zxx", "und", "mul"}])),
        abstract=_named(record.descriptions, language),
        keywords=tuple(dict.fromkeys(_keywords(record, language))),
        collection=next((_named(one.names, language) for one in record.collections), ""),
        extent=_named(record.extents, language),
        rights="; ".join(_lines([rights, *in_language(record.rights.statements, language)])),
        communities=tuple(_lines(record.communities)),
        labels=tuple(_lines(mark.title.value for mark in record.marks)),
    )


def dated(when: When) -> Dated:
    """Return a date as far as programs that cite can hold it: a day, a month, a year, or the years from one to another."""
    words = one_line(when.as_written)
    edtf = one_line(when.edtf)
    start, _slash, end = edtf.partition("/")
    found, until = _EXACT.fullmatch(start), _EXACT.fullmatch(end or start)
    if found and until:
        about = bool(found[4] or until[4])
        return Dated(_parts(found), _parts(until) if end else (), is_about=about, edtf=edtf, words=words)
    earliest, latest = codes.years(when)
    if earliest is None and latest is None:
        return Dated(words=words, edtf=edtf)
    if earliest == latest:
        return Dated((earliest or 0,), is_about=True, edtf=edtf, words=words)
    return Dated(
        () if earliest is None else (earliest,), () if latest is None else (latest,),
        is_about=True, edtf=edtf, words=words,
    )  # fmt: skip


def _parts(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in found.groups()[:3] if one)


def _named(values: tuple[Text, ...], language: str) -> str:
    return one_line(name_of(values, language))


def _capital(value: str) -> str:
    return value[:1].upper() + value[1:]


def _names(doers: Iterator[Doer], language: str) -> Iterator[Name]:
    for doer in doers:
        if name := _named(doer.names, language):
            yield Name(name, doer.role, one_line(doer.part), is_body=doer.kind == "body")


def _lines(values: Iterator[str] | tuple[str, ...] | list[str]) -> Iterator[str]:
    for value in values:
        if line := one_line(value):
            yield line


def _keywords(record: Record, language: str) -> Iterator[str]:
    for heading in (*record.peoples, *record.subjects):
        if name := _named(heading.names, language):
            yield name
    for where in record.places:
        if name := _named(where.names, language):
            yield name
