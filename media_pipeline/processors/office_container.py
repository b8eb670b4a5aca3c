"""What a ZIP or an OLE2 file holds: which office document, whether it is locked, whether it brings macros. Nothing is unpacked to the disk.

Sources: ECMA-376 part 2 (content types), ODF 1.3 part 2 (package and its manifest), [MS-CFB] (OLE2 storage), [MS-DOC] 2.5.1,
[MS-XLS] 2.4.117.
"""

import re
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO, NamedTuple

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, bounded_zip
from media_pipeline.processors.packed_xml import RATIO_AT_MOST

_LIST_BYTES_AT_MOST = 1024**2
_HEAD_BYTES = 64 * 1024
_ODF = b"application/vnd.oasis.opendocument."
_BY_MIMETYPE = {
    _ODF + b"text": "odt",
    _ODF + b"text-template": "ott",
    _ODF + b"text-master": "odt",
    _ODF + b"spreadsheet": "ods",
    _ODF + b"spreadsheet-template": "ods",
    _ODF + b"presentation": "odp",
    _ODF + b"presentation-template": "odp",
    _ODF + b"graphics": "odg",
    _ODF + b"graphics-template": "odg",
    b"application/vnd.sun.xml.writer": "sxw",
}
_BY_CONTENT_TYPE = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.ms-word.document.macroEnabled.main+xml": "docm",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "dotx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml": "xlsm",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xltx",
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
    b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml": "pptm",
    b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": "ppsx",
    b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml": "potx",
}
_CONTENT_TYPE = re.compile(rb'ContentType\s*=\s*["\']([^"\']{1,200})["\']')
_ODF_VERSION = re.compile(rb"office:version\s*=\s*[\"'](1\.[0-9])[\"']")

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENTRY_BYTES = 128
_OLE_ENTRIES_AT_MOST = 8192
_BIFF_RECORDS_AT_MOST = 64
_BIFF_FILEPASS = 0x002F
_WORD_97 = 0x00C1  # [MS-DOC] 2.5.2: the version that Word 97 writes; before it, 0x0065 to 0x0068


class Contained(NamedTuple):
    """What was found. `extension` is empty for what is no office document; `reason` says why it cannot be read."""

    extension: str
    reason: str = ""
    detail: str = ""
    version: str = ""
    macros: bool = False


NOTHING = Contained("")


def look_into_zip(path: Path) -> Contained:
    """Return which OpenDocument or Office Open XML document a ZIP is. Never raises: a ZIP that cannot be read holds nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = _of_zip(archive)
            if found.extension:
                bounded_zip.check(archive, path.stat().st_size, ratio_at_most=RATIO_AT_MOST)
            return found
    except ProcessorError as error:
        return found._replace(reason=error.code, detail=error.detail)
    except bounded_zip.FAULTS:
        return NOTHING


def _of_zip(archive: zipfile.ZipFile) -> Contained:
    names = set(archive.namelist()[: bounded_zip.ENTRIES_AT_MOST + 1])
    if "mimetype" in names:
        extension = _BY_MIMETYPE.get(_start(archive, "mimetype", 200).strip(), "")
        return _open_document(archive, extension, names) if extension else NOTHING
    if "[Content_Types].xml" not in names:
        return NOTHING
    types = _CONTENT_TYPE.findall(_start(archive, "[Content_Types].xml", _LIST_BYTES_AT_MOST))
    extension = next((_BY_CONTENT_TYPE[one] for one in types if one in _BY_CONTENT_TYPE), "")
    return Contained(extension, macros=any(one.endswith("vbaProject.bin") for one in names)) if extension else NOTHING


def _open_document(archive: zipfile.ZipFile, extension: str, names: set[str]) -> Contained:
    manifest = (
        _start(archive, "META-INF/manifest.xml", _LIST_BYTES_AT_MOST) if "META-INF/manifest.xml" in names else b""
    )
    macros = any(one.startswith(("Basic/", "Scripts/")) and not one.endswith("/") for one in names)
    if b"encryption-data" in manifest:
        return Contained(extension, reasons.PASSWORD, macros=macros)
    version = _ODF_VERSION.search(_start(archive, "content.xml", _HEAD_BYTES)) if "content.xml" in names else None
    return Contained(extension, version=version[1].decode() if version else "", macros=macros)


def _start(archive: zipfile.ZipFile, name: str, at_most: int) -> bytes:
    """The first bytes of an entry; empty where they cannot be read. What the headers say of its size is not believed."""
    try:
        with archive.open(name) as file:
            return file.read(at_most)
    except bounded_zip.FAULTS:
        return b""


def look_into_ole(path: Path) -> Contained:
    """Return which document of Office before 2007 an OLE2 file is, or that it is a newer one under a password. Never raises."""
    try:
        with path.open("rb") as file:
            streams = _ole_streams(file)
            return _of_ole(file, streams)
    except (OSError, struct.error, IndexError, ValueError, OverflowError):
        return NOTHING


class _Stream(NamedTuple):
    offset: int
    size: int


def _ole_streams(file: BinaryIO) -> dict[str, _Stream]:
    """Names of streams with where their first sector lies; only whole sectors of the directory that the header leads to are read."""
    header = file.read(512)
    if not header.startswith(_OLE_MAGIC):
        return {}
    sector = 1 << struct.unpack_from("<H", header, 30)[0]
    if sector not in (512, 4096):
        return {}
    table = _Table(file, sector, struct.unpack_from("<109I", header, 76))
    found: dict[str, _Stream] = {}
    number = struct.unpack_from("<I", header, 48)[0]
    for _ in range(_OLE_ENTRIES_AT_MOST * _OLE_ENTRY_BYTES // sector):
        block = table.sector(number)
        for at in range(0, len(block) - _OLE_ENTRY_BYTES + 1, _OLE_ENTRY_BYTES):
            length = struct.unpack_from("<H", block, at + 64)[0]
            if block[at + 66] != 2 or not 2 <= length <= 64:  # 2: a stream
                continue
            name = block[at : at + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<I", block, at + 116)[0], struct.unpack_from("<I", block, at + 120)[0]
            found.setdefault(name, _Stream((start + 1) * sector, size))
        following = table.next(number)
        if following is None or following == number:
            break
        number = following
    return found


class _Table:
    """The chain of sectors, as far as the header itself lists its parts: 109 of them reach 7 MB of small sectors, where directories lie."""

    def __init__(self, file: BinaryIO, sector: int, parts: tuple[int, ...]) -> None:
        self._file = file
        self._sector = sector
        self._parts = parts

    def sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._sector)
        return self._file.read(self._sector)

    def next(self, number: int) -> int | None:
        entries = self._sector // 4
        part, place = divmod(number, entries)
        if part >= len(self._parts) or self._parts[part] > 0xFFFFFFFA:
            return None
        block = self.sector(self._parts[part])
        following: int = struct.unpack_from("<I", block, 4 * place)[0]
        return following if following <= 0xFFFFFFFA else None


def _of_ole(file: BinaryIO, streams: dict[str, _Stream]) -> Contained:
    macros = any(name in streams for name in ("_VBA_PROJECT", "PROJECTwm", "dir"))
    if "EncryptedPackage" in streams:
        return Contained("docx", reasons.PASSWORD, "An Office Open XML document under a password.", version="encrypted")
    if "WordDocument" in streams:
        return _word(_read(file, streams["WordDocument"], 32), macros)
    for name in ("Workbook", "Book"):
        if name in streams:
            locked = _has_file_pass(_read(file, streams[name], _HEAD_BYTES))
            return Contained(
                "xls", reasons.PASSWORD if locked else "", version="8" if name == "Workbook" else "5", macros=macros
            )
    if "PowerPoint Document" in streams:
        locked = "EncryptedSummary" in streams
        return Contained("ppt", reasons.PASSWORD if locked else "", macros=macros)
    return NOTHING


def _read(file: BinaryIO, stream: _Stream, at_most: int) -> bytes:
    """The start of a stream, as far as its sectors lie together; streams below 4096 bytes lie elsewhere and are left out."""
    if stream.size < 4096:
        return b""
    file.seek(stream.offset)
    return file.read(at_most)


def _word(start: bytes, macros: bool) -> Contained:
    if len(start) < 12:
        return Contained("doc", macros=macros)
    version, flags = struct.unpack_from("<H", start, 2)[0], struct.unpack_from("<H", start, 10)[0]
    locked = bool(flags & 0x0100)  # fEncrypted
    return Contained(
        "doc", reasons.PASSWORD if locked else "", version="97" if version >= _WORD_97 else "6", macros=macros
    )


def _has_file_pass(start: bytes) -> bool:
    at = 0
    for _ in range(_BIFF_RECORDS_AT_MOST):
        if at + 4 > len(start):
            break
        kind, length = struct.unpack_from("<HH", start, at)
        if kind == _BIFF_FILEPASS:
            return True
        at += 4 + length
    return False
