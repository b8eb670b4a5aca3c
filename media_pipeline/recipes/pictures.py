"""What is made of still pictures."""

from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe, Scalar

# 300 megapixels in four 8-bit bands are 1.2 GB: within the address space, and more than any flat scanner of a library
# gives.
PIXELS_AT_MOST = 300_000_000
# The pictures of a page of a document, whatever it came in as.
PAGE_SIZES: dict[str, Scalar] = {
    "long_edge_px": 1600,
    "jpeg_quality": 78,
    "small_edge_px": 800,
    "small_webp_quality": 75,
    "webp_effort": 2,
}

THUMBNAIL = Recipe(
    role="thumbnail",
    version=2,
    processor="image_thumbnail",
    lane="quick",
    kinds=frozenset({"image"}),
    settings={
        "long_edges_px": "1280,480,160",
        "webp_quality": 80,
        "webp_effort": 2,
        "pixels_at_most": PIXELS_AT_MOST,
    },
    limits=Limits(cpu_s=90, wall_s=240, file_bytes=64 * MEBIBYTE, output_bytes=64 * MEBIBYTE),
)
PYRAMID = Recipe(
    role="pyramid",
    version=2,
    processor="image_pyramid",
    lane="heavy",
    kinds=frozenset({"image"}),
    settings={"tile_size_px": 512, "jpeg_quality": 82, "pixels_at_most": PIXELS_AT_MOST},
    limits=Limits(cpu_s=240, wall_s=900, file_bytes=2048 * MEBIBYTE, output_bytes=3072 * MEBIBYTE),
)
PAGES = Recipe(
    role="pages",
    version=2,
    processor="image_pages",
    lane="heavy",
    kinds=frozenset({"image"}),
    settings={**PAGE_SIZES, "pages_at_most": 3000, "pixels_at_most": PIXELS_AT_MOST},
    limits=Limits(cpu_s=120, wall_s=600, file_bytes=64 * MEBIBYTE, output_bytes=2048 * MEBIBYTE, output_files=6000),
)

RECIPES = (THUMBNAIL, PYRAMID, PAGES)
