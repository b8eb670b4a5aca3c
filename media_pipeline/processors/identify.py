"""The first look at a master: what it is by its content, and its technical facts. Makes no file."""

import importlib
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.formats import BY_STREAMS, FORMATS, UNKNOWN, Format
from media_pipeline.processors import ProcessorError, Progress, Result, Settings, embedded
from media_pipeline.sniff import HEAD_BYTES, sniff

_LOOKERS = {
    "image": "look_image",
    "pdf": "look_pdf",
    "epub": "look_epub",
    "audio": "look_av",
    "video": "look_av",
    "office": "look_office",
    "text": "look_text",
    "captions": "look_text",
}
# Formats told by how they begin, with no number of their own: what cannot be read as one is none.
_WITHOUT_MAGIC = frozenset({"txt", "tga", "pcx", "fli"})
_PUIDS = {"image": "puid_image", "audio": "puid_media", "video": "puid_media", "pdf": "puid_pdf"}


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Facts: kind, extension, puid, reason (empty when the file can be shown) with detail, technical ones, and what is embedded."""
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    extension = sniff(head)
    found = FORMATS[extension] if extension else UNKNOWN
    if found.extension in ("zip", "ole"):
        found = _contained(source, found)
    elif found.extension == "tif":
        raw = importlib.import_module("media_pipeline.processors.image_raw")
        found = FORMATS[raw.raw_format(source) or "tif"]
    reason = detail = ""
    technical: dict[str, object] = {}
    if found.kind in _LOOKERS:
        # Each kind has its own libraries: only one set of them is loaded.
        looker = importlib.import_module(f"media_pipeline.processors.{_LOOKERS[found.kind]}")
        try:
            technical = looker.look(source, found.extension, settings)
        except ProcessorError as error:
            reason, detail = error.code, error.detail
        found = _by_streams(found, technical)
        if found.extension in _WITHOUT_MAGIC and reason == reasons.DAMAGED:
            found, reason = UNKNOWN, reasons.UNSUPPORTED  # it only begins like one
    else:
        reason = reasons.UNSUPPORTED
    facts: dict[str, object] = {
        "kind": found.kind,
        "extension": found.extension,
        "puid": technical.pop("puid", None) or _puid(source, found),
        "reason": reason,
        "detail": detail,
        "technical": technical,
        "embedded": embedded.read(source, found.extension),
    }
    return Result([], facts)


def _puid(source: Path, found: Format) -> str:
    if found.kind not in _PUIDS:
        return found.puid
    known: str = importlib.import_module(f"media_pipeline.processors.{_PUIDS[found.kind]}").puid(
        source, found.extension
    )
    return known


def _contained(source: Path, found: Format) -> Format:
    """A ZIP is an EPUB when it says so anywhere, even where its first entry is not the one that the format asks for.

    Else it may be an office document, as an OLE2 file may.
    """
    if found.extension == "zip":
        epub = importlib.import_module("media_pipeline.processors.epub_book")
        if epub.is_epub(source):
            return FORMATS["epub"]
    office = importlib.import_module("media_pipeline.processors.look_office")
    return FORMATS[office.contained(source, found.extension).extension or found.extension]


def _by_streams(found: Format, technical: dict[str, object]) -> Format:
    """A container is sound or film by what it holds."""
    has_video = technical.get("has_video")
    if has_video is None:
        return found
    if has_video is False and technical.get("audio_codec") == "opus" and found.extension == "ogg":
        return FORMATS["opus"]
    better = FORMATS[BY_STREAMS.get((found.extension, bool(has_video)), found.extension)]
    return better._replace(kind="video" if has_video else "audio")
