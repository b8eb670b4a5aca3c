"""Looks into sound and film with PyAV: streams, lengths, sizes; and makes sure that something can be decoded."""

from fractions import Fraction
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
_FAULTS = (av.error.FFmpegError, OSError, ValueError, EOFError, UnicodeDecodeError)
_HIGH_DYNAMIC_RANGE = (16, 18)  # AVCOL_TRC_SMPTE2084 and AVCOL_TRC_ARIB_STD_B67 (ITU-T H.273)


class Probe(NamedTuple):
    """What one file holds. Sizes are as shown: upright and with square pixels. Zero where unknown or absent."""

    duration_ms: int
    bit_rate_bps: int
    has_video: bool
    has_audio: bool
    video_codec: str = ""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    frame_rate_declared: float = 0.0
    rotation_degrees: int = 0
    interlaced: bool = False
    high_dynamic_range: bool = False
    bit_depth: int = 0
    audio_codec: str = ""
    sample_rate_hz: int = 0
    channels: int = 0
    audio_streams: int = 0


def probe(source: Path) -> Probe:
    """Return what the file holds. Raises ProcessorError: unsupported, damaged, nothing_playable."""
    name = demuxer(source)
    # PyAV takes an open file: no path reaches the library, so nothing that a file names can be opened beside it.
    try:
        with source.open("rb") as file, av.open(file, format=name, options={"format_whitelist": name}) as container:
            return _probe(container)
    except _FAULTS as error:
        raise ProcessorError(reasons.DAMAGED, f"{type(error).__name__}: {error}"[:1000]) from error


def _probe(container: Any) -> Probe:  # Any: PyAV's containers have no useful types
    pictures = [one for one in container.streams.video if not _is_cover(one)]
    sounds = list(container.streams.audio)
    frames, moments = _first_frames(container, pictures[:1] + sounds[:1])
    picture, video_frame = (pictures[0], frames.get(pictures[0].index)) if pictures else (None, None)
    sound, audio_frame = (sounds[0], frames.get(sounds[0].index)) if sounds else (None, None)
    if video_frame is None and audio_frame is None:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No stream gives a picture or a sound.")
    facts: dict[str, Any] = {"duration_ms": _duration_ms(container), "bit_rate_bps": max(0, container.bit_rate or 0)}
    if video_frame is not None:
        facts |= _picture(picture, video_frame, moments)
    if audio_frame is not None and sound is not None:
        facts |= {
            "audio_codec": sound.codec_context.name,
            "sample_rate_hz": audio_frame.sample_rate or 0,
            "channels": len(audio_frame.layout.channels),
            "audio_streams": len(sounds),
        }
    return Probe(has_video=video_frame is not None, has_audio=audio_frame is not None, **facts)


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
    transfer = int(getattr(frame, "color_trc", 0) or getattr(stream.codec_context, "color_trc", 0) or 0)
    return {
        "video_codec": stream.codec_context.name,
        "width": width,
        "height": height,
        "frame_rate": rate,
        "frame_rate_declared": round(declared, 3),
        "rotation_degrees": rotation,
        "interlaced": bool(frame.interlaced_frame),
        "high_dynamic_range": transfer in _HIGH_DYNAMIC_RANGE,
        "bit_depth": max((one.bits for one in frame.format.components), default=8),
    }
