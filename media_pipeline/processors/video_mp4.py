"""One small MP4 that the oldest phones play and that can be saved: H.264 baseline and AAC, its index in front."""

from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Settings
from media_pipeline.processors.av_probe import probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.video_frames import BARE, clean_frames, fitted, require_film


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `small.mp4`. Facts: duration_ms, width, height."""
    found = probe(source)
    require_film(found)
    size = fitted(found, int(settings["short_edge_px"]))
    rate = int(settings["video_bitrate_kbps"])
    filters = clean_frames(found, size, int(settings["frames_per_s_at_most"]))
    arguments = [
        "-map",
        "0:V:0",
        "-vf",
        filters,
        "-fps_mode",
        "vfr",
        "-c:v",
        "libx264",
        "-preset",
        str(settings["preset"]),
    ]
    arguments += [
        "-profile:v",
        "baseline",
        "-crf",
        str(settings["crf"]),
        "-maxrate",
        f"{rate}k",
        "-bufsize",
        f"{rate * 2}k",
    ]
    if found.has_audio:
        arguments += [
            "-map",
            "0:a:0",
            "-c:a",
            "aac",
            "-b:a",
            f"{settings['audio_bitrate_kbps']}k",
            "-ac",
            "2",
            "-ar",
            "44100",
        ]
    arguments += [*BARE, "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", str(out / "small.mp4")]
    run_ffmpeg(source, arguments, settings, duration_s=found.duration_ms / 1000, progress=progress)
    made = probe(out / "small.mp4")
    facts: dict[str, int | float | str | bool] = {
        "width": made.width,
        "height": made.height,
        "duration_ms": made.duration_ms,
    }
    return Result([OutputFile("small.mp4", "video/mp4", facts)], dict(facts))
