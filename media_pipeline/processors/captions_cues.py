"""What a file of subtitles or a transcript holds once it is read: cues, and what is wrong with the file, line by line."""

import re
from typing import NamedTuple

# h:mm:ss.mmm as players write it, and as people do: hours may be missing, a fraction too, with any of three marks before it.
TIME = (
    r"(?:(?P<{0}h>\d{{1,3}})\s*:\s*)?(?P<{0}m>\d{{1,3}})\s*:\s*(?P<{0}s>\d{{1,3}})(?:\s*[.,:]\s*(?P<{0}f>\d{{1,3}}))?"
)
LONGEST_MS = 100 * 3_600_000


class Cue(NamedTuple):
    """One subtitle. `markup` is safe WebVTT text; `text` the same as plain letters; times are milliseconds, None in a text without
    times."""

    start_ms: int | None
    end_ms: int | None
    text: str
    markup: str = ""
    speaker: str = ""
    settings: str = ""
    line: int = 0


class Problem(NamedTuple):
    """What is wrong at a line of the file, counted from 1 (0: the whole file), as a code that the desk has a sentence for."""

    line: int
    code: str


class Found(NamedTuple):
    """What a reader found."""

    cues: list[Cue]
    problems: list[Problem]


def ms_of(found: re.Match[str], group: str) -> int | None:
    """Return the time that `TIME` found under these group names, None where no such time exists."""
    hours, minutes, seconds = (int(found[f"{group}{unit}"] or 0) for unit in "hms")
    fraction = int((found[f"{group}f"] or "0").ljust(3, "0"))
    if (minutes > 59 and found[f"{group}h"]) or seconds > 59:
        return None
    total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction
    return total if total <= LONGEST_MS else None


def clock(ms: int) -> str:
    """Return a time as WebVTT writes it: 00:01:23.450."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def sound(cues: list[Cue], problems: list[Problem]) -> Found:
    """Return the cues that can be shown, in order of time: without those that end before they begin, or say nothing.

    What overlaps stays, since two people may speak at once; it is noted.
    """
    kept: list[Cue] = []
    for cue in cues:
        if cue.start_ms is not None and cue.end_ms is not None and cue.end_ms <= cue.start_ms:
            problems.append(Problem(cue.line, "end_before_start"))
        elif not cue.text:
            problems.append(Problem(cue.line, "no_text"))
        else:
            kept.append(cue)
    latest = end = 0
    for cue in kept:
        if cue.start_ms is None or cue.end_ms is None:
            continue
        if cue.start_ms < latest:
            problems.append(Problem(cue.line, "out_of_order"))
        elif cue.start_ms < end:
            problems.append(Problem(cue.line, "overlap"))
        latest, end = max(latest, cue.start_ms), max(end, cue.end_ms)
    kept.sort(key=lambda cue: cue.start_ms or 0)
    return Found(kept, problems)
