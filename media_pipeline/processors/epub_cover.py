"""The cover of an e-book in several sizes. A book without one gets a woven band of its own, so that shelves have no
holes.
"""

import hashlib
from pathlib import Path

import pyvips
from lxml import etree

from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.epub_book import Book, find, parse_xml, texts
from media_pipeline.processors.image_open import open_shrunk
from media_pipeline.processors.image_sizes import write_sizes

_COVER_PATHS_AT_MOST = 12
_SMALLEST_COVER_PX = 50
# Indigo, black, red, ochre, undyed cotton: the colours of highland weaving.
_INK, _THREADS = (31, 41, 74), ((22, 20, 22), (158, 43, 37), (196, 138, 52), (233, 225, 207))
_WIDTH, _HEIGHT, _STITCH = 64, 96, 2


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write one WebP for each edge of `long_edges_px`. Facts: drawn, true when the book had no cover to show."""
    book = Book(source)
    edge = int(str(settings["long_edges_px"]).split(",", 1)[0])
    for path in _candidates(book)[:_COVER_PATHS_AT_MOST]:
        image = _picture(book, path, edge, int(settings["pixels_at_most"]))
        if image is not None:
            return Result(write_sizes(image, out, settings), {"drawn": False})
    progress(50)
    return Result(
        write_sizes(draw("".join(texts(book.package, "metadata/title")), edge), out, settings), {"drawn": True}
    )


def _candidates(book: Book) -> list[str]:
    """Paths of pictures, the likeliest first: declared (EPUB 3, then 2), named in the guide, then those of the first
    pages.
    """
    found = [one.path for one in book.parts.values() if "cover-image" in one.properties.split()]
    for meta in find(book.package, "metadata/meta"):
        if meta.get("name") == "cover" and (part := book.parts.get(meta.get("content", ""))):
            found.append(part.path)
    pages = [
        book.resolve(book.package_path, one.get("href", ""))
        for one in find(book.package, "guide/reference")
        if one.get("type") == "cover"
    ]
    pages += [one.path for one in book.reading_order()[:2]]
    for page in pages:
        if page and book.holds(page):
            found += _pictures_of(book, page)
    return [one for one in dict.fromkeys(found) if one and book.holds(one)]


def _pictures_of(book: Book, page: str) -> list[str]:
    part = book.by_path.get(page)
    if part is not None and part.media_type.startswith("image/"):
        return [page]
    try:
        root = parse_xml(book.read(page))
    except ProcessorError:
        return []
    paths = []
    for one in root.iter(etree.Element):
        name = etree.QName(one).localname
        if name in ("img", "image"):
            reference = one.get("src") or one.get("href") or one.get("{http://www.w3.org/1999/xlink}href")
            paths.append(book.resolve(page, reference) if reference else "")
    return paths


def _picture(book: Book, path: str, edge: int, pixels_at_most: int) -> pyvips.Image | None:
    """Return a picture of the book, None for one that cannot be shown (SVG, damaged) or is only an ornament."""
    file = Path.cwd() / "tmp" / "cover"
    try:
        file.write_bytes(book.read(path))
        image = open_shrunk(file, edge, pixels_at_most=pixels_at_most)
    except ProcessorError:
        return None
    return image if min(image.width, image.height) >= _SMALLEST_COVER_PX else None


def draw(title: str, edge: int) -> pyvips.Image:
    """Return a cover with bands of stitches that follow from the title, always the same for the same title."""
    seed = hashlib.sha256(title.encode()).digest()
    rows = []
    for row in range(_HEIGHT // _STITCH):
        band = row // 6
        for_band = seed[band % len(seed)]
        plain = band % 3 == 1
        line = b""
        for column in range(_WIDTH // _STITCH):
            step = abs((column + for_band) % 12 - 6)
            on = not plain and (step + row % 6) % (2 + for_band % 3) == 0
            colour = _THREADS[(for_band + step // 3) % len(_THREADS)] if on else _INK
            line += bytes(colour) * _STITCH
        rows += [line] * _STITCH
    image = pyvips.Image.new_from_memory(b"".join(rows), _WIDTH, _HEIGHT, 3, "uchar").copy(interpretation="srgb")
    return image.resize(edge / _HEIGHT, kernel="nearest").copy_memory()
