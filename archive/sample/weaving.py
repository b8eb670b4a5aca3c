"""Cloth, thread by thread: bands of geometric figures in the colours of highland weaving.

The figures are the common stock of band weaving anywhere (diamonds, hooks, zigzags, steps, combs, checks); none is
taken from a named people's cloth. One pixel here is one crossing of threads; pictures.py makes the threads visible.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image

Colour = tuple[int, int, int]
# Returns which of a band's colours lies at thread x of row y: 0 is its ground.
Motif = Callable[[int, int, int], int]

INK: dict[str, Colour] = {
    "indigo": (30, 42, 86),
    "night": (18, 24, 46),
    "black": (26, 23, 24),
    "red": (158, 34, 36),
    "wine": (104, 24, 36),
    "ochre": (201, 138, 44),
    "natural": (232, 220, 196),
    "straw": (214, 190, 140),
    "leaf": (62, 92, 62),
    "sea": (40, 98, 122),
}

# Ground, ground of the figured bands, and the inks of the figures, by the sample's people. Chosen to tell the items
# apart at a glance, not to describe anybody's dress.
PALETTES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Ba Na": ("black", "wine", ("natural", "red", "ochre")),
    "Xơ Đăng": ("natural", "straw", ("black", "red", "indigo")),
    "Giẻ Triêng": ("indigo", "night", ("red", "natural", "ochre")),
    "Hrê": ("black", "black", ("red", "natural", "wine")),
    "Co": ("night", "indigo", ("natural", "red", "sea")),
    "Kinh": ("sea", "indigo", ("natural", "ochre", "straw")),
}
DEFAULT_PALETTE = ("straw", "natural", ("indigo", "red", "black"))


@dataclass(frozen=True)
class Band:
    """A strip across the cloth: its motif repeated, between two thin edges."""

    motif: Motif
    period: int
    height: int
    inks: tuple[Colour, ...]


def diamonds(x: int, y: int, size: int) -> int:
    """Nested lozenges."""
    ring = (abs(x - size) + abs(y - size)) % (2 * size)
    return 1 if ring < 2 or size - 2 <= ring <= size else (2 if size // 2 - 1 <= ring <= size // 2 else 0)


def zigzag(x: int, y: int, size: int) -> int:
    """Two parallel mountain lines."""
    crest = abs(x % (2 * size) - size)
    return 1 if (y - crest) % size < 2 else (2 if (y - crest) % size == size // 2 else 0)


def hooks(x: int, y: int, size: int) -> int:
    """Squared spirals that turn in pairs."""
    across = x % (2 * size)
    across = across if across < size else 2 * size - 1 - across
    down = y % size
    edge = min(across, down, size - 1 - down)
    opening = across > size // 2 and down == size // 2 + 1
    return 0 if opening else (1 if edge % 4 == 0 and across < size - edge else (2 if edge % 4 == 2 else 0))


def steps(x: int, y: int, size: int) -> int:
    """Stepped triangles, point up and point down."""
    stair = (abs(x % (2 * size) - size) // 2) * 2
    return 1 if y % size > stair else (2 if y % size == stair else 0)


def comb(x: int, y: int, size: int) -> int:
    """Teeth standing on a line."""
    down = y % size
    return 1 if down >= size - 2 or (x % 4 < 2 and down > size // 3) else (2 if down < 2 else 0)


def checks(x: int, y: int, size: int) -> int:
    """Small squares set corner to corner."""
    cell = max(2, size // 4)
    return (x // cell + y // cell) % 2 + (1 if (x // cell) % 4 == 1 and (y // cell) % 4 == 1 else 0)


MOTIFS: tuple[Motif, ...] = (diamonds, zigzag, hooks, steps, comb, checks)


def _paint(band: Band, width: int) -> Image.Image:
    """The band as an image: one period drawn point by point, then laid side by side."""
    unit = Image.new("RGB", (band.period, band.height))
    size = band.period // 2
    unit.putdata(
        [band.inks[band.motif(x, y, size) % len(band.inks)] for y in range(band.height) for x in range(band.period)]
    )
    strip = Image.new("RGB", (width, band.height))
    first = -((band.period * ((width // 2) // band.period + 1)) - width // 2 + size)
    for left in range(first, width, band.period):
        strip.paste(unit, (left, 0))
    return strip


def _stripes(inks: Sequence[Colour], chance: random.Random) -> list[tuple[int, Colour]]:
    """Thin plain rows that close a figured band; heights in threads."""
    return [(chance.choice((1, 2, 3)), chance.choice(inks)) for _ in range(chance.randint(2, 4))]


def palette(people: str) -> tuple[Colour, Colour, tuple[Colour, ...]]:
    """Ground, band ground and inks for a people of the catalogue (the first, where an item names several)."""
    ground, field, inks = PALETTES.get(people.split(";")[0], DEFAULT_PALETTE)
    return INK[ground], INK[field], tuple(INK[name] for name in inks)


def cloth(people: str, seed: int, *, width: int, height: int) -> Image.Image:
    """An RGB image of `width` × `height` threads: bands from both selvages towards a plain middle, mirrored."""
    chance = random.Random(f"cloth {people} {seed}")  # noqa: S311 (a picture, not a secret)
    ground, field, inks = palette(people)
    fabric = Image.new("RGB", (width, height), ground)
    y, half = 2, height // 2
    while y < half:
        ink = chance.sample(inks, len(inks))
        for thickness, colour in _stripes([*ink, field], chance):
            y = _rows(fabric, y, thickness, colour)
        if chance.random() < 0.72:
            size = chance.choice((6, 8, 10, 12, 16))
            rows = size * 2 + 1
            strip = _paint(Band(chance.choice(MOTIFS), size * 2, rows, (field, *ink)), width)
            fabric.paste(strip, (0, y))
            fabric.paste(strip.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, height - y - rows))
            y += rows
            for thickness, colour in reversed(_stripes([*ink, field], chance)):
                y = _rows(fabric, y, thickness, colour)
        y += chance.choice((3, 5, 9, 14))
    return fabric


def _rows(fabric: Image.Image, y: int, thickness: int, colour: Colour) -> int:
    """Lays `thickness` rows at `y` and at the mirrored place; returns the next free row."""
    width, height = fabric.size
    fabric.paste(colour, (0, y, width, y + thickness))
    fabric.paste(colour, (0, height - y - thickness, width, height - y))
    return y + thickness
