"""Stored tiles: found by our own reading of the file, handed out undecoded, the same pixels as libvips sees."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.iiif.image import grid, rendering, small_jpeg, tiff
from interop.iiif.image.grid import Directory
from interop.iiif.image.request import Box, Format, ImageRequest, Picture, Quality, parse
from interop.iiif.image.tiff import Level, NotAPyramid, Read
from tests.iiif.pyramids import picture, pyramid

pytestmark = pytest.mark.pure


def reader(content: bytes) -> Read:
    return lambda offset, length: content[offset : offset + length]


def difference(one: pyvips.Image, other: pyvips.Image) -> float:
    return float((one.cast("short") - other.cast("short")).abs().max())


@pytest.fixture(scope="module", params=[(82, False), (95, False), (82, True)], ids=["ycbcr", "rgb", "bigtiff"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    quality, bigtiff = request.param
    return pyramid(tmp_path_factory.mktemp("pyramid") / "pyramid.tif", 2500, 1700, quality=quality, bigtiff=bigtiff)


def test_every_whole_tile_passes_through_undecoded_with_the_very_same_pixels(stored: Path) -> None:
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)
    passed = 0

    for number, level in enumerate(levels):
        page = pyvips.Image.new_from_file(str(stored), page=number)
        assert (level.width, level.height) == (page.width, page.height)
        for column in range(level.width // 512):
            for row in range(level.height // 512):
                side = 512 << number
                whole = Picture(levels[0].width, levels[0].height, rendering.AREA_MOST)
                asked = parse(whole, f"{column * side},{row * side},{side},{side}", "512,512", "0", "default", "jpg")
                settled, found = grid.settled(Directory("", levels), asked)
                assert settled == asked
                assert found is not None
                assert (found.offset, found.length) == level.place(column, row)
                made = pyvips.Image.new_from_buffer(rendering.tile(read, level, column, row), "")
                assert difference(made, page.crop(column * 512, row * 512, 512, 512)) == 0
                passed += 1

    assert passed == 4 * 3 + 2 * 1


def test_the_written_forms_of_one_tile_all_pass_through(stored: Path) -> None:
    levels = tiff.levels(reader(stored.read_bytes()))
    whole = Picture(levels[0].width, levels[0].height, rendering.AREA_MOST)

    def passes(region: str, size: str, rotation: str = "0", quality: str = "default", form: str = "jpg") -> bool:
        asked = parse(whole, region, size, rotation, quality, form)
        return grid.settled(Directory("", levels), asked)[1] is not None

    for size in ("512,", ",512", "512,512", "max", "^max", "pct:100", "!512,512"):
        assert passes("0,512,512,512", size)
    assert passes("0,0,1024,1024", "512,", quality="color")
    assert not passes("0,512,512,512", "512,", rotation="90")
    assert not passes("0,512,512,512", "512,", rotation="!0")
    assert not passes("0,512,512,512", "512,", quality="gray")
    assert not passes("0,512,512,512", "512,", form="png")
    assert not passes("0,512,512,512", "256,")
    assert not passes("256,512,512,512", "512,")
    assert not passes("2048,0,452,512", "max")


def test_a_part_over_many_tiles_shows_what_libvips_shows(stored: Path) -> None:
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)
    whole = Picture(levels[0].width, levels[0].height, rendering.AREA_MOST)

    made = rendering.render(read, levels, parse(whole, "300,200,1500,1100", "max", "0", "default", "png"))

    page = pyvips.Image.new_from_file(str(stored))
    assert difference(pyvips.Image.new_from_buffer(made, ""), page.crop(300, 200, 1500, 1100)) == 0


@pytest.mark.parametrize("size", ["max", "1250,", "1000,", "625,425", "300,", "100,", "37,", "3,2"])
def test_a_smaller_picture_is_cut_from_a_level_no_more_than_twice_as_large(stored: Path, size: str) -> None:
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)
    asked = parse(Picture(2500, 1700, rendering.AREA_MOST), "full", size, "0", "default", "png")

    level, box = rendering.nearest_level(levels, asked)
    made = pyvips.Image.new_from_buffer(rendering.render(read, levels, asked), "")

    assert (made.width, made.height) == (asked.width, asked.height)
    assert level is levels[-1] or box.width <= 2 * asked.width + 2
    ideal = picture(2500, 1700).thumbnail_image(asked.width, height=asked.height, size="force")
    # The blue band is a saw: only red and green can be compared after shrinking.
    assert (made[0:2].cast("short") - ideal[0:2].cast("short")).abs().avg() < 3


@pytest.mark.parametrize(
    ("rotation", "corner"), [("0", (0, 0)), ("90", (0, 255)), ("180", (255, 255)), ("270", (255, 0)), ("!0", (255, 0))]
)
def test_a_picture_is_turned_after_it_is_mirrored(stored: Path, rotation: str, corner: tuple[int, int]) -> None:
    """Red grows to the right, green downwards: the top left corner tells how it was turned."""
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)
    asked = parse(Picture(2500, 1700, rendering.AREA_MOST), "full", "500,", rotation, "default", "png")

    made = pyvips.Image.new_from_buffer(rendering.render(read, levels, asked), "")

    assert [round(value / 255) * 255 for value in made(2, 2)[:2]] == list(corner)


def test_qualities_and_formats_are_what_they_are_called(stored: Path) -> None:
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)

    def made(quality: str, form: str) -> bytes:
        return rendering.render(
            read, levels, parse(Picture(2500, 1700, rendering.AREA_MOST), "full", "200,", "0", quality, form)
        )

    assert pyvips.Image.new_from_buffer(made("gray", "jpg"), "").bands == 1
    bitonal = pyvips.Image.new_from_buffer(made("bitonal", "png"), "")
    assert {int(value) for value in (bitonal.min(), bitonal.max())} == {0, 255}
    assert made("default", "png").startswith(b"\x89PNG")
    assert made("default", "webp")[8:12] == b"WEBP"
    assert made("default", "jpg").startswith(b"\xff\xd8")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 700), (513, 512), (1023, 1025)])
def test_pictures_of_awkward_sizes_are_served_to_their_last_pixel(tmp_path: Path, width: int, height: int) -> None:
    read = reader(pyramid(tmp_path / "p.tif", width, height).read_bytes())
    levels = tiff.levels(read)
    whole = Picture(width, height, rendering.AREA_MOST)

    for region in ("full", f"{width - 1},{height - 1},1,1"):
        for size in ("max", "1,"):
            asked = parse(whole, region, size, "0", "default", "png")
            made = pyvips.Image.new_from_buffer(rendering.render(read, levels, asked), "")
            assert (made.width, made.height) == (asked.width, asked.height)


def test_no_more_is_read_than_the_tiles_that_are_touched(stored: Path) -> None:
    content = stored.read_bytes()
    levels = tiff.levels(reader(content))
    touched: list[int] = []

    def read(offset: int, length: int) -> bytes:
        touched.append(length)
        return content[offset : offset + length]

    asked = parse(Picture(2500, 1700, rendering.AREA_MOST), "500,500,24,24", "max", "0", "default", "jpg")
    rendering.render(read, levels, asked)

    assert sum(touched) < len(content) / 2


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_damaged_directory_is_refused_or_read_within_bounds(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(_small(tmp_path_factory))
    head = struct.unpack("<I", content[4:8])[0]
    for _change in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, 15) | st.integers(head, min(head + 300, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    for damaged in (bytes(content), bytes(content[:cut])):
        try:
            levels: tuple[Level, ...] = tiff.levels(reader(damaged))
        except NotAPyramid:
            continue
        assert all(len(level.offsets) == level.across * level.down for level in levels)


_kept: list[bytes] = []


def _small(factory: pytest.TempPathFactory) -> bytes:
    if not _kept:
        _kept.append(pyramid(factory.mktemp("small") / "p.tif", 700, 600).read_bytes())
    return _kept[0]


def test_a_file_that_is_no_pyramid_is_refused() -> None:
    for content in (b"", b"II*\0", b"RIFF", b"II*\0\x08\0\0\0\0\0\0\0\0\0", b"%PDF-1.7 and more"):
        with pytest.raises(NotAPyramid):
            tiff.levels(reader(content))


def anything(levels: tuple[Level, ...]) -> ImageRequest:
    """A request that has to be cut: no stored tile answers it."""
    return parse(
        Picture(levels[0].width, levels[0].height, rendering.AREA_MOST), "10,10,900,700", "300,", "0", "gray", "png"
    )


@pytest.fixture
def all_places_taken() -> Iterator[None]:
    with ExitStack() as taken:
        for _place in range(rendering.AT_ONCE):
            taken.enter_context(rendering._place())
        yield


def test_tiles_are_read_before_a_place_is_taken(stored: Path) -> None:
    content = stored.read_bytes()
    levels = tiff.levels(reader(content))
    reads = []

    def read(offset: int, length: int) -> bytes:
        with ExitStack() as places:
            for _place in range(rendering.AT_ONCE):
                places.enter_context(rendering._place())
        reads.append(offset)
        return content[offset : offset + length]

    rendering.render(read, levels, anything(levels))

    assert reads


def test_who_finds_no_place_is_sent_away_soon(stored: Path, all_places_taken: None) -> None:
    levels = tiff.levels(reader(stored.read_bytes()))

    with pytest.raises(rendering.Busy):
        rendering.render(reader(stored.read_bytes()), levels, anything(levels))

    assert rendering.WAIT_S <= 1


def test_a_tile_that_cannot_be_decoded_is_a_damaged_pyramid(stored: Path) -> None:
    content = stored.read_bytes()
    levels = tiff.levels(reader(content))

    def read(offset: int, length: int) -> bytes:
        return content[offset : offset + 2] + b"\0" * (length - 2)

    with pytest.raises(NotAPyramid):
        rendering.render(read, levels, anything(levels))
    with rendering._place():
        rendering.render(reader(content), levels, anything(levels))


@pytest.mark.parametrize("x", [505, 511, 512, 513])
@pytest.mark.parametrize("y", [505, 511, 512, 513])
def test_a_box_that_is_rounded_over_the_edge_of_a_tile_is_cut_all_the_same(stored: Path, x: int, y: int) -> None:
    read = reader(stored.read_bytes())
    levels = tiff.levels(read)
    level, wanted = levels[0], Box(x, y, 513, 513)
    asked = ImageRequest(wanted, 512, 512, mirrored=False, degrees=0, quality=Quality.DEFAULT, format=Format.JPG)
    columns, rows = small_jpeg.touched(level, wanted)

    made = pyvips.Image.new_from_buffer(
        small_jpeg.cut([rendering.tile(read, level, c, r) for r in rows for c in columns], level, wanted, asked), ""
    )

    expected = pyvips.Image.new_from_file(str(stored)).crop(x, y, 512, 512)
    assert (made.width, made.height) == (512, 512)
    assert (made.cast("short") - expected.cast("short")).abs().avg() < 3
