"""A document read page by page: one page or two side by side, with their words laid over the pictures, and a search in all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive import derived_names, page_words
from archive.derived_contents import Reading
from archive.models import ItemFile
from archive.page_words import FULL, Word
from archive.word_places import Box, joined, places, sought_in
from public_site.outlines import Entry
from public_site.renditions import Output, Rendition

# Parts of the text shown beside the picture of a page; no page of a book that people print has as much.
PARTS_BESIDE_PAGE = 4
# Words laid over one page: more is no page, and the text below has it.
WORDS_OVER_PAGE = 3000
# Two words are of one run where the gap between them is less than so many heights of a line: columns stay apart.
GAP_HEIGHTS = 1.5
# How much of the height of a line lies above the feet of its letters.
ABOVE_BASELINE = 0.8

OpenText = Callable[[], Reading]


@dataclass(frozen=True)
class Run:
    """Words that stand next to each other on a line, in px of the picture: left, feet of the letters, width, and height of the line."""

    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Mark:
    """Where words that were searched for stand, in px of the picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Sheet:
    """One page on view and its text.

    `large` is its large picture where there is one besides; `read_by_machine` says that its text is a guess.
    """

    number: int
    picture: Output
    text: str
    large: Output | None = None
    read_by_machine: bool = False
    runs: tuple[Run, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """What of a document is on view: a page, or two that lie side by side; the numbers of the pages to turn to (0: none).

    `section` is the line of the contents that the first page stands under.
    """

    sheets: tuple[Sheet, ...]
    count: int
    previous: int
    next: int
    section: str = ""

    @property
    def number(self) -> int:
        return self.sheets[0].number

    @property
    def last(self) -> int:
        return self.sheets[-1].number

    @property
    def can_zoom(self) -> bool:
        """Whether it is one page, with a picture larger than the one shown."""
        return len(self.sheets) == 1 and self.sheets[0].large is not None


Pictures = Mapping[int, tuple[Output, Output | None]]


def pictures_of_pages(rendition: Rendition) -> dict[int, tuple[Output, Output | None]]:
    """Return the small picture of each page by its number, and the large one where it is another."""
    found: dict[int, list[Output]] = {}
    for place, output in enumerate(rendition.outputs, 1):
        found.setdefault(output.page or place, []).append(output)
    sized = {page: sorted(found[page], key=lambda output: output.width * output.height) for page in sorted(found)}
    return {page: (one[0], one[-1] if len(one) > 1 else None) for page, one in sized.items()}


def leaf_of(
    file: ItemFile, pages: Pictures, wanted: int, *, is_two: bool, question: str, text: Reading | None,
    contents: Sequence[Entry],
) -> Leaf:  # fmt: skip
    """Return the page that is asked for; one that is not there is the nearest. Reads its text and its words."""
    numbers = list(pages)
    first = min(range(len(numbers)), key=lambda place: abs(numbers[place] - wanted))
    after = first + 1
    if is_two:
        first, after = spread(numbers, first)
    sought = sought_in(question)
    sheets = tuple(_sheet(file, number, pages[number], text, sought) for number in numbers[first:after])
    section = ""
    for entry in contents:
        if 0 < entry.number <= numbers[first]:
            section = entry.label
    return Leaf(
        sheets=sheets,
        count=max(numbers),
        previous=numbers[first - 1] if first else 0,
        next=numbers[after] if after < len(numbers) else 0,
        section=section,
    )


def spread(numbers: Sequence[int], at: int) -> tuple[int, int]:
    """Return first and last (excluded) place of the two pages that lie side by side in an open book: an even one and the next."""
    first = at - 1 if numbers[at] % 2 and at and numbers[at - 1] == numbers[at] - 1 else at
    is_pair = numbers[first] % 2 == 0 and first + 1 < len(numbers) and numbers[first + 1] == numbers[first] + 1
    return first, first + 2 if is_pair else first + 1


def _sheet(
    file: ItemFile, number: int, pictures: tuple[Output, Output | None], text: Reading | None, sought: Sequence[str]
) -> Sheet:
    small, large = pictures
    beside, read_by_machine = page_text(text, number) if text is not None else ("", False)
    page = page_words.page(file, number) if page_words.has_words(file) else None
    words = page.words[:WORDS_OVER_PAGE] if page is not None else ()
    return Sheet(
        number=number,
        picture=small,
        text=beside,
        large=large,
        read_by_machine=read_by_machine,
        runs=tuple(runs_of(words, small.width, small.height)),
        marks=tuple(marks_of(words, sought, small.width, small.height)),
    )


def page_text(reading: Reading, number: int) -> tuple[str, bool]:
    """Return the text of one page, as far as a page of HTML takes it, and whether a machine read it: the page has none of its own."""
    for source in (reading, reading.by_machine):
        page = next((one for one in source.passages if one.number == number), None) if source else None
        if source is not None and page is not None and page.parts:
            return "\n".join(source.text(part) for part in page.parts[:PARTS_BESIDE_PAGE]), source is not reading
    return "", False


def runs_of(words: Sequence[Word], width: int, height: int) -> Iterator[Run]:
    """Yield the words of a page as few pieces of text that lie where they stand, on a picture of this size."""
    texts: list[str] = []
    boxes: list[Box] = []
    for word in words:
        if not word.boxes:
            continue
        box = word.boxes[0]
        if boxes and not _follows(boxes[-1], box, width / height if height else 1):
            yield _run(texts, boxes, width, height)
            texts, boxes = [], []
        texts.append(word.text)
        boxes.append(box)
    if boxes:
        yield _run(texts, boxes, width, height)


def _follows(before: Box, box: Box, shape: float) -> bool:
    left, top, wide, high = before
    gap = (box[0] - left - wide) * shape
    return abs(top - box[1]) < min(high, box[3]) / 2 and -high < gap < GAP_HEIGHTS * high


def _run(texts: Sequence[str], boxes: Sequence[Box], width: int, height: int) -> Run:
    left, right = min(one[0] for one in boxes), max(one[0] + one[2] for one in boxes)
    top, bottom = min(one[1] for one in boxes), max(one[1] + one[3] for one in boxes)
    high = max(1, (bottom - top) * height // FULL)
    return Run(
        text=" ".join(texts),
        x=left * width // FULL,
        y=top * height // FULL + round(high * ABOVE_BASELINE),
        width=max(1, (right - left) * width // FULL),
        height=high,
    )


def marks_of(words: Sequence[Word], sought: Sequence[str], width: int, height: int) -> Iterator[Mark]:
    """Yield where the folded words stand on a picture of this size."""
    for first, last in places([word.text for word in words], sought):
        for left, top, wide, high in joined([box for word in words[first:last] for box in word.boxes]):
            yield Mark(
                left * width // FULL,
                top * height // FULL,
                max(1, wide * width // FULL),
                max(1, high * height // FULL),
            )


def document_of(made: Mapping[str, Rendition]) -> Output | None:
    """Return the whole document as a PDF that can be taken along: of an office document, or of pages that a machine read."""
    wanted = (("pdf", derived_names.OFFICE_PDF), ("ocr", derived_names.SEARCHABLE_PDF))
    return next((found for role, name in wanted if role in made and (found := made[role].named(name))), None)
