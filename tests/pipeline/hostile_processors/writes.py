from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Ten gigabytes: in one file, or in many that each keep within the limit."""
    block = b"x" * (1024 * 1024)
    for number in range(int(settings["files"])):
        with (out / f"{number}.bin").open("wb") as file:
            for _ in range(10_240 // int(settings["files"])):
                file.write(block)
    return Result([], {})
