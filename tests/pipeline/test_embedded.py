"""What files say of themselves is read with its source, within bounds, and nothing that they say is followed."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.identify import identify
from media_pipeline.processors import embedded
from media_pipeline.processors.embedded import ENTRIES_AT_MOST, LETTERS_AT_MOST, Said, bounded
from media_pipeline.processors.embedded_xmp import xmp
from tests.pipeline import tagged_files
from tests.pipeline.office_files import WORD, office_open, open_document, zipped
from tests.pipeline.pipeline_corpus import corpus
from tests.pipeline.tagged_files import OWNER, PLACE, SERIAL, TITLE, XMP

pytestmark = pytest.mark.pure


def said(path: Path, extension: str) -> set[tuple[str, str, str]]:
    return {(one["source"], one["name"], one["value"]) for one in embedded.read(path, extension)}


IN_PICTURES = {
    ("EXIF", "ImageDescription", TITLE),
    ("EXIF", "Artist", OWNER),
    ("EXIF", "BodySerialNumber", SERIAL),
    ("EXIF", "DateTimeOriginal", "1975:03:16 10:00:00"),
    ("EXIF", "GPSPosition", "14.350000, 108.010000"),
    ("XMP", "dc:title", f"{TITLE} vi"),
    ("XMP", "dc:creator", OWNER),
    ("XMP", "dc:creator", "Second"),
    ("XMP", "photoshop:City", PLACE),
}


@pytest.mark.parametrize(
    ("make", "extension", "more"),
    [
        (
            tagged_files.jpeg,
            "jpg",
            {("IPTC", "By-line", OWNER), ("JPEG", "Comment", "PLANTED-COMMENT"), ("EXIF", "XPTitle", f"{TITLE} ă")},
        ),
        (tagged_files.png, "png", {("PNG", "Author", OWNER), ("PNG", "Title", TITLE)}),
        (tagged_files.webp, "webp", set()),
        (tagged_files.tiff, "tif", set()),
    ],
)
def test_picture_says_who_when_where_and_by_which_standard(
    make: Callable[[Path], Path], extension: str, more: set[tuple[str, str, str]], tmp_path: Path
) -> None:
    found = said(make(tmp_path / "x"), extension)

    # Pillow writes the first directory alone into a TIFF.
    lacking = {
        one
        for one in IN_PICTURES
        if one[1] in ("GPSPosition", "BodySerialNumber", "DateTimeOriginal") and extension == "tif"
    }
    assert (IN_PICTURES - lacking) | more <= found


def test_directories_below_the_first_are_read_in_a_tiff_too(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(tagged_files.exif().tobytes().removeprefix(b"Exif\x00\x00"))

    assert {("EXIF", "GPSPosition", "14.350000, 108.010000"), ("EXIF", "BodySerialNumber", SERIAL)} <= said(path, "tif")


@pytest.mark.parametrize(
    ("form", "extension", "source", "title", "artist"),
    [
        ("mp3", "mp3", "ID3", "TIT2", "TPE1"),
        ("flac", "flac", "Vorbis", "TITLE", "ARTIST"),
        ("ogg", "ogg", "Vorbis", "TITLE", "ARTIST"),
        ("wav", "wav", "RIFF", "INAM", "IART"),
        ("aiff", "aif", "AIFF", "NAME", ""),
        ("ipod", "m4a", "MP4", "title", "artist"),
        ("asf", "wma", "ASF", "title", "artist"),
    ],
)
def test_sound_says_its_title_and_who_made_it(
    form: str, extension: str, source: str, title: str, artist: str, tmp_path: Path
) -> None:
    found = said(tagged_files.sound(tmp_path / "x", form), extension)

    wanted = {(source, title, TITLE)} | ({(source, artist, OWNER)} if artist else set())
    assert wanted <= found


def test_film_says_where_it_was_made(tmp_path: Path) -> None:
    found = said(tagged_files.film(tmp_path / "x", "mov"), "mov")

    assert ("MP4", "location", tagged_files.ISO_6709) in found


def test_pdf_says_the_same_in_two_ways(tmp_path: Path) -> None:
    found = said(tagged_files.pdf(tmp_path / "x"), "pdf")

    assert {("PDF", "Title", TITLE), ("PDF", "Author", OWNER), ("XMP", "dc:creator", OWNER)} <= found


def test_office_documents_say_who_wrote_them(tmp_path: Path) -> None:
    core = f'<c:x xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:c="c"><dc:creator>{OWNER}</dc:creator></c:x>'

    assert said(office_open(tmp_path / "a", WORD, **{"docProps/core.xml": core}), "docx") == {
        ("OOXML", "creator", OWNER)
    }
    assert said(open_document(tmp_path / "b", "text"), "odt") == set()


def test_broadcast_wave_says_where_it_comes_from(tmp_path: Path) -> None:
    bext = (
        "Cồng chiêng".encode().ljust(256, b"\x00")
        + b"VTV".ljust(32, b"\x00")
        + b"REF".ljust(32, b"\x00")
        + b"1998-04-30"
        + b"10:00:00"
    )
    content = b"WAVE" + b"bext" + struct.pack("<I", 602) + bext.ljust(602, b"\x00")
    path = tmp_path / "x"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)

    assert {("BWF", "Description", "Cồng chiêng"), ("BWF", "OriginationDate", "1998-04-30")} <= said(path, "wav")


def test_entities_are_not_expanded_and_nothing_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    bomb = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]>' + XMP.replace(TITLE, "&a;")
    core = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><x><creator>&a;</creator></x>'

    assert list(xmp(bomb.encode())) == []
    assert said(zipped(tmp_path / "x", {"docProps/core.xml": core}), "docx") == set()


def test_what_is_kept_is_bounded() -> None:
    many = bounded(Said("X", f"name{number}", "v") for number in range(10_000))
    long = bounded(Said("X", f"name{number}", "v" * 10_000) for number in range(10_000))
    same = bounded([Said("X", "a", " twice\x00 "), Said("X", "a", "twice"), Said("X", "a", "  ")])

    assert len(many) == ENTRIES_AT_MOST
    assert sum(len(one.value) for one in long) <= LETTERS_AT_MOST
    assert same == [Said("X", "a", "twice")]


def test_real_photograph_with_a_position_says_it(tmp_path: Path, work_dir: Path) -> None:
    folder = corpus()
    if folder is None:
        pytest.skip("shared/visible is not beside this checkout")

    facts = identify(folder / "image" / "exif_gps_DSCN0010.jpg", work_dir)

    assert {"source": "EXIF", "name": "GPSPosition", "value": "43.467448, 11.885127"} in [
        dict(one) for one in facts.embedded
    ]
    assert not any("GPS" in name or "position" in name for name in facts.technical)


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("tagged")
    pictures = [
        (tagged_files.jpeg, "jpg"),
        (tagged_files.png, "png"),
        (tagged_files.webp, "webp"),
        (tagged_files.tiff, "tif"),
    ]
    return [
        *((make(folder / extension), extension) for make, extension in pictures),
        (tagged_files.sound(folder / "mp3", "mp3"), "mp3"),
        (tagged_files.sound(folder / "flac", "flac"), "flac"),
        (tagged_files.sound(folder / "wav", "wav"), "wav"),
        (tagged_files.pdf(folder / "pdf"), "pdf"),
    ]


@given(data=st.data())
def test_damaged_tags_are_left_out_and_break_nothing(tagged: list[tuple[Path, str]], data: st.DataObject) -> None:
    path, extension = data.draw(st.sampled_from(tagged))
    content = bytearray(path.read_bytes()[:6000])
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    broken = path.with_suffix(".broken")
    broken.write_bytes(content)

    for one in embedded.read(broken, extension):
        assert one.keys() == {"source", "name", "value"}
        assert "\x00" not in "".join(one.values())
