"""Pages in two sizes, what a machine read and for whom, and chapters with their structure, as a visitor finds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from archive.admin.scans import said_of_reading
from archive.models import ItemFile
from media_pipeline.models import Derivative
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
GUESS = "cồng chiêng đọc bằng máy"
CHAPTER = (
    '<h1>Một</h1><p>Ngày xưa</p><a href="c0002.html#b-x">sau</a><a href="#b-y">đây</a><img src="i0001.webp" alt="">'
)


def text_files(text: str) -> list[tuple[str, bytes]]:
    content = json.dumps([{"number": 2, "label": "ii", "text": text}], ensure_ascii=False).encode()
    part = [content.index(text.encode()), len(text.encode())]
    return [
        ("text.json", content),
        ("index.json", json.dumps([{"number": 2, "label": "ii", "parts": [part]}]).encode()),
    ]


def scan_of(tmp_path: Path, languages: list[str], language: str = "") -> ItemFile:
    """A scan of which pages 1 and 3 could be drawn; a machine read one of its pages."""
    master = store_master(b"scan", tmp_path, kind="pdf", media_type="application/pdf")
    publish(
        master,
        tmp_path,
        *[Made("pages", f"{letter}000{page}.jpg", letter.encode()) for page in (1, 3) for letter in "ps"],
    )
    pages = Derivative.objects.get(role="pages")
    sizes = {"p": 1600, "s": 800}
    pages.files = [
        {**one, "page": int(one["name"][4]), "width": sizes[one["name"][0]], "height": 900} for one in pages.files
    ]
    pages.save()
    made = [*text_files(GUESS), ("searchable.pdf", b"%PDF-1.5")]
    publish(master, tmp_path, *[Made("ocr", name, content) for name, content in made])
    Derivative.objects.filter(role="ocr").update(facts={"ocr": "vie", "confidence": 88, "pages_read": 1})
    file = add_file(make_item("Bản quét", kind="document"), master)
    file.language = language
    file.save()
    file.item.languages = languages
    file.item.save()
    return file


def test_a_page_is_shown_small_leads_to_its_large_picture_and_keeps_its_number(client: Client, tmp_path: Path) -> None:
    file = scan_of(tmp_path, ["vi"])

    page = client.get(f"/items/{file.item.pid}/?page=3").content.decode()
    nearest = client.get(f"/items/{file.item.pid}/?page=9").content.decode()

    assert f'src="/files/{file.pid}/pages/s0003.jpg"' in page
    assert f'href="/files/{file.pid}/pages/p0003.jpg"' in page
    assert "s0001.webp" not in page
    assert f"/files/{file.pid}/pages/s0003.jpg" in nearest


@pytest.mark.parametrize(
    ("languages", "language", "is_shown"),
    [
        (["vi"], "", True),
        (["bdq", "vi"], "", True),
        (["bdq"], "", False),
        ([], "", False),
        (["vi"], "bdq", False),
        (["bdq"], "vi", True),
    ],
)
def test_what_was_read_as_vietnamese_is_there_for_what_is_vietnamese_only(
    languages: list[str], language: str, is_shown: bool, client: Client, tmp_path: Path
) -> None:
    file = scan_of(tmp_path, languages, language)
    pages = Derivative.objects.get(role="pages")
    pages.files = [{**one, "page": 2} for one in pages.files[:1]]
    pages.save()

    page = client.get(f"/items/{file.item.pid}/?page=2").content.decode()
    cover = client.get(f"/items/{file.item.pid}/").content.decode()
    api = client.get(f"/api/v1/items/{file.item.pid}/").content.decode()

    assert (GUESS in page) is is_shown
    assert ("chưa có người kiểm tra" in page) is is_shown
    assert ("searchable.pdf" in cover) is is_shown
    assert ("/ocr/" in api) is is_shown
    assert client.get(f"/files/{file.pid}/ocr/text.json").status_code == (200 if is_shown else 404)
    assert said_of_reading(file)


def test_a_pdf_to_take_along_is_a_file_with_a_name(client: Client, tmp_path: Path) -> None:
    file = scan_of(tmp_path, ["vi"])

    answer = client.get(f"/files/{file.pid}/ocr/searchable.pdf")

    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{file.pid}.pdf"
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_chapter_is_read_with_its_structure_and_leads_on(client: Client, tmp_path: Path) -> None:
    master = store_master(b"book", tmp_path, kind="epub", media_type="application/epub+zip")
    publish(master, tmp_path, *[Made("text", name, content) for name, content in text_files("plain words")])
    publish(master, tmp_path, Made("chapters", "c0002.html", CHAPTER.encode()), Made("chapters", "i0001.webp", b"RIFF"))
    file = add_file(make_item("Sách", kind="document"), master)

    page = client.get(f"/items/{file.item.pid}/?chapter=2").content.decode()

    assert "<h1>Một</h1><p>Ngày xưa</p>" in page
    assert f'href="?file={file.pid}&amp;chapter=2#b-x"' in page
    assert 'href="#b-y"' in page
    assert f'src="/files/{file.pid}/chapters/i0001.webp"' in page
    assert "plain words" not in page
    assert client.get(f"/files/{file.pid}/chapters/c0002.html")["Content-Type"] == "application/octet-stream"
