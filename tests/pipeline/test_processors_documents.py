"""PDF files and e-books: what comes out, and what of them is not believed."""

import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import pyvips

from media_pipeline import reasons
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes import recipe
from media_pipeline.sandbox import run_processor

pytestmark = pytest.mark.pure

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Sử thi Đăm Noi</dc:title><dc:language>vi</dc:language><dc:language>bdq</dc:language>{meta}</metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="ch%C6%B0%C6%A1ng%201.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="gone"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav
epub:type="toc"><ol>
<li><a href="ch%C6%B0%C6%A1ng%201.xhtml">Chương một</a><ol><li><a href="ch%C6%B0%C6%A1ng%201.xhtml#b">Khúc đầu</a></li></ol></li>
<li><span>Phần hai</span><ol><li><a href="text/two.xhtml">Chương hai</a></li></ol></li>
<li><a href="../../../etc/passwd">Outside</a></li><li><a href="https://example.org/">Away</a></li></ol></nav></body></html>"""
ONE = """<?xml version="1.0"?><!DOCTYPE html><html
xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><style>p{}</style></head>
<body><h1>Chương&nbsp;một</h1><p>Ngày xưa, ở làng Kon Rơbang&#8230;</p><p>b&acirc;y giờ<br/>xuống dòng</p>
<script>alert(1)</script></body></html>"""
TWO = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Never <b>closed<p>second paragraph</body></html>"


def book(
    path: Path, more: dict[str, bytes | str] | None = None, *, meta: str = "", items: str = "", first: str = "mimetype"
) -> Path:
    parts: dict[str, bytes | str] = {
        first: "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": PACKAGE.format(meta=meta, items=items),
        "OPS/nav.xhtml": NAV,
        "OPS/chương 1.xhtml": ONE,
        "OPS/text/two.xhtml": TWO,
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return path


def make(role: str, source: Path, work_dir: Path) -> Result:
    return run_processor(recipe_for(role, identify(source, work_dir)), source, work_dir)


def written(work_dir: Path, name: str) -> list[dict[str, object]]:
    content: list[dict[str, object]] = json.loads((work_dir / "out" / name).read_text())
    return content


def test_book_gives_its_text_in_reading_order(tmp_path: Path, work_dir: Path) -> None:
    source = book(tmp_path / "upload.zip")

    facts = identify(source, work_dir)
    make("text", source, work_dir)
    passages = written(work_dir, "text.json")

    assert (facts.kind, facts.reason, facts.technical["title"]) == ("epub", "", "Sử thi Đăm Noi")
    assert (facts.technical["languages"], facts.technical["passages"]) == (["vi", "bdq"], 2)
    assert [(one["number"], one["label"]) for one in passages] == [(1, "Chương một"), (2, "Chương hai")]
    assert passages[0]["text"] == "Chương một\n\nNgày xưa, ở làng Kon Rơbang…\n\nbây giờ\nxuống dòng"
    assert passages[1]["text"] == "Never closed\n\nsecond paragraph"


def test_book_gives_its_table_of_contents_without_ways_out(tmp_path: Path, work_dir: Path) -> None:
    make("outline", book(tmp_path / "book"), work_dir)
    one, two, outside, away = written(work_dir, "toc.json")

    assert (one["label"], one["passage"]) == ("Chương một", 1)
    assert [(inner["passage"], inner["fragment"]) for inner in one["children"]] == [(1, "b")]  # type: ignore[attr-defined, index] # JSON
    assert (two["label"], two["passage"], two["children"][0]["passage"]) == ("Phần hai", 0, 2)  # type: ignore[index] # JSON
    assert outside["passage"] == away["passage"] == 0
    assert away["path"] == ""


def test_older_book_has_its_contents_in_ncx(tmp_path: Path, work_dir: Path) -> None:
    ncx = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Một</text></navLabel>
    <content src="text/two.xhtml#x"/><navPoint><navLabel><text>Trong</text></navLabel><content src="text/two.xhtml"/></navPoint>
    </navPoint></navMap></ncx>"""
    items = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    source = book(tmp_path / "book", {"OPS/toc.ncx": ncx, "OPS/nav.xhtml": "<html/>"}, items=items)

    make("outline", source, work_dir)
    (entry,) = written(work_dir, "toc.json")

    assert (entry["label"], entry["passage"], entry["fragment"]) == ("Một", 2, "x")
    assert entry["children"][0]["label"] == "Trong"  # type: ignore[index] # JSON


def cover(colour: list[int]) -> bytes:
    image = (pyvips.Image.black(300, 400, bands=3) + colour).cast("uchar").copy(interpretation="srgb")
    content: bytes = image.write_to_buffer(".jpg")
    return content


def test_cover_is_the_declared_one(tmp_path: Path, work_dir: Path) -> None:
    items = '<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
    source = book(tmp_path / "book", {"OPS/c.jpg": cover([200, 0, 0])}, items=items)

    result = make("thumbnail", source, work_dir)

    red, green, blue = pyvips.Image.new_from_file(str(work_dir / "out" / "480.webp")).getpoint(10, 10)
    assert result.facts == {"drawn": False}
    assert (red > 180, green < 20, blue < 20) == (True, True, True)


def test_cover_of_an_older_book_is_found(tmp_path: Path, work_dir: Path) -> None:
    items = '<item id="c" href="c.jpg" media-type="image/jpeg"/>'
    source = book(
        tmp_path / "book", {"OPS/c.jpg": cover([0, 0, 200])}, items=items, meta='<meta name="cover" content="c"/>'
    )

    assert make("thumbnail", source, work_dir).facts == {"drawn": False}


@pytest.mark.parametrize("content", [b"not a picture", b'<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_book_without_a_picture_gets_a_drawn_cover(content: bytes, tmp_path: Path, work_dir: Path) -> None:
    items = '<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
    source = book(tmp_path / "book", {"OPS/c.jpg": content}, items=items)

    first = make("thumbnail", source, work_dir)
    drawn = (work_dir / "out" / "480.webp").read_bytes()
    make("thumbnail", source, work_dir)

    assert first.facts == {"drawn": True}
    assert (work_dir / "out" / "480.webp").read_bytes() == drawn


def test_book_is_known_even_when_its_type_is_not_first(tmp_path: Path, work_dir: Path) -> None:
    assert identify(book(tmp_path / "book", {"mimetype": "application/epub+zip"}, first="aaa"), work_dir).kind == "epub"
    assert identify(book(tmp_path / "bare", first="aaa"), work_dir).kind == "epub"


def test_office_document_is_kept_and_not_shown(tmp_path: Path, work_dir: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.epub", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    facts = identify(tmp_path / "book.epub", work_dir)

    assert (facts.kind, facts.extension, facts.reason) == ("other", "zip", reasons.UNSUPPORTED)


def test_bomb_in_a_book_is_unsafe(tmp_path: Path, work_dir: Path) -> None:
    source = book(tmp_path / "bomb", {"OPS/bomb.bin": b"\x00" * (100 * 1024 * 1024)})

    assert identify(source, work_dir).reason == reasons.UNSAFE_ARCHIVE


def test_locked_book_says_so_and_scrambled_fonts_lock_nothing(tmp_path: Path, work_dir: Path) -> None:
    data = (
        '<encryption><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/>'
        "</EncryptedData></encryption>"
    )
    locked = book(
        tmp_path / "locked", {"META-INF/encryption.xml": data.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")}
    )
    fonts = book(tmp_path / "fonts", {"META-INF/encryption.xml": data.format("http://www.idpf.org/2008/embedding")})

    assert identify(locked, work_dir).reason == reasons.RIGHTS_LOCKED
    assert identify(fonts, work_dir).reason == ""


def test_entities_of_a_book_are_not_resolved(tmp_path: Path, work_dir: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("PLANTED")
    entity = f'[<!ENTITY f SYSTEM "file://{secret}"><!ENTITY g "GROWN">]>'
    package = f"<!DOCTYPE package {entity}" + PACKAGE.format(meta="<dc:creator>&f;&g;</dc:creator>", items="")
    page = f"<!DOCTYPE html {entity}<html><body><p>&f;&g; here</p></body></html>"
    source = book(tmp_path / "book", {"OPS/book.opf": package, "OPS/text/two.xhtml": page})

    facts = identify(source, work_dir)
    make("text", source, work_dir)

    assert facts.reason == ""
    assert "PLANTED" not in str(facts.technical) + (work_dir / "out" / "text.json").read_text()
    assert "GROWN" not in str(facts.technical)


def test_entities_that_multiply_grow_nothing(tmp_path: Path, work_dir: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    lies = f'<!DOCTYPE package [<!ENTITY e0 "{"x" * 100}">{levels}]>'
    package = lies + PACKAGE.format(meta="<dc:creator>&e9;</dc:creator>", items="")

    facts = identify(book(tmp_path / "book", {"OPS/book.opf": package}), work_dir)

    assert facts.reason in ("", reasons.DAMAGED)
    assert len(str(facts.technical)) < 2000


def pdf(path: Path, sizes: list[tuple[float, float]]) -> Path:
    made = pypdfium2.PdfDocument.new()
    for width, height in sizes:
        made.new_page(width, height)
    made.save(path)
    return path


def test_page_of_any_size_has_a_picture_of_bounded_size(tmp_path: Path, work_dir: Path) -> None:
    source = pdf(tmp_path / "sizes", [(595, 842), (14_400, 14_400), (2, 14_400), (3, 3)])

    pages = [one.facts for one in make("pages", source, work_dir).files if one.name.startswith("p")]

    assert (pages[0]["width"], pages[0]["height"]) in {(1131, 1600), (1131, 1601)}
    assert max(int(one["width"]) for one in pages) <= 1601
    assert max(int(one["height"]) for one in pages) <= 1601
    assert int(pages[2]["width"]) == 1
    assert int(pages[3]["width"]) < 30


def test_pages_are_white_where_nothing_is_drawn(tmp_path: Path, work_dir: Path) -> None:
    make("pages", pdf(tmp_path / "blank", [(595, 842)]), work_dir)

    assert pyvips.Image.new_from_file(str(work_dir / "out" / "p0001.jpg")).min() == 255


def test_pdf_that_is_no_pdf_is_damaged(tmp_path: Path, work_dir: Path) -> None:
    source = tmp_path / "broken"
    source.write_bytes(b"%PDF-1.7\n" + b"nothing of the kind " * 100)

    assert identify(source, work_dir).reason == reasons.DAMAGED
    with pytest.raises(ProcessorError) as caught:
        run_processor(recipe("pages", "pdf"), source, work_dir)
    assert caught.value.code == reasons.DAMAGED
