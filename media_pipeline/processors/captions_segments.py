"""The files that pages, players and search read: `captions.vtt`, `segments.json`, and an index of where each part of the latter lies."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from media_pipeline.processors import OutputFile
from media_pipeline.processors.captions_cues import Cue, clock

VTT, SEGMENTS, INDEX = "captions.vtt", "segments.json", "index.json"


class Segment(NamedTuple):
    """One entry of `segments.json`: times are None in a text without times."""

    number: int
    start_ms: int | None
    end_ms: int | None
    speaker: str
    text: str


def write_vtt(cues: Iterable[Cue], path: Path) -> OutputFile:
    """Write checked cues as WebVTT."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("WEBVTT\n")
        for number, cue in enumerate(cues, 1):
            settings = f" {cue.settings}" if cue.settings else ""
            file.write(f"\n{number}\n{clock(cue.start_ms or 0)} --> {clock(cue.end_ms or 0)}{settings}\n{cue.markup}\n")
    return OutputFile(VTT, "text/vtt")


def write_segments(segments: list[Segment], out: Path, *, letters_at_most: int, count_at_most: int) -> list[OutputFile]:
    """Write `segments.json`, a list of objects, and `index.json`: {"is_timed", "count", "parts": [{"first", "last", "start_ms", "offset",
    "length"}]}. Between its offset and length a part holds whole objects with commas between them, as much as one page of a reader
    shows."""
    parts: list[dict[str, int | None]] = []
    with (out / SEGMENTS).open("wb") as file:
        file.write(b"[")
        for part in _parts(segments, letters_at_most, count_at_most):
            file.write(b"," if parts else b"")
            offset = file.tell()
            length = file.write(b",".join(_json(one) for one in part))
            parts.append(
                {
                    "first": part[0].number,
                    "last": part[-1].number,
                    "start_ms": part[0].start_ms,
                    "offset": offset,
                    "length": length,
                }
            )
        file.write(b"]")
    index = {"is_timed": any(one.start_ms is not None for one in segments), "count": len(segments), "parts": parts}
    (out / INDEX).write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")
    return [
        OutputFile(SEGMENTS, "application/json", {"segments": len(segments)}),
        OutputFile(INDEX, "application/json"),
    ]


def _parts(segments: list[Segment], letters_at_most: int, count_at_most: int) -> Iterator[list[Segment]]:
    part: list[Segment] = []
    letters = 0
    for one in segments:
        if part and (letters + len(one.text) > letters_at_most or len(part) >= count_at_most):
            yield part
            part, letters = [], 0
        part.append(one)
        letters += len(one.text)
    if part:
        yield part


def _json(segment: Segment) -> bytes:
    return json.dumps(segment._asdict(), ensure_ascii=False, separators=(",", ":")).encode()
