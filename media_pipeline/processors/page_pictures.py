"""The pictures of one page: a large one to look closely, and a small one that a phone on a weak line reads.

The large one is JPEG, which costs least. The small one is WebP: that takes as much processor time as all the rest of a page's work, once,
and saves a third of what each reader's line carries, each time. A page without colour is written in grey.
"""

from pathlib import Path

import pyvips

from media_pipeline.processors import OutputFile, Scalar, Settings
from media_pipeline.processors.image_sizes import shrink


def write_page(image: pyvips.Image, number: int, out: Path, settings: Settings) -> list[OutputFile]:
    """Write `p0001.jpg`, its longer side at most `long_edge_px`, and `s0001.webp`, at most `small_edge_px`; 0 leaves that out.

    `image` is upright 8-bit sRGB or grey, in memory. Raises pyvips.Error.
    """
    large_edge, small_edge = int(settings["long_edge_px"]), int(settings["small_edge_px"])
    large = shrink(image, large_edge) if max(image.width, image.height) > large_edge else image
    small = shrink_evenly(large, small_edge) if max(large.width, large.height) > small_edge > 0 else large
    if small_edge and small.bands == 3 and is_grey(small):
        large, small = (one.extract_band(1).copy(interpretation="b-w") for one in (large, small))
    names = (f"p{number:04}.jpg", f"s{number:04}.webp")
    large.jpegsave(str(out / names[0]), Q=int(settings["jpeg_quality"]), keep="none")
    files = [OutputFile(names[0], "image/jpeg", _facts(large, number))]
    if small_edge:
        quality, effort = int(settings["small_webp_quality"]), int(settings["webp_effort"])
        small.webpsave(str(out / names[1]), Q=quality, effort=effort, keep="none")
        files.append(OutputFile(names[1], "image/webp", _facts(small, number)))
    return files


def shrink_evenly(image: pyvips.Image, edge: int) -> pyvips.Image:
    """Return the picture with `edge` as its longer side, in memory, each pixel the mean of those that it stands for: half is quickest."""
    scale = edge / max(image.width, image.height)
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if scale == 1 / 2 and min(image.width, image.height) > 1:
        return image.shrink(2, 2).copy_memory()
    return image.resize(width / image.width, vscale=height / image.height, kernel="linear").copy_memory()


def is_grey(image: pyvips.Image) -> bool:
    """Tell whether each pixel of a picture of three bands is grey: of a page it is in the small picture where it is in the large one."""
    pixels = bytes(image.write_to_memory())
    green = pixels[1::3]
    return pixels[0::3] == green == pixels[2::3]


def _facts(image: pyvips.Image, number: int) -> dict[str, Scalar]:
    return {"width": image.width, "height": image.height, "page": number}
