"""Runs ffmpeg on one hostile file: one named reader, local files only, nothing asked, progress read."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from media_pipeline import reasons
from media_pipeline.formats import FORMATS
from media_pipeline.processors import ProcessorError, Progress, Settings
from media_pipeline.sniff import HEAD_BYTES, sniff

_STDERR_BYTES = 65536
# One allocation of a decoder: a frame of 16 bits in four bands of 16 384 × 16 384 is beyond any film.
_ALLOCATION_BYTES_AT_MOST = 1024 * 1024 * 1024


def demuxer(source: Path) -> str:
    """Return the name of the only ffmpeg reader that fits the file's head. Raises ProcessorError: unsupported.

    A text file is none: playlists (HLS, DASH, ffconcat) that name other files never reach ffmpeg.
    """
    with source.open("rb") as file:
        extension = sniff(file.read(HEAD_BYTES))
    name = FORMATS[extension].demuxer if extension else ""
    if not name:
        raise ProcessorError(reasons.UNSUPPORTED, "No sound or film.")
    return name


def run_ffmpeg(
    source: Path,
    arguments: Sequence[str],
    settings: Settings,
    *,
    before_input: Sequence[str] = (),
    duration_s: float = 0,
    progress: Progress | None = None,
    reader: Callable[[IO[bytes]], None] | None = None,
    log_level: str = "error",
) -> str:
    """Run ffmpeg with `arguments` after its input and return the end of what it said on stderr.

    Damaged packets are stepped over, however many: whether anything came out is for the caller to see.

    Progress runs from 0 to 100 over `duration_s`. `reader` takes the bytes that ffmpeg writes to `pipe:1` instead of
    progress. Raises ProcessorError: missing_program, unsupported, out_of_memory, damaged.
    """
    program = str(settings.get("ffmpeg", ""))
    if not program or not Path(program).is_file():
        raise ProcessorError(reasons.MISSING_PROGRAM, "ffmpeg")
    name = demuxer(source)
    command = [
        *_launcher(settings),
        program,
        "-hide_banner",
        "-nostdin",
        "-nostats",
        "-loglevel",
        log_level,
        "-max_error_rate",
        "1",
        "-max_alloc",
        str(_ALLOCATION_BYTES_AT_MOST),
    ]
    command += ["-progress", "pipe:1", "-stats_period", "0.5"] if reader is None else []
    reader_named = ["-protocol_whitelist", "file", "-format_whitelist", name, "-f", name]
    command += [*before_input, *reader_named, "-i", str(source), *arguments]
    errors = Path.cwd() / "tmp" / "ffmpeg.log"
    with (
        errors.open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - asked for above
        if reader is not None:
            reader(process.stdout)
        else:
            _follow(process.stdout, duration_s, progress)
        status = process.wait()
    with errors.open("rb") as written:
        written.seek(max(0, errors.stat().st_size - _STDERR_BYTES))
        said = written.read().decode("utf-8", "replace").replace(str(source), "file").strip()
    if status == -signal.SIGXCPU:
        raise ProcessorError(reasons.TIME_LIMIT, "ffmpeg used up its processor time.")
    if status != 0:
        memory = "Cannot allocate memory" in said or status == -9
        raise ProcessorError(reasons.OUT_OF_MEMORY if memory else reasons.DAMAGED, f"ffmpeg {status}: {said[-1000:]}")
    return said


def _launcher(settings: Settings) -> list[str]:
    """Where nothing else would end ffmpeg together with this process, start it through what asks the kernel to."""
    if not settings.get("ends_with_parent"):
        return []
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("with_parent.py")), str(os.getpid())]


def _follow(stdout: IO[bytes], duration_s: float, progress: Progress | None) -> None:
    for line in stdout:
        key, _, value = line.strip().partition(b"=")
        if key == b"out_time_us" and progress is not None and duration_s > 0 and value.lstrip(b"-").isdigit():
            progress(min(99.0, int(value) / (duration_s * 10_000)))
