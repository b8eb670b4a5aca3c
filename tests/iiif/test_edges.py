"""Tiles at the edge: cropped once when the pyramid is made, found by every form of their address, and no loss where they are missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from interop.iiif.image import answering, rendering, tiff, wire
from interop.iiif.image.grid import Directory
from media_pipeline import pyramid_edges
from media_pipeline.processors import image_pyramid
from tests.iiif.pyramids import picture
from tests.iiif.test_tiles import difference, reader

pytestmark = pytest.mark.pure
TILE = 64
SIZES = [(300, 203), (64, 64), (65, 1), (129, 127), (1, 90), (512, 256), (127, 385)]


def made(folder: Path, width: int, height: int, *, quality: int = 82) -> bytes:
    """Return what the recipe's processor makes of a picture, with small tiles."""
    source = folder / "source.png"
    picture(width, height).write_to_file(str(source))
    out = folder / "out"
    out.mkdir()
    settings = {"tile_size_px": TILE, "jpeg_quality": quality, "pixels_at_most": 1_000_000}
    image_pyramid.run(source, out, settings, lambda _percent: None)
    return (out / "pyramid.tif").read_bytes()


def directory(content: bytes) -> Directory:
    return Directory(
        hashlib.sha256(content).hexdigest(),
        tiff.levels(reader(content)),
        pyramid_edges.places(reader(content), len(content)),
    )


def announced(found: Directory) -> Iterator[tuple[str, int, int, int, int, int]]:
    """Yield region, width and height, level, column and row of each tile that info.json lets a viewer compute."""
    said = wire.info("https://example.org/x", found.levels)
    (tiles,) = said["tiles"]
    for level, factor in enumerate(tiles["scaleFactors"]):
        step_x, step_y = tiles["width"] * factor, tiles["height"] * factor
        for row, y in enumerate(range(0, said["height"], step_y)):
            for column, x in enumerate(range(0, said["width"], step_x)):
                wide, high = min(step_x, said["width"] - x), min(step_y, said["height"] - y)
                yield f"{x},{y},{wide},{high}", -(-wide // factor), -(-high // factor), level, column, row


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_tile_that_info_announces_lies_ready_in_every_form_of_its_address(
    tmp_path: Path, width: int, height: int
) -> None:
    content = made(tmp_path, width, height)
    found = directory(content)

    for region, wide, high, *_cell in announced(found):
        asked = answering.prepare(found, f"{region}/{wide},{high}/0/default.jpg")
        assert asked.stored is not None
        # A strip of some pixels is another matter: half of it, rounded up, may be the whole of it.
        forms = (f"{wide},", f",{high}") if min(wide, high) > TILE // 2 else ()
        for size in (f"^{wide},{high}", *forms):
            other = answering.prepare(found, f"{region}/{size}/0/color.jpg")
            assert (other.stored, other.path, other.etag) == (asked.stored, asked.path, asked.etag)
        tile = answering.content(found, asked, reader(content))
        shown = pyvips.Image.new_from_buffer(tile, "")
        assert (shown.width, shown.height) == (wide, high)
        assert len(tile) == answering.content_length(asked)
        assert (tile[:2], tile[-2:]) == (b"\xff\xd8", b"\xff\xd9")


@pytest.mark.parametrize("quality", [82, 95])
def test_an_edge_shows_the_pixels_of_the_filled_up_tile(tmp_path: Path, quality: int) -> None:
    content = made(tmp_path, 300, 203, quality=quality)
    found = directory(content)
    compared = 0

    for region, wide, high, level, column, row in announced(found):
        page = pyvips.Image.new_from_file(str(tmp_path / "out" / "pyramid.tif"), page=level)
        left, top = column * TILE, row * TILE
        if (level, column, row) in found.edges and left + wide <= page.width and top + high <= page.height:
            asked = answering.prepare(found, f"{region}/{wide},{high}/0/default.jpg")
            shown = pyvips.Image.new_from_buffer(answering.content(found, asked, reader(content)), "")
            stored = page.crop(left, top, wide, high)
            once_more = pyvips.Image.new_from_buffer(stored.jpegsave_buffer(Q=quality, keep="none"), "")
            assert difference(shown, once_more) == 0
            assert (shown.cast("short") - stored.cast("short")).abs().avg() < 6
            compared += 1

    assert compared >= 8


def test_readers_of_tiff_see_the_same_pyramid_as_before(tmp_path: Path) -> None:
    content = made(tmp_path, 300, 203)
    (begins, *_rest) = min(directory(content).edges.values())
    (tmp_path / "plain.tif").write_bytes(content[:begins])

    for number in range(4):
        whole, plain = (
            pyvips.Image.new_from_file(str(path), page=number)
            for path in (tmp_path / "out" / "pyramid.tif", tmp_path / "plain.tif")
        )
        assert whole.get("n-pages") == plain.get("n-pages")
        assert difference(whole, plain) == 0


def test_a_pyramid_of_the_first_version_has_no_edges_and_shows_the_same(tmp_path: Path) -> None:
    content = made(tmp_path, 300, 203)
    newer = directory(content)
    (begins, *_rest) = min(newer.edges.values())
    older = directory(content[:begins])

    assert older.edges == {}
    for region, wide, high, level, column, row in announced(older):
        asked = answering.prepare(older, f"{region}/{wide},{high}/0/default.jpg")
        assert (asked.stored is None) == ((level, column, row) in newer.edges)
        assert (asked.request.width, asked.request.height) == (wide, high)
        shown = pyvips.Image.new_from_buffer(rendering.render(reader(content), older.levels, asked.request), "")
        assert (shown.width, shown.height) == (wide, high)


_kept: list[bytes] = []


@given(data=st.data())
def test_a_damaged_list_of_edges_is_none_or_within_the_file(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not _kept:
        _kept.append(made(tmp_path_factory.mktemp("edges"), 129, 127))
    content = bytearray(_kept[0])
    for _change in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(len(content) - 300, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])

    places = pyramid_edges.places(reader(damaged), len(damaged))

    assert all(offset + length <= len(damaged) for offset, length in places.values())


def test_a_list_of_edges_that_was_touched_is_not_believed(tmp_path: Path) -> None:
    content = made(tmp_path, 129, 127)
    touched = bytearray(content)
    touched[-pyramid_edges.FOOTER_BYTES - 3] ^= 1

    assert pyramid_edges.places(reader(content), len(content))
    assert pyramid_edges.places(reader(bytes(touched)), len(touched)) == {}
