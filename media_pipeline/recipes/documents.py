"""What is made of PDF files and e-books."""

from media_pipeline.recipes.pictures import PIXELS_AT_MOST
from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe, Scalar

_SIZES: dict[str, Scalar] = {"long_edges_px": "1280,480,160", "webp_quality": 80, "webp_effort": 2}
_TEXT_BYTES = 128 * MEBIBYTE

PDF_THUMBNAIL = Recipe(
    role="thumbnail",
    version=1,
    processor="pdf_cover",
    lane="quick",
    kinds=frozenset({"pdf"}),
    settings=_SIZES,
    limits=Limits(memory_bytes=2048 * MEBIBYTE, cpu_s=60, file_bytes=64 * MEBIBYTE, output_bytes=64 * MEBIBYTE),
)
PDF_PAGES = Recipe(
    role="pages",
    version=1,
    processor="pdf_pages",
    lane="heavy",
    kinds=frozenset({"pdf"}),
    settings={"long_edge_px": 1600, "webp_quality": 80, "webp_effort": 2, "pages_at_most": 3000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE,
        cpu_s=120,
        wall_s=600,
        file_bytes=64 * MEBIBYTE,
        output_bytes=3072 * MEBIBYTE,
        output_files=3000,
    ),
)
PDF_TEXT = Recipe(
    role="text",
    version=2,
    processor="pdf_text",
    lane="quick",
    kinds=frozenset({"pdf"}),
    settings={"pages_at_most": 10_000, "letters_at_most": 30_000_000, "part_letters_at_most": 12_000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE, cpu_s=120, wall_s=600, file_bytes=_TEXT_BYTES, output_bytes=_TEXT_BYTES
    ),
)
EPUB_THUMBNAIL = Recipe(
    role="thumbnail",
    version=1,
    processor="epub_cover",
    lane="quick",
    kinds=frozenset({"epub"}),
    settings={**_SIZES, "pixels_at_most": PIXELS_AT_MOST},
    limits=Limits(cpu_s=60, file_bytes=256 * MEBIBYTE, output_bytes=64 * MEBIBYTE),
)
EPUB_TEXT = Recipe(
    role="text",
    version=2,
    processor="epub_text",
    lane="quick",
    kinds=frozenset({"epub"}),
    settings={"letters_at_most": 30_000_000, "part_letters_at_most": 12_000},
    limits=Limits(memory_bytes=1024 * MEBIBYTE, cpu_s=60, file_bytes=_TEXT_BYTES, output_bytes=_TEXT_BYTES),
)
EPUB_OUTLINE = Recipe(
    role="outline",
    version=1,
    processor="epub_outline",
    lane="quick",
    kinds=frozenset({"epub"}),
    settings={"entries_at_most": 5000},
    limits=Limits(memory_bytes=1024 * MEBIBYTE, cpu_s=30, file_bytes=16 * MEBIBYTE, output_bytes=16 * MEBIBYTE),
)

RECIPES = (PDF_THUMBNAIL, PDF_PAGES, PDF_TEXT, EPUB_THUMBNAIL, EPUB_TEXT, EPUB_OUTLINE)
