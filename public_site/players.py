"""What stands around a player: the moments of a recording, a film at a glance, the tones of a sound, better and smaller choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive import derived_names
from public_site.renditions import Output, Rendition

ReadJson = Callable[[str, str], object]
TONES_PX = 600
BETTER_SOUND = ("audio.opus", "audio.m4a")
MOMENTS_AT_MOST = 200


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
class Alone:
    """The sound of a film without its picture: its playlist, and how many bytes it has in all."""

    address: str
    size_bytes: int


@dataclass(frozen=True)
class Around:
    """All of it for one recording; what was not made is empty."""

    moments: tuple[Moment, ...] = ()
    moments_address: str = ""
    glance: Glance | None = None
    tones: Output | None = None
    better: tuple[Output, ...] = ()
    sound_alone: Alone | None = None
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
        sound_alone=alone_of(made["hls"]) if "hls" in made else None,
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


def alone_of(rendition: Rendition) -> Alone | None:
    """Return the small sound of an adaptive film; None for a silent one."""
    playlist = rendition.named(derived_names.SOUND_ALONE)
    sound = rendition.named(derived_names.SOUND_ALONE.replace(".m3u8", ".mp4"))
    return Alone(playlist.address, sound.size_bytes) if playlist and sound else None
