"""Small pictures of a film at chosen moments: found by seeking, decoded in this process, upright, in plain colours."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import av
import av.error
import pyvips

from media_pipeline.processors.av_probe import FAULTS, Probe, first_picture
from media_pipeline.processors.ffmpeg import demuxer
from media_pipeline.processors.video_frames import Size

_PACKETS_AFTER_SEEK = 300
# So many pixels may be decoded to meet moments between key frames: two hundred frames of 1080p, two seconds of work. A film that has no
# more in all is read through.
_PIXELS_BETWEEN_KEYS = 400_000_000
_PERCEPTUAL_QUANTIZER = 16  # AVCOL_TRC_SMPTE2084 (ITU-T H.273)


class Sample(NamedTuple):
    """One picture and when it is shown, in seconds from the film's first moment."""

    time_s: float
    image: pyvips.Image


def samples(
    source: Path, found: Probe, moments_s: Sequence[float], size: Size, *, between_keys: bool = True
) -> Iterator[Sample]:
    """Yield a picture at or shortly before each moment, in their order; a moment that cannot be read gives none.

    Without `between_keys` only key frames are looked at, which is far cheaper. `moments_s` ascend. `size` is as shown.
    Pictures are 8-bit sRGB in memory.
    """
    name = demuxer(source)
    found_any = False
    for moments, seek in ((moments_s, True), ([0.0], False)):
        if found_any:
            return
        with source.open("rb") as file, av.open(file, format=name, options={"format_whitelist": name}) as container:
            # Where no seek leads to a picture, the film's first one has to do.
            reader = _Reader(container, found, size, seek=seek)
            for moment in moments:
                frame = reader.frame_at(moment) if between_keys or not seek else reader.key_frame_at(moment)
                if frame is not None:
                    found_any = True
                    yield Sample(reader.time_of(frame), reader.shown(frame))


class _Reader:
    def __init__(
        self, container: Any, found: Probe, size: Size, *, seek: bool
    ) -> None:  # Any: PyAV has no useful types
        self._container = container
        self._stream = first_picture(container)
        self._stream.thread_type = "SLICE"
        self._start_s = max(0, container.start_time or 0) / 1_000_000
        self._rotation = found.rotation_degrees
        self._size = size if self._rotation not in (90, 270) else Size(size.height, size.width)
        self._budget = _PIXELS_BETWEEN_KEYS
        self._through = (
            not seek or found.duration_ms / 1000 * found.frame_rate * found.width * found.height <= self._budget
        )
        self._last_key: int | None = None
        self._rate = max(1.0, found.frame_rate)
        self._frames: Iterator[Any] = self._decoded()
        self._last: Any = None

    def time_of(self, frame: Any) -> float:
        return max(0.0, float(frame.pts * self._stream.time_base) - self._start_s)

    def key_frame_at(self, moment_s: float) -> Any:
        """Return the key frame before a moment, or None: also where it is that of the moment before."""
        try:
            if not self._seek(moment_s):
                return None
            packets = islice(self._container.demux(self._stream), _PACKETS_AFTER_SEEK)
            packet = next((one for one in packets if one.is_keyframe and one.pts is not None), None)
            if packet is None or packet.pts == self._last_key:
                return None
            self._last_key = packet.pts
            # Emptied at once: else the decoder holds a frame back until it has seen what follows.
            decoder = self._stream.codec_context
            frames = [*decoder.decode(packet), *decoder.decode(None)]
            decoder.flush_buffers()
            return self._timed(frames[0], packet, 0) if frames else None
        except FAULTS:
            return None

    def frame_at(self, moment_s: float) -> Any:
        """Return the frame for a moment, or None. What is damaged is stepped over."""
        try:
            if not self._through and not self._seek(moment_s):
                self._through = True
            if self._through:
                return self._forward(moment_s)
            before, frame = self._last, next(self._frames, None)
            if frame is None:
                return None
            self._last = frame
            if before is not None and self.time_of(frame) <= self.time_of(before):
                return self._forward(moment_s)  # the key frame of the moment before: go on from it
            return frame
        except FAULTS:
            return None

    def _seek(self, moment_s: float) -> bool:
        base: Fraction = self._stream.time_base
        try:
            offset = int((moment_s + self._start_s) / base)
            self._container.seek(offset, stream=self._stream, backward=True, any_frame=False)
        except FAULTS:
            return False
        self._frames = self._decoded()
        return True

    def _forward(self, moment_s: float) -> Any:
        """The last frame that is not after the moment, as far as the budget goes."""
        while self._budget > 0 and (self._last is None or self.time_of(self._last) < moment_s):
            frame = next(self._frames, None)
            if frame is None:
                break
            self._last = frame
            self._budget -= frame.width * frame.height
        return self._last

    def _decoded(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        failed = shown = 0
        while failed < _PACKETS_AFTER_SEEK:
            try:
                packet = next(packets)
                frames = packet.decode()
            except StopIteration:
                return
            except av.error.FFmpegError:
                failed += 1
                continue
            failed = 0 if frames else failed + 1
            for frame in frames:
                yield self._timed(frame, packet, shown)
                shown += 1

    def _timed(self, frame: Any, packet: Any, shown: int) -> Any:
        """The frame with a time: some containers give none, or only when it is decoded."""
        if frame.pts is None:
            guess = int(shown / self._rate / self._stream.time_base)
            frame.pts = packet.pts if packet.pts is not None else packet.dts if packet.dts is not None else guess
        return frame

    def shown(self, frame: Any) -> pyvips.Image:
        """The frame in its small size, upright."""
        width, height = self._size
        small = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=_matrix(frame))
        plane = small.planes[0]
        content, row, stride = bytes(plane), width * 3, plane.line_size
        if stride != row:
            content = b"".join(content[at * stride : at * stride + row] for at in range(height))
        image = pyvips.Image.new_from_memory(content, width, height, 3, "uchar").copy(interpretation="srgb")
        if int(getattr(frame, "color_trc", 0) or 0) == _PERCEPTUAL_QUANTIZER:
            image = image.maplut(_plain_light())
        turns = {90: "d270", 180: "d180", 270: "d90"}  # the file counts against the clock
        return image.rot(turns[self._rotation]) if self._rotation in turns else image


def _matrix(frame: Any) -> str:
    """Which sum made luma of colours: what the frame says, else by its height, as televisions guess."""
    said = int(getattr(frame, "colorspace", 2) or 2)
    if said in (5, 6):
        return "ITU601"
    return "ITU709" if said == 1 or frame.height >= 720 else "ITU601"


def _plain_light() -> pyvips.Image:
    """A table from the light of high dynamic range (SMPTE ST 2084) to that of plain screens, with highlights rolled off."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    table = []
    for code in range(256):
        power = (code / 255) ** (1 / m2)
        light = (max(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * 10_000 / 203  # 1 is the white of paper
        rolled = light * (1 + light / 25) / (1 + light)
        table.append(round(255 * min(1.0, rolled) ** (1 / 2.2)))
    return pyvips.Image.new_from_memory(bytes(table), 256, 1, 1, "uchar")
