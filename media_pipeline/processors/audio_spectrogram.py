"""A recording as a picture: time from left to right, pitch from below, every octave as high as the next.

The transform has a constant quality: low tones are told apart by pitch and high ones by time, as ears do. A set of gongs shows
its partials as lines, their beating as ripples, each stroke as an edge. Source: J. C. Brown, J. Acoust. Soc. Am. 89 (1991) 425.
"""

from itertools import pairwise
from pathlib import Path
from typing import IO

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.image_sizes import write_webp

_COLUMNS_A_SECOND_AT_LEAST, _COLUMNS_A_SECOND_AT_MOST = 12.0, 100.0
_COLUMNS_BEFORE_MERGING = 4  # times the width
_QUIETEST_PERCENT, _LOUDEST_PERCENT = 30, 99.7
# From night to lamplight: lightness grows evenly, so that the picture says the same in grey and to the colour-blind.
_COLOURS = ((0, 8, 8, 18), (64, 58, 22, 92), (128, 150, 45, 110), (192, 232, 110, 72), (255, 252, 244, 190))


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `spectrogram-1200.webp` and `spectrogram-600.webp`. Facts: lowest_hz, highest_hz, duration_ms."""
    found = probe(source)
    if not found.has_audio:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No sound.")
    lowest, octaves, height = float(settings["lowest_hz"]), int(settings["octaves_at_most"]), int(settings["height_px"])
    widths = [int(one) for one in str(settings["widths_px"]).split(",")]
    seconds = max(found.duration_ms / 1000, 0.1)
    rate = min(_COLUMNS_A_SECOND_AT_MOST, max(_COLUMNS_A_SECOND_AT_LEAST, 2 * widths[0] / seconds))
    highest = lowest * 2**octaves
    columns = _Columns(height, widths[0])
    # Two picture lines are the least that the filter draws: the first is the newest column.
    drawn = (
        f"showcqt=s={height}x2:fps={rate:.3f}:bar_h=0:axis_h=0:sono_h=2:count=1:cscheme=1|1|1|1|1|1:sono_v=24:sono_g=7"
    )
    filters = f"aresample=48000,aformat=channel_layouts=mono,{drawn}:basefreq={lowest}:endfreq={highest},format=gray"
    arguments = ["-filter_complex", f"[0:a:0]{filters}[picture]", "-map", "[picture]", "-f", "rawvideo", "pipe:1"]
    run_ffmpeg(source, arguments, settings, before_input=["-vn"], reader=columns.read)
    picture = columns.picture()
    if picture is None:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No sound.")
    progress(90)
    coloured = _lit(picture).maplut(_palette())
    files = []
    for width in widths:
        image = coloured.resize(width / coloured.width, vscale=1 if width == widths[0] else width / widths[0])
        name = f"spectrogram-{width}.webp"
        write_webp(image, out / name, settings)
        files.append(OutputFile(name, "image/webp", {"width": image.width, "height": image.height}))
    return Result(
        files, {"lowest_hz": lowest, "highest_hz": highest, "duration_ms": round(columns.frames * 1000 / rate)}
    )


class _Columns:
    """Collects columns of grey, and merges neighbours whenever there are far more than the picture is wide: any length of
    recording takes the same memory.
    """

    def __init__(self, height: int, width: int) -> None:
        self._height, self._most = height, width * _COLUMNS_BEFORE_MERGING
        self._merged: list[bytes] = []
        self._each = 1  # frames to a column
        self.frames = 0
        self._waiting: list[bytes] = []

    def read(self, pipe: IO[bytes]) -> None:
        """Take frames of two lines until the pipe ends."""
        frame_bytes = self._height * 2
        while len(frame := pipe.read(frame_bytes)) == frame_bytes:
            self._waiting.append(frame[: self._height])
            self.frames += 1
            if len(self._waiting) == self._each:
                self._merged.append(self._mean(self._waiting))
                self._waiting = []
                if len(self._merged) >= self._most:
                    self._merged = [self._mean(self._merged[at : at + 2]) for at in range(0, len(self._merged), 2)]
                    self._each *= 2

    def _mean(self, columns: list[bytes]) -> bytes:
        if len(columns) == 1:
            return columns[0]
        image = self._image(columns)
        return bytes(image.shrinkv(len(columns)).cast("uchar").write_to_memory())

    def _image(self, columns: list[bytes]) -> pyvips.Image:
        return pyvips.Image.new_from_memory(b"".join(columns), self._height, len(columns), 1, "uchar")

    def picture(self) -> pyvips.Image | None:
        """Return all columns, upright; None when there are none."""
        if self._waiting:
            self._merged.append(self._mean(self._waiting))
        return self._image(self._merged).rot("d270").copy_memory() if self._merged else None


def _lit(image: pyvips.Image) -> pyvips.Image:
    """Spread the greys so that a faint recording shows as much as a loud one. Silence stays dark."""
    low, high = image.percent(_QUIETEST_PERCENT), image.percent(_LOUDEST_PERCENT)
    if high - low < 8:
        return image
    return ((image - low) * (255 / (high - low))).cast("uchar")


def _palette() -> pyvips.Image:
    table = bytearray()
    for value in range(256):
        (a, *from_colour), (b, *to_colour) = next(
            (one, after) for one, after in pairwise(_COLOURS) if value <= after[0]
        )
        share = (value - a) / (b - a)
        table += bytes(round(x + (y - x) * share) for x, y in zip(from_colour, to_colour, strict=True))
    return pyvips.Image.new_from_memory(bytes(table), 256, 1, 3, "uchar").copy(interpretation="srgb")
