"""Pages that a machine reads: what is claimed, what is not, and the PDF that can be searched."""

import json
from pathlib import Path

import pypdfium2
import pytest
import pyvips

from media_pipeline import installed
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import pdf_ocr
from media_pipeline.processors.scan_pdf import ScanPdf
from media_pipeline.processors.scan_reader import Read
from media_pipeline.processors.scan_set import ScanSet
from media_pipeline.processors.word_boxes import Box, Line, Word
from media_pipeline.recipes.documents import PDF_OCR
from media_pipeline.sandbox import run_processor

pytestmark = pytest.mark.pure

LINES: list[Line] = [[Word("Đăm", (Box(1000, 1000, 2000, 1200),)), Word("Noi", (Box(2200, 1000, 2800, 1200),))]]
WORDS = ("Sử thi Đăm Noi", "được kể ở nhà rông")
needs_vietnamese = pytest.mark.skipif(not installed.tessdata(), reason="no vie.traineddata (package tesseract-ocr-vie)")


def paper(width: int = 600, height: int = 800) -> pyvips.Image:
    return (pyvips.Image.black(width, height) + 250).cast("uchar").copy(interpretation="b-w")


def printed() -> pyvips.Image:
    """A page of 200 dots per inch with two lines of print."""
    page = paper(1000, 700)
    for row, words in enumerate(WORDS):
        line = pyvips.Image.text(words, font="sans 11", dpi=200)
        page = page.insert(250 - line, 100, 100 + row * 120)
    printed_page: pyvips.Image = page.cast("uchar").copy(interpretation="b-w").copy_memory()
    return printed_page


def scan(path: Path, pages: list[tuple[pyvips.Image, list[Line]]]) -> Path:
    made = ScanPdf(path)
    for picture, lines in pages:
        size_pt = (picture.width * 72 / 200, picture.height * 72 / 200)
        made.add(picture.jpegsave_buffer(), (picture.width, picture.height), size_pt, lines, grey=True)
    made.close()
    return path


def test_words_under_a_picture_are_found_and_nothing_tells_of_its_maker(tmp_path: Path) -> None:
    source = scan(tmp_path / "a.pdf", [(paper(), LINES), (paper(), [])])

    document = pypdfium2.PdfDocument(source)
    text = document[0].get_textpage()

    assert len(document) == 2
    assert text.search("Đăm Noi").get_next() is not None
    assert document.get_metadata_dict(skip_empty=True) == {}
    assert b"/Info" not in source.read_bytes()


def test_what_the_machine_was_not_sure_of_is_no_text_and_its_page_is_named(tmp_path: Path) -> None:
    made = ScanSet(tmp_path, 3, PDF_OCR.settings)
    made.add_read(1, "i", paper(), Read(LINES, 91))
    made.add_read(2, "ii", paper(), Read(LINES, 31))
    made.add_read(3, "iii", paper(), Read([], 0, timed_out=True))

    result = made.write("Tesseract")

    assert [(one["number"], one["label"], one["text"]) for one in json.loads((tmp_path / "text.json").read_text())] == [
        (1, "i", "Đăm Noi")
    ]
    assert (result.facts["ocr"], result.facts["confidence"], result.facts["confidences"]) == ("vie", 91, {"1": 91})
    assert (result.facts["pages_doubtful"], result.facts["pages_slow"]) == ([2], [3])
    assert len(pypdfium2.PdfDocument(tmp_path / "searchable.pdf")) == 3


def test_a_document_in_which_nothing_was_read_gets_no_file(tmp_path: Path) -> None:
    made = ScanSet(tmp_path, 1, PDF_OCR.settings)
    made.add_read(1, "1", paper(), Read([], 0))

    assert made.write("Tesseract").files == []
    assert list(tmp_path.iterdir()) == []


def test_pictures_of_a_long_document_are_smaller(tmp_path: Path) -> None:
    sizes = []
    for pages in (1, 1000):
        made = ScanSet(tmp_path, pages, PDF_OCR.settings)
        made.add_read(1, "1", paper(1500, 2000), Read(LINES, 90))
        made.write("Tesseract")
        document = pypdfium2.PdfDocument(tmp_path / "searchable.pdf")
        sizes.append(next(document[0].get_objects()).get_px_size())

    assert sizes == [(1050, 1400), (675, 900)]


@pytest.mark.parametrize(
    ("turn", "place"),
    [(90, (1000, 8000, 1200, 9000)), (180, (8000, 8800, 9000, 9000)), (270, (8800, 1000, 9000, 2000))],
)
def test_places_on_a_turned_picture_are_turned_back(turn: int, place: tuple[int, ...]) -> None:
    assert Read(LINES, 90, turn=turn).lines_as_it_lies()[0][0].boxes[0] == place


def test_without_its_data_the_machine_reads_nothing_and_says_what_is_missing(tmp_path: Path) -> None:
    source = scan(tmp_path / "a.pdf", [(paper(), []), (paper(), LINES)])

    result = pdf_ocr.run(source, tmp_path, {**PDF_OCR.settings, "tessdata": ""}, lambda percent: None)

    assert [one.name for one in result.files] == ["reading.json"]
    assert result.facts == {"pages_without_text": 1, "pages_left_out": 0, "missing": "vie.traineddata"}


def test_a_document_with_text_of_its_own_is_not_read_by_machine(tmp_path: Path, work_dir: Path) -> None:
    source = scan(tmp_path / "a.pdf", [(paper(), LINES)])

    result = run_processor(recipe_for("ocr", identify(source, work_dir)), source, work_dir)

    assert [one.name for one in result.files] == ["reading.json"]
    assert result.facts == {"pages_without_text": 0, "pages_left_out": 0}


@needs_vietnamese
def test_a_scanned_pdf_is_read_where_it_has_no_text(tmp_path: Path, work_dir: Path) -> None:
    source = scan(tmp_path / "a.pdf", [(printed(), []), (paper(), LINES), (printed().rot180(), [])])

    result = run_processor(recipe_for("ocr", identify(source, work_dir)), source, work_dir)
    passages = json.loads((work_dir / "out" / "text.json").read_text())

    assert [one["number"] for one in passages] == [1, 3]
    assert [one["text"].split("\n") for one in passages] == [list(WORDS)] * 2
    assert (result.facts["ocr"], result.facts["pages_read"], result.facts["pages_without_text"]) == ("vie", 2, 2)
    assert int(str(result.facts["confidence"])) >= 80
    found = pypdfium2.PdfDocument(work_dir / "out" / "searchable.pdf")
    assert [page.get_textpage().search("Đăm Noi").get_next() is not None for page in found] == [True, True, True]


@needs_vietnamese
def test_a_tiff_of_several_pages_is_a_scanned_document(tmp_path: Path, work_dir: Path) -> None:
    page = printed()
    roll = page.join(page, "vertical").copy(xres=200 / 25.4, yres=200 / 25.4)
    roll = roll.copy()
    roll.set_type(pyvips.GValue.gint_type, "page-height", page.height)
    roll.tiffsave(str(tmp_path / "a.tif"))

    run_processor(recipe_for("ocr", identify(tmp_path / "a.tif", work_dir)), tmp_path / "a.tif", work_dir)

    passages = json.loads((work_dir / "out" / "text.json").read_text())
    assert [one["text"].replace("\n", " ") for one in passages] == [" ".join(WORDS)] * 2
