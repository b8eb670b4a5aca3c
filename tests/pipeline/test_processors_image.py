"""Pictures of every sort: colours, orientation, depth, transparency, formats, and what must not come out."""

from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from PIL import Image, ImageCms

from media_pipeline import reasons
from media_pipeline.facts import Facts
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes import recipe
from media_pipeline.sandbox import run_processor

pytestmark = pytest.mark.pure

Pixel = tuple[float, ...]


def two_colours(
    width: int = 640, height: int = 480, top: Pixel = (220, 30, 30), bottom: Pixel = (30, 30, 220)
) -> pyvips.Image:
    upper = pyvips.Image.black(width, height // 2, bands=len(top)) + list(top)
    lower = pyvips.Image.black(width, height - height // 2, bands=len(bottom)) + list(bottom)
    return upper.join(lower, "vertical").cast("uchar").copy(interpretation="srgb")


def made(role: str, source: Path, work_dir: Path) -> Result:
    return run_processor(recipe(role, "image"), source, work_dir)


def pixel(path: Path, across: float, down: float) -> Pixel:
    image = pyvips.Image.new_from_file(str(path))
    return tuple(image.getpoint(int(across * (image.width - 1)), int(down * (image.height - 1))))


def near(found: Pixel, wanted: Pixel, by: float = 12) -> bool:
    return len(found) == len(wanted) and all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def save(path: Path, image: pyvips.Image, suffix: str, **options: object) -> Path:
    """Write in the format of a suffix, under a name that says nothing."""
    path.write_bytes(image.write_to_buffer(suffix, **options))
    return path


FORMATS: dict[str, Callable[[Path], object]] = {
    "jpg": lambda path: save(path, two_colours(), ".jpg"),
    "png": lambda path: save(path, two_colours(), ".png"),
    "tif": lambda path: save(path, two_colours(), ".tif", compression="lzw"),
    "webp": lambda path: save(path, two_colours(), ".webp"),
    "gif": lambda path: save(path, two_colours(), ".gif"),
    "avif": lambda path: save(path, two_colours(), ".avif", effort=0),
    "jp2": lambda path: pillow().save(path, format="JPEG2000", no_jp2=False),
    "j2k": lambda path: pillow().save(path, format="JPEG2000", no_jp2=True),
    "bmp": lambda path: pillow().save(path, format="BMP"),
    "pnm": lambda path: pillow().save(path, format="PPM"),
}


def pillow() -> Image.Image:
    image = two_colours()
    return Image.frombytes("RGB", (image.width, image.height), image.write_to_memory())


@pytest.mark.parametrize("extension", FORMATS)
def test_format_is_known_by_its_content_and_shown_in_its_colours(
    extension: str, tmp_path: Path, work_dir: Path
) -> None:
    source = tmp_path / "upload.mp3"
    FORMATS[extension](source)

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)
    small = pixel(work_dir / "out" / "480.webp", 0.5, 0.1), pixel(work_dir / "out" / "480.webp", 0.5, 0.9)
    made("pyramid", source, work_dir)
    large = pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.1), pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.9)

    assert (facts.kind, facts.extension, facts.reason) == ("image", extension, "")
    assert (facts.technical["width"], facts.technical["height"]) == (640, 480)
    for top, bottom in (small, large):
        assert near(top, (220, 30, 30))
        assert near(bottom, (30, 30, 220))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once_and_not_kept(orientation: int, tmp_path: Path, work_dir: Path) -> None:
    # Stored so that, turned as the tag says, red is on top: the tag's own definition, applied backwards.
    upright = two_colours(1600, 2400)
    turn = {1: "d0", 2: "d0", 3: "d180", 4: "d180", 5: "d270", 6: "d270", 7: "d90", 8: "d90"}[orientation]
    stored = upright.rot(turn)
    if orientation in (2, 4):
        stored = stored.fliphor()
    elif orientation in (5, 7):
        stored = stored.flipver()
    stored = stored.copy()
    stored.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    source = save(tmp_path / "turned", stored, ".jpg")

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)
    thumbnail = pyvips.Image.new_from_file(str(work_dir / "out" / "480.webp"))
    top, bottom = pixel(work_dir / "out" / "480.webp", 0.5, 0.1), pixel(work_dir / "out" / "480.webp", 0.5, 0.9)
    result = made("pyramid", source, work_dir)
    pyramid_top = pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.1)

    assert (facts.technical["width"], facts.technical["height"]) == (1600, 2400)
    assert (thumbnail.width, thumbnail.height) == (320, 480)
    assert near(top, (220, 30, 30))
    assert near(bottom, (30, 30, 220))
    assert (result.facts["width"], result.facts["height"]) == (1600, 2400)
    assert near(pyramid_top, (220, 30, 30))


def test_no_output_has_more_than_pixels(tmp_path: Path, work_dir: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "PLANTED-MAKER"
    exif[0x013B] = "PLANTED-OWNER"
    exif.get_ifd(0x8825)[2] = (14.0, 21.0, 30.0)
    exif.get_ifd(0x8825)[29] = "PLANTED-PLACE"
    source = tmp_path / "located"
    pillow().save(source, format="JPEG", exif=exif, comment=b"PLANTED-COMMENT", xmp=b"<x>PLANTED-XMP</x>")
    assert source.read_bytes().count(b"PLANTED") == 5

    for role in ("thumbnail", "pyramid"):
        for one in made(role, source, work_dir).files:
            content = (work_dir / "out" / one.name).read_bytes()
            image = pyvips.Image.new_from_buffer(content, "")
            assert b"PLANTED" not in content
            assert b"Exif" not in content
            assert not [name for name in image.get_fields() if name.startswith(("exif", "xmp", "iptc"))]
            assert image.get_typeof("orientation") == 0 or image.get("orientation") == 1


def test_cmyk_with_a_profile_comes_out_in_its_colours(tmp_path: Path, work_dir: Path) -> None:
    cmyk = two_colours().icc_export(output_profile="cmyk", depth=8)
    source = save(tmp_path / "print", cmyk, ".jpg", Q=95)

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)
    top, bottom = (pixel(work_dir / "out" / "480.webp", 0.5, down) for down in (0.1, 0.9))
    made("pyramid", source, work_dir)
    large = pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.1)

    assert facts.technical["colour_space"] == "CMYK"
    assert facts.technical["profile"]
    assert near(top, (220, 30, 30), by=30)
    assert bottom[2] > bottom[0] + 60
    assert near(large, top)


def test_cmyk_without_a_profile_is_no_negative(tmp_path: Path, work_dir: Path) -> None:
    source = tmp_path / "print"
    Image.new("CMYK", (300, 200), (0, 230, 230, 0)).save(source, format="JPEG")

    made("thumbnail", source, work_dir)

    red, green, blue = pixel(work_dir / "out" / "160.webp", 0.5, 0.5)
    assert red > 150
    assert max(green, blue) < 100


def test_a_wide_profile_is_brought_to_srgb(tmp_path: Path, work_dir: Path) -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = tmp_path / "profiled"
    pillow().save(source, format="PNG", icc_profile=swapped)

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)

    assert "sRGB" in str(facts.technical["profile"])
    assert near(pixel(work_dir / "out" / "480.webp", 0.5, 0.1), (220, 30, 30))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_become_eight_of_the_same_brightness(suffix: str, tmp_path: Path, work_dir: Path) -> None:
    deep = (two_colours().cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    source = save(tmp_path / "deep", deep, suffix)

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)
    top = pixel(work_dir / "out" / "480.webp", 0.5, 0.1)
    made("pyramid", source, work_dir)

    assert facts.technical["bits"] == 16
    assert near(top, (220, 30, 30))
    assert near(pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.1), (220, 30, 30))


def test_grey_of_sixteen_bits_keeps_its_middle(tmp_path: Path, work_dir: Path) -> None:
    grey = (pyvips.Image.black(300, 300) + 128 * 257).cast("ushort").copy(interpretation="grey16")
    source = save(tmp_path / "grey", grey, ".tif")

    made("thumbnail", source, work_dir)
    small = pixel(work_dir / "out" / "160.webp", 0.5, 0.5)
    made("pyramid", source, work_dir)
    large = pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.5)

    assert near(small, (128, 128, 128), by=3)
    assert near(large, (128, 128, 128), by=3)


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_transparency_lies_on_white(suffix: str, tmp_path: Path, work_dir: Path) -> None:
    clear = two_colours().bandjoin(pyvips.Image.black(640, 480)).copy(interpretation="srgb")
    source = save(tmp_path / "clear", clear.cast("uchar"), suffix)

    made("thumbnail", source, work_dir)
    small = pixel(work_dir / "out" / "480.webp", 0.5, 0.5)
    made("pyramid", source, work_dir)

    assert near(small, (255, 255, 255), by=2)
    assert near(pixel(work_dir / "out" / "pyramid.tif", 0.5, 0.5), (255, 255, 255), by=2)


def test_big_tiff_is_read(tmp_path: Path, work_dir: Path) -> None:
    source = save(tmp_path / "big", two_colours(), ".tif", bigtiff=True)
    assert source.read_bytes()[:4] in (b"II+\x00", b"MM\x00+")

    assert identify(source, work_dir).extension == "tif"
    made("thumbnail", source, work_dir)

    assert near(pixel(work_dir / "out" / "480.webp", 0.5, 0.1), (220, 30, 30))


def pages_file(path: Path) -> Path:
    pages = [two_colours(200, 300), two_colours(300, 200, (0, 200, 0)), two_colours(200, 300)]
    frames = [Image.frombytes("RGB", (one.width, one.height), one.write_to_memory()) for one in pages]
    frames[0].save(path, format="TIFF", save_all=True, append_images=frames[1:])
    return path


def test_tiff_with_pages_gets_a_picture_of_each(tmp_path: Path, work_dir: Path) -> None:
    source = pages_file(tmp_path / "pages")

    facts = identify(source, work_dir)
    result = run_processor(recipe_for("pages", facts), source, work_dir)

    assert facts.technical["pages"] == 3
    assert [(one.name, one.facts["width"]) for one in result.files if one.name[0] == "p"] == [
        ("p0001.jpg", 200),
        ("p0002.jpg", 300),
        ("p0003.jpg", 200),
    ]
    assert near(pixel(work_dir / "out" / "p0002.jpg", 0.5, 0.1), (0, 200, 0))


def test_pyramidal_tiff_has_one_page(tmp_path: Path, work_dir: Path) -> None:
    source = save(tmp_path / "pyramid", two_colours(2000, 1400), ".tif", tile=True, pyramid=True)

    facts = identify(source, work_dir)
    made("thumbnail", source, work_dir)

    assert facts.technical["pages"] == 1
    assert near(pixel(work_dir / "out" / "160.webp", 0.5, 0.1), (220, 30, 30))
    with pytest.raises(KeyError):
        recipe_for("pages", facts)


def test_small_picture_is_never_enlarged_and_a_hair_keeps_a_pixel(tmp_path: Path, work_dir: Path) -> None:
    small, hair = (
        save(tmp_path / "small", two_colours(100, 60), ".png"),
        save(tmp_path / "hair", two_colours(6000, 2), ".png"),
    )

    sizes = [one.facts for one in made("thumbnail", small, work_dir).files]
    thin = [one.facts for one in made("thumbnail", hair, work_dir).files]

    assert sizes == [{"width": 100, "height": 60}] * 3
    assert [one["height"] for one in thin] == [1, 1, 1]
    assert [one["width"] for one in thin] == [1280, 480, 160]


@pytest.mark.parametrize(
    ("width", "height", "levels"), [(512, 512, 1), (513, 100, 2), (2048, 1500, 3), (2049, 100, 3), (1, 1, 1)]
)
def test_pyramid_has_the_levels_that_it_claims(
    width: int, height: int, levels: int, tmp_path: Path, work_dir: Path
) -> None:
    source = save(tmp_path / "source", two_colours(width, max(2, height)).crop(0, 0, width, height), ".png")

    result = made("pyramid", source, work_dir)

    longest = max(width, height)
    pyramid = pyvips.Image.new_from_file(str(work_dir / "out" / "pyramid.tif"))
    assert result.facts == {
        "width": width,
        "height": height,
        "tile_size": min(512, (longest + 15) // 16 * 16),
        "levels": levels,
    }
    assert pyramid.get("n-pages") == levels
    assert (pyramid.width, pyramid.height, pyramid.bands) == (width, height, 3)


def test_animation_shows_its_first_picture(tmp_path: Path, work_dir: Path) -> None:
    frames = (
        two_colours(64, 64, (0, 200, 0), (0, 200, 0))
        .join(two_colours(64, 64, (200, 0, 0), (200, 0, 0)), "vertical")
        .copy()
    )
    frames.set_type(pyvips.GValue.gint_type, "page-height", 64)
    source = save(tmp_path / "moving", frames, ".gif")

    facts = identify(source, work_dir)
    result = made("thumbnail", source, work_dir)

    assert facts.technical["frames"] == 2
    assert result.files[0].facts == {"width": 64, "height": 64}
    assert near(pixel(work_dir / "out" / "160.webp", 0.5, 0.5), (0, 200, 0))


def test_too_many_pixels_are_refused_before_they_are_read(tmp_path: Path, work_dir: Path) -> None:
    source = tmp_path / "bomb"
    image_of_zeros = Image.new("1", (20_000, 20_000))
    image_of_zeros.save(source, format="TIFF", compression="group4")
    assert source.stat().st_size < 200_000

    assert identify(source, work_dir).reason == reasons.TOO_MANY_PIXELS
    for role in ("thumbnail", "pyramid"):
        with pytest.raises(ProcessorError) as caught:
            made(role, source, work_dir)
        assert caught.value.code == reasons.TOO_MANY_PIXELS


def test_a_picture_cut_short_is_shown_as_far_as_it_goes(tmp_path: Path, work_dir: Path) -> None:
    whole = save(tmp_path / "whole", pyvips.Image.gaussnoise(800, 600, mean=128, sigma=40).cast("uchar"), ".jpg")
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    assert identify(cut, work_dir).reason == ""
    assert len(made("thumbnail", cut, work_dir).files) == 3


@pytest.mark.parametrize("loader", ["svgload", "vipsload", "csvload", "rawload", "matrixload"])
def test_libvips_has_only_the_readers_that_we_name(loader: str) -> None:
    # Ours come from `image_open`, which blocks the untrusted ones; `matrixload` stays in the library, but is
    # never called.
    from media_pipeline.processors import image_open  # noqa: PLC0415 - its import is what is tested

    assert loader not in image_open._LOADERS.values()


def test_facts_survive_their_json(tmp_path: Path, work_dir: Path) -> None:
    facts = identify(save(tmp_path / "one", two_colours(), ".png"), work_dir)

    assert Facts.from_json(facts.to_json()) == facts
