"""Words of PDF pages with their places, outlines, and the pictures of pages in two sizes."""

import json
from pathlib import Path

import pikepdf
import pytest
import pyvips

from media_pipeline.processors import pdf_outline, pdf_text, pdf_words
from media_pipeline.processors.page_pictures import write_page
from media_pipeline.processors.pdf_letters import plain
from media_pipeline.processors.scan_pdf import ScanPdf
from media_pipeline.processors.word_boxes import Box, Line, Word, WordPages
from media_pipeline.recipes.documents import PDF_OUTLINE, PDF_PAGES, PDF_TEXT, PDF_WORDS

pytestmark = pytest.mark.pure

GONG: Line = [Word("Cồng", (Box(1000, 1000, 2000, 1200),)), Word("chiêng", (Box(2200, 1000, 3600, 1200),))]
HOUSE: Line = [Word("nhà", (Box(1000, 8000, 2000, 8200),)), Word("rông", (Box(2200, 8000, 3600, 8200),))]


@pytest.fixture(scope="session")
def paper() -> bytes:
    jpeg: bytes = (pyvips.Image.black(60, 80) + 255).cast("uchar").copy(interpretation="b-w").jpegsave_buffer()
    return jpeg


def document(path: Path, paper: bytes, pages: list[list[Line]]) -> Path:
    made = ScanPdf(path)
    for lines in pages:
        made.add(paper, (60, 80), (600.0, 800.0), lines, grey=True)
    made.close()
    return path


def words_of(source: Path, out: Path) -> dict[int, list[list[list[object]]]]:
    """Read the words of each page by itself, as a door does."""
    pdf_words.run(source, out, PDF_WORDS.settings, lambda percent: None)
    content = (out / "words.json").read_bytes()
    assert isinstance(json.loads(content), list)
    index = json.loads((out / "words-index.json").read_text())
    return {one["number"]: json.loads(content[one["part"][0] : sum(one["part"])]) for one in index}


def near(found: list[object], text: str, *place: int) -> bool:
    numbers = [int(str(one)) for one in found[1:]]
    return found[0] == text and all(abs(one - other) <= 30 for one, other in zip(numbers, place, strict=True))


def test_words_of_each_page_are_read_alone_with_their_places(tmp_path: Path, paper: bytes) -> None:
    found = words_of(document(tmp_path / "a.pdf", paper, [[GONG, HOUSE], [], [HOUSE]]), tmp_path)

    assert sorted(found) == [1, 3]
    assert [[word[0] for word in line] for line in found[1]] == [["Cồng", "chiêng"], ["nhà", "rông"]]
    assert near(found[1][0][0], "Cồng", 1000, 1000, 1000, 200)
    assert near(found[3][0][1], "rông", 2200, 8000, 1400, 200)


@pytest.mark.parametrize(
    ("turn", "place"),
    [(90, (8800, 1000, 200, 1000)), (180, (8000, 8800, 1000, 200)), (270, (1000, 8000, 200, 1000))],
)
def test_words_of_a_turned_page_lie_where_they_are_seen(
    turn: int, place: tuple[int, ...], tmp_path: Path, paper: bytes
) -> None:
    source = document(tmp_path / "a.pdf", paper, [[GONG]])
    with pikepdf.open(source, allow_overwriting_input=True) as turned:
        turned.pages[0].rotate(turn, relative=False)
        turned.save(source)

    found = words_of(source, tmp_path)[1]
    (gong,) = [word for word in found[0] if word[0] == "Cồng"]
    assert near(gong, "Cồng", *place)


def test_what_a_crop_box_hides_is_neither_word_nor_text(tmp_path: Path, paper: bytes) -> None:
    source = document(tmp_path / "a.pdf", paper, [[GONG, HOUSE]])
    with pikepdf.open(source, allow_overwriting_input=True) as cropped:
        cropped.pages[0].CropBox = pikepdf.Array([0, 400, 600, 800])  # the upper half
        cropped.save(source)

    found = words_of(source, tmp_path)[1]
    pdf_text.run(source, tmp_path, PDF_TEXT.settings, lambda percent: None)

    assert [[word[0] for word in line] for line in found] == [["Cồng", "chiêng"]]
    assert near(found[0][0], "Cồng", 1000, 2000, 1000, 400)
    assert json.loads((tmp_path / "text.json").read_text())[0]["text"] == "Cồng chiêng"


def test_ligatures_are_letters_and_words_parted_by_a_line_end_are_whole() -> None:
    assert plain("o\ufb03ce \ufefb") == "office \u0644\u0627"
    assert plain("soft\xad\r\nhyphen, com\x02bine") == "softhyphen, combine"


def test_a_word_in_two_places_keeps_both_and_words_beyond_the_bound_are_left_out(tmp_path: Path) -> None:
    pages = WordPages(3)
    pages.add(
        1, [[Word("hai", (Box(9000, 0, 9900, 100), Box(0, 200, 500, 300)))], [Word("ba", (Box(0, 400, 5, 500),))]]
    )
    pages.add(2, [[Word("bốn", (Box(0, 0, 1, 1),)), Word("năm", (Box(0, 0, 1, 1),))]])

    pages.write(tmp_path)

    assert json.loads((tmp_path / "words.json").read_text()) == [
        [[["hai", 9000, 0, 900, 100, 0, 200, 500, 100]], [["ba", 0, 400, 5, 100]]]
    ]
    assert pages.cut


def test_outline_leads_to_pages(tmp_path: Path, paper: bytes) -> None:
    source = document(tmp_path / "a.pdf", paper, [[], [], []])
    with pikepdf.open(source, allow_overwriting_input=True) as written:
        with written.open_outline() as outline:
            part = pikepdf.OutlineItem("Phần một", 0)
            part.children.append(pikepdf.OutlineItem("Chương hai", 2))
            outline.root += [part, pikepdf.OutlineItem("Hết", 1)]
        written.save(source)

    result = pdf_outline.run(source, tmp_path, PDF_OUTLINE.settings, lambda percent: None)
    first, last = json.loads((tmp_path / "toc.json").read_text())

    assert result.facts == {"entries": 3, "cut": False}
    assert (first["label"], first["passage"], last["label"], last["passage"]) == ("Phần một", 1, "Hết", 2)
    assert [(one["label"], one["passage"]) for one in first["children"]] == [("Chương hai", 3)]


def test_page_without_colour_is_written_in_grey_and_nothing_is_enlarged(tmp_path: Path) -> None:
    grey = pyvips.Image.black(1000, 500, bands=3).copy(interpretation="srgb")
    red = grey.linear([1, 1, 1], [200, 0, 0]).cast("uchar")

    names = [one.name for one in write_page(grey, 1, tmp_path, PDF_PAGES.settings)]
    write_page(red, 2, tmp_path, PDF_PAGES.settings)

    assert names == ["p0001.jpg", "s0001.webp"]
    found = {path.name: pyvips.Image.new_from_file(str(path)) for path in tmp_path.iterdir()}
    assert (found["p0001.jpg"].bands, found["p0002.jpg"].bands) == (1, 3)
    assert (found["p0001.jpg"].width, found["s0001.webp"].width) == (1000, 800)
