"""Every file of the sample is in its real format, is the same at every making, and says what it is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pypdfium2
import pytest
import pyvips
from PIL import Image, ImageOps

from archive.sample import catalogue, files, lettering
from archive.sample.files import EXTENSIONS, FileRecipe
from archive.sample.marks import CLOSED_VI, Mark
from archive.sample.pictures import LABEL_SHARE, WRITERS, label
from archive.sample.weaving import INK, PALETTES, cloth

pytestmark = pytest.mark.pure

MARK = Mark("TVQN-M-0001", "Nhà rông bên sông", "Ba Na", 7)
Make = Callable[..., Path]

SETTINGS: dict[str, dict[str, int | str]] = {
    "pictures": {"width": 640, "height": 480, "figure": "house", "pixels_per_thread": 4},
    "gongs": {"seconds": 4, "voice": "tubes"},
    "films": {"seconds": 2, "figure": "gong", "voice": "tubes", "lines": 240},
    "pages": {"themes": "chu-viet dia-danh", "pages": 2},
    "books": {"themes": "truyen-mau", "languages": "vi bdq"},
}
VARIANTS = [(generator, variant) for generator, variants in EXTENSIONS.items() for variant in variants]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes one small file of a variant; further settings by keyword."""

    def made(generator: str, variant: str, *, mark: Mark = MARK, **settings: int | str) -> Path:
        recipe = FileRecipe(generator, {"variant": variant, **SETTINGS[generator], **settings}, mark.seed)
        target = tmp_path / f"{variant}-{len(list(tmp_path.iterdir()))}.{recipe.extension}"
        files.make(recipe, mark, target)
        return target

    return made


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("generator", "variant"), VARIANTS)
def test_a_file_made_twice_has_the_same_bytes_and_another_seed_gives_others(
    make: Make, generator: str, variant: str
) -> None:
    first, second = make(generator, variant), make(generator, variant)
    other = make(generator, variant, mark=replace(MARK, seed=8, identifier="TVQN-M-0002"))

    assert sha256(first) == sha256(second)
    assert sha256(other) != sha256(first)


@pytest.mark.parametrize("variant", WRITERS)
def test_every_picture_carries_its_mark_in_metadata(make: Make, variant: str) -> None:
    data = make("pictures", variant).read_bytes()

    assert "[Mẫu]".encode() in data or b"[M\\u1eabu]" in data


@pytest.mark.parametrize(
    ("variant", "format_name", "check"),
    [
        ("jpeg", "JPEG", lambda image: image.mode == "RGB" and "icc_profile" in image.info),
        ("jpeg-progressive", "JPEG", lambda image: image.info.get("progressive") == 1),
        ("jpeg-cmyk", "JPEG", lambda image: image.mode == "CMYK" and len(image.info["icc_profile"]) > 1000),
        ("jpeg-rotated", "JPEG", lambda image: image.getexif()[0x0112] == 6 and image.size == (480, 640)),
        ("jpeg-gps", "JPEG", lambda image: image.getexif().get_ifd(0x8825)[2] == (14.0, 21.0, 16.2)),
        ("png-alpha", "PNG", lambda image: image.mode == "RGBA" and image.getpixel((2, 2))[3] == 0),
        ("webp", "WEBP", lambda image: image.size == (640, 480)),
        ("jp2", "JPEG2000", lambda image: image.size == (640, 480)),
        ("avif", "AVIF", lambda image: image.size == (640, 480)),
        ("gif", "GIF", lambda image: image.mode == "P"),
        ("tiff-pages", "TIFF", lambda image: image.n_frames == 3),
    ],
)
def test_a_picture_is_what_its_variant_says(
    make: Make, variant: str, format_name: str, check: Callable[[Image.Image], bool]
) -> None:
    with Image.open(make("pictures", variant)) as image:
        image.load()
        assert image.format == format_name
        assert check(image)


@pytest.mark.parametrize("variant", ["png-16", "tiff-16"])
def test_deep_pictures_have_sixteen_bits_and_use_them(make: Make, variant: str) -> None:
    image = pyvips.Image.new_from_file(str(make("pictures", variant)))

    assert image.format == "ushort"
    assert image.max() > 40_000
    # Noise below one eighth-bit step: not an eight-bit picture blown up.
    assert len({int(value[0]) % 257 for value in (image.getpoint(x, 20) for x in range(50))}) > 10


def test_a_big_tiff_has_the_big_header(make: Make) -> None:
    assert make("pictures", "tiff-big").read_bytes()[:4] in {b"II\x2b\x00", b"MM\x00\x2b"}


def test_only_the_variant_with_a_position_carries_one(make: Make) -> None:
    placed = set()
    for variant in WRITERS:
        with Image.open(make("pictures", variant)) as image:
            if image.getexif().get_ifd(0x8825):
                placed.add(variant)
    recipes = [file.recipe for item in catalogue.items() for file in item.files]

    assert placed == {"jpeg-gps"}
    assert [recipe.settings["variant"] for recipe in recipes].count("jpeg-gps") == 1


@pytest.mark.parametrize("variant", [name for name in WRITERS if name not in {"tiff-pages", "gif", "jpeg-cmyk"}])
def test_the_label_lies_over_the_foot_of_every_picture(make: Make, variant: str) -> None:
    with Image.open(make("pictures", variant)) as opened:
        if opened.mode.startswith("I;16") or variant in {"png-16", "tiff-16"}:
            deep = pyvips.Image.new_from_file(opened.filename).colourspace("srgb")
            image = Image.frombytes("RGB", (deep.width, deep.height), deep.write_to_memory())
        else:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    wanted = label(MARK, width=640, height=480 // LABEL_SHARE)
    strip = image.crop((0, 480 - wanted.height, 640, 480))
    difference = [abs(a - b) for a, b in zip(strip.tobytes(), wanted.tobytes(), strict=True)]

    assert sum(difference) / len(difference) < 12
    assert len(set(strip.convert("L").resize((64, 8)).tobytes())) > 20  # letters, not a plain strip


def test_a_closed_picture_is_a_test_card_without_cloth(make: Make) -> None:
    card = make("pictures", "png-16", closed=1)
    image = pyvips.Image.new_from_file(str(card)).colourspace("srgb")

    assert [int(value) for value in image.getpoint(10, 60)] == pytest.approx(list(INK["natural"]), abs=1)
    assert [int(value) for value in image.getpoint(300, 10)] == pytest.approx([128, 128, 128], abs=1)


@pytest.mark.parametrize("variant", EXTENSIONS["gongs"])
def test_sounds_open_at_their_length_with_their_title_and_three_beeps(make: Make, variant: str) -> None:
    with av.open(str(make("gongs", variant))) as sound:
        stream = sound.streams.audio[0]
        title = {**sound.metadata, **stream.metadata}
        frames = list(sound.decode(stream))
    seconds = sum(frame.samples for frame in frames) / frames[0].sample_rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
    mono = b"".join(bytes(part.planes[0])[: part.samples * 2] for frame in frames for part in resampler.resample(frame))
    levels = [
        max(abs(int.from_bytes(mono[i : i + 2], "little", signed=True)) for i in range(at, at + 160, 2))
        for at in range(0, 16000, 160)
    ]
    loud = "".join("1" if level > 1000 else "0" for level in levels)

    assert any(key.lower() == "title" and value.startswith("[Mẫu]") for key, value in title.items())
    assert seconds == pytest.approx(4, abs=0.15)
    assert len([burst for burst in loud[:70].split("0") if len(burst) > 4]) == 3
    assert max(levels) <= 32_767


@pytest.mark.parametrize(("variant", "codec"), [("mp4", "h264"), ("mov", "h264"), ("webm", "vp9")])
def test_films_have_pictures_and_sound_and_their_label_in_every_frame(make: Make, variant: str, codec: str) -> None:
    with av.open(str(make("films", variant))) as film:
        video = film.streams.video[0]
        title = film.metadata.get("title") or film.metadata.get("TITLE")
        assert title is not None
        assert title.startswith("[Mẫu]")
        assert video.codec_context.name.startswith(codec) or codec in video.codec_context.name
        assert len(film.streams.audio) == 1
        pictures = [frame.to_image() for frame in film.decode(video)]
    wanted = label(MARK, width=pictures[0].width, height=pictures[0].height // 10)
    for picture in (pictures[0], pictures[-1]):
        strip = picture.crop((0, picture.height - wanted.height, picture.width, picture.height))
        difference = [abs(a - b) for a, b in zip(strip.tobytes(), wanted.tobytes(), strict=True)]
        assert sum(difference) / len(difference) < 14
    assert pictures[0].size == (426, 240)
    assert len(pictures) == pytest.approx(50, abs=1)
    assert pictures[0].crop((0, 0, 426, 200)).tobytes() != pictures[-1].crop((0, 0, 426, 200)).tobytes()


def test_a_typeset_document_has_its_text_with_stacked_marks_its_title_and_bookmarks(make: Make) -> None:
    if lettering.font_bytes("serif") is None:
        pytest.skip("no TrueType font on this machine")
    document = pypdfium2.PdfDocument(str(make("pages", "typeset", tai_viet=1)))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)

    assert document.get_metadata_value("Title") == f"[Mẫu] {MARK.title}"
    assert all("[Mẫu] TVQN-M-0001" in page.get_textpage().get_text_range() for page in document)
    assert "Kon Tum được hiểu là làng bên hồ nước" in text.replace("\r\n", " ")
    assert "ê\u0306" in text
    assert "ơ\u0306" in text
    headings = [mark.get_title() for mark in document.get_toc()]
    assert "Tên gọi kể chuyện" in headings
    assert document.raw is not None


def test_the_letters_of_a_document_are_drawn_and_not_only_there_to_be_read(make: Make) -> None:
    page = pypdfium2.PdfDocument(str(make("pages", "typeset")))[0]
    grey = page.render(scale=1).to_pil().convert("L")
    lines = grey.crop((68, 700, 527, 760))

    assert min(lines.tobytes()) < 80
    assert len({value // 16 for value in lines.tobytes()}) > 6


def test_a_scanned_document_has_pages_and_no_text(make: Make) -> None:
    document = pypdfium2.PdfDocument(str(make("pages", "scan")))

    assert len(document) == 2
    assert document.get_metadata_value("Title").startswith("[Mẫu]")
    assert all(page.get_textpage().get_text_range() == "" for page in document)
    assert min(document[0].render(scale=0.5).to_pil().convert("L").tobytes()) < 100


def test_a_closed_document_says_only_that_it_is_closed(make: Make) -> None:
    document = pypdfium2.PdfDocument(str(make("pages", "scan", closed=1)))

    assert len(document) == 1
    assert document[0].get_textpage().get_text_range() == ""
    assert CLOSED_VI.startswith("Thẻ thử")


def test_without_any_font_of_ours_files_are_still_made(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "font_bytes", lambda family: None)
    lettering.picture_font.cache_clear()
    monkeypatch.setattr("archive.sample.pages.faces", lambda: None)
    try:
        with Image.open(make("pictures", "jpeg")) as image:
            image.load()
        assert len(pypdfium2.PdfDocument(str(make("pages", "typeset")))) > 0
    finally:
        lettering.picture_font.cache_clear()


def test_peoples_differ_in_their_colours() -> None:
    looks = {people: cloth(people, 3, width=60, height=80).tobytes() for people in PALETTES}

    assert len(set(looks.values())) == len(PALETTES)


@pytest.mark.long
def test_the_largest_picture_is_what_its_item_says(tmp_path: Path) -> None:
    item = next(item for item in catalogue.items() if item.identifier == "TVQN-M-0011")
    target = tmp_path / "large.jpg"

    files.make(item.files[0].recipe, item.mark(item.files[0]), target)

    with Image.open(io.BytesIO(target.read_bytes())) as image:
        assert image.width * image.height > 100_000_000
    assert 10_000_000 < target.stat().st_size < 60_000_000
