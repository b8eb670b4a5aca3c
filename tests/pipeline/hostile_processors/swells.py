from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))
