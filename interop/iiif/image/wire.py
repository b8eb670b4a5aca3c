"""info.json of IIIF Image API 3.0, section 5. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interop.iiif.image.rendering import AREA_MOST
from interop.iiif.image.request import Format, Quality
from interop.iiif.image.tiff import Level

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROFILE_LINK = '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
JSON_LD = f'application/ld+json;profile="{CONTEXT}"'
MEDIA_TYPES = {Format.JPG: "image/jpeg", Format.PNG: "image/png", Format.WEBP: "image/webp"}


def info(service: str, levels: Sequence[Level]) -> dict[str, Any]:  # Any: JSON
    """Return the description of a picture. The sizes and tiles named are those that lie ready."""
    whole = levels[0]
    return {
        "@context": CONTEXT,
        "id": service,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": whole.width,
        "height": whole.height,
        "maxArea": AREA_MOST,
        "sizes": [
            {"width": level.width, "height": level.height}
            for level in reversed(levels)
            if level.width * level.height <= AREA_MOST
        ],
        "tiles": [
            {
                "width": whole.tile_width,
                "height": whole.tile_height,
                "scaleFactors": [1 << number for number in range(len(levels))],
            }
        ],
        "preferredFormats": [Format.JPG.value],
        "extraFormats": [Format.WEBP.value],
        "extraQualities": [Quality.COLOR.value, Quality.GRAY.value, Quality.BITONAL.value],
        "extraFeatures": ["mirroring", "profileLinkHeader", "canonicalLinkHeader"],
    }
