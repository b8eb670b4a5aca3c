"""From the texts of an item to hits on its canvases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from archive import companions, derived_names, page_words, transcripts
from archive.models import ItemFile
from archive.page_words import FULL, Page
from archive.word_places import around, joined, places, sought_in
from interop.iiif.presentation.values import Canvas
from interop.iiif.search.finding import Hit, Target

HITS_MOST = 200


def hits(files: Sequence[ItemFile], canvases: Sequence[Canvas], base: str, question: str) -> list[Hit]:
    """Return the first hits in the files that a viewer sees, in their order. Reads their texts page by page until there are enough."""
    sought = sought_in(question)
    if not sought:
        return []
    known = {canvas.address: canvas for canvas in canvases}
    found = chain.from_iterable(
        chain(_on_pages(file, known, base, sought), _said(file, files, known, base, sought)) for file in files
    )
    return list(islice(found, HITS_MOST))


def _on_pages(file: ItemFile, known: Mapping[str, Canvas], base: str, sought: Sequence[str]) -> Iterator[Hit]:
    for page in page_words.pages(file):
        own = known.get(f"{base}/canvas/{file.pid}/{page.number}") or known.get(f"{base}/canvas/{file.pid}")
        if own is None:
            continue
        words = [word.text for word in page.words]
        for first, last in places(words, sought):
            targets = tuple(_boxes(page, first, last, own))
            if targets:
                key = f"{file.pid}/{page.number}/{first}"
                yield Hit(key, *around(words, first, last), file.language, targets)


def _boxes(page: Page, first: int, last: int, canvas: Canvas) -> Iterator[Target]:
    """Yield a box in px for each line on which the words stand."""
    for left, top, width, height in joined([box for word in page.words[first:last] for box in word.boxes]):
        box = (
            left * canvas.width // FULL,
            top * canvas.height // FULL,
            max(1, width * canvas.width // FULL),
            max(1, height * canvas.height // FULL),
        )
        yield Target(canvas.address, box)


def _said(
    file: ItemFile, files: Sequence[ItemFile], known: Mapping[str, Canvas], base: str, sought: Sequence[str]
) -> Iterator[Hit]:
    recording = companions.recording_of(file, files) if companions.is_companion(file) else file
    canvas = None if recording is None else known.get(f"{base}/canvas/{recording.pid}")
    if canvas is None:
        return
    for segment in transcripts.of(file.derivative(derived_names.CAPTIONS)).all_segments():
        words = segment.text.split()
        start, end = segment.start_ms, segment.end_ms
        span = None if start is None or end is None else (start / 1000, end / 1000)
        for first, last in places(words, sought):
            key = f"{file.pid}/{segment.number}/{first}"
            yield Hit(key, *around(words, first, last), file.language, (Target(canvas.address, span_s=span),))
