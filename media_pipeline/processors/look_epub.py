"""Technical facts of an e-book."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Settings
from media_pipeline.processors.epub_book import Book, find, texts


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return title, languages, creators, identifier, epub_version, passages (documents read in order), fixed_layout."""
    book = Book(source)
    order = book.reading_order()
    if not order:
        raise ProcessorError(reasons.DAMAGED, "The book names nothing to read.")
    layouts = [meta for meta in find(book.package, "metadata/meta") if meta.get("property") == "rendition:layout"]
    return {
        "title": " / ".join(texts(book.package, "metadata/title"))[:500],
        "languages": [one[:35] for one in texts(book.package, "metadata/language")][:20],
        "creators": [one[:200] for one in texts(book.package, "metadata/creator")][:50],
        "identifier": next(iter(texts(book.package, "metadata/identifier")), "")[:200],
        "epub_version": book.package.get("version", "")[:10],
        "passages": len(order),
        "fixed_layout": any((one.text or "").strip() == "pre-paginated" for one in layouts),
    }
