"""A file of subtitles or a transcript: read whatever wrote it, checked, written as WebVTT and as segments."""

import importlib
import json
import re
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.captions_ass import read_ass
from media_pipeline.processors.captions_blocks import read_blocks
from media_pipeline.processors.captions_cues import Found, Problem
from media_pipeline.processors.captions_letters import Letters, read
from media_pipeline.processors.captions_segments import Segment, write_segments, write_vtt
from media_pipeline.processors.captions_text import read_text

_ARROWS = re.compile(r"^ ?\d{1,3} ?:[\d.,: ]{1,30}-{1,3}> ?\d", re.MULTILINE | re.ASCII)
_SBV = re.compile(r"^\d{1,3}:\d\d:\d\d\.\d{1,3},\d{1,3}:\d\d:\d\d\.\d{1,3}\s*$", re.MULTILINE | re.ASCII)
_TTML = re.compile(r"<(?:[a-z]+:)?tt[\s>][^<]*(?:ttml|ttaf1)", re.IGNORECASE)
_ASS = re.compile(r"^(\[script info\]|\[events\]|dialogue:)", re.MULTILINE | re.IGNORECASE)


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `captions.vtt` (where there are times), `segments.json` and `index.json`.

    Facts: form ("srt", "vtt", "ass", "sbv", "ttml", "txt"), encoding, cues, end_ms, is_timed, problem_count, and `problems`, the first of
    them as pairs of line and code. Raises ProcessorError("no_cues") for subtitles of which nothing is left; its detail is the problems.
    """
    with source.open("rb") as file:
        content = file.read(int(settings["source_bytes_at_most"]))
    was_cut = source.stat().st_size > len(content)
    letters = read(content)
    progress(30)
    form = form_of(letters.text)
    found = _read(letters.text, form, int(settings["cue_letters_at_most"]))
    progress(70)
    problems = [*_about_letters(letters), *found.problems]
    cues = found.cues[: int(settings["cues_at_most"])]
    if was_cut or len(found.cues) > len(cues):
        problems.append(Problem(0, "cut"))
    problems.sort()
    told = [list(one) for one in problems[: int(settings["problems_at_most"])]]
    if form != "txt" and not cues:
        raise ProcessorError(reasons.NO_CUES, json.dumps(told))
    files: list[OutputFile] = []
    is_timed = bool(cues) and cues[0].start_ms is not None
    if is_timed:
        files.append(
            write_vtt([one._replace(markup=one.markup or _escaped(one.text)) for one in cues], out / "captions.vtt")
        )
    segments = [Segment(at, one.start_ms, one.end_ms, one.speaker, one.text) for at, one in enumerate(cues, 1)]
    files += write_segments(
        segments,
        out,
        letters_at_most=int(settings["part_letters_at_most"]),
        count_at_most=int(settings["part_segments_at_most"]),
    )
    facts: dict[str, object] = {
        "form": form,
        "encoding": letters.encoding,
        "cues": len(cues),
        "end_ms": max((one.end_ms or 0 for one in cues), default=0),
        "is_timed": is_timed,
        "problems": told,
        "problem_count": len(problems),
    }
    return Result(files, facts)


def form_of(text: str) -> str:
    """Return what a text is written as, by what stands in it."""
    head = text[:65_536]
    if head.startswith("WEBVTT"):
        return "vtt"
    if head.lstrip().startswith("<") and _TTML.search(head):
        return "ttml"
    if _ASS.search(head):
        return "ass"
    if _ARROWS.search(head):
        return "srt"
    return "sbv" if _SBV.search(head) else "txt"


def _read(text: str, form: str, letters_at_most: int) -> Found:
    if form == "ass":
        return read_ass(text, letters_at_most=letters_at_most)
    if form == "ttml":
        # Its library is loaded for such files alone.
        ttml = importlib.import_module("media_pipeline.processors.captions_ttml")
        found: Found = ttml.read_ttml(text, letters_at_most=letters_at_most)
        return found
    if form == "txt":
        return read_text(text, letters_at_most=letters_at_most)
    return read_blocks(text, form, letters_at_most=letters_at_most)


def _about_letters(letters: Letters) -> list[Problem]:
    codes = [f"read_as_{letters.encoding}"] if letters.guessed else []
    return [Problem(0, code) for code in codes + ["letters_lost"] * letters.is_broken]


def _escaped(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
