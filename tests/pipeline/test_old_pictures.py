"""Pictures that older programs and cameras left: known by their content, shown in their colours, told apart by version."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, identify, image_thumbnail
from media_pipeline.processors.image_open import open_upright
from media_pipeline.processors.image_raw import preview, raw_format
from media_pipeline.processors.puid_image import puid as puid_of_image
from media_pipeline.processors.puid_media import puid as puid_of_media
from media_pipeline.processors.puid_pdf import puid as puid_of_pdf
from media_pipeline.recipes.pictures import THUMBNAIL
from media_pipeline.sniff import sniff
from tests.pipeline.old_pictures import BLUE, RED, by_pillow, camera_raw, fli, pcx, picture, psd, raf, xpm

pytestmark = pytest.mark.pure
MAKERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "tga": (by_pillow("TGA"), "fmt/402"),
    "sgi": (by_pillow("SGI"), "x-fmt/140"),
    "dds": (by_pillow("DDS"), "fmt/1040"),
    "pcx": (pcx, "fmt/90"),
    "xpm": (xpm, "x-fmt/208"),
    "psd": (psd, "x-fmt/92"),
    "fli": (fli, "fmt/298"),
}


def looked(path: Path) -> dict[str, object]:
    return identify.run(path, path.parent, {"pixels_at_most": 1_000_000}, lambda percent: None).facts


def thumbnail(path: Path, out: Path) -> pyvips.Image:
    image_thumbnail.run(path, out, THUMBNAIL.settings, lambda percent: None)
    return pyvips.Image.new_from_file(str(out / "160.webp"))


def near(found: list[float], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 20 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("extension", MAKERS)
def test_picture_of_an_older_program_is_known_and_shown_in_its_colours(extension: str, tmp_path: Path) -> None:
    make, puid = MAKERS[extension]
    path = tmp_path / "picture"
    make(path)

    facts = looked(path)
    small = thumbnail(path, tmp_path)

    assert (facts["kind"], facts["extension"], facts["puid"], facts["reason"]) == ("image", extension, puid, "")
    assert near(small.getpoint(small.width // 2, small.height // 4), RED)
    assert near(small.getpoint(small.width // 2, small.height * 3 // 4), BLUE)


@pytest.mark.parametrize("extension", MAKERS)
def test_half_of_such_a_picture_is_called_damaged_or_unknown_at_the_first_look(extension: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    MAKERS[extension][0](path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    facts = looked(path)

    assert (facts["extension"], facts["reason"]) in {(extension, reasons.DAMAGED), ("bin", reasons.UNSUPPORTED)}


@pytest.mark.parametrize(
    ("extension", "maker", "more", "puid"),
    [
        ("nef", "NIKON CORPORATION", {}, "fmt/202"),
        ("arw", "SONY", {}, "fmt/1127"),
        ("pef", "PENTAX", {}, ""),
        ("dng", "Canon", {"dng": b"\x01\x04\x00\x00"}, "fmt/730"),
        ("orf", "OLYMPUS", {"magic": b"IIRO"}, "fmt/668"),
    ],
)
def test_raw_file_of_a_camera_is_shown_by_the_picture_it_brings(
    extension: str, maker: str, more: dict[str, bytes], puid: str, tmp_path: Path
) -> None:
    path = tmp_path / "raw"
    camera_raw(path, maker, **more)

    facts = looked(path)
    whole = open_upright(path, pixels_at_most=1_000_000)

    assert (facts["kind"], facts["extension"], facts["puid"], facts["reason"]) == ("image", extension, puid, "")
    assert facts["technical"] == facts["technical"] | {"preview_of_raw": True, "width": 120, "height": 160}
    assert (whole.width, whole.height) == (120, 160)  # the largest one, turned as the camera was held
    assert near(thumbnail(path, tmp_path).getpoint(100, 80), RED)


def test_fuji_raw_file_is_shown_too(tmp_path: Path) -> None:
    raf(tmp_path / "raw")

    assert looked(tmp_path / "raw")["extension"] == "raf"
    assert thumbnail(tmp_path / "raw", tmp_path).width == 160


def test_raw_file_without_a_picture_is_kept_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    path.write_bytes(b"FUJIFILMCCD-RAW 0201".ljust(2000, b"\x00"))

    facts = looked(path)

    assert (facts["extension"], facts["reason"]) == ("raf", reasons.UNSUPPORTED)


def test_lossless_jpeg_of_raw_values_is_no_preview(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    raf(path)
    path.write_bytes(path.read_bytes().replace(b"\xff\xc0\x00\x11", b"\xff\xc3\x00\x11"))

    assert preview(path, "raf") is None


def test_ordinary_tiff_of_a_camera_is_no_raw_file(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    picture().save(path, "TIFF", tiffinfo={271: "NIKON CORPORATION"})

    assert raw_format(path) == ""


def test_moving_picture_that_begins_empty_is_shown_by_a_later_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (64, 48), "white"), Image.new("RGB", (64, 48), "black"), picture()]
    for form in ("GIF", "WEBP"):
        path = tmp_path / form
        frames[0].save(path, form, save_all=True, append_images=frames[1:], duration=100)

        small = thumbnail(path, tmp_path)

        assert near(small.getpoint(32, 12), RED), form
        assert near(open_upright(path, pixels_at_most=10_000).getpoint(32, 40), BLUE), form


def test_header_that_claims_too_many_pixels_is_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.tga"
    path.write_bytes(struct.pack("<BBB5xHHHHBB", 0, 0, 2, 0, 0, 60_000, 60_000, 24, 0))

    assert looked(path)["reason"] in {reasons.TOO_MANY_PIXELS, reasons.UNSUPPORTED}
    with pytest.raises(ProcessorError) as caught:
        thumbnail(path, tmp_path)
    assert caught.value.code in {reasons.TOO_MANY_PIXELS, reasons.DAMAGED}


def wave(coding: int, format_bytes: int, broadcast: int | None = None, magic: bytes = b"RIFF") -> bytes:
    bext = (
        b""
        if broadcast is None
        else b"bext" + struct.pack("<I", 602) + bytes(346) + struct.pack("<H", broadcast) + bytes(254)
    )
    sound = struct.pack("<H", coding).ljust(format_bytes, b"\x00")
    extra = b"ds64" + struct.pack("<I", 28) + bytes(28) if magic == b"RF64" else b""
    return (
        magic
        + bytes(4)
        + b"WAVE"
        + extra
        + bext
        + b"fmt "
        + struct.pack("<I", format_bytes)
        + sound
        + b"data"
        + bytes(4)
    )


@pytest.mark.parametrize(
    ("content", "extension", "puid"),
    [
        (wave(1, 16), "wav", "fmt/141"),
        (wave(85, 30), "wav", "fmt/142"),
        (wave(0xFFFE, 40), "wav", "fmt/143"),
        (wave(1, 16, 0), "wav", "fmt/703"),
        (wave(1, 16, 1), "wav", "fmt/704"),
        (wave(0x50, 40, 2), "wav", "fmt/708"),
        (wave(0xFFFE, 40, 1), "wav", "fmt/710"),
        (wave(6, 18, 2), "wav", "fmt/527"),
        (wave(1, 16, magic=b"RF64"), "wav", "fmt/712"),
        (wave(1, 16, 1, magic=b"RF64"), "wav", "fmt/713"),
        (b"FORM\x00\x00\x00\x00AIFC", "aif", "x-fmt/136"),
        (b"#!AMR-WB\n", "amr", "fmt/954"),
        (b"\x00\x00\x01\xba\x44" + bytes(20), "mpg", "x-fmt/386"),
        (b"\x00\x00\x01\xba\x21" + bytes(20), "mpg", "x-fmt/385"),
        (b"\xff\xfd\x90\x00", "mp3", "fmt/198"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "ogg", "fmt/203"),
        (b"fLaC", "flac", "fmt/279"),
    ],
)
def test_sound_and_film_are_told_apart_by_version(content: bytes, extension: str, puid: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert sniff(content) == extension
    assert puid_of_media(path, extension) == puid


@pytest.mark.parametrize(
    ("content", "extension", "puid"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02" + bytes(20), "jpg", "fmt/44"),
        (b"\xff\xd8\xff\xe1\x00\x90Exif\x00\x00MM\x00*" + b"\x90\x00\x00\x07\x00\x00\x00\x040231", "jpg", "fmt/1507"),
        (b"\xff\xd8\xff\xdb" + bytes(20), "jpg", "fmt/41"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L", "webp", "fmt/567"),
        (b"GIF87a" + bytes(20), "gif", "fmt/3"),
        (b"BM" + bytes(12) + struct.pack("<I", 124) + bytes(40), "bmp", "fmt/119"),
        (b"P5\n2 2\n255\n0000", "pnm", "fmt/406"),
        (b"II+\x00\x08\x00\x00\x00" + bytes(20), "tif", ""),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjpx ", "jp2", "fmt/151"),
    ],
)
def test_pictures_are_told_apart_by_version(content: bytes, extension: str, puid: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert sniff(content) == extension
    assert puid_of_image(path, extension) == puid


@pytest.mark.parametrize(
    ("content", "puid"),
    [
        (b"%PDF-1.4\n", "fmt/18"),
        (b"%PDF-2.0\n", "fmt/1129"),
        (b"%PDF-1.7\n<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", "fmt/477"),
        (b"%PDF-1.4\n<rdf:Description pdfaid:part='1' pdfaid:conformance='A'/>", "fmt/95"),
        (b"%PDF-9.9\n", ""),
    ],
)
def test_pdf_is_told_apart_by_version_and_by_what_it_claims_for_archives(
    content: bytes, puid: str, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert puid_of_pdf(path, "pdf") == puid


@given(
    st.binary(min_size=1, max_size=800),
    st.sampled_from(
        [
            b"II*\x00\x08\x00\x00\x00",
            b"MM\x00*\x00\x00\x00\x08",
            b"BM",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe1",
            b"RIFF",
            b"OggS",
        ]
    ),
)
def test_any_bytes_behind_a_magic_number_get_an_answer(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, magic: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed-picture"
    path.write_bytes(magic + content)

    raw_format(path)
    preview(path, "dng")
    for extension in ("jpg", "png", "tif", "bmp", "tga", "webp", "dng", "pcx"):
        puid_of_image(path, extension)
    for extension in ("wav", "ogg", "mpg", "mp3"):
        puid_of_media(path, extension)
