"""Telling stills of a film in several sizes: the best one, and a few of other moments from which staff may choose."""

import math
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.image_open import open_shrunk
from media_pipeline.processors.image_sizes import write_sizes
from media_pipeline.processors.picture_score import score
from media_pipeline.processors.video_frames import fitted, require_film, still_frames
from media_pipeline.processors.video_samples import samples

_LOOK_AT_EDGE_PX = 120
_KEY_FRAMES_AT_LEAST = 3  # where a film has fewer, the frames between them are looked at, too
_FIRST, _LAST = 0.03, 0.97  # shares of the film: before and after lie leaders and credits
_PIXELS_AT_MOST = 64_000_000
_DISTINCT_S = 0.02


class Choice(NamedTuple):
    """A moment of the film (seconds) and its score, 0 to 1."""

    time_s: float
    score: float


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write one WebP for each edge of `long_edges_px` of the best still, and `c1-480.webp` … for each that was kept.

    Facts: `best`, the number of the still that is the poster (0 when only the film's first picture could be had), and
    `stills`, their moments in milliseconds in the order of their numbers.
    """
    found = probe(source)
    require_film(found)
    kept = choose(source, found, int(settings["frames_at_most"]), int(settings["stills_at_most"]))
    progress(50)
    pictures = _stills(source, kept, found, settings)
    if not pictures:
        # Some films hide their key frames, or have but one picture: then the very first one has to do.
        return _only(_first(source, found, settings), out, settings)
    progress(75)
    best = max(pictures, key=lambda number: kept[number - 1].score)
    files = _written(pictures[best], out, settings, kept[best - 1], "")
    for number, still in pictures.items():
        files += _written(still, out, settings, kept[number - 1], f"c{number}-")
    return Result(files, {"best": best, "stills": [round(one.time_s * 1000) for one in kept]})


def choose(source: Path, found: Probe, frames_at_most: int, stills_at_most: int) -> list[Choice]:
    """Return the best moment of each part of the film, in their order; parts that are black or empty give none.

    A film that is dark or empty all through gives the best of what there is.
    """
    seconds = found.duration_ms / 1000
    moments = [
        seconds * (_FIRST + (_LAST - _FIRST) * (index + 0.5) / frames_at_most) for index in range(frames_at_most)
    ]
    looked = _looked_at(source, found, moments, between_keys=False)
    if len(looked) < min(_KEY_FRAMES_AT_LEAST, frames_at_most):
        looked = _looked_at(source, found, moments, between_keys=True)
    edges = [round(index * len(looked) / stills_at_most) for index in range(stills_at_most + 1)]
    parts = [[choice for choice, telling in looked[a:b] if telling] for a, b in pairwise(edges)]
    best = [max(part, key=lambda one: one.score) for part in parts if part]
    return best or sorted((choice for choice, _telling in looked), key=lambda one: -one.score)[:1]


def _looked_at(source: Path, found: Probe, moments: list[float], *, between_keys: bool) -> list[tuple[Choice, bool]]:
    """Each distinct picture with its score, and whether it shows anything."""
    looked: list[tuple[Choice, bool]] = []
    for one in samples(source, found, moments, fitted(found, _LOOK_AT_EDGE_PX), between_keys=between_keys):
        if looked and abs(looked[-1][0].time_s - one.time_s) < _DISTINCT_S:
            continue
        value, telling = score(one.image)
        looked.append((Choice(one.time_s, value), telling))
    return looked


def _stills(source: Path, kept: list[Choice], found: Probe, settings: Settings) -> dict[int, Path]:
    """Take the stills out of the film, each in its full quality; return those that came out by number.

    One after the other: decoders of several large films side by side would take gigabytes.
    """
    made: dict[int, Path] = {}
    for number, one in enumerate(kept, 1):
        still = Path.cwd() / "tmp" / f"still{number}.png"
        # A moment just before a key frame would have all frames since the last one decoded: rounded up, it is met or the next is.
        seek = ["-ss", f"{math.ceil(one.time_s * 1000) / 1000:.3f}"] if one.time_s else []
        if _taken(source, still, found, settings, seek):
            made[number] = still
    return made


def _first(source: Path, found: Probe, settings: Settings) -> Path:
    still = Path.cwd() / "tmp" / "still.png"
    if not _taken(source, still, found, settings, []):
        raise ProcessorError(reasons.DAMAGED, "No picture could be decoded.")
    return still


def _taken(source: Path, still: Path, found: Probe, settings: Settings, seek: list[str]) -> bool:
    whole = "bwdif=deint=interlaced," if found.interlaced else ""
    edge = int(str(settings["long_edges_px"]).split(",", 1)[0])
    size = fitted(found, edge * min(found.width, found.height) // max(found.width, found.height))
    filters = whole + still_frames(found, size)
    arguments = ["-map", "0:V:0", "-an", "-vf", filters, "-frames:v", "1", "-c:v", "png", "-compression_level", "1"]
    arguments += ["-update", "1", "-f", "image2", "-y", str(still)]
    try:
        run_ffmpeg(source, arguments, settings, before_input=["-threads", "1", *seek])
    except ProcessorError as error:
        if error.code != reasons.DAMAGED:
            raise
    return still.is_file() and still.stat().st_size > 0


def _only(still: Path, out: Path, settings: Settings) -> Result:
    return Result(_written(still, out, settings, None, ""), {"best": 0, "stills": []})


def _written(still: Path, out: Path, settings: Settings, choice: Choice | None, prefix: str) -> list[OutputFile]:
    edge = int(str(settings["long_edges_px"]).split(",", 1)[0])
    picture = open_shrunk(still, edge, pixels_at_most=_PIXELS_AT_MOST)
    files = write_sizes(picture, out, settings, prefix=prefix)
    if choice is None:
        return files
    return [
        one._replace(facts={**one.facts, "time_ms": round(choice.time_s * 1000), "score": choice.score})
        for one in files
    ]
