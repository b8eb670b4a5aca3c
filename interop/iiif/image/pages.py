"""Pictures of the pages of a document as an image service of level 0: one size, which lies ready. Viewers that are given a plain picture
without a service draw it badly (Mirador 3 never brings it into view) and cannot say how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.models import ItemFile
from interop.iiif.image.wire import CONTEXT

ROLE = "pages"
_MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True)
class PagePicture:
    """The largest JPEG of one page: its name among what was made of the file, and its size in px."""

    name: str
    width: int
    height: int


def of_page(file: ItemFile, number: int) -> PagePicture | None:
    """Return the picture of a page of a file that the viewer may see, or None. No query with prefetched derivatives."""
    made = file.derivative(ROLE)
    entries = [] if made is None else [one for one in made.files if one.get("page") == number]
    sized = [one for one in entries if one.get("width") and one.get("height") and one.get("media_type") == _MEDIA_TYPE]
    if not number or not sized:
        return None
    largest = max(sized, key=lambda one: int(one["width"]))
    return PagePicture(str(largest["name"]), int(largest["width"]), int(largest["height"]))


def info(service: str, picture: PagePicture) -> dict[str, Any]:  # Any: JSON
    """Return the description of a page's picture (section 5; compliance level 0)."""
    size = {"width": picture.width, "height": picture.height}
    return {
        "@context": CONTEXT,
        "id": service,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        **size,
        "sizes": [size],
    }


def is_whole(picture: PagePicture, path: str) -> bool:
    """Return whether a path asks for the one picture that there is (section 4.7, canonical form, and `max`)."""
    sizes = (f"{picture.width},{picture.height}", "max")
    return path in {f"full/{size}/0/default.jpg" for size in sizes}
