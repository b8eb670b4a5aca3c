"""Reading a document: its words over its pictures, a search in it, two pages side by side, its contents; and two pictures compared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive.models import ItemFile
from archive.page_words import Word
from media_pipeline.models import Kind
from public_site import beside, leaves
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.iiif.test_presentation import recording

# Words of a page with their boxes, line by line; the second line has two columns.
LINES = [
    [["Nhà", 1000, 500, 500, 100], ["rông", 1600, 500, 500, 100]],
    [["của", 1000, 700, 300, 100], ["làng", 1400, 700, 400, 100], ["riêng", 6000, 700, 500, 100]],
]
TEXT = "Nhà rông của làng riêng"
OUTLINE = [{"label": "Mở đầu", "passage": 1}, {"label": "Chương hai", "passage": 3, "children": []}]


def words_of(pages: Sequence[int]) -> list[Made]:
    """The same words on each of these pages."""
    page = json.dumps(LINES).encode()
    content, index = b"[", []
    for number in pages:
        content += b"," if index else b""
        index.append({"number": number, "words": 5, "part": [len(content), len(page)]})
        content += page
    return [
        Made("words", "words.json", content + b"]"),
        Made("words", "words-index.json", json.dumps(index).encode()),
    ]


def texts_of(texts: Sequence[tuple[int, str]]) -> list[Made]:
    """The text of pages or chapters by their numbers."""
    content, index = b"[", []
    for number, text in texts:
        letters = text.encode()
        content += b',"' if index else b'"'
        index.append({"number": number, "label": f"c{number}", "parts": [[len(content), len(letters)]]})
        content += letters + b'"'
    return [Made("text", "text.json", content + b"]"), Made("text", "index.json", json.dumps(index).encode())]


def document(folder: Path, pages: int = 5) -> ItemFile:
    """A document of so many pages of 800 by 1200 px, with words on the second and the fourth."""
    master = store_master(b"%PDF", folder, kind=Kind.PDF, media_type="application/pdf")
    pictures = [
        Made("pages", f"s{n:04}.jpg", b"x", {"width": 800, "height": 1200, "page": n}) for n in range(1, pages + 1)
    ]
    publish(
        master,
        folder,
        *pictures,
        *words_of([2, 4]),
        *texts_of([(2, TEXT), (4, TEXT)]),
        Made("outline", "toc.json", json.dumps(OUTLINE).encode()),
    )
    return add_file(make_item("Sách", kind="document"), master)


@pytest.mark.django_db
def test_words_lie_over_their_picture_and_those_searched_for_are_marked(client: Client, tmp_path: Path) -> None:
    file = document(tmp_path)

    page = client.get(f"/en/items/{file.item.pid}/?page=2&find=NHA+rong").content.decode()
    other = client.get(f"/en/items/{file.item.pid}/?page=3&find=NHA+rong").content.decode()

    assert '<svg class="words" viewBox="0 0 800 1200" aria-hidden="true">' in page
    assert '<rect x="80" y="60" width="88" height="12"/>' in page
    runs = re.findall(r'<text x="(\d+)" y="(\d+)" [^>]*textLength="(\d+)"[^>]*>([^<]*)</text>', page)
    # Two columns are two pieces: a selection of one does not run into the other.
    assert runs == [("80", "70", "88", "Nhà rông"), ("80", "94", "64", "của làng"), ("480", "94", "40", "riêng")]
    assert "style=" not in page
    assert 'class="words"' not in other
    assert "?page=3&amp;find=NHA+rong#leaf" in page


@pytest.mark.django_db
def test_a_search_in_a_document_leads_to_each_page_where_the_words_stand(client: Client, tmp_path: Path) -> None:
    file = document(tmp_path)

    found = client.get(f"/en/items/{file.item.pid}/?find=rong+cua").content.decode()
    nothing = client.get(f"/en/items/{file.item.pid}/", {"find": "<b>gùi</b>"}).content.decode()

    assert re.findall(r'href="\?page=(\d)&amp;find=rong%20cua#leaf"', found) == ["2", "4"]
    assert found.count("<mark>rông của</mark>") == 2
    assert "“rong cua”: 2 places" in found
    assert "“&lt;b&gt;gùi&lt;/b&gt;” does not stand in this work" in nothing
    assert "<mark>" not in nothing


@pytest.mark.django_db
def test_two_pages_lie_side_by_side_as_in_an_open_book(client: Client, tmp_path: Path) -> None:
    file = document(tmp_path)

    third = client.get(f"/en/items/{file.item.pid}/?page=3&two=1").content.decode()
    first = client.get(f"/en/items/{file.item.pid}/?page=1&two=1").content.decode()

    assert re.findall(r'class="leaf" src="[^"]*/s000(\d)\.jpg"', third) == ["2", "3"]
    assert re.findall(r'class="leaf" src="[^"]*/s000(\d)\.jpg"', first) == ["1"]
    assert 'rel="prev" href="?page=1&amp;two=1#leaf"' in third
    assert 'rel="next" href="?page=4&amp;two=1#leaf"' in third
    assert "Pages 2 and 3 of 5" in third


@pytest.mark.parametrize(
    ("numbers", "at", "expected"),
    [
        ([1, 2, 3, 4], 0, (0, 1)),
        ([1, 2, 3, 4], 1, (1, 3)),
        ([1, 2, 3, 4], 2, (1, 3)),
        ([1, 2, 3, 4], 3, (3, 4)),
        ([2, 4, 5], 0, (0, 1)),
        ([2, 4, 5], 2, (1, 3)),
        ([3, 4], 0, (0, 1)),
    ],
)
@pytest.mark.pure
def test_a_spread_begins_with_an_even_page(numbers: list[int], at: int, expected: tuple[int, int]) -> None:
    assert leaves.spread(numbers, at) == expected


@pytest.mark.django_db
def test_a_page_says_under_which_line_of_the_contents_it_stands(client: Client, tmp_path: Path) -> None:
    file = document(tmp_path)

    second = client.get(f"/items/{file.item.pid}/?page=2").content.decode()
    fourth = client.get(f"/items/{file.item.pid}/?page=4").content.decode()

    where = r'<span class="where">.*?<span class="quiet small">([^<]*)</span>'
    assert re.findall(where, second) == ["Mở đầu"]
    assert re.findall(where, fourth) == ["Chương hai"]
    assert 'href="?page=3#leaf">Chương hai</a>' in fourth


@pytest.mark.pure
def test_words_without_a_place_and_pages_without_a_size_are_no_trouble() -> None:
    words = [Word("một", ()), Word("hai", ((0, 0, 10, 10),))]

    assert [run.text for run in leaves.runs_of(words, 0, 0)] == ["hai"]
    assert list(leaves.marks_of(words, ["mot"], 100, 100)) == []


@pytest.mark.django_db
def test_a_search_in_a_book_leads_to_the_words_in_their_chapter(client: Client, tmp_path: Path) -> None:
    master = store_master(b"book", tmp_path, kind=Kind.EPUB, media_type="application/epub+zip")
    publish(master, tmp_path, *texts_of([(1, "Suối ở đâu"), (2, "Con nai - bên suối")]))
    file = add_file(make_item("Truyện", kind="ebook"), master)

    found = client.get(f"/en/items/{file.item.pid}/?find=nai+-+ben").content.decode()

    assert 'href="?chapter=2&amp;part=1#leaf:~:text=nai%20%2D%20b%C3%AAn"' in found
    assert "<mark>nai - bên</mark>" in found


@pytest.mark.django_db
def test_a_search_in_what_is_said_leads_to_the_second(client: Client, tmp_path: Path) -> None:
    item = make_item("Bài kể", kind="audio")
    _sound, text = recording(item, tmp_path)

    found = client.get(f"/en/items/{item.pid}/?find=HOMON").content.decode()
    nothing = client.get(f"/en/items/{item.pid}/?find=gui").content.decode()

    assert f'<a href="?transcript={text.pid}&amp;t=0#s1">0:00</a>' in found.split("data-found")[1]
    assert '<span lang="bdq">…  <mark>Hơmon</mark>  …</span>' in found
    assert "“gui” is not said in this transcript." in nothing
    assert "data-found" not in nothing


def picture(folder: Path, title: str, content: bytes, *, access: policy.Policy = policy.PUBLIC) -> ItemFile:
    master = store_master(content, folder)
    sizes = {"width": 480, "height": 320}
    publish(
        master, folder, Made("thumbnail", "480.webp", content, sizes), Made("pyramid", "pyramid.tif", content, sizes)
    )
    return add_file(make_item(title, access=access), master)


@pytest.mark.django_db
def test_a_picture_is_compared_with_one_of_another_work_by_address_or_ark(client: Client, tmp_path: Path) -> None:
    one, other = picture(tmp_path, "Trước", b"one"), picture(tmp_path, "Sau", b"two")

    for asked in (
        other.item.pid,
        f"https://example.org/en/items/{other.item.pid}/?page=1",
        f"ark:/99999/{other.item.pid}",
    ):
        page = client.get(f"/items/{one.item.pid}/", {"beside": asked}).content.decode()

        assert f'src="/files/{other.pid}/thumbnail/480.webp"' in page, asked
        assert f'data-second="/iiif/image/3/{other.pid}/info.json"' in page
        assert ">Sau</a>" in page


@pytest.mark.django_db
def test_a_picture_that_is_hidden_is_found_no_more_than_one_that_never_was(client: Client, tmp_path: Path) -> None:
    one = picture(tmp_path, "Trước", b"one")
    hidden = picture(tmp_path, "zqkín", b"two", access=policy.of(Level.REGISTERED))

    pages = [
        client.get(f"/en/items/{one.item.pid}/", {"beside": asked}).content.decode().replace(asked, "PID")
        for asked in (hidden.item.pid, hidden.pid, "0123456789b")
    ]

    assert pages[0] == pages[1] == pages[2]
    assert "No picture to compare was found there" in pages[0]
    assert "zqkín" not in pages[0]
    assert hidden.pid not in pages[0]


@pytest.mark.django_db
def test_a_work_with_a_warning_is_compared_on_its_own_page_only(client: Client, tmp_path: Path) -> None:
    one, other = picture(tmp_path, "Trước", b"one"), picture(tmp_path, "Sau", b"two")
    other.item.restriction_reasons = ["tang_le"]
    other.item.save()

    page = client.get(f"/en/items/{one.item.pid}/", {"beside": other.item.pid, "seen": "1"}).content.decode()

    assert "comes with a warning" in page
    assert f'href="/en/items/{other.item.pid}/"' in page
    assert f"/files/{other.pid}/" not in page


@pytest.mark.django_db
def test_only_a_comparison_reads_another_work_and_never_many(client: Client, tmp_path: Path) -> None:
    one = picture(tmp_path, "Trước", b"one")
    reads = []
    original = beside.queries.item

    def counted(*arguments: object) -> object:
        reads.append(arguments)
        return original(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beside.queries, "item", counted)
        client.get(f"/items/{one.item.pid}/")
        assert len(reads) == 1  # the page's own
        client.get(f"/items/{one.item.pid}/", {"beside": " ".join(f"01234567{number}" for number in range(100, 140))})
        assert len(reads) == 2 + beside.PIDS_MOST
