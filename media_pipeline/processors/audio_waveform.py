"""The shape of a recording: its loudest swings over time, as numbers and as a drawing."""

import json
from array import array
from itertools import pairwise
from pathlib import Path
from typing import IO

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.ffmpeg import run_ffmpeg

_GRAIN_SAMPLES = 80  # ten milliseconds at 8 kHz
_BLOCK_BYTES = _GRAIN_SAMPLES * 2 * 2048
_TOP = 127


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `waveform.json` and `waveform.svg`. Facts: duration_ms, as decoded.

    The JSON has `duration_ms` and `peaks`, at most `peaks_at_most` pairs of lowest and highest swing, -127 to 127.
    """
    rate = int(settings["sample_rate_hz"])
    grains = _Grains()
    arguments = [
        "-map",
        "0:a:0",
        "-vn",
        "-sn",
        "-dn",
        "-ac",
        "1",
        "-ar",
        str(rate),
        "-f",
        "s16le",
        "-c:a",
        "pcm_s16le",
        "pipe:1",
    ]
    run_ffmpeg(source, arguments, settings, before_input=["-vn"], reader=grains.read)
    if not grains.samples:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No sound.")
    progress(95)
    duration_ms = grains.samples * 1000 // rate
    peaks = grains.peaks(int(settings["peaks_at_most"]))
    flat = [number for pair in peaks for number in pair]
    text = json.dumps({"duration_ms": duration_ms, "peaks": flat}, separators=(",", ":"))
    (out / "waveform.json").write_text(text, encoding="ascii")
    (out / "waveform.svg").write_text(draw(peaks), encoding="ascii")
    files = [
        OutputFile("waveform.json", "application/json", {"pairs": len(peaks)}),
        OutputFile("waveform.svg", "image/svg+xml"),
    ]
    return Result(files, {"duration_ms": duration_ms})


class _Grains:
    """Lowest and highest sample of each ten milliseconds."""

    def __init__(self) -> None:
        self.samples = 0
        self._low, self._high = array("h"), array("h")

    def read(self, pipe: IO[bytes]) -> None:
        """Take 16-bit samples until the pipe ends."""
        while block := pipe.read(_BLOCK_BYTES):
            samples = array("h", block[: len(block) // 2 * 2])
            self.samples += len(samples)
            for at in range(0, len(samples), _GRAIN_SAMPLES):
                grain = samples[at : at + _GRAIN_SAMPLES]
                self._low.append(min(grain))
                self._high.append(max(grain))

    def peaks(self, at_most: int) -> list[tuple[int, int]]:
        """Return at most so many pairs, scaled to -127 to 127."""
        count = min(at_most, len(self._low))
        edges = [index * len(self._low) // count for index in range(count + 1)]
        return [(_scaled(min(self._low[a:b])), _scaled(max(self._high[a:b]))) for a, b in pairwise(edges)]


def _scaled(sample: int) -> int:
    return max(-_TOP, min(_TOP, round(sample * _TOP / 32767)))


def draw(peaks: list[tuple[int, int]]) -> str:
    """Return the peaks as one outline in the colour of the text around it: along the tops, back along the bottoms."""
    tops = [f"{x} {_TOP - max(high, 1)}" for x, (_low, high) in enumerate(peaks)]
    bottoms = [f"{x} {_TOP - min(low, -1)}" for x, (low, _high) in enumerate(peaks)]
    outline = "M" + "L".join(tops + bottoms[::-1]) + "Z"
    width = max(1, len(peaks) - 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {2 * _TOP}" '
        'preserveAspectRatio="none" fill="currentColor">'
        f'<path d="{outline}"/></svg>\n'
    )
