"""What is made of PDF files and e-books."""

from dataclasses import replace

from media_pipeline.recipes.pictures import PAGE_SIZES, PIXELS_AT_MOST
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
    version=2,
    processor="pdf_pages",
    lane="heavy",
    kinds=frozenset({"pdf"}),
    settings={**PAGE_SIZES, "pages_at_most": 3000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE,
        cpu_s=120,
        wall_s=600,
        file_bytes=64 * MEBIBYTE,
        output_bytes=3072 * MEBIBYTE,
        output_files=6000,
    ),
)
PDF_TEXT = Recipe(
    role="text",
    version=3,
    processor="pdf_text",
    lane="quick",
    kinds=frozenset({"pdf"}),
    settings={"pages_at_most": 10_000, "letters_at_most": 30_000_000, "part_letters_at_most": 12_000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE, cpu_s=120, wall_s=600, file_bytes=_TEXT_BYTES, output_bytes=_TEXT_BYTES
    ),
)
PDF_WORDS = Recipe(
    role="words",
    is_extra=True,
    version=1,
    processor="pdf_words",
    lane="heavy",
    kinds=frozenset({"pdf"}),
    settings={"pages_at_most": 10_000, "words_at_most": 3_000_000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE, cpu_s=120, wall_s=600, file_bytes=_TEXT_BYTES, output_bytes=2 * _TEXT_BYTES
    ),
)
PDF_OUTLINE = Recipe(
    role="outline",
    is_extra=True,
    version=1,
    processor="pdf_outline",
    lane="quick",
    kinds=frozenset({"pdf"}),
    settings={"entries_at_most": 5000},
    limits=Limits(memory_bytes=2048 * MEBIBYTE, cpu_s=30, file_bytes=16 * MEBIBYTE, output_bytes=16 * MEBIBYTE),
)
# Vietnamese alone: other languages read with its data come out as wrong Vietnamese, and two at once read worse than one.
_OCR: dict[str, Scalar] = {
    "language": "vie",
    "page_s": 60,
    "dots_per_inch_at_most": 200,
    "page_pixels_at_most": 12_000_000,
    "confidence_at_least_quality": 50,
    "pages_at_most": 2000,
    "letters_at_most": 30_000_000,
    "part_letters_at_most": 12_000,
    "words_at_most": 3_000_000,
    "pdf_long_edge_px": 1400,
    "pdf_full_size_pages_at_most": 200,
    "jpeg_quality": 60,
}
# A page takes one to two seconds, in hard cases many times that; the limits are for fifty, and keep the longest book within a night.
_OCR_LIMITS = Limits(
    memory_bytes=3072 * MEBIBYTE,
    cpu_s=700,
    wall_s=3600,
    file_bytes=512 * MEBIBYTE,
    output_bytes=1024 * MEBIBYTE,
)
PDF_OCR = Recipe(
    role="ocr",
    is_extra=True,
    version=1,
    processor="pdf_ocr",
    lane="heavy",
    kinds=frozenset({"pdf"}),
    settings=_OCR,
    limits=_OCR_LIMITS,
)
IMAGE_OCR = Recipe(
    role="ocr",
    is_extra=True,
    version=1,
    processor="image_ocr",
    lane="heavy",
    kinds=frozenset({"image"}),
    settings={**_OCR, "pixels_at_most": PIXELS_AT_MOST},
    limits=_OCR_LIMITS,
)
# LibreOffice leaves eighty files of settings in its folder while it works; one comes out.
OFFICE_PDF = Recipe(
    role="pdf",
    version=1,
    processor="office_pdf",
    lane="heavy",
    kinds=frozenset({"office"}),
    limits=Limits(
        memory_bytes=3072 * MEBIBYTE,
        cpu_s=180,
        wall_s=600,
        file_bytes=256 * MEBIBYTE,
        output_bytes=256 * MEBIBYTE,
        output_files=512,
    ),
)
OFFICE_TEXT = Recipe(
    role="text",
    version=1,
    processor="office_text",
    lane="quick",
    kinds=frozenset({"office"}),
    settings={"letters_at_most": 30_000_000, "part_letters_at_most": 12_000},
    limits=Limits(memory_bytes=1024 * MEBIBYTE, cpu_s=60, file_bytes=_TEXT_BYTES, output_bytes=_TEXT_BYTES),
)
PLAIN_TEXT = Recipe(
    role="text",
    version=1,
    processor="plain_text",
    lane="quick",
    kinds=frozenset({"text"}),
    settings={"letters_at_most": 30_000_000, "part_letters_at_most": 12_000},
    limits=Limits(memory_bytes=1024 * MEBIBYTE, cpu_s=60, file_bytes=_TEXT_BYTES, output_bytes=_TEXT_BYTES),
)


def _of_office(recipe: Recipe) -> Recipe:
    """Return the recipe of a PDF for the PDF that was made of an office document."""
    return replace(recipe, kinds=frozenset({"office"}), source_role=OFFICE_PDF.role)


OFFICE_THUMBNAIL, OFFICE_PAGES, OFFICE_WORDS, OFFICE_OUTLINE = map(
    _of_office, (PDF_THUMBNAIL, PDF_PAGES, PDF_WORDS, PDF_OUTLINE)
)
EPUB_CHAPTERS = Recipe(
    role="chapters",
    version=1,
    processor="epub_chapters",
    lane="quick",
    kinds=frozenset({"epub"}),
    settings={
        "long_edge_px": 1200,
        "webp_quality": 75,
        "webp_effort": 2,
        "pixels_at_most": 60_000_000,
        "pictures_at_most": 1500,
        "chapters_at_most": 1500,
    },
    limits=Limits(
        memory_bytes=3072 * MEBIBYTE,
        cpu_s=240,
        wall_s=600,
        file_bytes=64 * MEBIBYTE,
        output_bytes=512 * MEBIBYTE,
        output_files=3001,
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
    is_extra=True,
    version=1,
    processor="epub_outline",
    lane="quick",
    kinds=frozenset({"epub"}),
    settings={"entries_at_most": 5000},
    limits=Limits(memory_bytes=1024 * MEBIBYTE, cpu_s=30, file_bytes=16 * MEBIBYTE, output_bytes=16 * MEBIBYTE),
)

RECIPES = (
    PDF_THUMBNAIL,
    PDF_PAGES,
    PDF_TEXT,
    PDF_WORDS,
    PDF_OUTLINE,
    PDF_OCR,
    IMAGE_OCR,
    OFFICE_TEXT,
    OFFICE_PDF,
    OFFICE_THUMBNAIL,
    OFFICE_PAGES,
    OFFICE_WORDS,
    OFFICE_OUTLINE,
    PLAIN_TEXT,
    EPUB_THUMBNAIL,
    EPUB_TEXT,
    EPUB_OUTLINE,
    EPUB_CHAPTERS,
)
