"""Bounds of ZIP archives that strangers made: entries, bytes, and how far they swell. Nothing is unpacked to the disk."""

import zipfile
import zlib
from pathlib import Path

from lxml import etree

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError

ENTRIES_AT_MOST = 20_000
_UNPACKED_BYTES_AT_MOST = 2 * 1024**3
_RATIO_MATTERS_ABOVE_BYTES = 64 * 1024**2
# All that `zipfile` raises for what is damaged, locked, or packed in a way that it does not know.
FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, LookupError)


def open_zip(path: Path, *, ratio_at_most: int) -> zipfile.ZipFile:
    """Return an archive whose directory claims no more than is bearable. Raises ProcessorError: damaged, unsafe_archive."""
    try:
        archive = zipfile.ZipFile(path)
    except FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, str(error)[:500]) from error
    check(archive, path.stat().st_size, ratio_at_most=ratio_at_most)
    return archive


def check(archive: zipfile.ZipFile, packed_bytes: int, *, ratio_at_most: int) -> None:
    """Raise ProcessorError (unsafe_archive) for too many entries, too many bytes, or a bomb: `ratio_at_most` is of all of it."""
    entries = archive.infolist()
    unpacked = sum(one.file_size for one in entries)
    swollen = unpacked > max(packed_bytes, 1) * ratio_at_most and unpacked > _RATIO_MATTERS_ABOVE_BYTES
    if len(entries) > ENTRIES_AT_MOST or unpacked > _UNPACKED_BYTES_AT_MOST or swollen:
        raise ProcessorError(reasons.UNSAFE_ARCHIVE, f"{len(entries)} entries, {unpacked} bytes unpacked.")


def read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, at_most: int) -> bytes:
    """Return the bytes of an entry; what the headers say of its size is not believed. Raises ProcessorError: damaged, unsafe_archive."""
    name = entry.filename[:200]
    try:
        with archive.open(entry) as file:
            content = file.read(at_most + 1)
    except FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, f"{name}: {error}"[:500]) from error
    if len(content) > at_most:
        raise ProcessorError(reasons.UNSAFE_ARCHIVE, f"{name} is too large.")
    return content


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of a document. No entity is resolved, nothing is fetched, no depth without end. Raises ProcessorError (damaged)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ProcessorError(reasons.DAMAGED, str(error)[:500]) from error
    if root is None:
        raise ProcessorError(reasons.DAMAGED, "A part is no XML.")
    return root
