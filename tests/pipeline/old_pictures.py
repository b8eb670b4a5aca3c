"""Small pictures in formats of older programs and of cameras, made byte by byte or by Pillow: red above, blue below."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
WIDTH, HEIGHT = 64, 48


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Return red above blue."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (0, height // 2, width, height))
    return made


def jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    picture(width, height).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def by_pillow(form: str) -> Callable[[Path], None]:
    return lambda path: picture().save(path, form)


def pcx(path: Path) -> None:
    picture().quantize(4).save(path, "PCX")


def xpm(path: Path) -> None:
    rows = [f'"{letter * WIDTH}"' for letter in "a" * (HEIGHT // 2) + "b" * (HEIGHT // 2)]
    colours = ['"a c #C81E1E"', '"b c #1E1EC8"']
    body = ",\n".join([f'"{WIDTH} {HEIGHT} 2 1"', *colours, *rows])
    path.write_text("/* XPM */\nstatic char *x[] = {\n" + body + "\n};\n")


def psd(path: Path) -> None:
    """Header, three empty sections, then the flat picture, band after band (Photoshop file formats specification, image data)."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, HEIGHT, WIDTH, 8, 3)
    bands = b"".join(band.tobytes() for band in picture().split())
    path.write_bytes(head + struct.pack(">III", 0, 0, 0) + struct.pack(">H", 0) + bands)


def fli(path: Path) -> None:
    """One frame: a palette (chunk 4), then bytes as they are (chunk 16)."""
    palette = struct.pack("<HBB", 1, 0, 2) + bytes(RED) + bytes(BLUE)
    chunks = struct.pack("<IH", 6 + len(palette), 4) + palette
    pixels = b"\x00" * (WIDTH * HEIGHT // 2) + b"\x01" * (WIDTH * HEIGHT // 2)
    chunks += struct.pack("<IH", 6 + len(pixels), 16) + pixels
    frame = struct.pack("<IHH8x", 16 + len(chunks), 0xF1FA, 2) + chunks
    head = struct.pack("<IHHHHHHI", 128 + len(frame), 0xAF12, 1, WIDTH, HEIGHT, 8, 3, 70)
    path.write_bytes(head.ljust(128, b"\x00") + frame)


def tiff(
    path: Path, directories: list[dict[int, tuple[int, int, bytes]]], tail: bytes, order: str = "<", magic: bytes = b""
) -> None:
    """Write directories one after the other, each tag as (type, count, bytes), then `tail`, which begins where `tail_at` says."""
    at = 8
    written = b""
    for number, entries in enumerate(directories):
        block, behind = b"", b""
        size = 2 + 12 * len(entries) + 4
        for tag, (kind, count, content) in sorted(entries.items()):
            if len(content) > 4:
                block += struct.pack(order + "HHII", tag, kind, count, at + size + len(behind))
                behind += content
            else:
                block += struct.pack(order + "HHI", tag, kind, count) + content.ljust(4, b"\x00")
        following = at + size + len(behind) if number + 1 < len(directories) else 0
        written += struct.pack(order + "H", len(entries)) + block + struct.pack(order + "I", following) + behind
        at += size + len(behind)
    head = magic or (b"II*\x00" if order == "<" else b"MM\x00*")
    path.write_bytes(head + struct.pack(order + "I", 8) + written + tail)


def camera_raw(path: Path, maker: str, *, dng: bytes = b"", magic: bytes = b"") -> None:
    """A small JPEG and a large one in two directories, and raw values of a colour filter array in a third."""
    small, large = jpeg(32, 24), jpeg(160, 120)

    def entries(offset: int, size: int, photometric: int) -> dict[int, tuple[int, int, bytes]]:
        found = {
            0x010F: (2, len(maker) + 1, maker.encode() + b"\x00"),
            0x0106: (3, 1, struct.pack("<H", photometric)),
            0x0201: (4, 1, struct.pack("<I", offset)),
            0x0202: (4, 1, struct.pack("<I", size)),
            0x0112: (3, 1, struct.pack("<H", 6)),
        }
        return {**found, 0xC612: (1, 4, dng)} if dng else found

    for start in (0, len_of(path, entries, magic)):
        tiff(
            path,
            [entries(start, len(small), 6), entries(start + len(small), len(large), 6), entries(0, 0, 32803)],
            small + large,
            magic=magic,
        )


def len_of(path: Path, entries: Callable[[int, int, int], dict[int, tuple[int, int, bytes]]], magic: bytes) -> int:
    """Return how long the directories are: where what follows them begins."""
    tiff(path, [entries(0, 0, 6), entries(0, 0, 6), entries(0, 0, 32803)], b"", magic=magic)
    return path.stat().st_size


def raf(path: Path) -> None:
    content = jpeg(160, 120)
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\x00") + struct.pack(">II", 96, len(content))
    path.write_bytes(head.ljust(96, b"\x00") + content)
