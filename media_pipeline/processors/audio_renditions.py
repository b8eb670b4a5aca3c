"""Four renditions of a recording: Opus for nearly everything, AAC for what cannot play it, each at a low and a better rate."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.lengths import is_partial
from media_pipeline.processors.loudness import gain_db, measure

# No tag of the original goes out: title, place, owner, cover.
BARE = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
# The low pair carries one channel, the other as many as there are, up to two.
_LOW_CHANNELS = 1


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `audio-low.opus`, `audio.opus` (Ogg), `audio-low.m4a` and `audio.m4a` (AAC, index in front), at one loudness.

    Facts: duration_ms; loudness_lufs, true_peak_db, range_lu as measured, gain_db as applied; partial (true) for a
    recording that ends before its time.
    """
    found = probe(source)
    if not found.has_audio:
        raise ProcessorError(reasons.NOTHING_PLAYABLE, "No sound.")
    loudness = measure(source, 1, settings)[0]
    gain = gain_db(loudness, settings)
    arguments = _arguments(found, gain, settings, out)
    run_ffmpeg(
        source, arguments, settings, before_input=["-vn"], duration_s=found.duration_ms / 1000, progress=progress
    )
    duration_ms = probe(out / "audio.m4a").duration_ms
    files = [
        OutputFile(name, media_type, {"duration_ms": duration_ms, "codec": codec, "bit_rate_kbps": rate})
        for name, media_type, codec, rate in (
            ("audio-low.opus", "audio/ogg", "opus", int(settings["opus_low_kbps"])),
            ("audio-low.m4a", "audio/mp4", "mp4a.40.2", int(settings["aac_low_kbps"])),
            ("audio.opus", "audio/ogg", "opus", int(settings["opus_high_kbps"])),
            ("audio.m4a", "audio/mp4", "mp4a.40.2", int(settings["aac_high_kbps"])),
        )
    ]
    partial = {"partial": True} if is_partial(duration_ms, found) else {}
    return Result(files, {"duration_ms": duration_ms, **loudness.facts(gain), **partial})


def _arguments(found: Probe, gain: float, settings: Settings, out: Path) -> list[str]:
    """Return one decode with four outputs."""
    arguments: list[str] = []
    for quality, suffix in (("low", "-low"), ("high", "")):
        channels = _LOW_CHANNELS if quality == "low" else min(2, max(1, found.channels))
        one = ["-map", "0:a:0", *BARE, "-flags:a", "+bitexact", "-ac", str(channels), "-af", f"volume={gain}dB"]
        arguments += [*one, "-c:a", "libopus", "-b:a", f"{settings[f'opus_{quality}_kbps']}k", "-ar", "48000"]
        arguments += ["-f", "ogg", str(out / f"audio{suffix}.opus")]
        arguments += [*one, "-c:a", "aac", "-b:a", f"{settings[f'aac_{quality}_kbps']}k"]
        arguments += ["-ar", str(settings["aac_sample_rate_hz"]), "-movflags", "+faststart"]
        arguments += ["-f", "mp4", str(out / f"audio{suffix}.m4a")]
    return arguments
