"""The rungs of a film's ladder and the filters that make them: one decode, each rung scaled from the next larger one."""

import math
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from media_pipeline.processors.av_probe import Probe
from media_pipeline.processors.video_frames import Size, clean_frames, fitted, shown_rate

_BETWEEN_RUNGS = 1.1  # a film this much larger than the largest rung it reaches gets its own size as one more
# What the weakest line carries gets every second frame: at a hundred kilobits a clear picture says more than a smooth one.
_HALVED_UP_TO_PX = 144
_HALVED_ABOVE_PER_S = 20


class Rung(NamedTuple):
    """One rendition. `peak_kbps` is the ceiling of the encoder's buffer, `every` 2 where every second frame is left out."""

    size: Size
    peak_kbps: int
    every: int = 1

    @property
    def name(self) -> str:
        """Its shorter side: `240p`."""
        return f"{self.size.short_edge}p"


def choose_rungs(found: Probe, rungs: str, frames_per_s_at_most: int = 60) -> list[Rung]:
    """Return the rungs, smallest first, none larger than the film; a tiny film is its own only rung.

    `rungs` is the recipe's ladder: shorter sides in px with peaks in kb/s, as in `240:300,480:900`.
    """
    ladder = sorted((int(edge), int(rate)) for edge, rate in (one.split(":") for one in rungs.split(",")))
    own = min(found.width, found.height)
    chosen = [one for one in ladder if one[0] <= own]
    larger = [one for one in ladder if one[0] > own]
    if not chosen or (larger and own > chosen[-1][0] * _BETWEEN_RUNGS):
        chosen.append((own, larger[0][1]))
    fast = shown_rate(found, frames_per_s_at_most) > _HALVED_ABOVE_PER_S
    made = [Rung(fitted(found, edge), peak, 2 if fast and edge <= _HALVED_UP_TO_PX else 1) for edge, peak in chosen]
    return [made[0]._replace(every=1)] if len(made) == 1 else made


def frames_per_segment(rate: Fraction, segment_s: int) -> int:
    """Return how many frames of the film are between two key frames: an even number, so that a halved rung meets it.

    Never a little less than the segment: the muxer would wait for the next key frame and write segments of twice the length.
    """
    return max(2, math.ceil(rate * segment_s / 2) * 2)


def cascade(found: Probe, rungs: list[Rung], frames_per_s_at_most: int) -> str:
    """Return the filter graph with the outputs [v0] (smallest) to [vn]."""
    last = len(rungs) - 1
    steps = [f"[0:V:0]{clean_frames(found, rungs[last].size, frames_per_s_at_most)}"]
    for larger, smaller in pairwise(range(last, -1, -1)):
        rung = rungs[smaller]
        fewer = f"framestep={rung.every}," if rung.every > 1 else ""
        steps[-1] += f",split[v{larger}][s{smaller}]"
        steps.append(f"[s{smaller}]{fewer}scale={rung.size.width}:{rung.size.height}")
    steps[-1] += "[v0]"
    return ";".join(steps)
