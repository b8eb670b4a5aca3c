"""Small office documents, made byte by byte: a ZIP with the parts that say what it is, an OLE2 file with empty streams."""

import struct
import zipfile
from pathlib import Path

OOXML = "application/vnd.openxmlformats-officedocument."
WORD = OOXML + "wordprocessingml.document.main+xml"
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def zipped(path: Path, parts: dict[str, bytes | str]) -> Path:
    """Write a ZIP with these entries, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def office_open(path: Path, main_type: str, **parts: str) -> Path:
    """Write an Office Open XML package whose main part has this content type."""
    types = f'<Types><Override PartName="/main.xml" ContentType="{main_type}"/></Types>'
    return zipped(path, {"[Content_Types].xml": types, "main.xml": "<main/>", **parts})


def open_document(path: Path, sort: str, version: str = "1.3", manifest: str = "<manifest/>") -> Path:
    """Write an OpenDocument package of a sort, as in `text` or `spreadsheet`."""
    content = f'<office:document-content office:version="{version}"/>'
    mimetype = f"application/vnd.oasis.opendocument.{sort}"
    return zipped(path, {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})


def ole(path: Path, streams: dict[str, bytes]) -> Path:
    """Write an OLE2 file: header, one table, a directory of as many sectors as it needs, then the streams, each filled up to 4096 bytes."""
    entries = [_entry("Root Entry", 5, _END, 0)]
    directory_sectors = -(-(len(streams) + 1) // 4)
    table, content, at = [_TABLE], b"", 1 + directory_sectors
    table += [*range(2, 1 + directory_sectors), _END]
    for name, start in streams.items():
        data = start.ljust(4096, b"\x00")
        entries.append(_entry(name, 2, at, len(data)))
        table += [*range(at + 1, at + 8), _END]
        content, at = content + data, at + 8
    directory = b"".join(entries).ljust(512 * directory_sectors, b"\x00")
    table += [_FREE] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    header = header.ljust(512, b"\xff")
    path.write_bytes(header + struct.pack("<128I", *table) + directory + content)
    return path


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    letters = (name + "\x00").encode("utf-16-le")
    head = letters.ljust(64, b"\x00") + struct.pack("<HBBIII", len(letters), kind, 1, _FREE, _FREE, _FREE)
    return head.ljust(116, b"\x00") + struct.pack("<IQ", start, size)
