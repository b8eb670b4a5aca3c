"""Small files that unpack into endless ones: frames, pages, entries and nesting are bounded before anything is decoded."""

from __future__ import annotations

import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline import reasons
from media_pipeline.facts import Facts
from media_pipeline.identify import identify
from media_pipeline.plan import plan
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes import IDENTIFY
from media_pipeline.sandbox import run_processor

pytestmark = pytest.mark.pure
CLEAN_END_WITHIN_S = 30  # of processor time; a bomb would take hours


def gif_of_frames(path: Path, frames: int = 30_000) -> Path:
    """Write an animation of many single-pixel frames: 11 bytes each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    path.write_bytes(head + frame * frames + b";")
    return path


def webp_of_frames(path: Path, frames: int = 20_000) -> Path:
    """Write an animated WebP whose frames are one lossless pixel each."""
    pixel = bytes.fromhex("2f00000000072811110b0a0000")  # a VP8L stream of one pixel

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    frame = chunk(b"ANMF", b"\0" * 3 * 4 + b"\x0a\0\0" + b"\0" + chunk(b"VP8L", pixel))
    body = chunk(b"VP8X", b"\x02\0\0\0" + b"\0" * 6) + chunk(b"ANIM", b"\0" * 6) + frame * frames
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body)
    return path


def png_of_pixels(path: Path, side: int = 60_000) -> Path:
    """Write the beginning of a picture of three and a half thousand million pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def tiff_of_pages(path: Path, pages: int = 60_000) -> Path:
    """Write a TIFF with a long chain of directories that all show the same pixel."""
    entries = [
        (256, 4, 1, 1), (257, 4, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1),
        (278, 4, 1, 1), (279, 4, 1, 1),
    ]  # fmt: skip
    size = 2 + 12 * len(entries) + 4
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    content = [b"II*\0", struct.pack("<I", 10), b"\x80\0"]
    for number in range(pages):
        following = 10 + size * (number + 1) if number + 1 < pages else 0
        content.append(struct.pack("<H", len(entries)) + body + struct.pack("<I", following))
    path.write_bytes(b"".join(content))
    return path


def pdf_of_pages(path: Path, depth: int = 6) -> Path:
    """Write a PDF whose tree of pages names each branch ten times over: a million pages in a few hundred bytes."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    for level in range(depth):
        below = " ".join([f"{3 + level} 0 R"] * 10)
        objects.append(f"<< /Type /Pages /Kids [{below}] /Count {10 ** (depth - level)} >>")
    objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] >>")
    return _pdf(path, objects)


def pdf_that_says_so(path: Path) -> Path:
    """Write a PDF of one page that says it has two thousand million."""
    return _pdf(
        path,
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] >>",
        ],
    )


def _pdf(path: Path, objects: list[str]) -> Path:
    content = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    path.write_bytes(content + table.encode() + trailer.encode())
    return path


def zip_of_entries(path: Path, entries: int = 120_000) -> Path:
    """Write a book with very many empty parts."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for number in range(entries):
            archive.writestr(f"{number}", b"")
    return path


def zip_of_zeros(path: Path) -> Path:
    """Write a book that is a thousand times larger unpacked."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", bytes(100_000_000))
    return path


def made_of(source: Path, work_dir: Path) -> tuple[Facts, list[Result | str]]:
    """Return what identification finds and what becomes of each recipe: its result, or the code of its refusal."""
    facts = identify(source, work_dir)
    ends: list[Result | str] = []
    for recipe in plan(facts):
        try:
            ends.append(run_processor(recipe, source, work_dir))
        except ProcessorError as error:
            ends.append(error.code)
    return facts, ends


@pytest.mark.parametrize("bomb", [gif_of_frames, webp_of_frames])
def test_of_endless_frames_one_is_shown(bomb: Callable[[Path], Path], tmp_path: Path, work_dir: Path) -> None:
    facts, ends = made_of(bomb(tmp_path / "bomb"), work_dir)

    assert facts.kind == "image"
    for end in ends:
        assert isinstance(end, Result) or end in reasons.ABOUT_THE_FILE
        if isinstance(end, Result):
            assert end.cpu_s < CLEAN_END_WITHIN_S
            assert len(end.files) <= 3


def test_pixels_are_counted_before_they_are_read(tmp_path: Path, work_dir: Path) -> None:
    began = time.monotonic()
    facts = identify(png_of_pixels(tmp_path / "bomb"), work_dir)

    assert facts.reason == reasons.TOO_MANY_PIXELS
    assert time.monotonic() - began < CLEAN_END_WITHIN_S
    assert plan(facts) == ()


@pytest.mark.parametrize("bomb", [pdf_of_pages, pdf_that_says_so, tiff_of_pages])
def test_endless_pages_buy_no_endless_work(bomb: Callable[[Path], Path], tmp_path: Path, work_dir: Path) -> None:
    began = time.monotonic()
    facts = identify(bomb(tmp_path / "bomb"), work_dir)

    assert time.monotonic() - began < CLEAN_END_WITHIN_S
    for recipe in plan(facts):
        assert recipe.limits.output_files <= 6000
        assert recipe.limits.cpu_s <= 8 * 3600, "a header's word may not stretch it beyond the pages that are made"


@pytest.mark.parametrize("bomb", [zip_of_entries, zip_of_zeros])
def test_a_book_of_endless_parts_is_unsafe(bomb: Callable[[Path], Path], tmp_path: Path, work_dir: Path) -> None:
    source = bomb(tmp_path / "bomb")

    result = run_processor(IDENTIFY, source, work_dir)

    assert (result.facts["kind"], result.facts["reason"]) == ("epub", reasons.UNSAFE_ARCHIVE)
    assert result.cpu_s < CLEAN_END_WITHIN_S
