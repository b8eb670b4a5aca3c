"""Judges what a child left behind as if an enemy had written it: names, kinds of file, sizes, and whether the bytes are
what was promised.
"""

import os
import re
import stat
from collections.abc import Callable, Set
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Result, Scalar
from media_pipeline.recipes.recipe import Limits
from media_pipeline.safe_html import is_safe

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}\.[a-z0-9]{2,5}", re.ASCII)
_FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)
_HEAD_BYTES = 64
# The whole of an SVG that we let out: one path in the colour of the text around it, and nothing else.
_SVG = re.compile(
    rb'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="[0-9 ]+" preserveAspectRatio="none" fill="currentColor">'
    rb'<path d="[MLHVZmlhvz0-9 .,-]+"/></svg>\n?'
)
_SVG_BYTES_AT_MOST = 512 * 1024
_FACTS_AT_MOST = 64
_PLAYLIST = "application/vnd.apple.mpegurl"
_CHAPTER = "text/html"
_CHAPTER_BYTES_AT_MOST = 4 * 1024 * 1024
_PLAYLIST_BYTES_AT_MOST = 8 * 1024 * 1024
_ATTRIBUTE_ADDRESS = re.compile(r'URI\s*=\s*"?([^",]*)', re.IGNORECASE)

_MAGIC: dict[str, Callable[[bytes], bool]] = {
    "image/webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "image/jpeg": lambda head: head[:3] == b"\xff\xd8\xff",
    "image/tiff": lambda head: head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "application/json": lambda head: head[:1] in (b"{", b"["),
    "application/pdf": lambda head: head[:5] == b"%PDF-",
    "image/svg+xml": lambda head: head.startswith(b"<svg "),
    _CHAPTER: lambda head: True,  # judged whole, below
    "audio/ogg": lambda head: head[:4] == b"OggS",
    "audio/mp4": lambda head: head[4:8] == b"ftyp",
    "video/mp4": lambda head: head[4:8] == b"ftyp",
    "text/vtt": lambda head: head.startswith(b"WEBVTT\n"),
    _PLAYLIST: lambda head: head.startswith(b"#EXTM3U\n"),
}


def check_outputs(answer: dict[str, object], out: Path, limits: Limits) -> Result:
    """Return the result that the child's answer and its folder agree on. Raises ProcessorError: bad_output or
    output_limit.
    """
    declared = answer.get("files")
    facts = answer.get("facts")
    if not isinstance(declared, list) or not isinstance(facts, dict):
        raise ProcessorError(reasons.BAD_OUTPUT, "The answer lacks files or facts.")
    if len(declared) > limits.output_files:
        raise ProcessorError(reasons.OUTPUT_LIMIT, f"{len(declared)} files.")
    files = [_declared(one) for one in declared]
    present = _present(out)
    if {one.name for one in files} != present.keys() or len(files) != len(present):
        raise ProcessorError(reasons.BAD_OUTPUT, "The folder does not hold the files that were declared.")
    total = sum(present.values())
    if total > limits.output_bytes:
        raise ProcessorError(reasons.OUTPUT_LIMIT, f"{total} bytes.")
    for one in files:
        _check_bytes(out / one.name, one.media_type)
        if one.media_type == _CHAPTER:
            _check_chapter(out / one.name)
        if one.media_type == _PLAYLIST:
            _check_playlist(out / one.name, present.keys())
    return Result(files, facts)


def _declared(entry: object) -> OutputFile:
    match entry:
        case [str(name), str(media_type), dict(facts)] if _NAME.fullmatch(name) and media_type in _MAGIC:
            return OutputFile(name, media_type, _scalars(facts))
    raise ProcessorError(reasons.BAD_OUTPUT, f"Not a file of ours: {str(entry)[:200]}")


def _scalars(facts: dict[object, object]) -> dict[str, Scalar]:
    kept: dict[str, Scalar] = {}
    for name, value in facts.items():
        if not (isinstance(name, str) and _FACT_NAME.fullmatch(name) and isinstance(value, int | float | str)):
            raise ProcessorError(reasons.BAD_OUTPUT, "A fact of a file is not plain.")
        kept[name] = value[:200] if isinstance(value, str) else value
    if len(kept) > _FACTS_AT_MOST:
        raise ProcessorError(reasons.BAD_OUTPUT, "Too many facts.")
    return kept


def _present(out: Path) -> dict[str, int]:
    """Sizes by name. A link, a second name for another file, a folder or a device is refused."""
    sizes: dict[str, int] = {}
    with os.scandir(out) as entries:
        for entry in entries:
            found = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
                raise ProcessorError(reasons.BAD_OUTPUT, f"Not a plain file: {entry.name[:200]!r}")
            if found.st_size == 0:
                raise ProcessorError(reasons.BAD_OUTPUT, f"Empty: {entry.name[:200]!r}")
            sizes[entry.name] = found.st_size
    return sizes


def _check_bytes(path: Path, media_type: str) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        good = _MAGIC[media_type](head)
        if good and media_type == "image/svg+xml":
            whole = head + file.read(_SVG_BYTES_AT_MOST)
            good = len(whole) <= _SVG_BYTES_AT_MOST and _SVG.fullmatch(whole) is not None
    if not good:
        raise ProcessorError(reasons.BAD_OUTPUT, f"{path.name} is not {media_type}.")


def _check_chapter(path: Path) -> None:
    """A chapter is put into our own pages: it holds nothing that our rules would take out."""
    if path.stat().st_size > _CHAPTER_BYTES_AT_MOST:
        raise ProcessorError(reasons.OUTPUT_LIMIT, f"{path.name} is too long.")
    try:
        safe = is_safe(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        safe = False
    if not safe:
        raise ProcessorError(reasons.BAD_OUTPUT, f"{path.name} holds what a chapter may not hold.")


def _check_playlist(path: Path, names: Set[str]) -> None:
    """A playlist may send players to files of its own folder only."""
    if path.stat().st_size > _PLAYLIST_BYTES_AT_MOST:
        raise ProcessorError(reasons.OUTPUT_LIMIT, f"{path.name} is too long.")
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        addresses = _ATTRIBUTE_ADDRESS.findall(line) if line.startswith("#") else [line] if line else []
        for one in addresses:
            if one not in names:
                raise ProcessorError(reasons.BAD_OUTPUT, f"{path.name} leads elsewhere: {one[:200]!r}")
