"""Pictures of 100 megapixels with their pyramids, open and closed, and the addresses that a viewer would ask for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyvips
from django.db import transaction
from django.utils import timezone

from access import policy
from access.models import AccessRule, User
from access.policy import Policy
from archive import languages, visibility
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import publish_item
from archive.models import FileRole, ItemFile
from bench.sessions import session_of
from media_pipeline import stores
from media_pipeline.models import Derivative, Master
from media_pipeline.processors import OutputFile, Result, image_pyramid
from media_pipeline.publishing import files_made, prefix_of
from media_pipeline.pyramid_edges import extent
from media_pipeline.recipes.pictures import PYRAMID

SIDE = 10_000
# Of the levels of a pyramid, as a viewer that comes closer asks for them.
WEIGHTS = (0.5, 0.25, 0.13, 0.08, 0.04)
SCALES = (1, 1.5, 2, 3, 4, 6, 8)


@dataclass(frozen=True)
class Tile:
    """One tile of the grid, as its address names it."""

    region: str
    width: int
    height: int

    @property
    def path(self) -> str:
        return f"{self.region}/{self.width},{self.height}/0/default.jpg"


@dataclass(frozen=True)
class Stored:
    """One file of the archive with its pyramid on this disk."""

    pid: str
    pyramid: Path


def photo(side: int) -> pyvips.Image:
    """Return something as busy as a photograph: clouds of five sizes, colour, grain."""
    part = 1280
    clouds = [
        pyvips.Image.perlin(part, part, cell_size=size, seed=size) * most
        for size, most in ((640, 60), (320, 35), (128, 20), (32, 10), (16, 8))
    ]
    grey = sum(clouds[1:], clouds[0]) + pyvips.Image.gaussnoise(part, part, mean=0, sigma=4, seed=7)
    colours = [pyvips.Image.perlin(part, part, cell_size=320, seed=seed) * 40 for seed in (1, 2, 3)]
    bands = [grey + colour + middle for colour, middle in zip(colours, (120, 115, 110), strict=True)]
    whole = bands[0].bandjoin(bands[1:]).cast("uchar").copy(interpretation="srgb")
    return whole.replicate(-(-side // part), -(-side // part)).crop(0, 0, side, side)


def make(folder: Path, *, tile_px: int, count: int) -> list[Stored]:
    """Store so many different public pictures with their pyramids; the first once more, closed to all but registered readers."""
    base = folder / "photo.tif"
    if not base.exists():
        photo(SIDE + 64).write_to_file(str(base))
    made: list[Stored] = []
    masters: list[Master] = []
    for number in range(count):
        source = folder / f"{tile_px}-{number}.jpg"
        pyvips.Image.new_from_file(str(base)).crop(number, tile_px // 16, SIDE, SIDE).jpegsave(str(source), Q=92)
        master, pyramid = _with_pyramid(source, folder / f"{tile_px}-{number}", tile_px)
        masters.append(master)
        made.append(Stored(_file(master, policy.PUBLIC).pid, pyramid))
    made.append(Stored(_file(masters[0], policy.REGISTERED).pid, made[0].pyramid))
    return made


def _with_pyramid(source: Path, out: Path, tile_px: int) -> tuple[Master, Path]:
    """Store a picture and what the recipe makes of it, but for the size of its tiles."""
    kept = stores.masters().store(source, extension="jpg", now=timezone.now())
    master = Master.objects.create(
        sha256=kept.sha256,
        sha512=kept.sha512,
        size_bytes=kept.size_bytes,
        extension="jpg",
        kind="image",
        media_type="image/jpeg",
        state=Master.State.READY,
        stored_at=timezone.now(),
        verified_at=timezone.now(),
    )
    out.mkdir()
    result: Result = image_pyramid.run(
        source, out, {**PYRAMID.settings, "tile_size_px": tile_px}, lambda _percent: None
    )
    files = files_made(out, Result([OutputFile("pyramid.tif", "image/tiff")], result.facts))
    prefix = prefix_of(master, PYRAMID, files)
    stores.derivatives().publish(prefix, files)
    entries = [
        {"name": one.name, "media_type": one.media_type, "size_bytes": one.size_bytes, "sha256": one.sha256}
        for one in files
    ]
    Derivative.objects.create(
        master=master,
        role=PYRAMID.role,
        version=PYRAMID.version,
        prefix=prefix,
        files=entries,
        facts=result.facts,
        size_bytes=files[0].size_bytes,
        made_at=timezone.now(),
    )
    return master, out / "pyramid.tif"


def _file(master: Master, access: Policy) -> ItemFile:
    described = Description(kind="image", titles=languages.of(vi="Bản đồ"))
    item = create_item(described, actor=None, now=timezone.now(), access=access)
    file = ItemFile.objects.create(
        item=item,
        master=master,
        role=FileRole.MAIN,
        original_name="ban-do.jpg",
        position=0,
        effective_rule=AccessRule.objects.nobody(),
        created_at=timezone.now(),
    )
    publish_item(item, actor=None, now=timezone.now())
    with transaction.atomic():
        visibility.apply(item)
    return file


def session_of_a_reader() -> str:
    """Return the key of a session in which a reader without any office is signed in."""
    reader = User.objects.create_user("doc-gia", password="khong-dung-den")  # noqa: S106  # signs in nowhere
    return session_of(reader)


def grid(tile_px: int) -> list[list[Tile]]:
    """Return every tile of the grid that info.json announces, level by level."""
    levels: list[list[Tile]] = []
    while not levels or len(levels[-1]) > 1:
        found = []
        for cell in _cells(len(levels), tile_px):
            lies = extent((SIDE, SIDE), (tile_px, tile_px), cell)
            if lies is not None:
                region = f"{lies.x},{lies.y},{lies.region_width},{lies.region_height}"
                found.append(Tile(region, lies.width, lies.height))
        levels.append(found)
    return levels


def _cells(level: int, tile_px: int) -> Iterator[tuple[int, int, int]]:
    count = -(-SIDE // (tile_px << level))
    yield from ((level, column, row) for row in range(count) for column in range(count))


def asked(levels: list[list[Tile]], count: int, seed: int) -> list[Tile]:
    """Return tiles as a viewer asks for them: half of the largest level, edges as often as they come."""
    order = random.Random(seed)
    weights = WEIGHTS[: len(levels)]
    return [order.choice(order.choices(levels[: len(weights)], weights)[0]) for _ in range(count)]


def regions(kind: str, tile_px: int, count: int, seed: int) -> list[Tile]:
    """Return squares that lie on no grid: "moved" ones of a level's own scale, or "free" ones of any scale. No two alike."""
    order = random.Random(seed)
    found = []
    for _ in range(count):
        if kind == "moved":
            side = tile_px * order.choice((1, 2, 4, 8))
        else:
            side = max(tile_px, int(tile_px * order.choice(SCALES) * order.uniform(0.8, 1.2)))
        x, y = order.randrange(1, SIDE - side), order.randrange(1, SIDE - side)
        found.append(Tile(f"{x},{y},{side},{side}", tile_px, tile_px))
    return found
