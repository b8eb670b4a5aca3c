from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    done = []
    for attempt in (lambda: source.write_bytes(b"changed"), source.unlink, lambda: source.chmod(0o777)):
        try:
            attempt()
            done.append(True)
        except OSError:
            done.append(False)
    return Result([], {"done": done})
