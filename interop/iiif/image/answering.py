"""From the rest of an address to bytes, for who may have them: what the view and the dispatcher before Django both answer with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from interop.iiif.image import grid, jpeg, rendering, wire
from interop.iiif.image.grid import Directory, StoredTile
from interop.iiif.image.reading import kept
from interop.iiif.image.request import ImageRequest, Picture, RequestRefused, canonical, parse
from interop.iiif.image.tiff import Read

RENDERING_VERSION = 2  # of the bytes that the same request gives; part of every validator
# A viewer asks for some hundreds of tiles; each takes about a kilobyte.
REMEMBERED = 16_384


@dataclass(frozen=True)
class Prepared:
    """A request that was read: what to cut, its canonical path without the identifier, its validator, and the tile that lies ready.

    Both headers are kept as they are sent.
    """

    request: ImageRequest
    path: str
    etag: str
    media_type: str
    stored: StoredTile | None
    type_header: tuple[str, str]
    etag_header: tuple[str, str]


@lru_cache(REMEMBERED)
def prepare(directory: Directory, rest: str) -> Prepared:
    """Return what {region}/{size}/{rotation}/{quality}.{format} asks for. Raises RequestRefused, NotAPyramid."""
    wide, high = directory.size
    picture = Picture(wide, high, rendering.AREA_MOST)
    request, stored = grid.settled(directory, _asked(picture, rest))
    path = canonical(request, picture)
    made_of = f"{RENDERING_VERSION} {directory.sha256} {path}"
    etag = f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
    media_type = wire.MEDIA_TYPES[request.format]
    return Prepared(request, path, etag, media_type, stored, ("Content-Type", media_type), ("ETag", etag))


def is_known(prepared: Prepared, if_none_match: str) -> bool:
    """Return whether an If-None-Match names these very bytes (RFC 9110, 13.1.2: compared weakly)."""
    if not if_none_match:
        return False
    return prepared.etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}


def content(directory: Directory, prepared: Prepared, read: Read) -> bytes:
    """Return the bytes of the answer. Raises Busy, NotAPyramid, and what `read` raises."""
    made = kept.get(prepared.etag)
    if made is not None:
        return made
    stored = prepared.stored
    if stored is None:
        made = rendering.render(read, directory.levels, prepared.request)
    else:
        found = read(stored.offset, stored.length)
        made = jpeg.joined(stored.head, found) if stored.head else found
    kept.put(prepared.etag, made)
    return made


def content_length(prepared: Prepared) -> int | None:
    """Return how many bytes the answer has, None where it would have to be made first."""
    if prepared.stored is not None:
        return prepared.stored.content_length
    made = kept.get(prepared.etag)
    return None if made is None else len(made)


def _asked(picture: Picture, rest: str) -> ImageRequest:
    parts = rest.split("/")
    if len(parts) != 4 or "." not in parts[3]:
        raise RequestRefused("an image is {region}/{size}/{rotation}/{quality}.{format}")
    region, size, rotation, last = parts
    quality, _dot, format_name = last.rpartition(".")
    return parse(picture, region, size, rotation, quality, format_name)
