"""Office documents, plain text and subtitles are told apart by what is in them, whatever they are called."""

import random
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline import reasons
from media_pipeline.formats import FORMATS
from media_pipeline.identify import identify
from media_pipeline.processors import identify as looking
from media_pipeline.processors.office_container import look_into_ole, look_into_zip
from media_pipeline.processors.text_encoding import decode
from media_pipeline.sniff import sniff
from tests.pipeline.office_files import OOXML, WORD, office_open, ole, open_document, zipped

pytestmark = pytest.mark.pure
WORD_97 = struct.pack("<HHIHHH", 0xA5EC, 0x00C1, 0, 0, 0, 0)
SRT = "1\n00:00:01,000 --> 00:00:02,000\nCồng chiêng\n"


def looked(path: Path) -> dict[str, object]:
    """Return the facts as the child reports them, without a child."""
    return looking.run(path, path.parent, {"pixels_at_most": 1_000_000}, lambda percent: None).facts


@pytest.mark.parametrize(
    ("main_type", "extension", "puid"),
    [
        (WORD, "docx", "fmt/412"),
        (OOXML + "spreadsheetml.sheet.main+xml", "xlsx", "fmt/214"),
        (OOXML + "presentationml.presentation.main+xml", "pptx", "fmt/215"),
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "docm", "fmt/523"),
    ],
)
def test_office_open_xml_is_what_its_main_part_is(tmp_path: Path, main_type: str, extension: str, puid: str) -> None:
    facts = looked(office_open(tmp_path / "x.zip", main_type))

    assert (facts["kind"], facts["extension"], facts["puid"], facts["reason"]) == ("office", extension, puid, "")


@pytest.mark.parametrize(
    ("sort", "version", "extension", "puid"),
    [
        ("text", "1.2", "odt", "fmt/291"),
        ("text", "1.3", "odt", "fmt/1756"),
        ("spreadsheet", "1.0", "ods", "fmt/137"),
        ("presentation", "1.1", "odp", "fmt/292"),
        ("graphics", "1.2", "odg", "fmt/297"),
    ],
)
def test_open_document_is_told_by_its_type_and_version(
    tmp_path: Path, sort: str, version: str, extension: str, puid: str
) -> None:
    facts = looked(open_document(tmp_path / "x.docx", sort, version))

    assert (facts["kind"], facts["extension"], facts["puid"], facts["reason"]) == ("office", extension, puid, "")


@pytest.mark.parametrize(
    ("streams", "extension", "puid", "reason"),
    [
        ({"WordDocument": WORD_97, "1Table": b""}, "doc", "fmt/40", ""),
        ({"WordDocument": WORD_97[:2] + b"\x68\x00" + WORD_97[4:]}, "doc", "fmt/39", ""),
        ({"WordDocument": WORD_97[:10] + b"\x00\x01"}, "doc", "fmt/40", reasons.PASSWORD),
        ({"Workbook": struct.pack("<HHI", 0x0809, 4, 0)}, "xls", "fmt/62", ""),
        ({"Book": b""}, "xls", "fmt/59", ""),
        ({"Workbook": struct.pack("<HHIHHH", 0x0809, 4, 0, 0x002F, 2, 0)}, "xls", "fmt/62", reasons.PASSWORD),
        ({"a": b"", "b": b"", "c": b"", "d": b"", "PowerPoint Document": b""}, "ppt", "fmt/126", ""),
        ({"EncryptionInfo": b"", "EncryptedPackage": b""}, "docx", "fmt/494", reasons.PASSWORD),
    ],
)
def test_older_office_files_are_told_by_their_streams(
    tmp_path: Path, streams: dict[str, bytes], extension: str, puid: str, reason: str
) -> None:
    facts = looked(ole(tmp_path / "x", streams))

    assert (facts["kind"], facts["extension"], facts["reason"]) == ("office", extension, reason)
    assert reason or facts["puid"] == puid


def test_other_compound_files_and_archives_are_what_they_are(tmp_path: Path) -> None:
    assert looked(ole(tmp_path / "a", {"__properties_version1.0": b""}))["extension"] == "ole"
    assert looked(zipped(tmp_path / "b", {"word/document.xml": b"<x/>"}))["extension"] == "zip"
    assert looked(zipped(tmp_path / "c", {"mimetype": b"application/x-krita"}))["kind"] == "other"


def test_locked_open_document_says_so(tmp_path: Path) -> None:
    locked = open_document(tmp_path / "x", "text", manifest="<m:file-entry><m:encryption-data/></m:file-entry>")

    assert looked(locked)["reason"] == reasons.PASSWORD


def test_macros_are_noted(tmp_path: Path) -> None:
    facts = looked(office_open(tmp_path / "x", WORD, **{"word/vbaProject.bin": "x"}))

    assert facts["technical"] == {"macros": True}


def test_office_document_that_swells_is_not_opened_further(tmp_path: Path) -> None:
    bomb = office_open(tmp_path / "x", WORD, big="\0" * 70 * 1024**2)

    assert looked(bomb)["reason"] == reasons.UNSAFE_ARCHIVE


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        (SRT, "srt"),
        ("\ufeff" + SRT.replace("\n", "\r\n"), "srt"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", "vtt"),
        ("WEBVTTX is a word\n", "txt"),
        ("[Script Info]\nTitle: x\n\n[V4+ Styles]\n", "ass"),
        ("[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\n", "ssa"),
        ("0:00:00.599,0:00:04.160\nHello\n", "sbv"),
        ('<?xml version="1.0"?><tt xml:lang="vi" xmlns="http://www.w3.org/ns/ttml"><body/></tt>', "ttml"),
        ('<!DOCTYPE tt [<!ENTITY x "y">]><tt xmlns="http://www.w3.org/ns/ttml"/>', "txt"),
        ('<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY x "y">]><tt xmlns="http://www.w3.org/ns/ttml"/>', "xml"),
        ('{"name": "Đăk Hà"}', "json"),
        ("[1] is a note, and so is [2].", "txt"),
        ("1\nis the first line of a list --> 2\n", "txt"),
    ],
)
def test_texts_are_told_by_how_they_begin(text: str, extension: str) -> None:
    assert sniff(text.encode()) == extension
    assert sniff(text.lstrip("\ufeff").encode("utf-16")) == extension


def test_subtitles_in_an_old_encoding_are_still_subtitles(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    # Windows-1258: the accents stand after their vowels.
    path.write_bytes("1\r\n00:00:01,000 --> 00:00:02,000\r\nTiê\u0301ng cô\u0300ng đê\u0301n\r\n".encode("cp1258"))

    facts = looked(path)

    assert (facts["kind"], facts["extension"]) == ("captions", "srt")
    assert facts["technical"] == {"encoding": "windows-1258", "letters": 50, "lines": 3, "cues": 1}
    assert "Tiếng cồng đến" in decode(path.read_bytes())[0]


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("Tiếng Ba Na".encode(), "Tiếng Ba Na", "utf-8"),
        ("Tiê\u0301ng".encode(), "Tiếng", "utf-8"),
        ("Tiếng".encode("utf-16"), "Tiếng", "utf-16"),
        ("Plain words".encode("utf-16-be"), "Plain words", "utf-16-be"),
        (b"caf\xe9 cr\xe8me \xd2", "café crème Ò", "windows-1252"),
        (b"", "", "utf-8"),
    ],
)
def test_letters_come_out_of_any_encoding(content: bytes, text: str, encoding: str) -> None:
    assert decode(content) == (text, encoding)


def test_what_only_begins_like_a_text_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"SIMPLE = T" + b" " * 5000 + bytes(200))

    facts = looked(path)

    assert (facts["kind"], facts["extension"], facts["reason"]) == ("other", "bin", reasons.UNSUPPORTED)


@given(st.binary(max_size=3000))
def test_any_bytes_are_decoded_and_no_container_raises(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed"
    decode(content)
    for head in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        path.write_bytes(head + content)
        assert {look_into_zip(path).extension, look_into_ole(path).extension} <= FORMATS.keys() | {""}


def test_ole_directory_that_leads_in_a_circle_ends(tmp_path: Path) -> None:
    path = ole(tmp_path / "x", {str(number): b"" for number in range(9)})
    sound = path.read_bytes()
    picked = random.Random(1)

    for _ in range(300):
        at = picked.randrange(512, 1024)
        path.write_bytes(sound[:at] + struct.pack("<I", picked.randrange(12)) + sound[at + 4 :])
        assert look_into_ole(path).extension == ""


def test_the_child_tells_the_same_as_the_look(tmp_path: Path, work_dir: Path) -> None:
    facts = identify(office_open(tmp_path / "x", WORD), work_dir)

    assert (facts.kind, facts.extension, facts.puid, facts.reason) == ("office", "docx", "fmt/412", "")
    assert facts.media_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
