"""What happens inside the child process: limits on, work done, answer written, gone."""

import errno
import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Result

_PROGRESS_STEP_PERCENT = 0.5


def main(job: dict[str, Any]) -> NoReturn:  # Any: JSON written by the sandbox
    """Do the job and leave. The answer goes to the file that the job names (`answer.json`), progress to stdout in lines."""
    os.environ.update(job["environment"])
    _limit(job["limits"])
    if job["confine"]:
        # Only where bubblewrap did not already: importing ctypes costs every other child ten milliseconds.
        confine = importlib.import_module("media_pipeline.confine")
        confine.confine(job["confine"])
    answer = _answer(job)
    answer["cpu_s"] = sum(os.times()[:4])
    Path(job["answer"]).write_text(json.dumps(answer), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # the libraries' teardown would cost time and can crash after the work is done


def _limit(limits: dict[str, int]) -> None:
    for name, value in limits.items():
        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The soft limit on processor time sends SIGXCPU, which says what it was; the hard one would only kill.
        resource.setrlimit(
            number, (value, value + 5 if name == "RLIMIT_CPU" and hard == resource.RLIM_INFINITY else value)
        )


def _answer(job: dict[str, Any]) -> dict[str, object]:
    module = importlib.import_module(job["processor"])
    try:
        result: Result = module.run(Path(job["source"]), Path(job["out"]), job["settings"], _Progress())
    except ProcessorError as error:
        return _error(error.code, error.detail)
    except MemoryError:
        return _error(reasons.OUT_OF_MEMORY, "")
    except OSError as error:
        full = error.errno in (errno.EFBIG, errno.ENOSPC)
        return _error(reasons.OUTPUT_LIMIT if full else reasons.CRASHED, f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - decoders raise anything on a hostile file
        return _error(reasons.CRASHED, f"{type(error).__name__}: {error}")
    return {"files": [[one.name, one.media_type, one.facts] for one in result.files], "facts": result.facts}


def _error(code: str, detail: str) -> dict[str, object]:
    return {"error": code, "detail": detail[:2000]}


class _Progress:
    """Prints one JSON line for each half percent."""

    def __init__(self) -> None:
        self._last = -1.0

    def __call__(self, percent: float) -> None:
        percent = max(0.0, min(100.0, percent))
        if percent - self._last >= _PROGRESS_STEP_PERCENT:
            self._last = percent
            print(json.dumps({"percent": round(percent, 1)}), flush=True)
