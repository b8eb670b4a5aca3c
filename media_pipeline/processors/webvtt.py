"""Writes WebVTT (W3C) from cues whose text is ours or made harmless."""

from collections.abc import Iterable
from typing import NamedTuple


class Cue(NamedTuple):
    """From when to when, in seconds, and what is said, in one line."""

    start_s: float
    end_s: float
    text: str


def webvtt(cues: Iterable[Cue]) -> str:
    """Return the whole file. Cues without a length are left out: players refuse a file that has one."""
    parts = ["WEBVTT\n"]
    for one in cues:
        start, end = clock(one.start_s), clock(one.end_s)
        if start < end:
            parts.append(f"{start} --> {end}\n{one.text}\n")
    return "\n".join(parts)


def clock(seconds: float) -> str:
    """Return a moment as `00:01:02.500`, at most 99 hours."""
    thousandths = min(round(max(0.0, seconds) * 1000), 359_999_999)
    rest, thousandth = divmod(thousandths, 1000)
    minutes, second = divmod(rest, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{thousandth:03d}"


def plain_text(text: str, letters_at_most: int) -> str:
    """Return a text of the file as one line that a cue may hold: no markup, no arrow, no control characters."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:letters_at_most]
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
