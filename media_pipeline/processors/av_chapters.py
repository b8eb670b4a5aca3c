"""The chapters that a recording or film brings with it, as JSON and as a WebVTT that players know."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import av

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import CHAPTERS_AT_MOST, FAULTS
from media_pipeline.processors.ffmpeg import demuxer
from media_pipeline.processors.webvtt import Cue, plain_text, webvtt

_TITLE_LETTERS_AT_MOST = 200


class Chapter(NamedTuple):
    """From when to when, in milliseconds, and its title, which may be empty."""

    start_ms: int
    end_ms: int
    title: str


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `chapters.json`, a list of start_ms, end_ms, title, and `chapters.vtt`. Facts: chapters."""
    name = demuxer(source)
    try:
        with source.open("rb") as file, av.open(file, format=name, options={"format_whitelist": name}) as container:
            found = in_order(container.chapters()[:CHAPTERS_AT_MOST])
    except FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, f"{type(error).__name__}: {error}"[:1000]) from error
    if not found:
        raise ProcessorError(reasons.DAMAGED, "Its chapters have no length.")
    text = json.dumps([one._asdict() for one in found], ensure_ascii=False, separators=(",", ":"))
    (out / "chapters.json").write_text(text, encoding="utf-8")
    cues = [
        Cue(one.start_ms / 1000, one.end_ms / 1000, plain_text(one.title, _TITLE_LETTERS_AT_MOST) or str(number))
        for number, one in enumerate(found, 1)
    ]
    (out / "chapters.vtt").write_text(webvtt(cues), encoding="utf-8")
    files = [OutputFile("chapters.json", "application/json"), OutputFile("chapters.vtt", "text/vtt")]
    return Result(files, {"chapters": len(found)})


def in_order(found: Sequence[Mapping[str, Any]]) -> list[Chapter]:  # Any: what PyAV gives
    """Return chapters by their beginning, each ending before the next begins; those without a length are left out."""
    chapters = sorted(Chapter(_ms(one, "start"), _ms(one, "end"), _title(one)) for one in found if one.get("time_base"))
    ends = [*(after.start_ms for after in chapters[1:]), None]
    cut = [one._replace(end_ms=min(one.end_ms, end or one.end_ms)) for one, end in zip(chapters, ends, strict=True)]
    return [one for one in cut if 0 <= one.start_ms < one.end_ms]


def _ms(one: Mapping[str, Any], name: str) -> int:
    return round(float(one[name] * one["time_base"]) * 1000)


def _title(one: Mapping[str, Any]) -> str:
    title = str(one.get("metadata", {}).get("title", ""))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())[
        :_TITLE_LETTERS_AT_MOST
    ]
