"""What a document says of itself: the information dictionary and XMP of a PDF, the package of an EPUB, the properties of office documents.

Sources: ISO 32000-1, 14.3; EPUB 3.3, 5.5; ECMA-376 part 2, 11 (core properties); ODF 1.3 part 3, 4.3.
"""

import mmap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from media_pipeline.processors.embedded import FAULTS, Said
from media_pipeline.processors.embedded_xmp import xmp
from media_pipeline.processors.epub_book import Book, find, parse_xml
from media_pipeline.processors.pdf_open import open_pdf

_XMP_BYTES_AT_MOST = 1024**2
_SEARCHED_BYTES = 64 * 1024**2
_PART_BYTES_AT_MOST = 256 * 1024
_INFO = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
_EPUB = (
    "title",
    "creator",
    "contributor",
    "date",
    "publisher",
    "rights",
    "description",
    "language",
    "identifier",
    "subject",
    "source",
)
_OFFICE = {"docProps/core.xml": "OOXML", "meta.xml": "ODF"}
_ELEMENTS_AT_MOST = 100


def read(source: Path, extension: str) -> Iterator[Said]:
    """Yield what the document says, in its order."""
    if extension == "pdf":
        yield from _pdf(source)
    elif extension == "epub":
        yield from _epub(source)
    else:
        yield from _office(source)


def _pdf(source: Path) -> Iterator[Said]:
    document = open_pdf(source)
    for name in _INFO:
        try:
            yield Said("PDF", name, document.get_metadata_value(name))
        except (pypdfium2.PdfiumError, UnicodeDecodeError):
            continue
    try:
        yield from xmp(_packet(source))
    except FAULTS:
        return


def _packet(source: Path) -> bytes:
    """The XMP of the document: of several packets the last, since a changed PDF grows at its end. Compressed ones are not looked for."""
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = content.rfind(b"</x:xmpmeta>", max(0, len(content) - _SEARCHED_BYTES))
        start = content.rfind(b"<x:xmpmeta", max(0, end - _XMP_BYTES_AT_MOST), end) if end >= 0 else -1
        return content[start : end + len(b"</x:xmpmeta>")] if start >= 0 else b"<nothing/>"


def _epub(source: Path) -> Iterator[Said]:
    package = Book(source).package
    for name in _EPUB:
        for element in find(package, f"metadata/{name}")[:_ELEMENTS_AT_MOST]:
            yield Said("EPUB", f"dc:{name}", "".join(element.itertext()))


def _office(source: Path) -> Iterator[Said]:
    if not zipfile.is_zipfile(source):
        return
    with zipfile.ZipFile(source) as archive:
        for part, standard in _OFFICE.items():
            if part not in archive.NameToInfo:
                continue
            with archive.open(part) as file:
                content = file.read(_PART_BYTES_AT_MOST)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                continue
            for element in list(parse_xml(content).iter())[:_ELEMENTS_AT_MOST]:
                if isinstance(element.tag, str) and not len(element) and element.text:
                    yield Said(standard, element.tag.rpartition("}")[2], element.text)
