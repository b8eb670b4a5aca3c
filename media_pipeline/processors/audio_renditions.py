"""Two renditions of a recording: Opus for nearly everything, AAC for what cannot play it."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import probe
from media_pipeline.processors.ffmpeg import run_ffmpeg

# No tag of the original goes out: title, place, owner, cover.
BARE = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `audio.opus` (Ogg) and `audio.m4a` (AAC, index in front), at most two channels. Facts: duration_ms."""
    found = probe(source)
    if not found.has_audio:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No sound.")
    channels = str(min(2, max(1, found.channels)))
    one = ["-map", "0:a:0", *BARE, "-flags:a", "+bitexact", "-ac", channels]
    opus = [*one, "-c:a", "libopus", "-b:a", f"{settings['opus_bitrate_kbps']}k", "-ar", "48000", "-f", "ogg"]
    aac = [*one, "-c:a", "aac", "-b:a", f"{settings['aac_bitrate_kbps']}k", "-ar", str(settings["aac_sample_rate_hz"])]
    aac += ["-movflags", "+faststart", "-f", "mp4"]
    run_ffmpeg(
        source,
        [*opus, str(out / "audio.opus"), *aac, str(out / "audio.m4a")],
        settings,
        before_input=["-vn"],
        duration_s=found.duration_ms / 1000,
        progress=progress,
    )
    duration_ms = probe(out / "audio.m4a").duration_ms
    facts = {"duration_ms": duration_ms}
    files = [
        OutputFile("audio.opus", "audio/ogg", {**facts, "codec": "opus"}),
        OutputFile("audio.m4a", "audio/mp4", {**facts, "codec": "mp4a.40.2"}),
    ]
    return Result(files, {"duration_ms": duration_ms})
