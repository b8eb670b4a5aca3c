"""Reads XML parts out of a ZIP that a stranger made."""

from pathlib import Path

from lxml import etree

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, bounded_zip

RATIO_AT_MOST = 200  # the XML of an empty form of many pages packs a hundred times
_PART_BYTES_AT_MOST = 128 * 1024**2


class PackedXml:
    """One open archive. Raises ProcessorError: damaged, unsafe_archive, password."""

    def __init__(self, path: Path) -> None:
        self._archive = bounded_zip.open_zip(path, ratio_at_most=RATIO_AT_MOST)
        self.names = {one.filename: one for one in self._archive.infolist()}

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of a part, None where there is none."""
        entry = self.names.get(name)
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise ProcessorError(reasons.PASSWORD)
        return bounded_zip.parse_xml(bounded_zip.read(self._archive, entry, at_most=_PART_BYTES_AT_MOST))
