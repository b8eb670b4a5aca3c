from pathlib import Path

from media_pipeline.processors import ProcessorError, Progress, Result, Settings


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    raise ProcessorError(str(settings["code"]), "what happened")
