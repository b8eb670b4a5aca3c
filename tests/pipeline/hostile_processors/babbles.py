import sys
from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    where = sys.stdout if settings["stream"] == "stdout" else sys.stderr
    for _ in range(200_000):
        print('{"percent": "x"} [[[[' * 4, file=where)
    return Result([], {})
