"""From the archive to pyramids: where one lies, how its bytes are read, and what its directory says."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from archive.derived_names import PYRAMID
from archive.models import ItemFile
from interop.iiif.image.tiff import Level, NotAPyramid, Read, levels
from media_pipeline import stores

ROLE, NAME = "pyramid", PYRAMID
# A directory of a 100-megapixel picture takes about 10 KB; the addresses of many readers' pictures stay at hand.
REMEMBERED = 256


@dataclass(frozen=True)
class Pyramid:
    """One stored pyramid. `sha256` is that of the file: what was learnt of it once stays true."""

    prefix: str
    sha256: str

    def reader(self) -> Read:
        """Return the function that reads its bytes, from a folder or by ranges from S3."""
        store = stores.derivatives()

        def read(offset: int, length: int) -> bytes:
            content = b"".join(store.read_range(self.prefix, NAME, offset, length))
            if len(content) < length and offset:
                raise NotAPyramid("the file is cut short")
            return content

        return read

    def levels(self) -> tuple[Level, ...]:
        """Return its levels. Raises NotAPyramid, and what the store raises."""
        return _levels(self)


@functools.lru_cache(REMEMBERED)
def _levels(pyramid: Pyramid) -> tuple[Level, ...]:
    return levels(pyramid.reader())


def of_file(file: ItemFile) -> Pyramid | None:
    """Return the newest pyramid of a file that the viewer may see, or None."""
    made = file.derivative(ROLE)
    entry = made and next((entry for entry in made.files if entry["name"] == NAME), None)
    return Pyramid(made.prefix, entry["sha256"]) if made and entry else None
