"""Pictures of cloth in real formats and at honest sizes, up to 100 megapixels, each with its label in view.

Threads are drawn by weaving.py; libvips enlarges them and adds the weave, the light and the grain of a camera while
it streams, so that a picture of 100 megapixels needs no more memory than a small one.
"""

import math
from collections.abc import Mapping
from pathlib import Path

import pyvips
from PIL import Image, ImageDraw

from archive.sample import marks
from archive.sample.figures import panel
from archive.sample.lettering import picture_font
from archive.sample.marks import Mark
from archive.sample.weaving import INK, Colour, cloth, palette

LABEL_SHARE = 10  # the label takes a tenth of the height: still legible at 480 px on the long edge
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="vi">{title}</rdf:li></rdf:Alt>'
    '</dc:title><dc:description><rdf:Alt><rdf:li xml:lang="vi">{vi}</rdf:li><rdf:li xml:lang="en">{en}</rdf:li>'
    "</rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def xmp_packet(mark: Mark) -> bytes:
    """The XMP that says, in any viewer, what this file is."""
    plain = (("&", "&amp;"), ("<", "&lt;"))
    title = mark.marked_title
    for raw, safe in plain:
        title = title.replace(raw, safe)
    return XMP.format(title=title, vi=marks.NOTICE_VI, en=marks.NOTICE_EN, creator=marks.CREATOR).encode()


def label(mark: Mark, *, width: int, height: int, closed: bool = False) -> Image.Image:
    """The strip that is laid over the foot of every picture and film frame."""
    strip = Image.new("RGB", (width, height), INK["natural"])
    pen = ImageDraw.Draw(strip)
    edge = max(2, height // 24)
    pen.rectangle((0, 0, width - 1, edge), fill=INK["red"])
    pen.rectangle((0, 0, edge * 3, height), fill=INK["indigo"])
    lines = (
        (f"{marks.PREFIX_VI} DỮ LIỆU MẪU · {mark.identifier}", 40, INK["red"]),
        (marks.CLOSED_VI if closed else marks.NOTICE_VI, 26, INK["black"]),
    )
    y = height * 12 // 100
    for text, share, ink in lines:
        size = max(8, height * share // 100)
        font = picture_font("sans", size)
        while size > 8 and pen.textlength(text, font=font) > width - edge * 10:
            size = size * 9 // 10
            font = picture_font("sans", size)
        pen.text((edge * 7, y), text, font=font, fill=ink)
        y += height * 46 // 100
    return strip


def threads(mark: Mark, figure: str, *, width: int, height: int) -> Image.Image:
    """Cloth with the item's emblem in the middle (none for an empty name), one pixel a thread."""
    fabric = cloth(mark.people, mark.seed, width=width, height=height)
    if figure:
        ground, field, inks = palette(mark.people)
        side = min(width, height) * 56 // 100
        usable = height - height // LABEL_SHARE
        emblem = panel(figure, side, ground=field, inks=(inks[0], inks[1], inks[2]))
        fabric.paste(emblem, ((width - side) // 2, (usable - side) // 2))
        del ground
    return fabric


def _weave(pixels_per_thread: int) -> pyvips.Image:
    """Two by two crossings, warp and weft in turn on top, as factors around 1."""
    n = pixels_per_thread

    def shade(x: int, y: int) -> int:
        along, across = (x, y) if (x // n + y // n) % 2 else (y, x)
        round_across = math.sin(math.pi * ((across % n) + 0.5) / n)
        dip = math.sin(math.pi * ((along % n) + 0.5) / n)
        return int(100 * (0.62 + 0.34 * round_across + 0.08 * dip))

    tile = bytes(shade(x, y) for y in range(2 * n) for x in range(2 * n))
    return pyvips.Image.new_from_memory(tile, 2 * n, 2 * n, 1, "uchar") / 100.0


def _from_pillow(image: Image.Image) -> pyvips.Image:
    return pyvips.Image.new_from_memory(
        image.tobytes(), image.width, image.height, len(image.getbands()), "uchar"
    ).copy(interpretation="srgb")


def _light(width: int, height: int) -> pyvips.Image:
    """Soft light from the upper left, as factors from 1.06 down to 0.8."""
    small = Image.new("L", (32, 32))
    small.putdata([int(212 - 1.1 * (x + y) - 0.02 * (x - 12) ** 2) for y in range(32) for x in range(32)])
    spread = _from_pillow(small).resize(width / 32, vscale=height / 32, kernel="linear")
    return spread.crop(0, 0, width, height) / 200.0


def picture(mark: Mark, *, figure: str, width: int, height: int, pixels_per_thread: int = 8) -> pyvips.Image:
    """The finished sRGB picture of `width` × `height` pixels, lazily; values in 0..255 as floats."""
    n = pixels_per_thread
    fabric = _from_pillow(threads(mark, figure, width=-(-width // n), height=-(-height // n)))
    enlarged = fabric.zoom(n, n).crop(0, 0, width, height)
    weave = _weave(n).replicate(-(-width // (2 * n)), -(-height // (2 * n))).crop(0, 0, width, height)
    grain = pyvips.Image.gaussnoise(512, 512, mean=0, sigma=5.0, seed=mark.seed).copy_memory()
    grain = grain.replicate(-(-width // 512), -(-height // 512)).crop(0, 0, width, height)
    lit = enlarged * (weave * _light(width, height)) + grain
    strip = _from_pillow(label(mark, width=width, height=max(24, height // LABEL_SHARE)))
    return lit.insert(strip.cast("float"), 0, height - strip.height)


def card(mark: Mark, *, width: int, height: int) -> Image.Image:
    """A plain test card for an item that is closed: grey steps, colour bars, and the words; no figure at all."""
    image = Image.new("RGB", (width, height), (128, 128, 128))
    pen = ImageDraw.Draw(image)
    bars: tuple[Colour, ...] = (
        INK["natural"],
        INK["ochre"],
        INK["leaf"],
        INK["sea"],
        INK["indigo"],
        INK["wine"],
        INK["black"],
    )
    for i, colour in enumerate(bars):
        pen.rectangle((width * i // 7, height // 10, width * (i + 1) // 7, height * 4 // 10), fill=colour)
    for i in range(11):
        grey = 255 * i // 10
        pen.rectangle((width * i // 11, height * 4 // 10, width * (i + 1) // 11, height * 5 // 10), fill=(grey,) * 3)
    for text, top, share in (
        (f"{marks.PREFIX_VI} {mark.identifier}", 56, 8),
        (marks.CLOSED_VI, 68, 5),
        (marks.CLOSED_EN, 76, 5),
    ):
        size = max(10, height * share // 100)
        font = picture_font("sans", size)
        while size > 10 and pen.textlength(text, font=font) > width * 92 // 100:
            size = size * 9 // 10
            font = picture_font("sans", size)
        pen.text((width * 4 // 100, height * top // 100), text, font=font, fill=(255, 255, 255))
    strip = label(mark, width=width, height=max(24, height // LABEL_SHARE), closed=True)
    image.paste(strip, (0, height - strip.height))
    return image


def make(mark: Mark, target: Path, settings: Mapping[str, int | str]) -> None:
    """Writes the picture that `settings` describe (variant, width, height, figure, closed, …) to `target`."""
    width, height = int(settings["width"]), int(settings["height"])
    if settings.get("closed"):
        image = _from_pillow(card(mark, width=width, height=height)).cast("float")
    else:
        image = picture(
            mark,
            figure=str(settings.get("figure", "")),
            width=width,
            height=height,
            pixels_per_thread=int(settings.get("pixels_per_thread", 8)),
        )
    WRITERS[str(settings["variant"])](image, mark, target)


def _labelled(image: pyvips.Image, mark: Mark, exif: bytes | None = None) -> pyvips.Image:
    """The image with its metadata; exif is a whole TIFF block as Pillow writes it, "Exif" marker included."""
    dressed = image.copy()
    dressed.set_type(pyvips.GValue.blob_type, "xmp-data", xmp_packet(mark))
    dressed.set_type(pyvips.GValue.gstr_type, "image-description", mark.description)
    dressed.set_type(pyvips.GValue.blob_type, "exif-data", exif or _exif(mark).tobytes())
    return dressed


def _exif(mark: Mark, *, orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = mark.description.encode()
    exif[0x0131] = marks.CREATOR.encode()
    exif[0x0112] = orientation
    return exif


def _eight_bit(image: pyvips.Image) -> pyvips.Image:
    return image.cast("uchar").copy(interpretation="srgb")


def _sixteen_bit(image: pyvips.Image) -> pyvips.Image:
    return (image * 257.0).cast("ushort").copy(interpretation="rgb16")


def _jpeg(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_eight_bit(image), mark).jpegsave(str(target), Q=86, profile="srgb")


def _jpeg_progressive(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_eight_bit(image), mark).jpegsave(str(target), Q=86, interlace=True, profile="srgb")


def _jpeg_cmyk(image: pyvips.Image, mark: Mark, target: Path) -> None:
    """Four inks and the profile that says what they mean, as a print shop hands them in."""
    inks = _eight_bit(image).icc_transform("cmyk", input_profile="srgb", depth=8)
    _labelled(inks, mark).jpegsave(str(target), Q=88)


def _jpeg_rotated(image: pyvips.Image, mark: Mark, target: Path) -> None:
    """Stored on its side, as a phone held upright stores it; EXIF orientation 6 says "turn it clockwise"."""
    turned = _labelled(_eight_bit(image).rot270(), mark, _exif(mark, orientation=6).tobytes())
    turned.set_type(pyvips.GValue.gint_type, "orientation", 6)
    turned.jpegsave(str(target), Q=86)


def _jpeg_gps(image: pyvips.Image, mark: Mark, target: Path) -> None:
    """With a position, a serial number and an owner, none of which may reach a public copy.

    The position is the published centroid of a ward, nobody's home.
    """
    exif = _exif(mark)
    exif[0x010F], exif[0x0110] = b"Nha Rong", b"Sample camera"
    exif.get_ifd(0x8769).update({0xA431: b"SAMPLE-SERIAL-0001", 0xA430: b"SAMPLE-OWNER"})
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 21.0, 16.2), 3: "E", 4: (108.0, 0.0, 46.4)})
    _labelled(_eight_bit(image), mark, exif.tobytes()).jpegsave(str(target), Q=86)


def _png_alpha(image: pyvips.Image, mark: Mark, target: Path) -> None:
    """An object cut out of its background: a round mask, with the label kept whole."""
    width, height = image.width, image.height
    mask = Image.new("L", (width // 4, height // 4), 0)
    pen = ImageDraw.Draw(mask)
    foot = mask.height // LABEL_SHARE
    pen.rounded_rectangle(
        (mask.width // 20, mask.height // 20, mask.width * 19 // 20, mask.height - foot * 3 // 2),
        mask.width // 10,
        fill=255,
    )
    pen.rectangle((0, mask.height - foot, mask.width, mask.height), fill=255)
    alpha = _from_pillow(mask).resize(width / mask.width, vscale=height / mask.height, kernel="linear")
    _labelled(_eight_bit(image).bandjoin(alpha.cast("uchar")), mark).pngsave(str(target), compression=6)


def _png_16(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_sixteen_bit(image), mark).pngsave(str(target), compression=3)


def _tiff_16(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_sixteen_bit(image), mark).tiffsave(str(target), compression="deflate", predictor="horizontal")


def _tiff_big(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_eight_bit(image), mark).tiffsave(str(target), bigtiff=True, compression="lzw", predictor="horizontal")


def _tiff_pages(image: pyvips.Image, mark: Mark, target: Path) -> None:
    """Three leaves in one file: front in grey, back, and a detail, as a flat-bed scanner leaves them."""
    front = _eight_bit(image).colourspace("b-w").colourspace("srgb")
    back = (_eight_bit(image).flip("horizontal") * 0.3 + 150).cast("uchar")
    foot = _from_pillow(label(mark, width=image.width, height=max(24, image.height // LABEL_SHARE)))
    back = back.insert(foot, 0, image.height - foot.height).copy(interpretation="srgb")
    pages = pyvips.Image.arrayjoin([front, back, _eight_bit(image)], across=1)
    dressed = _labelled(pages, mark)
    dressed.set_type(pyvips.GValue.gint_type, "page-height", image.height)
    dressed.tiffsave(str(target), compression="lzw", predictor="horizontal")


def _webp(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _labelled(_eight_bit(image), mark).webpsave(str(target), Q=82)


def _pillow(image: pyvips.Image) -> Image.Image:
    plain = _eight_bit(image)
    return Image.frombytes("RGB", (plain.width, plain.height), plain.write_to_memory())


def _jpeg2000(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _pillow(image).save(
        target, "JPEG2000", quality_mode="rates", quality_layers=[12], irreversible=True, comment=mark.description
    )


def _avif(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _pillow(image).save(target, "AVIF", quality=70, speed=9, max_threads=1, xmp=xmp_packet(mark))


def _gif(image: pyvips.Image, mark: Mark, target: Path) -> None:
    _pillow(image).quantize(64).save(target, "GIF", comment=mark.description.encode())


WRITERS = {
    "jpeg": _jpeg,
    "jpeg-progressive": _jpeg_progressive,
    "jpeg-cmyk": _jpeg_cmyk,
    "jpeg-rotated": _jpeg_rotated,
    "jpeg-gps": _jpeg_gps,
    "png-alpha": _png_alpha,
    "png-16": _png_16,
    "tiff-16": _tiff_16,
    "tiff-big": _tiff_big,
    "tiff-pages": _tiff_pages,
    "webp": _webp,
    "jp2": _jpeg2000,
    "avif": _avif,
    "gif": _gif,
}
