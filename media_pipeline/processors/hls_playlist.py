"""Reads what ffmpeg wrote for each rendition and writes the playlist above them, with measured figures."""

import re
from pathlib import Path
from typing import NamedTuple

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.video_frames import Size
from media_pipeline.processors.video_ladder import Rung

_AAC_LOW_COMPLEXITY = "mp4a.40.2"
_HEAD_BYTES = 8192
_SEGMENT = re.compile(r"#EXTINF:([\d.]+),.*\n#EXT-X-BYTERANGE:(\d+)")
_TARGET = re.compile(r"#EXT-X-TARGETDURATION:(\d+)")


class Figures(NamedTuple):
    """Length and bit rates of one rendition as it came out."""

    duration_s: float
    peak_bps: int
    average_bps: int


class Film(NamedTuple):
    """One rendition of the picture."""

    name: str
    codec: str
    duration_s: float
    peak_bps: int
    average_bps: int
    size: Size
    frame_rate: float


class Sound(NamedTuple):
    """One rendition of one sound track. `track` counts from 0, `language` may be empty."""

    name: str
    codec: str
    duration_s: float
    peak_bps: int
    average_bps: int
    track: int
    language: str
    channels: int


def sound_name(group: str, track: int) -> str:
    """Return the name of a sound rendition: `audio-low`, `audio-high-2`."""
    return f"audio-{group}" + (f"-{track + 1}" if track else "")


def measure_film(out: Path, rung: Rung, frame_rate: float) -> Film:
    """Return the figures of a rung. Raises ProcessorError (damaged) when nothing came out."""
    figures = _figures(out, rung.name)
    if figures is None:
        raise ProcessorError(reasons.DAMAGED, f"Nothing could be shown of {rung.name}.")
    return Film(rung.name, _avc_codec(out / f"{rung.name}.mp4"), *figures, rung.size, frame_rate)


def measure_sound(out: Path, group: str, track: int, language: str) -> Sound | None:
    """Return the figures of a sound rendition. Of a track that cannot be decoded nothing is left, not even its files."""
    name = sound_name(group, track)
    figures = _figures(out, name)
    if figures is None:
        for extension in ("m3u8", "mp4"):
            (out / f"{name}.{extension}").unlink(missing_ok=True)
        return None
    return Sound(name, _AAC_LOW_COMPLEXITY, *figures, track, language, _channels(out / f"{name}.mp4"))


def _figures(out: Path, name: str) -> Figures | None:
    playlist = out / f"{name}.m3u8"
    text = playlist.read_text(encoding="ascii") if playlist.is_file() else ""
    segments = [(float(duration), int(size_bytes) * 8) for duration, size_bytes in _SEGMENT.findall(text)]
    target = _TARGET.search(text)
    total_s = sum(duration for duration, _bits in segments)
    if target is None or total_s <= 0:
        return None
    average = round(sum(bits for _duration, bits in segments) / total_s)
    return Figures(total_s, max(average, _peak(segments, int(target[1]))), average)


def _peak(segments: list[tuple[float, int]], target_s: int) -> int:
    """The largest bit rate of neighbours that together last 0.5 to 1.5 target durations (rfc8216bis, 4.4.6.2)."""
    peak = 0.0
    for start in range(len(segments)):
        seconds = bits = 0.0
        for duration, size in segments[start:]:
            seconds, bits = seconds + duration, bits + size
            if seconds > target_s * 1.5:
                break
            if seconds >= target_s * 0.5:
                peak = max(peak, bits / seconds)
    return round(peak)


def _avc_codec(path: Path) -> str:
    """The name of profile and level in the decoder configuration (RFC 6381, 3.3; ISO/IEC 14496-15, 5.3.3.1)."""
    head, at = _found(path, b"avcC")
    return "avc1." + head[at + 5 : at + 8].hex().upper()


def _channels(path: Path) -> int:
    head, at = _found(path, b"mp4a")
    return int.from_bytes(head[at + 20 : at + 22], "big")


def _found(path: Path, name: bytes) -> tuple[bytes, int]:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    at = head.find(name)
    if at < 0:
        raise ProcessorError(reasons.BAD_OUTPUT, f"{path.name} has no decoder configuration.")
    return head, at


def main_playlist(films: list[Film], sounds: dict[str, list[Sound]], low_up_to_px: int) -> str:
    """Return the playlist that names every rendition, smallest first: players begin with the first.

    Rungs up to `low_up_to_px` come with the small sound, the others with the better one. Sound alone is the last
    variant, for players that choose by the line; whoever wants it by choice opens its playlist itself.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    used = {_group(one, low_up_to_px) for one in films} | {"low"} if sounds else set()
    for group in sorted(used, reverse=True):  # "low" before "high"
        lines += [_media(group, one, first=not at) for at, one in enumerate(sounds[group])]
    for film in films:
        heard = sounds[_group(film, low_up_to_px)] if sounds else []
        attributes = _rates(film.peak_bps, film.average_bps, heard)
        codecs = ",".join([film.codec, *([heard[0].codec] if heard else [])])
        attributes += f',CODECS="{codecs}",RESOLUTION={film.size.width}x{film.size.height}'
        attributes += f",FRAME-RATE={film.frame_rate:.3f}"
        attributes += f',AUDIO="{_group(film, low_up_to_px)}"' if heard else ""
        lines += [f"#EXT-X-STREAM-INF:{attributes}", f"{film.name}.m3u8"]
    if sounds:
        low = sounds["low"]
        lines += [f'#EXT-X-STREAM-INF:{_rates(0, 0, low)},CODECS="{low[0].codec}",AUDIO="low"', f"{low[0].name}.m3u8"]
    return "\n".join(lines) + "\n"


def _group(film: Film, low_up_to_px: int) -> str:
    return "low" if film.size.short_edge <= low_up_to_px else "high"


def _rates(peak_bps: int, average_bps: int, heard: list[Sound]) -> str:
    """BANDWIDTH covers the largest sound that may come with the picture (rfc8216bis, 4.4.6.2)."""
    peak_bps += max((one.peak_bps for one in heard), default=0)
    average_bps += max((one.average_bps for one in heard), default=0)
    return f"BANDWIDTH={peak_bps},AVERAGE-BANDWIDTH={average_bps}"


def _media(group: str, one: Sound, *, first: bool) -> str:
    """One sound track. Its name is its number and language: what a file calls its tracks is not ours to show."""
    language = f',LANGUAGE="{one.language}"' if one.language else ""
    name = f"{one.track + 1} {one.language}".strip()
    choice = "DEFAULT=YES,AUTOSELECT=YES" if first else "DEFAULT=NO,AUTOSELECT=YES"
    about = f'GROUP-ID="{group}",NAME="{name}"{language},{choice},CHANNELS="{one.channels}"'
    return f'#EXT-X-MEDIA:TYPE=AUDIO,{about},URI="{one.name}.m3u8"'
