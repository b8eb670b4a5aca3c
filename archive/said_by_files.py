"""What files say of themselves, sorted to the fields of a description that it could fill. Pure: plain values in, plain values out.

Nothing of it enters a description by itself: a camera's clock is wrong, a title is "Document1", an author is whoever bought the computer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Field = Literal[
    "titles",
    "creators",
    "date_as_written",
    "descriptions",
    "rights_statements",
    "rights_holders",
    "languages",
    "places",
    "position",
]

# For each field the names under which standards keep it, as `media_pipeline.processors.embedded` gives them: "source/name".
_NAMES: Mapping[Field, tuple[str, ...]] = {
    "titles": (
        "EXIF/ImageTitle", "EXIF/XPTitle", "XMP/dc:title", "XMP/photoshop:Headline", "IPTC/ObjectName", "IPTC/Headline", "PNG/Title",
        "ID3/TIT2", "ID3v1/Title", "Vorbis/TITLE", "RIFF/INAM", "AIFF/NAME", "MP4/title", "Matroska/title", "ASF/title", "PDF/Title",
        "EPUB/dc:title", "OOXML/title", "ODF/title",
    ),
    "creators": (
        "EXIF/Artist", "EXIF/Photographer", "EXIF/XPAuthor", "XMP/dc:creator", "IPTC/By-line", "PNG/Author", "ID3/TPE1", "ID3/TCOM",
        "ID3v1/Artist", "Vorbis/ARTIST", "Vorbis/PERFORMER", "Vorbis/COMPOSER", "RIFF/IART", "AIFF/AUTH", "BWF/Originator", "MP4/artist",
        "MP4/author", "MP4/composer", "Matroska/artist", "ASF/artist", "PDF/Author", "EPUB/dc:creator", "EPUB/dc:contributor",
        "OOXML/creator", "ODF/initial-creator", "ODF/creator",
    ),
    "date_as_written": (
        "EXIF/DateTimeOriginal", "EXIF/DateTimeDigitized", "XMP/photoshop:DateCreated", "XMP/xmp:CreateDate", "XMP/dc:date",
        "IPTC/DateCreated", "PNG/Creation Time", "ID3/TDRC", "ID3/TDOR", "ID3/TYER", "ID3v1/Year", "Vorbis/DATE", "RIFF/ICRD",
        "BWF/OriginationDate", "MP4/date", "MP4/creation_time", "Matroska/date", "Matroska/DATE_RECORDED", "ASF/date", "ASF/WM/Year",
        "PDF/CreationDate", "EPUB/dc:date", "OOXML/created", "ODF/creation-date",
    ),
    "descriptions": (
        "EXIF/ImageDescription", "EXIF/UserComment", "EXIF/XPComment", "EXIF/XPSubject", "XMP/dc:description", "IPTC/Caption-Abstract",
        "PNG/Description", "PNG/Comment", "JPEG/Comment", "GIF/Comment", "ID3/COMM", "ID3v1/Comment", "Vorbis/DESCRIPTION",
        "Vorbis/COMMENT", "RIFF/ICMT", "RIFF/ISBJ", "AIFF/ANNO", "BWF/Description", "MP4/description", "MP4/comment", "MP4/synopsis",
        "Matroska/COMMENT", "Matroska/comment", "ASF/comment", "PDF/Subject", "EPUB/dc:description", "OOXML/description", "OOXML/subject",
        "ODF/description", "ODF/subject",
    ),
    "rights_statements": (
        "EXIF/Copyright", "XMP/dc:rights", "XMP/xmpRights:UsageTerms", "XMP/xmpRights:WebStatement", "XMP/cc:license",
        "IPTC/CopyrightNotice", "PNG/Copyright", "ID3/TCOP", "ID3/WCOP", "Vorbis/COPYRIGHT", "Vorbis/LICENSE", "RIFF/ICOP", "AIFF/(c)",
        "MP4/copyright", "Matroska/COPYRIGHT", "ASF/copyright", "EPUB/dc:rights",
    ),
    "rights_holders": ("XMP/photoshop:Credit", "XMP/xmpRights:Owner", "XMP/plus:ImageCreator", "IPTC/Credit", "IPTC/Source"),
    "languages": (
        "XMP/dc:language", "IPTC/LanguageIdentifier", "ID3/TLAN", "Vorbis/LANGUAGE", "RIFF/ILNG", "MP4/language", "Matroska/language",
        "EPUB/dc:language", "OOXML/language", "ODF/language",
    ),
    "places": (
        "XMP/Iptc4xmpCore:Location", "XMP/photoshop:City", "XMP/photoshop:State", "XMP/photoshop:Country", "IPTC/Sub-location",
        "IPTC/City", "IPTC/Province-State", "IPTC/Country-PrimaryLocationName", "Vorbis/LOCATION",
    ),
    "position": (
        "EXIF/GPSPosition", "EXIF/GPSAltitude", "XMP/exif:GPSLatitude", "XMP/exif:GPSLongitude", "MP4/location",
        "MP4/com.apple.quicktime.location.ISO6709", "MP4/location-eng", "Matroska/LOCATION",
    ),
}  # fmt: skip
_FIELDS: Mapping[str, Field] = {name: field for field, names in _NAMES.items() for name in names}
FIELDS: tuple[Field, ...] = tuple(_NAMES)
# What programs write where nobody wrote anything.
_EMPTY_WORDS = re.compile(
    r"(untitled|unknown|none|null|no name|owner|user|admin|administrator|microsoft word - .*|document\s?\d*|track \d+"
    r"|olympus digital camera|samsung csc|sony dsc|default|photoshop|scan\d*)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:D:)?(\d{4})(?:[-:./]?(\d{2})(?:[-:./]?(\d{2}))?)?(?:[T ,].*|Z.*|\d{2}.*|[+-].*)?$")
# Three letters of ISO 639-2, as recordings and films have them, for the languages that have a tag of two.
_TWO_LETTERS = {
    "vie": "vi",
    "eng": "en",
    "fre": "fr",
    "fra": "fr",
    "chi": "zh",
    "zho": "zh",
    "rus": "ru",
    "lao": "lo",
    "khm": "km",
}
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)


@dataclass(frozen=True)
class Proposal:
    """One value that a file says. `use` is what the field would be filled with; `said` the file's own words; `source` a standard's name."""

    field: Field
    use: str
    said: str
    source: str


def proposals(embedded: Iterable[Mapping[str, str]]) -> list[Proposal]:
    """Return what could fill a field, by field in the order of `FIELDS`; each value once, under the source that says it first."""
    found: dict[tuple[Field, str], Proposal] = {}
    for one in _sorted(embedded):
        found.setdefault((one.field, one.use.casefold()), one)
    return sorted(found.values(), key=lambda one: FIELDS.index(one.field))


def _sorted(embedded: Iterable[Mapping[str, str]]) -> Iterator[Proposal]:
    for entry in embedded:
        source, name, said = entry.get("source", ""), entry.get("name", ""), entry.get("value", "").strip()
        field = _FIELDS.get(f"{source}/{name}")
        use = _usable(field, said) if field else ""
        if field and use:
            yield Proposal(field, use, said, source)


def _usable(field: Field, said: str) -> str:
    if _EMPTY_WORDS.fullmatch(said):
        return ""
    if field == "date_as_written":
        return _date(said)
    if field == "languages":
        tag = _TWO_LETTERS.get(said.lower(), said)
        return tag if _TAG.fullmatch(tag) and tag != "und" else ""
    return said


def _date(said: str) -> str:
    """The day, month or year as people write it here: 16/3/1975. Times of day are of the camera's clock, and left out."""
    found = _DATE.match(said)
    if not found:
        return ""
    year, month, day = (int(part) if part else 0 for part in found.groups())
    # Clocks that were never set begin at the epoch of their makers.
    if (
        not 1800 <= year <= 2200
        or month > 12
        or day > 31
        or (year, month, day) in {(1970, 1, 1), (1904, 1, 1), (1980, 1, 1), (2000, 1, 1)}
    ):
        return ""
    return f"{day}/{month}/{year}" if month and day else f"{month}/{year}" if month else str(year)
