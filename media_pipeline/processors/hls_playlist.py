"""Reads what ffmpeg wrote for each rendition and writes the playlist above them, with measured figures."""

import re
from pathlib import Path
from typing import NamedTuple

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.video_frames import Size

_AAC_LOW_COMPLEXITY = "mp4a.40.2"
_HEAD_BYTES = 8192
_SEGMENT = re.compile(r"#EXTINF:([\d.]+),.*\n#EXT-X-BYTERANGE:(\d+)")
_TARGET = re.compile(r"#EXT-X-TARGETDURATION:(\d+)")


class Rendition(NamedTuple):
    """One rendition as it came out. `size` is None for sound."""

    name: str
    codec: str
    duration_s: float
    peak_bps: int
    average_bps: int
    size: Size | None = None


def measure(out: Path, name: str, *, size: Size | None = None) -> Rendition:
    """Return the figures of `<name>.m3u8` and `<name>.mp4`. Raises ProcessorError (damaged) when nothing came out."""
    text = (out / f"{name}.m3u8").read_text(encoding="ascii")
    segments = [(float(duration), int(size_bytes) * 8) for duration, size_bytes in _SEGMENT.findall(text)]
    target = _TARGET.search(text)
    if not segments or not target or sum(duration for duration, _bits in segments) <= 0:
        raise ProcessorError(reasons.DAMAGED, f"Nothing could be shown of {name}.")
    total_s = sum(duration for duration, _bits in segments)
    average = round(sum(bits for _duration, bits in segments) / total_s)
    peak = max(average, _peak(segments, int(target[1])))
    codec = _AAC_LOW_COMPLEXITY if size is None else _avc_codec(out / f"{name}.mp4")
    return Rendition(name, codec, total_s, peak, average, size)


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
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    at = head.find(b"avcC")
    if at < 0:
        raise ProcessorError(reasons.BAD_OUTPUT, f"{path.name} has no decoder configuration.")
    return "avc1." + head[at + 5 : at + 8].hex().upper()


def main_playlist(films: list[Rendition], sound: Rendition | None, frame_rate: float) -> str:
    """Return the playlist that names every rendition, smallest first: players begin with the first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    group = ""
    if sound is not None:
        group = ',AUDIO="sound"'
        name = 'GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"'
        lines.append(f'#EXT-X-MEDIA:TYPE=AUDIO,{name},URI="audio.m3u8"')
    for one in films:
        codecs = ",".join([one.codec, *([sound.codec] if sound else [])])
        peak, average = (
            one.peak_bps + (sound.peak_bps if sound else 0),
            one.average_bps + (sound.average_bps if sound else 0),
        )
        line = f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS="{codecs}"'
        if one.size is not None:
            line += f",RESOLUTION={one.size.width}x{one.size.height}"
        if frame_rate > 0:
            line += f",FRAME-RATE={frame_rate:.3f}"
        lines += [line + group, f"{one.name}.m3u8"]
    return "\n".join(lines) + "\n"
