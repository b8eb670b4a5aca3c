"""From the archive to pyramids: where one lies, how its bytes are read, and what its directory says."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from archive.derived_names import PYRAMID
from archive.models import ItemFile
from interop.iiif.image.grid import Directory
from interop.iiif.image.reading import reader
from interop.iiif.image.tiff import Read, levels
from media_pipeline import pyramid_edges

ROLE, NAME = "pyramid", PYRAMID
# A directory of a 100-megapixel picture takes about 40 KB; those of many readers' pictures stay at hand.
REMEMBERED = 256


@dataclass(frozen=True)
class Pyramid:
    """One stored pyramid. `sha256` is that of the file: what was learnt of it once stays true."""

    prefix: str
    sha256: str
    size_bytes: int

    def reader(self) -> Read:
        """Return the function that reads its bytes, from a folder or by ranges from S3."""
        return reader(self.prefix, NAME)

    def directory(self) -> Directory:
        """Return where its tiles lie. Raises NotAPyramid, and what the store raises."""
        return _directory(self)


@functools.lru_cache(REMEMBERED)
def _directory(pyramid: Pyramid) -> Directory:
    read = pyramid.reader()
    return Directory(pyramid.sha256, levels(read), pyramid_edges.places(read, pyramid.size_bytes))


def of_file(file: ItemFile) -> Pyramid | None:
    """Return the newest pyramid of a file that the viewer may see, or None."""
    made = file.derivative(ROLE)
    entry = made and next((entry for entry in made.files if entry["name"] == NAME), None)
    return Pyramid(made.prefix, entry["sha256"], int(entry["size_bytes"])) if made and entry else None
