"""What our words are in the lists of others. Plain tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from archive.crosswalks.record import Record, When

# DCMI Type Vocabulary.
DCMI_TYPES: Mapping[str, str] = {
    "image": "StillImage",
    "audio": "Sound",
    "video": "MovingImage",
    "document": "Text",
    "ebook": "Text",
}
# edm:type
EDM_TYPES: Mapping[str, str] = {
    "image": "IMAGE",
    "audio": "SOUND",
    "video": "VIDEO",
    "document": "TEXT",
    "ebook": "TEXT",
}
# MODS typeOfResource
MODS_TYPES: Mapping[str, str] = {
    "image": "still image",
    "audio": "sound recording",
    "video": "moving image",
    "document": "text",
    "ebook": "text",
}
# MARC leader 06. What a template says is nearer than the kind.
MARC_TYPES: Mapping[str, str] = {"image": "k", "audio": "i", "video": "g", "document": "a", "ebook": "a"}
MARC_TYPES_OF_TEMPLATES: Mapping[str, str] = {"map": "e", "gong_recording": "j"}
# RDA content: term, code.
RDA_CONTENTS: Mapping[str, tuple[str, str]] = {
    "a": ("text", "txt"),
    "e": ("cartographic image", "cri"),
    "g": ("two-dimensional moving image", "tdi"),
    "i": ("spoken word", "spw"),
    "j": ("performed music", "prm"),
    "k": ("still image", "sti"),
}
# Relator codes that make a creator (dc:creator, MARC 1XX); every other one is a contributor.
CREATORS = frozenset({"cre", "aut", "pht", "art", "com", "fmk", "drt", "vdg", "ivr"})
PUBLISHERS = frozenset({"pbl", "isb"})
# ISO 639-3 of the two-letter tags that occur; any other tag of three letters is one.
ISO_639_3: Mapping[str, str] = {
    "vi": "vie", "en": "eng", "fr": "fra", "lo": "lao", "km": "khm", "zh": "zho", "de": "deu", "ru": "rus", "th": "tha",
    "ja": "jpn", "la": "lat", "es": "spa", "it": "ita", "pt": "por", "ko": "kor", "sa": "san",
}  # fmt: skip
# MARC Code List for Languages (008/35-37); the languages of the highlands have a code for their family only.
MARC_LANGUAGES: Mapping[str, str] = {
    "vi": "vie", "en": "eng", "fr": "fre", "lo": "lao", "km": "khm", "zh": "chi", "de": "ger", "ru": "rus", "th": "tha",
    "ja": "jpn", "la": "lat", "es": "spa", "it": "ita", "pt": "por", "ko": "kor", "sa": "san",
    "bdq": "mkh", "ren": "mkh", "sed": "mkh", "hal": "mkh", "jeh": "mkh", "stg": "mkh", "hre": "mkh", "cua": "mkh",
    "brb": "mkh", "rmx": "mkh", "kpm": "mkh", "kxy": "mkh", "tdr": "mkh", "jra": "map", "rad": "map", "blt": "tai",
    "twh": "tai", "zxx": "zxx", "und": "und", "mul": "mul",
}  # fmt: skip

_CALENDAR = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}\Z")


def iso_639_3(tag: str) -> str:
    """Return the ISO 639-3 code of a BCP-47 tag, "und" where we know none."""
    language = tag.partition("-")[0]
    return ISO_639_3.get(language) or (language if len(language) == 3 else "und")


def marc_language(tag: str) -> str:
    """Return the code of the MARC list, "und" where we know none."""
    return MARC_LANGUAGES.get(tag.partition("-")[0], "und")


def marc_type(record: Record) -> str:
    """Return the type of record: MARC 21 leader, position 06."""
    if record.kind == "audio" and any(doer.role in {"mus", "sng"} for doer in record.doers):
        return "j"
    return MARC_TYPES_OF_TEMPLATES.get(record.template) or MARC_TYPES.get(record.kind, "a")


def calendar(when: When) -> str:
    """Return a date as calendars write it (ISO 8601: a day, month, year, or an interval of two); empty where it is not known.

    What EDTF says of doubt is lost: whoever can read it gets EDTF itself beside.
    """
    if _CALENDAR.match(when.edtf):
        return when.edtf
    first, last = when.first, when.last
    if first is None or last is None:
        known = first or last
        return f"{known.year:04}" if known else ""
    if first == last:
        return first.isoformat()
    if first.year == last.year:
        return f"{first.year:04}"
    return f"{first.year:04}/{last.year:04}"


def years(when: When) -> tuple[int | None, int | None]:
    """Return the first and the last year that a date may mean."""
    return _year(when.first), _year(when.last)


def _year(day: date | None) -> int | None:
    return None if day is None else day.year
