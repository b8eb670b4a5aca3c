"""Which version of PDF, or which PDF/A, a file says that it follows, as its identifier in the PRONOM registry."""

import mmap
import re
from pathlib import Path

_VERSION = re.compile(rb"%PDF-([12]\.[0-9])")
_PUID = {
    b"1.0": "fmt/14", b"1.1": "fmt/15", b"1.2": "fmt/16", b"1.3": "fmt/17", b"1.4": "fmt/18", b"1.5": "fmt/19", b"1.6": "fmt/20",
    b"1.7": "fmt/276", b"2.0": "fmt/1129",
}  # fmt: skip
# PDF/A says so in its XMP, which may not be compressed (ISO 19005-1, 6.7.2): part and conformance. The claim is not checked.
_PDF_A = {
    b"1A": "fmt/95", b"1B": "fmt/354", b"2A": "fmt/476", b"2B": "fmt/477", b"2U": "fmt/478", b"3A": "fmt/479", b"3B": "fmt/480",
    b"3U": "fmt/481",
}  # fmt: skip
_PART = re.compile(rb"pdfaid:part(?:\s*=\s*[\"']|>)(\d)")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:\s*=\s*[\"']|>)([A-Za-z])")
_SEARCHED_BYTES = 64 * 1024**2
_AROUND_BYTES = 4096


def puid(path: Path, extension: str) -> str:
    """Return the identifier; empty where the head names no version that PRONOM knows."""
    with path.open("rb") as file:
        version = _VERSION.search(file.read(1024))
        archival = _archival(file.fileno())
    return archival or (_PUID.get(version[1], "") if version else "")


def _archival(descriptor: int) -> str:
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as content:
        at = content.find(b"pdfaid:part", 0, _SEARCHED_BYTES)
        if at < 0:
            return ""
        around = content[max(0, at - _AROUND_BYTES) : at + _AROUND_BYTES]
    part, conformance = _PART.search(around), _CONFORMANCE.search(around)
    return _PDF_A.get(part[1] + conformance[1].upper(), "") if part and conformance else ""
