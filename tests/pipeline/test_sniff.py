"""What the first bytes tell, and what is refused at the door."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline import formats, messages, reasons
from media_pipeline.sniff import HEAD_BYTES, refuse_reason, sniff

pytestmark = pytest.mark.pure

HEADS = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpg"),
    (b"II+\x00\x08\x00", "tif"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
    (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
    (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
    (b"FORM\x00\x00\x00\x00AIFFCOMM", "aif"),
    (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"),
    (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "avif"),
    (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1", "avif"),
    (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42", "m4a"),
    (b"\x00\x00\x00\x18ftypqt  \x00\x00\x00\x00qt      ", "mov"),
    (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42", "mp4"),
    (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x003gp4", "3gp"),
    (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "mov"),
    (b"\x1aE\xdf\xa3\x93B\x82\x88matroska", "mkv"),
    (b"\x1aE\xdf\xa3\x93B\x82\x84webm", "webm"),
    (b"G" + b"\x00" * 187 + b"G" + b"\x00" * 187 + b"G", "ts"),
    (b"\xff\xfb\x90\x64", "mp3"),
    (b"\xff\xf1\x50\x80", "aac"),
    (b"#!AMR\n", "amr"),
    (b"\n\n%PDF-1.4\n", "pdf"),
    (b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/epub+zip", "epub"),
    (b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml", "zip"),
    (b"P6\n2 2\n255\n", "pnm"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    (b"<!-- a note --><svg/>", "svg"),
    (b"<?xml version='1.0'?><record/>", "xml"),
    (b"<!DOCTYPE html><p>", "html"),
    ("Đăk Hà, Kon Tum".encode(), "txt"),
    ("ﺀ".encode("utf-16"), "txt"),
    (b"#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n", "txt"),
    (b"ffconcat version 1.0\nfile secret.mp4\n", "txt"),
    (b"PARTIAL text that begins like an anymap", "txt"),
    (b"\x00\x01\x02\x03\x04", None),
    (b"", None),
]


@pytest.mark.parametrize(
    ("head", "extension"), HEADS, ids=[f"{found}-{number}" for number, (_h, found) in enumerate(HEADS)]
)
def test_head_tells_the_format(head: bytes, extension: str | None) -> None:
    assert sniff(head) == extension


def test_utf_8_letter_cut_at_the_end_of_the_head_is_still_text() -> None:
    head = ("ê̆" * HEAD_BYTES).encode()[:HEAD_BYTES]

    assert sniff(head) == "txt"


@pytest.mark.parametrize(
    "head",
    [
        b"\x7fELF\x02\x01\x01",
        b"MZ" + b"\x00" * 58 + b"\x40\x00\x00\x00" + b"PE\x00\x00",
        b"#!/bin/sh\nrm -rf /\n",
        b"\xcf\xfa\xed\xfe\x07",
        b"\xca\xfe\xba\xbe\x00",
        b"dex\n035\x00",
    ],
)
def test_programs_are_refused(head: bytes) -> None:
    assert refuse_reason(head, len(head)) == reasons.EXECUTABLE


def test_empty_files_are_refused_and_others_are_not() -> None:
    assert refuse_reason(b"", 0) == reasons.EMPTY
    for head, _extension in HEADS[:-1]:
        assert refuse_reason(head, len(head)) is None
    assert refuse_reason(b"MZ is how this letter begins, and it goes on for more than sixty-four letters.", 80) is None


@given(st.binary(max_size=600))
def test_any_bytes_get_an_answer_from_the_table(head: bytes) -> None:
    found = sniff(head)

    assert found is None or found in formats.FORMATS
    assert refuse_reason(head, len(head)) in {None, reasons.EMPTY, reasons.EXECUTABLE}


def test_only_sound_and_film_have_a_reader_in_ffmpeg() -> None:
    for one in formats.FORMATS.values():
        assert bool(one.demuxer) == (one.kind in ("audio", "video")), one


def test_nothing_that_can_run_script_is_shown_as_a_picture() -> None:
    for one in formats.FORMATS.values():
        if one.media_type in ("image/svg+xml", "text/html", "application/xml"):
            assert one.kind == "other"


def test_every_reason_has_its_sentence() -> None:
    assert messages.SENTENCES.keys() == reasons.ALL


@pytest.mark.parametrize(
    ("language", "step"),
    [
        ("en", r"\b([Cc]heck|[Ss]end|[Aa]dd|[Aa]sk|[Tt]ry|[Ll]ook|[Tt]ell|[Ff]ind|can download|can be started)\b"),
        ("vi", r"\b([Hh]ãy|có thể)\b"),
    ],
)
def test_every_reason_says_what_to_do_next(language: str, step: str) -> None:
    # A program stays outside, its sender gave up, the work goes on by itself, a proof is only kept.
    nothing_to_do = {reasons.EXECUTABLE, reasons.UPLOAD_ENDED, reasons.STORAGE_UNAVAILABLE, reasons.KEPT_ONLY}

    with translation.override(language):
        silent = {code for code in reasons.ALL if not re.search(step, messages.sentence(code))}

    assert silent <= nothing_to_do


@pytest.mark.parametrize(
    ("name", "extension", "misnamed"),
    [
        ("a.JPEG", "jpg", False),
        ("a.jpg", "png", True),
        ("luan-an.docx", "pdf", True),
        ("film.mp4", "m4a", False),
        ("a.dat", "jpg", False),
        ("README", "txt", False),
        ("a.tiff", "dng", False),
        ("x.doc", "rtf", True),
    ],
)
def test_name_that_ends_as_another_format_does_is_noted(name: str, extension: str, misnamed: bool) -> None:
    assert formats.is_misnamed(name, extension) is misnamed


def test_the_reference_lists_every_format_with_its_identifier() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "formats.md").read_text("utf-8")

    rows = {f"| {one.extension} | {one.name} | {one.puid or '–'} |" for one in formats.FORMATS.values()}
    assert {
        line for line in reference.splitlines() if line.startswith("| ") and not line.startswith("| ending")
    } == rows
