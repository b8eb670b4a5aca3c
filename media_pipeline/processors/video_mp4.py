"""One small MP4 that the oldest phones play and that can be saved: H.264 baseline and AAC, its index in front.

It is decoded apart from the ladder, and first: an hour's film can be watched after a quarter of the ladder's time.
"""

from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Settings
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.lengths import is_partial
from media_pipeline.processors.loudness import gain_db, measure
from media_pipeline.processors.video_frames import BARE, clean_frames, fitted, require_film


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `small.mp4` with the first sound track. Facts: duration_ms, width, height; partial (true) for a film that
    ends before its time.
    """
    found = probe(source)
    require_film(found)
    gains = [gain_db(one, settings) for one in measure(source, 1, settings)] if found.has_audio else []
    arguments = _arguments(found, gains, settings)
    arguments += [*BARE, "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", str(out / "small.mp4")]
    run_ffmpeg(source, arguments, settings, duration_s=found.duration_ms / 1000, progress=progress)
    made = probe(out / "small.mp4")
    facts: dict[str, int | float | str | bool] = {
        "width": made.width,
        "height": made.height,
        "duration_ms": made.duration_ms,
    }
    partial = {"partial": True} if is_partial(made.duration_ms, found) else {}
    return Result([OutputFile("small.mp4", "video/mp4", facts)], {**facts, **partial})


def _arguments(found: Probe, gains_db: list[float], settings: Settings) -> list[str]:
    rate = int(settings["video_bitrate_kbps"])
    size = fitted(found, int(settings["short_edge_px"]))
    filters = clean_frames(found, size, int(settings["frames_per_s_at_most"]))
    arguments = ["-map", "0:V:0", "-vf", filters, "-fps_mode", "vfr", "-c:v", "libx264", "-threads:v", "1"]
    arguments += ["-preset", str(settings["preset"]), "-profile:v", "baseline", "-crf", str(settings["crf"])]
    arguments += ["-maxrate", f"{rate}k", "-bufsize", f"{rate * 2}k"]
    for gain in gains_db:
        sound = f"aresample=44100:async=1,volume={gain}dB"
        arguments += ["-map", "0:a:0", "-af", sound, "-c:a", "aac", "-b:a", f"{settings['audio_bitrate_kbps']}k"]
        arguments += ["-ac", str(min(2, max(1, found.channels))), "-ar", "44100"]
    return arguments
