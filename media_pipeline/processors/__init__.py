"""Pure functions from a file to files, one module each, run in a child of `sandbox.py`.

Each module has `run(source, out, settings, progress) -> Result`: it reads the file `source`, writes into the folder
`out`, calls `progress(percent)` as it goes, and raises ProcessorError for what staff should be told. Nothing here
imports more than its own work needs: the child's start is part of every job's cost.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

Scalar = int | float | str | bool
Settings = Mapping[str, Scalar]
Progress = Callable[[float], None]


class OutputFile(NamedTuple):
    """One file in the output folder: its name, the media type that it must prove to be, and facts (`width`, `height`,
    …).
    """

    name: str
    media_type: str
    facts: dict[str, Scalar] = {}


class Result(NamedTuple):
    """What a processor made. `facts` is JSON. `cpu_s` is filled in by the sandbox: seconds of the whole child."""

    files: list[OutputFile]
    facts: dict[str, object]
    cpu_s: float = 0.0


class ProcessorError(Exception):
    """A file that cannot be processed, or a run that did not end well: a code of `reasons.py` and a detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


Run = Callable[[Path, Path, Settings, Progress], Result]
