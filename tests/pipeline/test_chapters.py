"""Chapters of e-books: safe fragments of HTML, whatever the book holds."""

import json
import re
from pathlib import Path

import pytest
import pyvips

from media_pipeline import reasons
from media_pipeline.outputs import check_outputs
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes.documents import EPUB_CHAPTERS
from media_pipeline.safe_html import is_safe, safe
from tests.pipeline.test_processors_documents import book, cover, make

pytestmark = pytest.mark.pure

PAGE = "<html xmlns='http://www.w3.org/1999/xhtml' xmlns:svg='http://www.w3.org/2000/svg' lang='bdq'><body>{}</body></html>"
HOSTILE = [
    "<script>PLANTED()</script>",
    "<img src=x onerror=PLANTED()>",
    "<a href='javascript:PLANTED()'>x</a>",
    "<a href='//PLANTED.example/'>x</a>",
    "<img src='https://PLANTED.example/a.png'/>",
    "<p style='background:url(//PLANTED.example)'>x</p>",
    "<style>@import 'PLANTED'</style>",
    "<svg:svg><svg:script>PLANTED()</svg:script></svg:svg>",
    "<svg xmlns='http://www.w3.org/2000/svg' onload='PLANTED()'><image href='data:image/svg+xml,PLANTED'/></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=PLANTED()></style></mglyph></table></mtext></math>",
    "<form action='//PLANTED.example'><input name=PLANTED></form>",
    "<iframe srcdoc='PLANTED'></iframe><object data='PLANTED'></object><embed src='PLANTED'/>",
    "<p id='x\" onclick=\"PLANTED()'>x</p>",
    "<img src='../../../etc/PLANTED'/>",
    "<base href='//PLANTED.example'/><meta http-equiv='refresh' content='0;url=//PLANTED.example'/>",
    "<!-- PLANTED --><?php PLANTED ?>",
]


def chapters(source: Path, work_dir: Path) -> tuple[Result, list[str]]:
    result = make("chapters", source, work_dir)
    names = [one["name"] for one in json.loads((work_dir / "out" / "book.json").read_text())]
    return result, [(work_dir / "out" / name).read_text() for name in names]


def test_chapter_keeps_its_structure_and_leads_to_other_chapters(tmp_path: Path, work_dir: Path) -> None:
    body = (
        "<h1 id='top' class='x'>Một</h1><p>b&acirc;y gi&#7901; <em>ngày xưa</em><br/>xuống dòng</p><a id='mark'/><p>after</p>"
        "<a href='text/two.xhtml#end'>hai</a> <a href='#top'>trên</a> <a href='https://example.org/'>away</a>"
        "<img src='c.jpg' alt='Bìa' width='9999' onerror='x'/>"
    )
    items = '<item id="c" href="c.jpg" media-type="image/jpeg"/>'
    parts: dict[str, bytes | str] = {"OPS/chương 1.xhtml": PAGE.format(body), "OPS/c.jpg": cover([1, 2, 3])}

    result, (first, _second) = chapters(book(tmp_path / "book", parts, items=items), work_dir)

    assert first == (
        '<h1 id="b-top">Một</h1><p>bây giờ <em>ngày xưa</em><br>xuống dòng</p><a id="b-mark"></a><p>after</p>'
        '<a href="c0002.html#b-end">hai</a> <a href="#b-top">trên</a> <a>away</a>'
        '<img src="i0001.webp" alt="Bìa" width="300" height="400">'
    )
    assert result.facts == {"chapters": 2, "pictures": 1, "pictures_left_out": 0, "chapters_left_out": 0}
    assert json.loads((work_dir / "out" / "book.json").read_text())[0] == {
        "number": 1,
        "name": "c0001.html",
        "label": "Chương một",
        "lang": "bdq",
    }
    assert pyvips.Image.new_from_file(str(work_dir / "out" / "i0001.webp")).width == 300


def test_nothing_of_a_hostile_book_runs_loads_or_sends(tmp_path: Path, work_dir: Path) -> None:
    pages: dict[str, bytes | str] = {
        "OPS/chương 1.xhtml": PAGE.format(
            "<p>begin</p>" + "".join(one for one in HOSTILE if one.endswith("/>")) + "<p>end</p>"
        ),
        "OPS/text/two.xhtml": "<html><body><p>begin</p>" + "".join(HOSTILE) + "<p>end</p></body></html>",
    }

    _result, found = chapters(book(tmp_path / "book", pages), work_dir)

    assert len(found) == 2
    for chapter in found:
        assert "PLANTED" not in re.sub(r' id="[A-Za-z0-9-]*"', "", chapter)
        assert "begin" in chapter
        assert "end" in chapter
        assert is_safe(chapter)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_safe_html_is_a_fixed_point(hostile: str) -> None:
    once = safe(f"<p>x</p>{hostile}<p>y</p>")

    assert re.search("<[^>]*PLANTED", once) is None
    assert safe(once) == once


def test_chapter_that_a_child_did_not_clean_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "c0001.html").write_text('<p>x</p><img src="https://example.org/a.png">')
    answer: dict[str, object] = {"files": [["c0001.html", "text/html", {}]], "facts": {}}

    with pytest.raises(ProcessorError) as caught:
        check_outputs(answer, tmp_path, EPUB_CHAPTERS.limits)

    assert caught.value.code == reasons.BAD_OUTPUT
