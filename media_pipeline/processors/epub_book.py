"""Opens EPUB books: the container, its package document, and parts by their address. Nothing is unpacked to the disk.

Source: EPUB 3.3, sections 4 (package document), 6 (container), 5.7 (reading order); for older books OPF 2.0.1.
"""

import posixpath
import zipfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, bounded_zip
from media_pipeline.processors.passages import clean

_RATIO_AT_MOST = 100  # of the whole book; deflate's limit is about 1000
PART_BYTES_AT_MOST = 64 * 1024**2
_XML_BYTES_AT_MOST = 16 * 1024**2
_BLOCK_BYTES = 256 * 1024
_CONTAINER = "META-INF/container.xml"
# Fonts are often only scrambled, which hides nothing that we read (EPUB 3.3, 6.5); anything else is copy protection.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


class Part(NamedTuple):
    """One entry of the manifest. `path` is inside the container."""

    identifier: str
    path: str
    media_type: str
    properties: str


def is_epub(path: Path) -> bool:
    """Tell whether a ZIP says that it is an EPUB, by its type entry or by a container that names a package."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[: bounded_zip.ENTRIES_AT_MOST])
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    return file.read(64).strip() == b"application/epub+zip"
            if _CONTAINER not in names:
                return False
            with archive.open(_CONTAINER) as file:
                return b"oebps-package" in file.read(_BLOCK_BYTES)
    except bounded_zip.FAULTS:
        return False


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of a document, or of as much of it as is read. Raises ProcessorError (damaged)."""
    return bounded_zip.parse_xml(content[:_XML_BYTES_AT_MOST])


def texts(element: etree._Element, path: str) -> list[str]:
    """Return the cleaned texts of the elements that a path of local names leads to."""
    return [clean("".join(one.itertext())) for one in find(element, path)]


def find(element: etree._Element, path: str) -> list[etree._Element]:
    """Return elements by a path of local names, as in `metadata/title`: books use many namespaces for one thing."""
    steps = "/".join(f"*[local-name()='{one}']" for one in path.split("/"))
    found = element.xpath(f"./{steps}")
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


class Book:
    """One open book. Raises ProcessorError: damaged, unsafe_archive, rights_locked."""

    def __init__(self, path: Path) -> None:
        self._archive = bounded_zip.open_zip(path, ratio_at_most=_RATIO_AT_MOST)
        self._names = {one.filename: one for one in self._archive.infolist()}
        self._check_protection()
        rootfiles = find(parse_xml(self.read(_CONTAINER)), "rootfiles/rootfile")
        if not rootfiles:
            raise ProcessorError(reasons.DAMAGED, "The container names no package.")
        self.package_path = posixpath.normpath(unquote(rootfiles[0].get("full-path", "")))
        self.package = parse_xml(self.read(self.package_path))
        self.parts = {one.identifier: one for one in map(self._part, find(self.package, "manifest/item"))}
        self.by_path = {one.path: one for one in self.parts.values()}

    def _check_protection(self) -> None:
        if "META-INF/rights.xml" in self._names and "META-INF/encryption.xml" in self._names:
            raise ProcessorError(reasons.RIGHTS_LOCKED)
        if "META-INF/encryption.xml" in self._names:
            methods = parse_xml(self.read("META-INF/encryption.xml")).xpath(
                "//*[local-name()='EncryptedData']/*[1]/@Algorithm"
            )
            if any(one not in _FONT_SCRAMBLING for one in methods if isinstance(methods, list)):
                raise ProcessorError(reasons.RIGHTS_LOCKED)

    def _part(self, item: etree._Element) -> Part:
        path = self.resolve(self.package_path, item.get("href", ""))
        return Part(item.get("id", ""), path, item.get("media-type", "").strip().lower(), item.get("properties", ""))

    def resolve(self, base: str, reference: str) -> str:
        """Return the path inside the container that a reference in the part `base` means; empty for one that leads
        outside.
        """
        try:
            split = urlsplit(reference)
        except ValueError:
            return ""
        if split.scheme or split.netloc:
            return ""
        if not split.path:
            return base
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), unquote(split.path)))
        return path.lstrip("/")

    def read(self, path: str, at_most: int = PART_BYTES_AT_MOST) -> bytes:
        """Return the bytes of a part; what the archive's headers say about its size is not believed."""
        entry = self._names.get(path)
        if entry is None:
            raise ProcessorError(reasons.DAMAGED, f"The book lacks {path[:200]}.")
        if entry.flag_bits & 1:
            raise ProcessorError(reasons.RIGHTS_LOCKED, "A part of the book is locked.")
        return bounded_zip.read(self._archive, entry, at_most=at_most)

    def reading_order(self) -> list[Part]:
        """Return the parts of the spine that are there, in order."""
        wanted = (self.parts.get(one.get("idref", "")) for one in find(self.package, "spine/itemref"))
        return [one for one in wanted if one is not None and one.path in self._names]

    def holds(self, path: str) -> bool:
        """Tell whether the container has a part at this path."""
        return path in self._names
