"""The first look at a master, in a child."""

from pathlib import Path

from media_pipeline.facts import Facts
from media_pipeline.recipes import IDENTIFY
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import OUR_TOOLS, Tools


def identify(source: Path, work_dir: Path, *, tools: Tools = OUR_TOOLS) -> Facts:
    """Look at a file in a child and return what it is. Raises ProcessorError when the look itself fails."""
    return Facts.from_json(run_processor(IDENTIFY, source, work_dir, tools=tools).facts)
