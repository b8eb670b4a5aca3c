"""How loud a recording is (ITU-R BT.1770, EBU R 128), and how far it may be turned up or down without touching its sound."""

import math
import re
from pathlib import Path
from typing import NamedTuple

from media_pipeline.processors import Scalar, Settings
from media_pipeline.processors.ffmpeg import run_ffmpeg

_SUMMARY = re.compile(
    r"\[ebur128@track(?P<track>\d+) .*?I:\s+(?P<loudness>-?[\d.]+|-?inf|nan) LUFS"
    r".*?LRA:\s+(?P<range>[\d.]+|nan) LU.*?Peak:\s+(?P<peak>-?[\d.]+|-?inf|nan) dBFS",
    re.DOTALL,
)
_SILENT_LUFS = -69.0  # the gate of BT.1770 lies at -70: what is below is silence, and is left alone
_GAIN_DB_AT_MOST = 24.0  # more would make a hiss out of an empty tape


class Loudness(NamedTuple):
    """What was measured of one track: integrated loudness, true peak (dB of full scale), range (LU)."""

    loudness_lufs: float
    true_peak_db: float
    range_lu: float

    def facts(self, gain_db: float) -> dict[str, Scalar]:
        """Return what is kept with the derivative; nothing for silence, which has no loudness."""
        if not all(math.isfinite(one) for one in self):
            return {"gain_db": gain_db}
        return {**self._asdict(), "gain_db": gain_db}


def gain_db(found: Loudness, settings: Settings) -> float:
    """Return the gain (dB) that brings a track to the recipe's target, or as near as its peak allows.

    It is turned up or down as a whole, never compressed: a gong keeps its stroke and its decay.
    """
    if not math.isfinite(found.loudness_lufs) or found.loudness_lufs <= _SILENT_LUFS:
        return 0.0
    wanted = float(settings["target_lufs"]) - found.loudness_lufs
    room = float(settings["peak_db_at_most"]) - found.true_peak_db if math.isfinite(found.true_peak_db) else wanted
    return round(min(wanted, room, _GAIN_DB_AT_MOST), 2)


def measure(source: Path, tracks: int, settings: Settings) -> list[Loudness]:
    """Return the loudness of the first `tracks` sound tracks, in one pass that decodes sound alone.

    A second pass applies it. To measure and apply in one, the sound would have to wait decoded on the disk (700 MB an
    hour), or the gain to follow the sound, which flattens what makes a gong one. Decoding sound twice costs less than
    a hundredth of the encoding. Raises ProcessorError as `run_ffmpeg` does.
    """
    arguments: list[str] = []
    for track in range(tracks):
        arguments += ["-map", f"0:a:{track}", "-af", filter_of(track), "-f", "null", "-"]
    said = run_ffmpeg(source, arguments, settings, before_input=["-vn", "-sn", "-dn"], log_level="info")
    return read(said, tracks)


def filter_of(track: int) -> str:
    """Return the filter that measures a track and signs what it says with its number: they end in any order."""
    return f"ebur128@track{track}=framelog=quiet:peak=true"


def read(said: str, tracks: int) -> list[Loudness]:
    """Return what the filters said; a track that said nothing counts as silent."""
    found = {
        int(one["track"]): Loudness(float(one["loudness"]), float(one["peak"]), float(one["range"]))
        for one in _SUMMARY.finditer(said)
    }
    silence = Loudness(-math.inf, -math.inf, 0.0)
    return [found.get(track, silence) for track in range(tracks)]
