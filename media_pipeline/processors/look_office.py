"""Technical facts of an office document. Its text and pages are for those who make something of it."""

import re
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.formats import FORMATS
from media_pipeline.processors import ProcessorError, Settings
from media_pipeline.processors.office_container import Contained, look_into_ole, look_into_zip

# PRONOM tells OpenDocument apart by version, and older formats of Microsoft by generation.
_BY_VERSION = {
    ("odt", "1.0"): "fmt/136",
    ("odt", "1.1"): "fmt/290",
    ("odt", "1.2"): "fmt/291",
    ("odt", "1.3"): "fmt/1756",
    ("ott", "1.0"): "fmt/136",
    ("ott", "1.1"): "fmt/290",
    ("ott", "1.2"): "fmt/291",
    ("ods", "1.0"): "fmt/137",
    ("ods", "1.1"): "fmt/294",
    ("ods", "1.2"): "fmt/295",
    ("ods", "1.3"): "fmt/1755",
    ("odp", "1.0"): "fmt/138",
    ("odp", "1.1"): "fmt/292",
    ("odp", "1.2"): "fmt/293",
    ("odp", "1.3"): "fmt/1754",
    ("odg", "1.0"): "fmt/139",
    ("odg", "1.1"): "fmt/296",
    ("odg", "1.2"): "fmt/297",
    ("odg", "1.3"): "fmt/1753",
    ("doc", "6"): "fmt/39",
    ("xls", "5"): "fmt/59",
    ("docx", "encrypted"): "fmt/494",
}
_RTF_HEAD_BYTES = 64 * 1024
_RTF = re.compile(rb"\{\\rtf?1?\s*\\")


def contained(source: Path, extension: str) -> Contained:
    """Return what a ZIP or OLE2 file is; an empty extension for what is no office document. Never raises."""
    return look_into_zip(source) if extension == "zip" else look_into_ole(source)


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return puid, and where they are known format_version and macros. Raises ProcessorError: password, unsafe_archive, damaged."""
    if extension == "rtf":
        return _rich_text(source)
    with source.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    found = look_into_zip(source) if packed else look_into_ole(source)
    facts: dict[str, object] = {"puid": _BY_VERSION.get((extension, found.version), FORMATS[extension].puid)}
    if found.reason:
        raise ProcessorError(found.reason, found.detail)
    if found.version:
        facts["format_version"] = found.version
    if found.macros:
        facts["macros"] = True
    return facts


def _rich_text(source: Path) -> dict[str, object]:
    """The generation of RTF by the control words that it brought (as PRONOM's signatures do)."""
    with source.open("rb") as file:
        head = file.read(_RTF_HEAD_BYTES)
    if not _RTF.match(head):
        raise ProcessorError(reasons.DAMAGED, "It begins as RTF and does not go on so.")
    if b"\\ansicpg" not in head:
        return {"puid": "fmt/45"}
    if b"\\stshfdbch" not in head:
        return {"puid": "fmt/50"}
    if b"\\*\\colorschememapping" in head or b"\\*\\themedata" in head:
        return {"puid": "fmt/355"}
    return {"puid": "fmt/53" if b"\\lsdstimax" in head else "fmt/52"}
