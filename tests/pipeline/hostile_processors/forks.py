import os
from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    made = 0
    for _ in range(1000):
        try:
            if os.fork() == 0:
                while True:
                    pass
            made += 1
        except OSError:
            break
    return Result([], {"made": made})
