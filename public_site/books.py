"""A book read chapter by chapter: its contents, the chapter on view, and a search in all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive import derived_names
from archive.derived_contents import Passage, Reading
from public_site.chapters import placed
from public_site.outlines import Entry, contents_of
from public_site.renditions import Rendition

ReadJson = Callable[[str, str], object]


@dataclass(frozen=True)
class Step:
    """A place in a book that one can turn to: a chapter and a part of it, both from 1."""

    chapter: int
    part: int


@dataclass(frozen=True)
class Chapter:
    """The part of a chapter that is being read; long chapters are cut into parts that a slow line can carry.

    `html` is the whole chapter with its structure and pictures, instead of the text, where it is short enough. `at` and `of` tell how
    far in the book it is.
    """

    number: int
    label: str
    text: str
    part: int
    parts: int
    at: int
    of: int
    html: str = ""


@dataclass(frozen=True)
class Book:
    """A book's table of contents, and the chapter being read (None: the cover and the contents are shown)."""

    contents: tuple[Entry, ...]
    reading: Chapter | None = None
    previous: Step | None = None
    next: Step | None = None


def book_of(
    made: Mapping[str, Rendition], chapter: int, part: int, read_json: ReadJson, reading: Reading
) -> Book:  # fmt: skip
    """Return the contents of a book, with the text of the chapter that is asked for (0: none)."""
    chapters: dict[int, Passage] = {}
    for passage in reading.passages:
        if passage.parts:
            chapters.setdefault(passage.number, passage)
    outline = read_json("outline", derived_names.OUTLINE) if "outline" in made else None
    contents = tuple(contents_of(outline, frozenset(chapters)))
    if not any(entry.number for entry in contents):
        contents = tuple(Entry(passage.label, number, 0) for number, passage in chapters.items())
    if chapter not in chapters:
        return Book(contents=contents)
    html = reading.chapter(chapter) if "chapters" in made else ""
    numbers = list(chapters)
    at = numbers.index(chapter)
    open_at = chapters[chapter]
    # A chapter in HTML is one part, however many its plain text is cut into.
    parts = {number: len(one.parts) for number, one in chapters.items()} | ({chapter: 1} if html else {})
    part = min(max(part, 1), parts[chapter])
    previous = following = None
    if part > 1:
        previous = Step(chapter, part - 1)
    elif at:
        previous = Step(numbers[at - 1], 1 if html else parts[numbers[at - 1]])
    if part < parts[chapter]:
        following = Step(chapter, part + 1)
    elif at + 1 < len(numbers):
        following = Step(numbers[at + 1], 1)
    shown = Chapter(
        number=chapter,
        label=open_at.label,
        text="" if html else reading.text(open_at.parts[part - 1]),
        part=part,
        parts=parts[chapter],
        at=at + 1,
        of=len(numbers),
        html=placed(html, made["chapters"].outputs[0].file) if html else "",
    )
    return Book(contents=contents, reading=shown, previous=previous, next=following)
