"""Credit and rights written into a copy: every format stays what it was, says what it should, and can be had in pieces."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import imageio_ffmpeg
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive.crediting.blocks import xmp
from archive.crediting.credit import Credit
from archive.crediting.spliced import Spliced
from archive.crediting.splices import Edit, Stored, edits
from media_pipeline.processors import embedded
from media_pipeline.processors.embedded_xmp import xmp as read_xmp
from tests.pipeline import tagged_files
from tests.pipeline.old_pictures import picture

pytestmark = pytest.mark.pure
CREDIT = Credit(
    title="Sử thi Đăm Săn <bản 1>",
    creators=("A Nhưng", 'Y "Kơ" & Y Lan'),
    rights="Đã có phép. © Thư viện",
    rights_address="https://creativecommons.org/licenses/by/4.0/",
    library="Thư viện tỉnh Kon Tum",
    address="https://example.org/ark:/99999/abc",
)


@dataclass(frozen=True)
class Bytes:
    content: bytes

    def read_range(self, start: int, length: int) -> Iterator[bytes]:
        yield self.content[start : start + length]


def copied(content: bytes, media_type: str, credit: Credit = CREDIT) -> bytes:
    changes = edits(media_type, Stored(content[: 64 * 1024], len(content), content[-4096:]), credit)
    copy = Spliced(Bytes(content), changes, len(content))
    whole = b"".join(copy.read_range(0, copy.length))
    assert len(whole) == copy.length
    return whole


def saved(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    (picture(300, 200) if "mode" not in options else Image.new(str(options.pop("mode")), (301, 201))).save(
        buffer, form, **options
    )
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "extension"),
    [
        (saved("WEBP", quality=80), "image/webp", "webp"),
        (saved("WEBP", lossless=True), "image/webp", "webp"),
        (saved("WEBP", lossless=True, mode="RGBA"), "image/webp", "webp"),
        (saved("WEBP", quality=80, mode="RGBA"), "image/webp", "webp"),
        (saved("JPEG", quality=80), "image/jpeg", "jpg"),
        (saved("PNG"), "image/png", "png"),
    ],
)
def test_picture_carries_its_credit_and_keeps_its_pixels(
    content: bytes, media_type: str, extension: str, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    path.write_bytes(copied(content, media_type))

    said = {(one["name"], one["value"]) for one in embedded.read(path, extension) if one["source"] == "XMP"}
    with Image.open(path) as copy, Image.open(io.BytesIO(content)) as stored:
        assert (copy.mode, copy.size, copy.tobytes()) == (stored.mode, stored.size, stored.tobytes())

    assert said == {
        ("dc:title", CREDIT.title),
        ("dc:creator", CREDIT.creators[0]),
        ("dc:creator", CREDIT.creators[1]),
        ("dc:rights", CREDIT.rights),
        ("dc:publisher", CREDIT.library),
        ("dc:identifier", CREDIT.address),
        ("photoshop:Credit", CREDIT.library),
        ("xmpRights:WebStatement", CREDIT.rights_address),
    }


@pytest.mark.parametrize(
    ("make", "form", "media_type", "extension", "expected"),
    [
        (tagged_files.sound, "mp3", "audio/mpeg", "mp3", {("TIT2", CREDIT.title), ("TPE1", "A Nhưng"), ("TCOP", CREDIT.rights)}),
        (tagged_files.sound, "opus", "audio/ogg", "opus", {("TITLE", CREDIT.title), ("ARTIST", "A Nhưng"), ("COPYRIGHT", CREDIT.rights)}),
        (tagged_files.sound, "ipod", "audio/mp4", "m4a", None),
        (tagged_files.film, "mp4", "video/mp4", "mp4", None),
    ],
)  # fmt: skip
def test_sound_and_film_carry_their_credit_and_still_play_the_same(
    make: Callable[[Path, str], Path],
    form: str,
    media_type: str,
    extension: str,
    expected: set[tuple[str, str]] | None,
    tmp_path: Path,
) -> None:
    stored, copy = make(tmp_path / "stored", form), tmp_path / "copy"
    copy.write_bytes(copied(stored.read_bytes(), media_type))

    assert decoded(copy) == decoded(stored)
    if expected is None:
        assert copy.read_bytes() == stored.read_bytes() + copy.read_bytes()[stored.stat().st_size :]
        assert ("XMP", "dc:rights", CREDIT.rights) in set(read_xmp(copy.read_bytes()[stored.stat().st_size + 24 :]))
    else:
        assert expected <= {(one["name"], one["value"]) for one in embedded.read(copy, extension)}
        assert "PLANTED" not in str(embedded.read(copy, extension))


def test_pdf_carries_its_credit_and_keeps_its_pages(tmp_path: Path) -> None:
    by_hand = tagged_files.pdf(tmp_path / "by-hand")
    saved_by_pdfium = tmp_path / "saved"
    made = pypdfium2.PdfDocument.new()
    made.new_page(200, 300)
    made.save(saved_by_pdfium)
    for stored in (by_hand, saved_by_pdfium):
        copy = tmp_path / "copy"
        copy.write_bytes(copied(stored.read_bytes(), "application/pdf"))

        document = pypdfium2.PdfDocument(copy)
        assert len(document) == 1
        assert document.get_page_size(0) == pypdfium2.PdfDocument(stored).get_page_size(0)
        assert document.get_metadata_value("Title") == CREDIT.title
        assert document.get_metadata_value("Author") == "; ".join(CREDIT.creators)
        assert CREDIT.rights in document.get_metadata_value("Subject")
        assert copy.read_bytes().startswith(stored.read_bytes())


def test_locked_pdf_and_one_without_a_table_are_sent_as_they_are() -> None:
    locked = b"%PDF-1.4\ntrailer<</Size 3/Root 1 0 R/Encrypt 2 0 R>>\nstartxref\n9\n%%EOF\n"
    packed = b"%PDF-1.5\n1 0 obj<</Type/XRef>>stream\nendstream endobj\nstartxref\n9\n%%EOF\n"

    assert copied(locked, "application/pdf") == locked
    assert copied(packed, "application/pdf") == packed


def decoded(path: Path) -> bytes:
    """Return a sum of everything that a player would show and play."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-xerror", "-i", str(path), "-f", "md5", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.parametrize(
    "media_type",
    [
        "image/webp",
        "image/jpeg",
        "image/png",
        "video/mp4",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "text/vtt",
        "application/pdf",
    ],
)
def test_what_is_not_as_expected_is_sent_as_it_is(media_type: str) -> None:
    for content in (b"", b"RIFF", b"\xff\xd8", b"OggS" + bytes(40), b"ID3" + bytes(20), b"plain words", bytes(100)):
        assert copied(content, media_type) == content


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_any_words_make_a_packet_that_can_be_read(title: str, creators: list[str]) -> None:
    packet = xmp(replace(CREDIT, title=title, creators=tuple(creators)))

    assert ("XMP", "dc:identifier", CREDIT.address) in set(read_xmp(packet))


@given(st.data())
def test_every_range_of_a_copy_is_that_range(data: st.DataObject) -> None:
    stored = bytes(range(100))
    places = sorted(data.draw(st.sets(st.integers(0, 100), max_size=4)))
    changes = [
        Edit(
            place,
            data.draw(st.integers(0, (places[number + 1] if number + 1 < len(places) else 100) - place)),
            b"+" * data.draw(st.integers(0, 9)),
        )
        for number, place in enumerate(places)
    ]
    copy = Spliced(Bytes(stored), changes, 100)
    whole = b"".join(copy.read_range(0, copy.length))
    start, length = data.draw(st.integers(0, 120)), data.draw(st.integers(0, 120))

    assert len(whole) == copy.length == 100 + sum(len(one.added) - one.removed for one in changes)
    assert b"".join(copy.read_range(start, length)) == whole[start : start + length]


def test_another_credit_is_another_copy() -> None:
    assert CREDIT.digest != replace(CREDIT, rights="Không có phép").digest
    assert CREDIT.digest == replace(CREDIT).digest
