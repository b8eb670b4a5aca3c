import os
import signal
from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    os.kill(os.getpid(), getattr(signal, str(settings["signal"])))
    return Result([], {})
