"""Maps: where dots and words lie, tiles under them, and a PMTiles archive read a tile at a time."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from heritage import env
from public_site import map_tiles, mapping, pmtiles
from public_site.mapping import PROVINCE, Spot
from public_site.titles import Text

PNG = b"\x89PNG\r\n\x1a\n"


def spot(name: str, latitude: float, longitude: float, count: int = 1, *, is_here: bool = False) -> Spot:
    return Spot(Text(name), f"/places/{name}/", count, latitude, longitude, is_here)


def varints(*numbers: int) -> bytes:
    found = bytearray()
    for number in numbers:
        while number > 0x7F:
            found.append(number & 0x7F | 0x80)
            number >>= 7
        found.append(number)
    return bytes(found)


def directory(*entries: tuple[int, int, int, int]) -> bytes:
    """Return a directory of (tile id, run, length, offset), compressed."""
    ids = [entry[0] for entry in entries]
    steps = [one - before for before, one in zip([0, *ids], ids, strict=False)]
    columns = [[entry[number] for entry in entries] for number in (1, 2)]
    offsets = [entry[3] + 1 for entry in entries]
    return gzip.compress(varints(len(entries), *steps, *columns[0], *columns[1], *offsets))


def archive(path: Path, *, kind: int = 2, with_leaf: bool = True, compression: int = 2) -> Path:
    """Write an archive whose tile z/x/y holds those numbers, for zooms 8 and 9 around the province."""
    zooms = ((8, range(203, 206), range(116, 119)), (9, range(407, 412), range(232, 238)))
    tiles = {(z, x, y) for z, xs, ys in zooms for x in xs for y in ys}
    bodies, entries = b"", []
    for z, x, y in sorted(tiles, key=lambda tile: pmtiles.tile_id(*tile)):
        body = PNG + f"{z}/{x}/{y}".encode()
        entries.append((pmtiles.tile_id(z, x, y), 1, len(body), len(bodies)))
        bodies += body
    leaf = directory(*entries)
    root = directory((entries[0][0], 0, len(leaf), 0)) if with_leaf else leaf
    root_at, leaf_at = 127, 127 + len(root)
    tiles_at = leaf_at + len(leaf)
    numbers = (
        root_at,
        len(root),
        0,
        0,
        leaf_at,
        len(leaf),
        tiles_at,
        len(bodies),
        len(entries),
        len(entries),
        len(entries),
    )
    header = b"PMTiles\x03" + b"".join(number.to_bytes(8, "little") for number in numbers)
    header += bytes([1, compression, 1, kind, 8, 9]) + bytes(25)
    path.write_bytes(header + root + leaf + bodies)
    return path


@pytest.mark.pure
@pytest.mark.parametrize(
    ("tile", "number"), [((0, 0, 0), 0), ((1, 0, 1), 2), ((1, 1, 0), 4), ((2, 0, 0), 5), ((12, 3423, 1763), 19078479)]
)
def test_tiles_are_numbered_along_the_curve(tile: tuple[int, int, int], number: int) -> None:
    assert pmtiles.tile_id(*tile) == number


@pytest.mark.pure
@pytest.mark.parametrize("with_leaf", [True, False])
def test_an_archive_gives_the_tile_that_was_asked_for_and_no_other(tmp_path: Path, with_leaf: bool) -> None:
    made = archive(tmp_path / "a.pmtiles", with_leaf=with_leaf)

    assert pmtiles.tile(made, 8, 204, 117) == PNG + b"8/204/117"
    assert pmtiles.tile(made, 9, 411, 237) == PNG + b"9/411/237"
    for missing in ((8, 0, 0), (9, 412, 237), (7, 102, 58), (12, 0, 0), (8, 256, 0), (8, -1, 0)):
        assert pmtiles.tile(made, *missing) is None, missing


@pytest.mark.pure
@pytest.mark.parametrize(("kind", "compression"), [(1, 2), (2, 3), (0, 1)])
def test_what_no_page_can_draw_is_refused(tmp_path: Path, kind: int, compression: int) -> None:
    with pytest.raises(pmtiles.PMTilesError):
        pmtiles.tile(archive(tmp_path / "a.pmtiles", kind=kind, compression=compression), 8, 204, 117)


@pytest.mark.pure
@given(st.binary(max_size=300), st.sampled_from([1, 2]))
def test_a_directory_of_anything_is_read_or_refused(data: bytes, compression: int) -> None:
    with contextlib.suppress(pmtiles.PMTilesError):
        pmtiles.read_directory(data if compression == 1 else gzip.compress(data), compression)


@pytest.mark.pure
def test_dots_lie_where_their_places_are_and_the_largest_below() -> None:
    chart = mapping.chart_of(
        [spot("kon-tum", 14.35, 108.0, 9), spot("ly-son", 15.38, 109.12), spot("ha-noi", 21.03, 105.85)]
    )

    assert chart is not None
    assert [(pin.label.value, pin.x) for pin in chart.pins] == [("kon-tum", "225"), ("ly-son", "561")]
    assert float(chart.pins[0].radius) > float(chart.pins[1].radius)
    assert [one.label.value for one in chart.outside] == ["ha-noi"]
    assert chart.ground.count("M") > 60


@pytest.mark.pure
def test_no_word_of_a_map_covers_another() -> None:
    crowd = [spot(f"lang-{number}", 14.3 + number / 50, 107.9 + number / 60, number + 1) for number in range(30)]

    chart = mapping.chart_of(crowd)

    assert chart is not None
    large = [mapping._box(name, mapping.LARGE) for name in chart.names if not name.is_fine]
    every = [mapping._box(name, mapping.SMALL) for name in chart.names]
    for boxes in (large, every):
        assert len(boxes) > 3
        assert not [1 for at, one in enumerate(boxes) for other in boxes[:at] if mapping._meet(one, other)]


@pytest.mark.pure
def test_a_map_of_nothing_is_none() -> None:
    assert mapping.chart_of([]) is None


def test_tiles_lie_under_a_map_from_a_file_and_from_a_server(settings: LazySettings, tmp_path: Path) -> None:
    chart = mapping.chart_of([spot("kon-tum", 14.35, 108.0)], has_tiles=True)
    assert chart is not None
    assert map_tiles.under(chart) == []

    settings.MAP_TILES = str(archive(tmp_path / "tinh.pmtiles"))
    of_file = map_tiles.under(chart)
    settings.MAP_TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
    of_server = map_tiles.under(chart)

    assert {tile.href for tile in of_file} >= {"/map/8/204/117", "/map/8/205/117"}
    assert "https://tiles.example.org/8/204/117.png" in {tile.href for tile in of_server}
    assert 4 <= len(of_file) <= 16
    # The whole picture is covered.
    assert min(float(tile.x) for tile in of_file) <= 0
    assert max(float(tile.x) + float(tile.size) for tile in of_file) >= chart.width
    assert chart.frame == PROVINCE


def test_a_damaged_file_leaves_the_plain_map(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "a.pmtiles").write_bytes(b"no map")
    settings.MAP_TILES = str(tmp_path / "a.pmtiles")
    chart = mapping.chart_of([spot("kon-tum", 14.35, 108.0)])

    assert chart is not None
    assert map_tiles.under(chart) == []


@pytest.mark.django_db
def test_the_archive_sends_tiles_of_its_file_only(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    assert client.get("/map/8/204/117").status_code == 404
    settings.MAP_TILES = str(archive(tmp_path / "tinh.pmtiles"))

    there, nowhere = client.get("/map/8/204/117"), client.get("/map/8/0/0")

    assert (there.status_code, there["Content-Type"], there.content) == (200, "image/png", PNG + b"8/204/117")
    assert there["Cache-Control"] == "public, max-age=86400"
    assert nowhere.status_code == 404


@pytest.mark.pure
@pytest.mark.parametrize(
    "raw", ["https://tiles.example.org/a.png", "tiles/{z}/{x}/{y}.png", "nowhere.pmtiles", "javascript:{z}{x}{y}"]
)
def test_a_ground_that_is_none_stops_the_start(raw: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HERITAGE_MAP_TILES"):
        env.MAP_TILES.get({"HERITAGE_MAP_TILES": raw})
