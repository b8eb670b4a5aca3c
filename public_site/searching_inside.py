"""Looking for words inside of one document or book: what a reader without scripts gets of what Content Search tells viewers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from archive import derived_contents, derived_names
from archive.models import ItemFile
from archive.models.file import READ_BY_MACHINE
from archive.word_places import around, places, sought_in
from public_site.renditions import Rendition

PLACES_MOST = 100
QUESTION_LETTERS = 200
# Letters that are looked through for one page of HTML: three thousand pages, longer than any novel.
LETTERS_MOST = 6_000_000
# A text of fewer bytes is read in one go, a longer one part by part as far as it is searched.
WHOLE_BYTES = 2 * LETTERS_MOST


@dataclass(frozen=True)
class Place:
    """A place where the words stand: the page or chapter, the part of a chapter, and what stands around them."""

    number: int
    part: int
    before: str
    match: str
    after: str

    @property
    def fragment(self) -> str:
        """The words as a text fragment of an address: browsers that know it show them."""
        return f":~:text={quote(self.match, safe='').replace('-', '%2D')}"


@dataclass(frozen=True)
class Answer:
    """What was asked, and the first places of it in the order of the work. `is_cut`: there are more."""

    question: str
    places: tuple[Place, ...]
    is_cut: bool


def inside(file: ItemFile, question: str) -> Answer:
    """Search the pages of a document, or the chapters of a book. Of a page without text of its own what a machine read is searched.

    Reads two files of the storage for each text; of a very long one an index, and each part.
    """
    first = list(islice(_places(file, sought_in(question)), PLACES_MOST + 1))
    shown = sorted(first[:PLACES_MOST], key=lambda place: (place.number, place.part))
    return Answer(question, tuple(shown), len(first) > PLACES_MOST)


def can_search(made: Mapping[str, Rendition]) -> bool:
    """Return whether the pages of a document have words."""
    own, read = made.get("words"), made.get(READ_BY_MACHINE)
    return bool(own and own.facts.get("words", 1)) or bool(read and read.named(derived_names.WORDS))


def _places(file: ItemFile, sought: list[str]) -> Iterator[Place]:
    done: set[int] = set()
    for role in ("text", READ_BY_MACHINE) if sought else ():
        own: set[int] = set()
        for number, part, text in _parts(file, role):
            if number in done:
                continue
            own.add(number)
            words = text.split()
            for first, last in places(words, sought):
                yield Place(number, part, *around(words, first, last))
        done |= own


def _parts(file: ItemFile, role: str) -> Iterator[tuple[int, int, str]]:
    """Yield page or chapter, part from 1, and letters; of a very long text the beginning."""
    letters = 0
    for number, part, text in _all_parts(file, role):
        letters += len(text)
        if letters > LETTERS_MOST:
            return
        yield number, part, text


def _all_parts(file: ItemFile, role: str) -> Iterator[tuple[int, int, str]]:
    made = file.derivative(role)
    size_bytes = sum(int(one["size_bytes"]) for one in made.files if one["name"] == derived_names.TEXT) if made else 0
    if made is None or not size_bytes:
        return
    if size_bytes <= WHOLE_BYTES:
        yield from ((number, part + 1, text) for number, part, text in derived_contents.whole_text(made) or [])
        return
    reading = derived_contents.Reading(made, derived_contents.read_json(file, role, derived_names.TEXT_INDEX))
    for passage in reading.passages:
        for part, span in enumerate(passage.parts, 1):
            yield passage.number, part, reading.text(span)
