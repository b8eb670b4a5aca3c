"""What a file says of itself: EXIF, XMP, IPTC, ID3 and their like, as plain values with their source, for staff.

Every reader is bounded in bytes, entries, letters and depth, follows no reference, and expands no entity. What it cannot read it leaves
out: a broken tag is no reason to refuse a file.
"""

import importlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from media_pipeline.processors import ProcessorError
from media_pipeline.processors.passages import clean

ENTRIES_AT_MOST = 250
NAME_LETTERS_AT_MOST = 80
VALUE_LETTERS_AT_MOST = 2000
LETTERS_AT_MOST = 60_000

_PICTURES, _SOUND, _MEDIA, _DOCUMENTS = "embedded_picture", "embedded_sound", "embedded_film", "embedded_document"
_READERS = {
    **dict.fromkeys(("jpg", "png", "webp", "gif", "tif", "dng", "cr2", "nef", "arw", "orf", "pef", "heic"), _PICTURES),
    **dict.fromkeys(("mp3", "aac", "flac", "ogg", "opus", "ogv", "wav", "avi", "aif"), _SOUND),
    **dict.fromkeys(
        ("mp4", "m4a", "mov", "3gp", "mkv", "mka", "webm", "weba", "wma", "wmv", "flv", "caf", "mxf"), _MEDIA
    ),
    **dict.fromkeys(
        ("pdf", "epub", "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "ppsx", "potx"), _DOCUMENTS
    ),
    **dict.fromkeys(("odt", "ott", "ods", "odp", "odg"), _DOCUMENTS),
}
FAULTS = (
    ProcessorError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    zlib.error,
)


class Said(NamedTuple):
    """One value: `source` is the standard that it was written by, `name` what it calls it."""

    source: str
    name: str
    value: str


def read(source: Path, extension: str) -> list[dict[str, str]]:
    """Return what the file says, each value once, in the file's order, as {"source", "name", "value"}. Never raises on a file's account."""
    reader = _READERS.get(extension)
    if reader is None:
        return []
    module = importlib.import_module(f"media_pipeline.processors.{reader}")
    return [one._asdict() for one in bounded(_until_fault(module.read(source, extension)))]


def _until_fault(values: Iterable[Said]) -> Iterator[Said]:
    try:
        yield from values
    except FAULTS:
        return


def bounded(values: Iterable[Said]) -> list[Said]:
    """Return the values cleaned, none empty, none twice, within the bounds."""
    kept: dict[Said, None] = {}
    letters = 0
    for one in values:
        value = clean(one.value[: 2 * VALUE_LETTERS_AT_MOST])[:VALUE_LETTERS_AT_MOST].strip()
        said = Said(one.source, clean(one.name)[:NAME_LETTERS_AT_MOST], value)
        if not value or said in kept:
            continue
        letters += len(said.name) + len(value)
        if len(kept) >= ENTRIES_AT_MOST or letters > LETTERS_AT_MOST:
            break
        kept[said] = None
    return list(kept)
