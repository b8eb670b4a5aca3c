"""Looks into sound and film with PyAV: streams, lengths, sizes; and makes sure that something can be decoded."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import av
import av.error
import av.logging

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.ffmpeg import demuxer

av.logging.set_level(None)
_PACKETS_TO_TRY = 400
_PACKETS_TO_TIME = 30
_CREDIBLE_FRAME_RATE = 240.0
FAULTS = (av.error.FFmpegError, OSError, ValueError, EOFError, UnicodeDecodeError)
_USUAL_RATES = (
    *(Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30)),
    *(Fraction(50), Fraction(60000, 1001), Fraction(60)),
)
TRACKS_AT_MOST = 8  # of one recording: more languages than that are not made into renditions
CHAPTERS_AT_MOST = 400
_BITS_PER_S_AT_LEAST = 200
_CLAIM_AT_MOST_MS = 2**53
# What files call the languages that people here use, beside two letters (ISO 639-2, both kinds of codes).
_SHORTER = {
    "vie": "vi", "eng": "en", "fra": "fr", "fre": "fr", "lao": "lo", "khm": "km", "tha": "th", "zho": "zh", "chi": "zh",
    "deu": "de", "ger": "de", "rus": "ru", "jpn": "ja", "kor": "ko", "spa": "es", "ita": "it", "por": "pt", "ara": "ar",
}  # fmt: skip
_HIGH_DYNAMIC_RANGE = (16, 18)  # AVCOL_TRC_SMPTE2084 and AVCOL_TRC_ARIB_STD_B67 (ITU-T H.273)


class Probe(NamedTuple):
    """What one file holds. Sizes are as shown: upright and with square pixels. Zero where unknown or absent.

    `steady_rate` is the exact rate that a film is brought to, as a fraction. `audio_languages` are tags (BCP 47) of the
    sound tracks in their order, separated by commas, empty where a track says nothing. `duration_claimed_ms` is what the
    header says where the file is far too small for it: nothing is planned by such a claim.
    """

    duration_ms: int
    bit_rate_bps: int
    has_video: bool
    has_audio: bool
    video_codec: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    frame_rate_declared: float = 0.0
    steady_rate: str = ""
    variable_frame_rate: bool = False
    rotation_degrees: int = 0
    interlaced: bool = False
    high_dynamic_range: bool = False
    bit_depth: int = 0
    audio_codec: str = ""
    sample_rate_hz: int = 0
    channels: int = 0
    audio_streams: int = 0
    audio_languages: str = ""
    chapters: int = 0
    duration_claimed_ms: int = 0


def probe(source: Path) -> Probe:
    """Return what the file holds. Raises ProcessorError: unsupported, damaged, nothing_playable."""
    name = demuxer(source)
    # PyAV takes an open file: no path reaches the library, so nothing that a file names can be opened beside it.
    try:
        with source.open("rb") as file, av.open(file, format=name, options={"format_whitelist": name}) as container:
            return _probe(container, source.stat().st_size)
    except FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, f"{type(error).__name__}: {error}"[:1000]) from error


def _probe(container: Any, size_bytes: int) -> Probe:  # Any: PyAV's containers have no useful types
    picture = first_picture(container)
    sounds = list(container.streams.audio)
    frames, moments = _first_frames(container, [*([picture] if picture else []), *sounds[:1]])
    video_frame = frames.get(picture.index) if picture else None
    sound, audio_frame = (sounds[0], frames.get(sounds[0].index)) if sounds else (None, None)
    if video_frame is None and audio_frame is None:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No stream gives a picture or a sound.")
    facts: dict[str, Any] = {"bit_rate_bps": max(0, container.bit_rate or 0), "chapters": _chapter_count(container)}
    facts |= _durations(_duration_ms(container), size_bytes)
    if video_frame is not None:
        facts |= _picture(picture, video_frame, moments)
    if audio_frame is not None and sound is not None:
        facts |= {
            "audio_codec": sound.codec_context.name,
            "sample_rate_hz": audio_frame.sample_rate or 0,
            "channels": len(audio_frame.layout.channels),
            "audio_streams": len(sounds),
            "audio_languages": ",".join(
                language_tag(one.metadata.get("language", "")) for one in sounds[:TRACKS_AT_MOST]
            ),
        }
    return Probe(has_video=video_frame is not None, has_audio=audio_frame is not None, **facts)


def first_picture(container: Any) -> Any:
    """Return the first stream of moving pictures, or None."""
    return next((one for one in container.streams.video if not _is_cover(one)), None)


def _is_cover(stream: Any) -> bool:
    """A still picture that comes with a recording, no film."""
    attached = av.stream.Disposition.attached_pic
    return bool(stream.disposition & attached) or stream.codec_context.name in ("png", "gif", "bmp", "tiff")


def _first_frames(container: Any, streams: list[Any]) -> tuple[dict[int, Any], list[float]]:
    """Return a frame of each stream by its index, and the times (s) of the first packets of the first stream.

    Damaged packets are stepped over, up to a number.
    """
    found: dict[int, Any] = {}
    moments: list[float] = []
    for stream in streams:
        stream.thread_type = "NONE"
    packets = container.demux(streams)
    for _ in range(_PACKETS_TO_TRY):
        if len(found) == len(streams) and len(moments) >= _PACKETS_TO_TIME:
            break
        try:
            packet = next(packets)
            if packet.stream is streams[0] and packet.pts is not None:
                moments.append(float(packet.pts * packet.time_base))
            if packet.stream.index in found:
                continue
            for frame in packet.decode():
                found.setdefault(packet.stream.index, frame)
        except StopIteration:
            break
        except av.error.FFmpegError:
            continue
    return found, moments


def _durations(claimed_ms: int, size_bytes: int) -> dict[str, int]:
    """A header may claim a year. Nothing that plays is smaller than so many bits a second."""
    credible_ms = max(1000, size_bytes * 8000 // _BITS_PER_S_AT_LEAST)
    if claimed_ms <= credible_ms:
        return {"duration_ms": claimed_ms}
    return {"duration_ms": credible_ms, "duration_claimed_ms": min(claimed_ms, _CLAIM_AT_MOST_MS)}


def _chapter_count(container: Any) -> int:
    with_length = [one for one in container.chapters()[:CHAPTERS_AT_MOST] if 0 <= one["start"] < one["end"]]
    return len(with_length) if all(one["time_base"] for one in with_length) else 0


def language_tag(code: str) -> str:
    """Return a language code of a file as a tag of BCP 47, empty for what says nothing: `vie` and `vi` give `vi`."""
    code = code.strip().lower().partition("-")[0]
    code = _SHORTER.get(code, code)
    return code if re.fullmatch("[a-z]{2,3}", code) and code not in ("und", "mul", "mis", "zxx") else ""


def _duration_ms(container: Any) -> int:
    if container.duration and container.duration > 0:
        return int(container.duration // 1000)
    lengths = [float(one.duration * one.time_base) for one in container.streams if one.duration and one.time_base]
    return int(max(lengths, default=0.0) * 1000)


def _measured_rate(moments: list[float], declared: float) -> float:
    """Frames a second from the times of the first ones (seconds), for files that declare their clock's rate instead."""
    distinct = sorted(set(moments))
    if len(distinct) < 2:
        return min(declared, 30.0)
    return round((len(distinct) - 1) / (distinct[-1] - distinct[0]), 3)


def _is_uneven(moments: list[float]) -> bool:
    """Whether the first frames come at different distances, beyond what the rounding of a clock makes."""
    distinct = sorted(set(moments))
    gaps = [after - before for before, after in pairwise(distinct)]
    return len(gaps) > 4 and max(gaps[1:-1]) > 1.6 * min(gaps[1:-1]) + 0.002


def steady(rate: float, *, varies: bool) -> Fraction:
    """Return the constant rate (frames a second) for a film of about this one: a usual rate where one is near.

    A film whose rate varies gets the next usual rate above its mean, so that its faster parts lose little.
    """
    near = [one for one in _USUAL_RATES if abs(float(one) - rate) < rate * 0.004]
    if near:
        return near[0]
    if varies:
        return next((one for one in _USUAL_RATES if float(one) > rate), _USUAL_RATES[-1])
    return Fraction(min(max(rate, 1.0), _CREDIBLE_FRAME_RATE)).limit_denominator(1001)


def _picture(stream: Any, frame: Any, moments: list[float]) -> dict[str, Any]:
    width, height = frame.width, frame.height
    aspect: Fraction | None = stream.sample_aspect_ratio
    if aspect and aspect > 0 and aspect != 1 and Fraction(1, 8) < aspect < 8:
        width = max(1, round(width * aspect))
    rotation = round(getattr(frame, "rotation", 0)) % 360
    if rotation in (90, 270):
        width, height = height, width
    declared = float(stream.average_rate or stream.guessed_rate or 0)
    rate = round(declared, 3) if 1 <= declared <= _CREDIBLE_FRAME_RATE else _measured_rate(moments, declared)
    base = float(stream.base_rate or 0)
    varies = _is_uneven(moments) or (base > 0 and abs(base - rate) > rate * 0.02 and abs(base - 2 * rate) > rate * 0.04)
    transfer = int(getattr(frame, "color_trc", 0) or getattr(stream.codec_context, "color_trc", 0) or 0)
    return {
        "video_codec": stream.codec_context.name,
        "width": width,
        "height": height,
        "frame_rate": rate,
        "frame_rate_declared": round(declared, 3),
        "steady_rate": str(steady(rate, varies=varies)),
        "variable_frame_rate": varies,
        "rotation_degrees": rotation,
        "interlaced": bool(frame.interlaced_frame),
        "high_dynamic_range": transfer in _HIGH_DYNAMIC_RANGE,
        "bit_depth": max((one.bits for one in frame.format.components), default=8),
    }
