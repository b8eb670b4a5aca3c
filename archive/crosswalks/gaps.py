"""What a record lacks that partners ask for. Pure: codes, for whoever has the words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archive.crosswalks import codes, edm
from archive.crosswalks.marc import is_isbn
from archive.crosswalks.record import Record, first


class Gap(StrEnum):
    """One thing that is missing or that a partner's software cannot read."""

    NO_TITLE = "no_title"
    NO_TITLE_OF_OURS = "no_title_of_ours"
    NO_RIGHTS = "no_rights"
    RIGHTS_UNKNOWN_TO_EUROPEANA = "rights_unknown_to_europeana"
    NO_LANGUAGE = "no_language"
    UNKNOWN_LANGUAGE = "unknown_language"
    NO_DATE = "no_date"
    UNREADABLE_DATE = "unreadable_date"
    NOBODY = "nobody"
    NAME_WITHHELD = "name_withheld"
    NO_DESCRIPTION = "no_description"
    NO_SUBJECT = "no_subject"
    NO_PLACE = "no_place"
    NO_FILE = "no_file"
    NO_PICTURE = "no_picture"
    CLOSED_FILES = "closed_files"
    BAD_ISBN = "bad_isbn"


def gaps(record: Record) -> tuple[Gap, ...]:
    """Return what is missing, the worst first."""
    return tuple(_gaps(record))


def _gaps(record: Record) -> Iterator[Gap]:
    if not record.titles:
        yield Gap.NO_TITLE
    elif (title := first(record.titles, "vi", "en")) is None or title.lang.partition("-")[0] not in {"vi", "en"}:
        yield Gap.NO_TITLE_OF_OURS
    yield from _of_rights(record)
    if not record.languages:
        yield Gap.NO_LANGUAGE
    elif any(codes.iso_639_3(tag) == "und" for tag in record.languages if tag.partition("-")[0] != "und"):
        yield Gap.UNKNOWN_LANGUAGE
    dates = [when for when in (record.created, record.issued) if when]
    if not dates:
        yield Gap.NO_DATE
    elif not any(codes.calendar(when) for when in dates):
        yield Gap.UNREADABLE_DATE
    yield from _of_people(record)
    if not record.descriptions:
        yield Gap.NO_DESCRIPTION
    if not (record.peoples or record.subjects):
        yield Gap.NO_SUBJECT
    if not record.places:
        yield Gap.NO_PLACE
    yield from _of_files(record)
    numbers = [value for scheme, value in record.other_identifiers if scheme.lower() == "isbn"]
    if any(not is_isbn(value) for value in numbers):
        yield Gap.BAD_ISBN


def _of_rights(record: Record) -> Iterator[Gap]:
    if not (record.rights.uri or record.rights.statements):
        yield Gap.NO_RIGHTS
    elif edm.rights_for_europeana(record) == edm.NOT_EVALUATED:
        yield Gap.RIGHTS_UNKNOWN_TO_EUROPEANA


def _of_people(record: Record) -> Iterator[Gap]:
    if not record.doers:
        yield Gap.NOBODY
    elif any(not doer.slug for doer in record.doers):
        yield Gap.NAME_WITHHELD


def _of_files(record: Record) -> Iterator[Gap]:
    if not record.parts:
        yield Gap.NO_FILE
    elif record.kind != "audio" and not any(part.picture for part in record.parts):
        yield Gap.NO_PICTURE
    if record.has_closed_files:
        yield Gap.CLOSED_FILES
