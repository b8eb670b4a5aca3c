"""Technical facts of sound and film."""

from pathlib import Path

from media_pipeline.processors import Settings
from media_pipeline.processors.av_probe import probe


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return what `av_probe.Probe` knows; has_video and has_audio always. Raises ProcessorError."""
    found = probe(source)._asdict()
    return {name: value for name, value in found.items() if value or name in ("has_video", "has_audio")}
