"""What stands around a player: the moments of a recording, a film at a glance, the tones of a sound, better and smaller choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive import derived_names
from public_site.renditions import Output, Rendition

ReadJson = Callable[[str, str], object]
TONES_PX = 600
BETTER_SOUND = ("audio.opus", "audio.m4a")
MOMENTS_AT_MOST = 200
RUNG = re.compile(r"^(\d+)p[./]")
# The sound of an adaptive film, as older and newer sets name it; up to this picture the small one goes with it.
BEST_SOUND, SMALL_SOUND = ("audio.mp4", "audio-high.mp4"), "audio-low.mp4"
SMALL_SOUND_UP_TO_PX = 240
SAVING_PX = 144


@dataclass(frozen=True)
class Moment:
    """A chapter of a recording: when it begins, in whole seconds, and its title (empty: its number stands for it)."""

    start_s: int
    title: str

    @property
    def start_ms(self) -> int:
        return self.start_s * 1000


@dataclass(frozen=True)
class Sheet:
    """Several small pictures of a film; `first_s` is when the first of them is shown, in seconds."""

    picture: Output
    first_s: int


@dataclass(frozen=True)
class Glance:
    """A film at a glance: sheets of pictures, so many in a row, one every `step_s` seconds."""

    sheets: tuple[Sheet, ...]
    step_s: int
    columns: int
    tile_width: int
    tile_height: int
    track_address: str
    size_bytes: int


@dataclass(frozen=True)
class Way:
    """One way to watch a film: the shorter side of its picture in px (0: no picture), the address of its playlist, and how many bytes
    all of it takes, sound with it. `is_adaptive`: up to this picture, as the line carries it."""

    height: int
    address: str
    size_bytes: int
    is_adaptive: bool = False

    @property
    def is_saving(self) -> bool:
        return 0 < self.height <= SAVING_PX


@dataclass(frozen=True)
class Around:
    """All of it for one recording; what was not made is empty."""

    moments: tuple[Moment, ...] = ()
    moments_address: str = ""
    glance: Glance | None = None
    tones: Output | None = None
    better: tuple[Output, ...] = ()
    sound_alone: Output | None = None
    is_partial: bool = False


def around(made: Mapping[str, Rendition], read_json: ReadJson) -> Around:
    """Return what stands around the player of one recording or film. Reads one file where there are chapters."""
    chapters = made["chapters"].named(derived_names.CHAPTERS) if "chapters" in made else None
    sound = made.get("audio")
    better = [sound.named(name) for name in BETTER_SOUND] if sound and sound.named("audio-low.opus") else []
    return Around(
        moments=moments_of(read_json("chapters", derived_names.CHAPTERS_DATA)) if chapters else (),
        moments_address=chapters.address if chapters else "",
        glance=glance_of(made["storyboard"]) if "storyboard" in made else None,
        tones=made["spectrogram"].named(derived_names.spectrogram_name(TONES_PX)) if "spectrogram" in made else None,
        better=tuple(one for one in better if one),
        sound_alone=made["hls"].named(SMALL_SOUND) if "hls" in made else None,
        is_partial=any(made[role].facts.get("partial") is True for role in ("audio", "mp4") if role in made),
    )


def moments_of(content: object) -> tuple[Moment, ...]:
    """Return the chapters of a chapters.json; nothing for anything that is not one."""
    entries = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    return tuple(
        Moment(int(entry["start_ms"]) // 1000, str(entry.get("title") or ""))
        for entry in entries[:MOMENTS_AT_MOST]
        if isinstance(entry.get("start_ms"), int)
    )


def glance_of(rendition: Rendition) -> Glance | None:
    """Return the sheets of a storyboard in their order; None where its figures are missing."""
    track = rendition.named(derived_names.STORYBOARD)
    step_ms, columns = rendition.number("step_ms"), rendition.number("columns")
    width, height = rendition.number("tile_width"), rendition.number("tile_height")
    if track is None or min(step_ms, columns, width, height) < 1:
        return None
    sheets: list[Sheet] = []
    before = 0
    for output in rendition.outputs:
        if output.media_type == "image/webp":
            sheets.append(Sheet(output, before * step_ms // 1000))
            before += (output.width // width) * (output.height // height)
    size_bytes = sum(sheet.picture.size_bytes for sheet in sheets)
    return Glance(tuple(sheets), max(1, step_ms // 1000), columns, width, height, track.address, size_bytes)


def ways_of(rendition: Rendition) -> tuple[Way, ...]:
    """Return the ways to watch an adaptive film: as the line carries it, then each picture from the largest down, then sound alone."""
    manifest = rendition.named(derived_names.STREAM_MANIFEST)
    sizes: dict[int, int] = {}
    sounds: dict[str, int] = {}
    for output in rendition.outputs:
        rung = RUNG.match(output.name)
        if rung is not None:
            sizes[int(rung[1])] = sizes.get(int(rung[1]), 0) + output.size_bytes
        elif output.media_type == "audio/mp4":
            sounds[output.name] = output.size_bytes
    if manifest is None or not sizes:
        return ()
    best = next((sounds[name] for name in BEST_SOUND if name in sounds), sounds.get(SMALL_SOUND, 0))
    small = sounds.get(SMALL_SOUND, best)
    rungs = [
        Way(height, manifest.address, sizes[height] + (small if height <= SMALL_SOUND_UP_TO_PX else best))
        for height in sorted(sizes, reverse=True)
    ]
    adaptive = Way(rungs[0].height, manifest.address, rungs[0].size_bytes, is_adaptive=True)
    playlist = rendition.named(derived_names.SOUND_ALONE)
    alone = [Way(0, playlist.address, sounds[SMALL_SOUND])] if playlist and SMALL_SOUND in sounds else []
    return (adaptive, *rungs, *alone)
