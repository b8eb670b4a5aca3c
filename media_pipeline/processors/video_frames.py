"""What every rendition of a film shares: its sizes, and the filters that bring any source to even, progressive, 8-bit
frames.
"""

from fractions import Fraction
from typing import NamedTuple

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError
from media_pipeline.processors.av_probe import Probe

# Scene light of cinema and television with a high dynamic range, brought to what every screen shows (ITU-R BT.2390
# explains the steps).
_TONE_MAP = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
# No tag of the original goes out, and no data track: place, device, owner, chapters, time code.
BARE = ("-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn")


class Size(NamedTuple):
    """Width and height in pixels, both even: chroma is stored for squares of four."""

    width: int
    height: int

    @property
    def short_edge(self) -> int:
        """The shorter side, by which renditions are named."""
        return min(self)


def fitted(found: Probe, short_edge: int) -> Size:
    """Return the film's size with `short_edge` as its shorter side, or its own size where that is smaller."""
    scale = min(1.0, short_edge / min(found.width, found.height))
    return Size(_even(found.width * scale), _even(found.height * scale))


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def shown_rate(found: Probe, frames_per_s_at_most: int) -> Fraction:
    """Return the one constant rate of every rendition: the film's own, halved until it is not too high."""
    rate = Fraction(found.steady_rate or "25")
    while rate > frames_per_s_at_most * Fraction(102, 100):
        rate /= 2
    return rate


def clean_frames(found: Probe, size: Size, frames_per_s_at_most: int) -> str:
    """Return the filters from the decoder to frames of `size`: progressive, at one constant rate, with square pixels,
    8 bit, and colours that every screen shows.

    Only frames that say they are interlaced are worked on; a film that changes between both kinds keeps its whole ones.
    """
    filters = ["bwdif=mode=send_frame:deint=interlaced"] if found.interlaced else []
    filters.append(f"fps={shown_rate(found, frames_per_s_at_most)}")
    filters.append(still_frames(found, size))
    return ",".join(filters)


def still_frames(found: Probe, size: Size) -> str:
    """Return the filters that bring one whole frame to `size`, with square pixels, 8 bit, in plain colours."""
    filters = [f"scale={size.width}:{size.height}:out_range=tv", "setsar=1"]
    if found.high_dynamic_range:
        filters.append(_TONE_MAP)
    return ",".join([*filters, "format=yuv420p"])


def require_film(found: Probe) -> None:
    """Raise ProcessorError for a file without a film in it."""
    if not found.has_video or min(found.width, found.height) < 1:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No film.")
