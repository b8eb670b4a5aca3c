"""Technical facts of sound and film."""

from pathlib import Path

from media_pipeline.processors import Settings
from media_pipeline.processors.av_probe import probe


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return the fields of `av_probe.Probe` that say something. Raises ProcessorError."""
    found = probe(source)._asdict()
    return {name: value for name, value in found.items() if isinstance(value, bool) or value}
