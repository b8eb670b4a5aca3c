"""Technical facts of a PDF."""

from pathlib import Path

import pypdfium2

from media_pipeline.processors import Settings
from media_pipeline.processors.passages import clean
from media_pipeline.processors.pdf_open import open_pdf

_PAGES_TO_MEASURE = 5000


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return page_count, pdf_version, title and page_sizes_pt: [width, height, how many], most frequent first."""
    document = open_pdf(source)
    sizes: dict[tuple[int, int], int] = {}
    for index in range(min(len(document), _PAGES_TO_MEASURE)):
        try:
            width, height = document.get_page_size(index)
        except pypdfium2.PdfiumError:
            continue
        size = (round(width), round(height))
        sizes[size] = sizes.get(size, 0) + 1
    most = sorted(sizes.items(), key=lambda one: (-one[1], one[0]))[:20]
    version = document.get_version()
    return {
        "page_count": len(document),
        "pdf_version": f"{version // 10}.{version % 10}" if version else "",
        "title": clean(document.get_metadata_value("Title"))[:500],
        "page_sizes_pt": [[width, height, count] for (width, height), count in most],
    }
