"""What a file's place on the page is made of, when somebody made the file to be a burden."""

from __future__ import annotations

import pytest

from public_site import stages
from public_site.renditions import Rendition
from public_site.stages import Asked

pytestmark = pytest.mark.pure


class Counted(dict[str, object]):
    """A passage that counts how often it is looked at."""

    looks = 0

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]  # as a passage is read
        Counted.looks += 1
        return super().get(key, default)


def test_a_book_of_very_many_chapters_is_gone_through_a_few_times_and_not_once_for_each_chapter() -> None:
    chapters = 2000
    text = [Counted(number=number, label=str(number), text=f"text {number}") for number in range(1, chapters + 1)]

    book = stages.book_of({"text": Rendition("text", ())}, Asked(chapter=1500), lambda _role, _name: text)

    assert book.reading is not None
    assert book.previous is not None
    assert book.next is not None
    assert (book.reading.text, book.previous.chapter, book.next.chapter) == ("text 1500", 1499, 1501)
    assert Counted.looks < 20 * chapters
