"""SubRip (SRT), WebVTT and SBV: files of blocks, each a line of times and lines of text. Read as players do, faults noted by their
lines."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from media_pipeline.processors.captions_cues import TIME, Cue, Found, Problem, ms_of, sound
from media_pipeline.processors.captions_markup import said

_TIMES = re.compile(rf"\s*{TIME.format('a')}\s*-{{1,3}}>\s*{TIME.format('b')}(?P<rest>\s.*)?", re.ASCII)
_SBV_TIMES = re.compile(rf"\s*{TIME.format('a')}\s*,\s*{TIME.format('b')}\s*", re.ASCII)
_ARROW = re.compile(r"-{1,3}>")
_NUMBER = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_SILENT = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
# SubRip places a cue by {\an8}: 7 to 9 are the top.
_TOP = re.compile(r"\{\\an?[789]\}")
_SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(r"(-?\d{1,3}|\d{1,3}(?:\.\d{1,3})?%)(,(?:start|center|end))?"),
    "position": re.compile(r"\d{1,3}(?:\.\d{1,3})?%(,(?:line-left|center|line-right))?"),
    "size": re.compile(r"\d{1,3}(?:\.\d{1,3})?%"),
    "align": re.compile(r"start|center|end|left|right"),
}


class Times(NamedTuple):
    """A line of times: where it is, and what stands after them."""

    start_ms: int | None
    end_ms: int | None
    rest: str


def read_blocks(text: str, form: str, *, letters_at_most: int) -> Found:
    """Return the cues of a file of the form "srt", "vtt" or "sbv"."""
    lines = text.split("\n")
    cues: list[Cue] = []
    problems: list[Problem] = []
    expected = 1
    for first, block in _blocks(lines, form):
        at = next((index for index, line in enumerate(block) if _is_times(line, form)), None)
        if at is None:
            if not _is_known(block, form, first):
                problems.append(Problem(first, "bad_time" if any(_ARROW.search(one) for one in block) else "no_time"))
            expected = int(block[0]) + 1 if _NUMBER.fullmatch(block[0]) else expected
            continue
        if form == "srt" and not (at and _NUMBER.fullmatch(block[at - 1]) and int(block[at - 1]) == expected):
            problems.append(Problem(first, "numbering"))
            expected = int(block[at - 1]) if at and _NUMBER.fullmatch(block[at - 1]) else expected
        expected += 1
        times = _times(block[at], form)
        if times.start_ms is None or times.end_ms is None:
            problems.append(Problem(first + at, "bad_time"))
            continue
        raw = "\n".join(block[at + 1 :])
        spoken = said(raw, letters_at_most=letters_at_most)
        settings = _settings(times.rest) if form == "vtt" else "line:0" if _TOP.search(raw) else ""
        cues.append(Cue(times.start_ms, times.end_ms, spoken.text, spoken.markup, spoken.speaker, settings, first + at))
    if sum(1 for one in problems if one.code == "numbering") > 1:
        # Said once: players do not read the numbers.
        once = next(one for one in problems if one.code == "numbering")
        problems = [one for one in problems if one.code != "numbering" or one is once]
    return sound(cues, problems)


def _blocks(lines: list[str], form: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, lines) of each block. A line of times begins one also where no empty line is before it."""
    start = 0
    block: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if block:
                yield start, block
            block = []
            continue
        if block and _is_times(line, form) and any(_is_times(one, form) for one in block):
            kept = 1 if _NUMBER.fullmatch(block[-1]) and not _is_times(block[-1], form) else 0
            yield start, block[: len(block) - kept]
            start, block = number - kept, block[len(block) - kept :]
        if not block:
            start = number
        block.append(line)
    if block:
        yield start, block


def _is_times(line: str, form: str) -> bool:
    return (_SBV_TIMES if form == "sbv" else _TIMES).fullmatch(line) is not None


def _times(line: str, form: str) -> Times:
    found = (_SBV_TIMES if form == "sbv" else _TIMES).fullmatch(line)
    if found is None:
        return Times(None, None, "")
    return Times(ms_of(found, "a"), ms_of(found, "b"), "" if form == "sbv" else found["rest"] or "")


def _is_known(block: list[str], form: str, first: int) -> bool:
    """Whether a block without times is one that the form has: its head, a remark, a style."""
    if form == "vtt":
        return (first == 1 and block[0].startswith("WEBVTT")) or _SILENT.match(block[0]) is not None
    # A number that lost its cue, as editors leave it at the end.
    return form == "srt" and len(block) == 1 and _NUMBER.fullmatch(block[0]) is not None


def _settings(rest: str) -> str:
    """Return the settings of a cue that WebVTT knows, each once; older names are written as today."""
    kept: dict[str, str] = {}
    for word in rest.split():
        name, _colon, value = word.partition(":")
        value = "center" if (name, value) == ("align", "middle") else value
        form = _SETTINGS.get(name)
        if form is None:
            continue
        if not form.fullmatch(value):
            # Alignments of older drafts after a comma are dropped, the number is kept.
            value = value.partition(",")[0]
        if form.fullmatch(value) and _within(value):
            kept[name] = value
    if "vertical" in kept:
        kept.pop("size", None)
    return " ".join(f"{name}:{value}" for name, value in kept.items())


def _within(value: str) -> bool:
    number, percent, _rest = value.partition("%")
    return not percent or float(number) <= 100
