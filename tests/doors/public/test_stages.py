"""What a file's place on the page is made of, when somebody made the file to be a burden."""

from __future__ import annotations

import pytest

from archive.derived_contents import Passage, Reading, Span
from public_site import books, leaves, stages
from public_site.renditions import Rendition
from public_site.searching_inside import QUESTION_LETTERS

pytestmark = pytest.mark.pure


class Counted(Reading):
    """A text that counts how many of its parts are read."""

    def __init__(self, chapters: int) -> None:
        self.read: list[Span] = []
        super().__init__(None, [])
        self.passages = tuple(
            Passage(number, str(number), ((number, 1), (number, 2))) for number in range(1, chapters + 1)
        )

    def text(self, part: Span) -> str:
        self.read.append(part)
        return f"text {part}"


def test_of_a_book_of_very_many_chapters_one_part_is_read() -> None:
    text = Counted(2000)

    book = books.book_of({"text": Rendition("text", ())}, 1500, 2, lambda *_name: None, text)

    assert book.reading is not None
    assert (book.reading.text, book.reading.part, book.reading.parts) == ("text (1500, 2)", 2, 2)
    assert (book.previous, book.next) == (books.Step(1500, 1), books.Step(1501, 1))
    assert text.read == [(1500, 2)]


def test_of_a_page_whose_text_is_a_burden_the_beginning_is_read() -> None:
    text = Counted(1)
    text.passages = (Passage(1, "1", tuple((1, part) for part in range(1000))),)

    shown, read_by_machine = leaves.page_text(text, 1)

    assert not read_by_machine
    assert len(shown.splitlines()) == len(text.read) == leaves.PARTS_BESIDE_PAGE


def test_what_cannot_be_meant_is_as_if_it_were_not_asked() -> None:
    asked = stages.asked_of(
        {"page": "-1", "chapter": "9" * 9, "part": "²", "two": "2", "find": "  nhà\t rông " + "x" * 999}
    )

    assert (asked.page, asked.chapter, asked.part, asked.is_two) == (0, 0, 0, False)
    assert asked.find.startswith("nhà rông x")
    assert len(asked.find) <= QUESTION_LETTERS
    assert stages.asked_of({}).keep == ""
    assert stages.asked_of({"two": "1", "find": "a&b"}).keep == "&two=1&find=a%26b"
