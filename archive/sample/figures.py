"""Small emblems drawn in threads: plainly drawings, so that a house here is nobody's house.

Each function draws on a panel of threads with straight edges only, as a weaver's graph would have it.
"""

from collections.abc import Callable

from PIL import Image, ImageDraw

from archive.sample.weaving import Colour

Inks = tuple[Colour, Colour, Colour]
Draw = Callable[[ImageDraw.ImageDraw, int, Inks], None]


def _house(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A tall steep roof on posts with a notched ladder."""
    roof, wall, trim = inks
    for x in (24, 38, 58, 72):
        pen.rectangle((s * x // 96, s * 70 // 96, s * (x + 2) // 96, s * 90 // 96), fill=trim)
    pen.rectangle((s * 20 // 96, s * 60 // 96, s * 76 // 96, s * 72 // 96), fill=wall)
    pen.rectangle((s * 44 // 96, s * 61 // 96, s * 52 // 96, s * 71 // 96), fill=trim)
    pen.polygon(
        [
            (s * 12 // 96, s * 61 // 96),
            (s * 30 // 96, s * 8 // 96),
            (s * 66 // 96, s * 8 // 96),
            (s * 84 // 96, s * 61 // 96),
        ],
        fill=roof,
    )
    for y in range(16, 58, 8):
        pen.line(
            (s * (30 - (y - 8) // 3 + 2) // 96, s * y // 96, s * (66 + (y - 8) // 3 - 2) // 96, s * y // 96), fill=trim
        )
    pen.line((s * 48 // 96, s * 72 // 96, s * 40 // 96, s * 94 // 96), fill=wall, width=max(2, s // 40))


def _gong(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """Three gongs on a bar."""
    metal, rim, cord = inks
    pen.rectangle((s * 6 // 96, s * 12 // 96, s * 90 // 96, s * 15 // 96), fill=cord)
    for x, y, r in ((26, 46, 20), (68, 42, 16), (50, 76, 14)):
        pen.line((s * x // 96, s * 14 // 96, s * x // 96, s * y // 96), fill=cord)
        for share, ink in ((100, rim), (82, metal), (40, rim), (24, metal)):
            q = r * share // 100
            pen.ellipse((s * (x - q) // 96, s * (y - q) // 96, s * (x + q) // 96, s * (y + q) // 96), fill=ink)


def _jar(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A row of jars with drinking canes."""
    clay, glaze, cane = inks
    for x, w in ((22, 15), (50, 18), (78, 13)):
        top = 62 - w
        pen.line(
            (s * x // 96, s * top // 96, s * (x + 8) // 96, s * (top - 26) // 96), fill=cane, width=max(1, s // 60)
        )
        pen.polygon(
            [
                (s * (x - w // 2) // 96, s * top // 96),
                (s * (x + w // 2) // 96, s * top // 96),
                (s * (x + w) // 96, s * (top + 14) // 96),
                (s * (x + w * 2 // 3) // 96, s * 88 // 96),
                (s * (x - w * 2 // 3) // 96, s * 88 // 96),
                (s * (x - w) // 96, s * (top + 14) // 96),
            ],
            fill=clay,
        )
        pen.rectangle(
            (s * (x - w + 1) // 96, s * (top + 14) // 96, s * (x + w - 1) // 96, s * (top + 17) // 96), fill=glaze
        )


def _boat(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A dugout on stepped water."""
    wood, water, pole = inks
    pen.line((s * 62 // 96, s * 10 // 96, s * 48 // 96, s * 76 // 96), fill=pole, width=max(1, s // 48))
    pen.polygon(
        [
            (s * 6 // 96, s * 50 // 96),
            (s * 90 // 96, s * 50 // 96),
            (s * 76 // 96, s * 66 // 96),
            (s * 20 // 96, s * 66 // 96),
        ],
        fill=wood,
    )
    for row in range(4):
        for x in range(0, 96, 12):
            left = x + (row % 2) * 6
            pen.rectangle(
                (s * left // 96, s * (70 + row * 6) // 96, s * (left + 6) // 96, s * (72 + row * 6) // 96), fill=water
            )


def _loom(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """Warp threads between two beams, half woven."""
    thread, weft, beam = inks
    for x in range(18, 80, 3):
        pen.line((s * x // 96, s * 10 // 96, s * x // 96, s * 88 // 96), fill=thread)
    for y in range(54, 86, 4):
        pen.rectangle((s * 18 // 96, s * y // 96, s * 79 // 96, s * (y + 1) // 96), fill=weft)
    for y in (8, 50, 86):
        pen.rectangle((s * 10 // 96, s * y // 96, s * 88 // 96, s * (y + 3) // 96), fill=beam)


def _tubes(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """Graded bamboo tubes hung from a cord."""
    bamboo, node, cord = inks
    pen.line((s * 8 // 96, s * 12 // 96, s * 88 // 96, s * 20 // 96), fill=cord, width=max(1, s // 60))
    for i in range(9):
        x, end = 10 + i * 9, 88 - i * 6
        pen.rectangle((s * x // 96, s * (16 + i) // 96, s * (x + 5) // 96, s * end // 96), fill=bamboo)
        pen.rectangle((s * x // 96, s * (end - 14) // 96, s * (x + 5) // 96, s * (end - 13) // 96), fill=node)


def _basket(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A carrying basket of plaited strips."""
    strip, gap, strap = inks
    pen.arc((s * 26 // 96, s * 4 // 96, s * 70 // 96, s * 60 // 96), 180, 360, fill=strap, width=max(2, s // 32))
    pen.polygon(
        [
            (s * 16 // 96, s * 28 // 96),
            (s * 80 // 96, s * 28 // 96),
            (s * 66 // 96, s * 90 // 96),
            (s * 30 // 96, s * 90 // 96),
        ],
        fill=strip,
    )
    for row in range(8):
        for x in range(34, 64, 8):
            left = x + (row % 2) * 4
            pen.rectangle(
                (s * left // 96, s * (34 + row * 7) // 96, s * (left + 3) // 96, s * (37 + row * 7) // 96), fill=gap
            )


def _forge(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A clay furnace with two bellows."""
    clay, fire, wood = inks
    pen.polygon(
        [
            (s * 30 // 96, s * 88 // 96),
            (s * 36 // 96, s * 40 // 96),
            (s * 60 // 96, s * 40 // 96),
            (s * 66 // 96, s * 88 // 96),
        ],
        fill=clay,
    )
    pen.polygon([(s * 40 // 96, s * 40 // 96), (s * 48 // 96, s * 10 // 96), (s * 56 // 96, s * 40 // 96)], fill=fire)
    pen.rectangle((s * 42 // 96, s * 70 // 96, s * 54 // 96, s * 88 // 96), fill=fire)
    for x in (8, 74):
        pen.rectangle((s * x // 96, s * 52 // 96, s * (x + 14) // 96, s * 88 // 96), fill=wood)
        pen.line((s * (x + 7) // 96, s * 26 // 96, s * (x + 7) // 96, s * 52 // 96), fill=wood, width=max(1, s // 48))


def _sheaves(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """Bundles in a stack, tied in the middle."""
    wood, tie, ground = inks
    for row in range(3):
        for i in range(3 + row % 2):
            x, y = 8 + i * 26 - (row % 2) * 8, 18 + row * 24
            for strip in range(4):
                pen.rectangle(
                    (s * x // 96, s * (y + strip * 5) // 96, s * (x + 22) // 96, s * (y + 3 + strip * 5) // 96),
                    fill=wood,
                )
            pen.rectangle((s * (x + 10) // 96, s * y // 96, s * (x + 12) // 96, s * (y + 19) // 96), fill=tie)
    pen.rectangle((s * 4 // 96, s * 90 // 96, s * 92 // 96, s * 92 // 96), fill=ground)


def _pole(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A tall pole with pennants and a stepped foot."""
    wood, bright, plain = inks
    pen.rectangle((s * 46 // 96, s * 4 // 96, s * 50 // 96, s * 86 // 96), fill=wood)
    for i, y in enumerate(range(10, 66, 11)):
        side = 1 if i % 2 else -1
        pen.polygon(
            [
                (s * 48 // 96, s * y // 96),
                (s * (48 + side * 30) // 96, s * (y + 5) // 96),
                (s * 48 // 96, s * (y + 10) // 96),
            ],
            fill=bright if i % 2 else plain,
        )
    for i in range(3):
        pen.rectangle(
            (s * (34 - i * 6) // 96, s * (78 + i * 5) // 96, s * (62 + i * 6) // 96, s * (82 + i * 5) // 96),
            fill=bright if i % 2 else wood,
        )


def _book(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """An open book with ruled lines."""
    cover, page, ink = inks
    pen.polygon(
        [
            (s * 6 // 96, s * 24 // 96),
            (s * 48 // 96, s * 34 // 96),
            (s * 90 // 96, s * 24 // 96),
            (s * 90 // 96, s * 78 // 96),
            (s * 48 // 96, s * 88 // 96),
            (s * 6 // 96, s * 78 // 96),
        ],
        fill=cover,
    )
    pen.polygon(
        [
            (s * 10 // 96, s * 20 // 96),
            (s * 47 // 96, s * 30 // 96),
            (s * 47 // 96, s * 82 // 96),
            (s * 10 // 96, s * 72 // 96),
        ],
        fill=page,
    )
    pen.polygon(
        [
            (s * 86 // 96, s * 20 // 96),
            (s * 49 // 96, s * 30 // 96),
            (s * 49 // 96, s * 82 // 96),
            (s * 86 // 96, s * 72 // 96),
        ],
        fill=page,
    )
    for y in range(30, 66, 8):
        pen.line((s * 16 // 96, s * y // 96, s * 41 // 96, s * (y + 7) // 96), fill=ink, width=max(1, s // 80))
        pen.line((s * 80 // 96, s * y // 96, s * 55 // 96, s * (y + 7) // 96), fill=ink, width=max(1, s // 80))


def _water(pen: ImageDraw.ImageDraw, s: int, inks: Inks) -> None:
    """A bamboo spout and falling water."""
    bamboo, water, stone = inks
    pen.polygon(
        [
            (s * 4 // 96, s * 20 // 96),
            (s * 60 // 96, s * 34 // 96),
            (s * 60 // 96, s * 42 // 96),
            (s * 4 // 96, s * 30 // 96),
        ],
        fill=bamboo,
    )
    for i in range(5):
        x = 62 + i * 4
        pen.line((s * x // 96, s * (38 + i * 3) // 96, s * x // 96, s * 78 // 96), fill=water, width=max(1, s // 60))
    for x, y in ((10, 84), (34, 88), (58, 84), (78, 88)):
        pen.rectangle((s * x // 96, s * (y - 6) // 96, s * (x + 16) // 96, s * y // 96), fill=stone)


FIGURES: dict[str, Draw] = {
    "house": _house,
    "gong": _gong,
    "jar": _jar,
    "boat": _boat,
    "loom": _loom,
    "tubes": _tubes,
    "basket": _basket,
    "forge": _forge,
    "sheaves": _sheaves,
    "pole": _pole,
    "book": _book,
    "water": _water,
}


def panel(figure: str, side: int, *, ground: Colour, inks: Inks) -> Image.Image:
    """A square of `side` threads with the emblem on `ground`, inside a double border."""
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    inner = side - 2 * (side // 12)
    emblem = Image.new("RGB", (inner, inner), ground)
    FIGURES[figure](ImageDraw.Draw(emblem), inner, inks)
    image.paste(emblem, (side // 12, side // 12))
    pen.rectangle((1, 1, side - 2, side - 2), outline=inks[0])
    pen.rectangle((4, 4, side - 5, side - 5), outline=inks[1])
    return image
