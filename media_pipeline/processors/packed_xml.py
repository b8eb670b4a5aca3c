"""Reads XML parts out of a ZIP that a stranger made: bounded in entries, bytes and ratio; nothing is unpacked to the disk or fetched."""

import zipfile
import zlib
from pathlib import Path

from lxml import etree

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError

_ENTRIES_AT_MOST = 20_000
_UNPACKED_BYTES_AT_MOST = 2 * 1024**3
_RATIO_AT_MOST = 200  # of all of it: the XML of an empty form of many pages packs a hundred times
_RATIO_MATTERS_ABOVE_BYTES = 64 * 1024**2
_PART_BYTES_AT_MOST = 128 * 1024**2
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    LookupError,
)


class PackedXml:
    """One open archive. Raises ProcessorError: damaged, unsafe_archive, password."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except _FAULTS as error:
            raise ProcessorError(reasons.DAMAGED, str(error)[:500]) from error
        entries = self._archive.infolist()
        unpacked = sum(one.file_size for one in entries)
        swollen = unpacked > max(path.stat().st_size, 1) * _RATIO_AT_MOST and unpacked > _RATIO_MATTERS_ABOVE_BYTES
        if len(entries) > _ENTRIES_AT_MOST or unpacked > _UNPACKED_BYTES_AT_MOST or swollen:
            raise ProcessorError(reasons.UNSAFE_ARCHIVE, f"{len(entries)} entries, {unpacked} bytes unpacked.")
        self.names = {one.filename: one for one in entries}

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of a part, None where there is none. No entity is resolved; what the headers say of sizes is not believed."""
        entry = self.names.get(name)
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise ProcessorError(reasons.PASSWORD)
        try:
            with self._archive.open(entry) as file:
                content = file.read(_PART_BYTES_AT_MOST + 1)
        except _FAULTS as error:
            raise ProcessorError(reasons.DAMAGED, f"{name}: {error}"[:500]) from error
        if len(content) > _PART_BYTES_AT_MOST:
            raise ProcessorError(reasons.UNSAFE_ARCHIVE, f"{name} is too large.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ProcessorError(reasons.DAMAGED, f"{name}: {error}"[:500]) from error
        if root is None:
            raise ProcessorError(reasons.DAMAGED, f"{name} is no XML.")
        return root
