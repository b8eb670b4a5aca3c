"""The one place where the sample asks ffmpeg for anything."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg

from archive.sample import marks
from archive.sample.marks import Mark

TIMEOUT_S = 300


def metadata(mark: Mark) -> list[str]:
    """The tags that every sound and film carries."""
    pairs = {"title": mark.marked_title, "artist": marks.CREATOR, "comment": mark.description}
    return [word for key, value in pairs.items() for word in ("-metadata", f"{key}={value}")]


def encode(inputs: Sequence[str], outputs: Sequence[str], target: Path, *, raw: bytes = b"") -> None:
    """Runs ffmpeg once and writes `target`; `raw` goes to its standard input.

    The bitexact flags leave out what would differ from run to run (version strings, times, random identifiers).
    Raises RuntimeError with ffmpeg's own words.
    """
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        "error",
        "-y",
        "-protocol_whitelist",
        "file,pipe",
        *inputs,
        "-map_metadata",
        "-1",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
        "-flags:a",
        "+bitexact",
        *outputs,
        str(target),
    ]
    if raw:
        command.remove("-nostdin")
    done = subprocess.run(command, input=raw, capture_output=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
