"""Office documents and plain text: read without LibreOffice, and turned into a PDF by it."""

import json
import unicodedata
import zipfile
from pathlib import Path

import pikepdf
import pytest

from media_pipeline import installed, reasons
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, legacy_vietnamese, office_text, plain_text
from media_pipeline.processors.text_encoding import decode
from media_pipeline.recipes.documents import OFFICE_TEXT, PLAIN_TEXT
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import Tools, bubblewrap

pytestmark = pytest.mark.pure

SENTENCE = "Ngày xưa, ở làng Kon Rơbang, người Ba Na đánh chiêng mừng lúa mới; tiếng cồng vang đến tận núi."
VNI = "Ngaøy xöa, ôû laøng Kon Tum, ngöôøi Ba Na ñaùnh chieâng möøng luùa môùi; tieáng coàng vang ñeán taän nuùi."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEADING = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="'
    'application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "</Types>"
)
MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
RELS = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{MAIN}" Target="word/document.xml"/></Relationships>'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>PLANTED-AUTHOR</dc:creator></cp:coreProperties>'
)


def packed(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def word(path: Path, body: str, more: dict[str, str] | None = None) -> Path:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed(
        path, {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document, **(more or {})}
    )


def text_of(source: Path, out: Path) -> list[tuple[str, str]]:
    office_text.run(source, out, OFFICE_TEXT.settings, lambda percent: None)
    return [(one["label"], one["text"]) for one in json.loads((out / "text.json").read_text())]


def test_word_document_is_read_by_its_headings_without_what_was_deleted(tmp_path: Path) -> None:
    body = (
        f"<w:p><w:r><w:t>Lời nói đầu</w:t></w:r></w:p>{HEADING.format('Chương một')}"
        "<w:p><w:r><w:t>Cồng</w:t></w:r><w:r><w:tab/><w:t>chiêng</w:t></w:r><w:del><w:r><w:delText>GONE</w:delText></w:r></w:del></w:p>"
    )

    assert text_of(word(tmp_path / "a.docx", body), tmp_path) == [
        ("1", "Lời nói đầu"),
        ("Chương một", "Chương một\n\nCồng chiêng"),
    ]


def test_open_document_is_read_with_its_notes_and_without_remarks(tmp_path: Path) -> None:
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "text", "table")
    )
    body = (
        '<text:h text:outline-level="1">Một</text:h><text:p>Nhà<text:s text:c="2"/>rông<text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>Chú thích</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>REMARK</text:p></office:annotation></text:p>"
    )
    content = f"<office:document-content{names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"

    assert text_of(packed(tmp_path / "a.odt", {"content.xml": content}), tmp_path) == [
        ("Một", "Một\n\nNhà rông\n\nChú thích")
    ]


def test_workbook_is_read_by_sheets_and_rows(tmp_path: Path) -> None:
    parts = {
        "xl/workbook.xml": '<workbook><sheets><sheet name="Hiện vật"/></sheets></workbook>',
        "xl/sharedStrings.xml": "<sst><si><t>Cồng</t></si><si><r><t>Chi</t></r><r><t>êng</t></r></si></sst>",
        "xl/worksheets/sheet1.xml": '<worksheet><row><c t="s"><v>1</v></c><c><v>3</v></c></row><row><c t="s"><v>99</v></c>'
        '<c t="inlineStr"><is><t>gùi</t></is></c></row></worksheet>',
    }

    assert text_of(packed(tmp_path / "a.xlsx", parts), tmp_path) == [("Hiện vật", "Chiêng 3\n gùi")]


def test_slides_are_read_in_the_order_in_which_they_are_shown(tmp_path: Path) -> None:
    slide = '<s xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:t>{}</a:t></a:p></s>'
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "ppt/presentation.xml": f'<p xmlns:r="{r}"><sldId r:id="b"/><sldId r:id="a"/></p>',
        "ppt/_rels/presentation.xml.rels": '<R><Relationship Id="a" Target="slides/slide1.xml"/><Relationship Id="b" '
        'Target="slides/slide2.xml"/></R>',
        "ppt/slides/slide1.xml": slide.format("một"),
        "ppt/slides/slide2.xml": slide.format("hai"),
    }

    assert [text for _label, text in text_of(packed(tmp_path / "a.pptx", parts), tmp_path)] == ["hai", "một"]


def test_entities_and_bombs_of_an_office_document_grow_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("PLANTED")
    entity = f'<!DOCTYPE d [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY g "GROWN">]>'
    lies = f"{entity}<w:document {W}><w:body><w:p><w:r><w:t>&f;&g; still here</w:t></w:r></w:p></w:body></w:document>"
    bomb = word(tmp_path / "bomb.docx", "<w:p/>", {"word/media/x": "\0" * (80 * 1024 * 1024)})

    assert "PLANTED" not in str(text_of(packed(tmp_path / "a.docx", {"word/document.xml": lies}), tmp_path))
    with pytest.raises(ProcessorError) as caught:
        text_of(bomb, tmp_path)
    assert caught.value.code == reasons.UNSAFE_ARCHIVE


def test_without_libreoffice_a_document_says_so(
    tmp_path: Path, work_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media_pipeline.walls.soffice", lambda: "")
    source = word(tmp_path / "a.docx", "<w:p><w:r><w:t>Cồng</w:t></w:r></w:p>")

    with pytest.raises(ProcessorError) as caught:
        run_processor(recipe_for("pdf", identify(source, work_dir)), source, work_dir)

    assert caught.value.code == reasons.NO_OFFICE
    assert reasons.NO_OFFICE not in reasons.MAY_PASS


@pytest.mark.skipif(not installed.soffice(), reason="no LibreOffice (package libreoffice-writer-nogui)")
@pytest.mark.parametrize("walled", [True, False])
def test_libreoffice_makes_a_pdf_that_says_nothing_of_its_author(walled: bool, tmp_path: Path, work_dir: Path) -> None:
    if walled and bubblewrap() is None:
        pytest.skip("bubblewrap is not installed or does not work here")
    source = word(tmp_path / "a.docx", f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>", {"docProps/core.xml": CORE})

    result = run_processor(
        recipe_for("pdf", identify(source, work_dir)), source, work_dir, tools=Tools(bubblewrap=walled)
    )

    assert result.facts == {"page_count": 1}
    assert b"PLANTED-AUTHOR" not in (work_dir / "out" / "document.pdf").read_bytes()
    with pikepdf.open(work_dir / "out" / "document.pdf") as made:
        assert "/Info" not in made.trailer
        assert set(made.Root.keys()) & {"/Metadata", "/OpenAction", "/AA", "/AcroForm"} == set()


def in_tcvn3(text: str) -> bytes:
    codes = {letter: code for code, letter in legacy_vietnamese._TCVN3_TABLE.items()}
    return bytes(codes.get(letter, ord(letter)) for letter in text)


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        (in_tcvn3(SENTENCE), "tcvn3", SENTENCE),
        (VNI.encode("cp1252"), "vni", SENTENCE.replace("Rơbang", "Tum")),
        (SENTENCE.encode(), "utf-8", SENTENCE),
        (unicodedata.normalize("NFD", SENTENCE).encode("utf-16"), "utf-16", SENTENCE),
        ("Le garçon, élève reçu à l'école près de la forêt, été, très, déjà".encode("cp1252"), "windows-1252", None),
        ("pôlei ÑÔ gôêh bôh kôdrah lôm ôêi hôkâm".encode("cp1252"), "windows-1252", None),
    ],
)
def test_text_of_before_unicode_is_read_only_where_it_comes_out_as_vietnamese(
    content: bytes, name: str, text: str | None
) -> None:
    found, encoding = decode(content)

    assert encoding == name
    assert text is None or found == text


def test_plain_text_is_cut_at_its_headings(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Sử thi\n\nCHƯƠNG I\nNgày xưa\n\nChương 2: Về làng\nHết\n", encoding="utf-8")

    result = plain_text.run(source, tmp_path, PLAIN_TEXT.settings, lambda percent: None)

    passages = json.loads((tmp_path / "text.json").read_text())
    assert [one["label"] for one in passages] == ["1", "CHƯƠNG I", "Chương 2: Về làng"]
    assert passages[2]["text"] == "Chương 2: Về làng\nHết"
    assert (result.facts["encoding"], result.facts["cut"]) == ("utf-8", False)
