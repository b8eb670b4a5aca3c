"""Runs one recipe on one file in a child that can harm nothing, and believes nothing that the child says.

Every decoder gets hostile files. The child has limits on memory, processor time, wall time and output, an empty
environment, its own folder, no network, and sees of the file system only programs, libraries, this package and the one
file. bubblewrap builds that where it is installed; elsewhere the child locks itself up (`confine.py`); `protections()`
says what holds on this machine.
"""

import contextlib
import functools
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.outputs import check_outputs
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.recipes.recipe import Limits, Recipe
from media_pipeline.walls import OUR_TOOLS, Tools, bubblewrap, command

_TICK_S = 0.5
_REMOVALS, _REMOVAL_PAUSE_S = 100, 0.05
_LINES_BYTES_AT_MOST = 1024 * 1024
_STDERR_TAIL_BYTES = 4096
_SELF_TEST_MEMORY_BYTES = 512 * 1024 * 1024
_ANSWER_BYTES_AT_MOST = 8 * 1024 * 1024


def run_processor(
    recipe: Recipe,
    source: Path,
    work_dir: Path,
    *,
    on_progress: Callable[[float], None] = lambda percent: None,
    should_stop: Callable[[], bool] = lambda: False,
    tools: Tools = OUR_TOOLS,
) -> Result:
    """Run a recipe on `source` and return what it made; the files are in `work_dir / "out"`, checked.

    `work_dir` is an existing folder that belongs to this run alone. `should_stop` is asked twice a second. Blocks until
    the child is gone, whatever happens. Raises ProcessorError with a code of `reasons.py`; what `on_progress` raises
    ends the child and goes on.
    """
    source, work_dir = source.resolve(strict=True), work_dir.resolve(strict=True)
    out = work_dir / "out"
    for folder in (out, work_dir / "tmp"):
        _remove(folder)
        folder.mkdir(mode=0o700)
    (work_dir / "answer.json").unlink(missing_ok=True)
    try:
        return _run(_Child(recipe, source, work_dir, tools), out, on_progress, should_stop)
    except BaseException:
        _remove(out)
        raise
    finally:
        _remove(work_dir / "tmp")


def _run(child: "_Child", out: Path, on_progress: Callable[[float], None], should_stop: Callable[[], bool]) -> Result:
    try:
        child.follow(on_progress, should_stop)
    finally:
        child.end()
    answer = child.answer()
    result = check_outputs(answer, out, child.limits)
    # bubblewrap does not collect the child, so that the kernel does not add its time to ours: the child counts itself.
    own = answer.get("cpu_s")
    return result._replace(cpu_s=child.cpu_s + (float(own) if isinstance(own, int | float) and child.walled else 0))


@dataclass(frozen=True)
class Protections:
    """What holds on this machine, found out by trying. `bubblewrap` says how; each of the others, whether it does.

    `processes`: a child that needs no program cannot start one. `other_files`, `other_folders`: reading and writing
    elsewhere fails.
    """

    bubblewrap: bool
    other_files: bool = False
    other_folders: bool = False
    network: bool = False
    processes: bool = False
    memory: bool = False
    environment: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is missing; how it is done does not matter."""
        return all((self.other_files, self.other_folders, self.network, self.processes, self.memory, self.environment))


@functools.cache
def protections(tools: Tools = OUR_TOOLS) -> Protections:
    """Return what holds on this machine. Starts one child, once a process. Raises ProcessorError if none can be
    started.
    """
    with tempfile.TemporaryDirectory() as folder:
        forbidden, source, work_dir = (Path(folder) / one for one in ("forbidden", "source", "work"))
        forbidden.write_bytes(b"secret")
        source.write_bytes(b"file")
        work_dir.mkdir()
        settings: dict[str, int | float | str | bool] = {
            "forbidden": str(forbidden),
            "too_many_bytes": _SELF_TEST_MEMORY_BYTES * 2,
        }
        limits = Limits(memory_bytes=_SELF_TEST_MEMORY_BYTES, cpu_s=10, wall_s=30)
        recipe = Recipe("self_test", 1, "self_test", "quick", frozenset(), settings, limits)
        facts = run_processor(recipe, source, work_dir, tools=replace(tools, package=OUR_TOOLS.package)).facts
    held = {one.name: facts.get(one.name) is True for one in fields(Protections) if one.name != "bubblewrap"}
    return Protections(bubblewrap=tools.bubblewrap and bubblewrap() is not None, **held)


class _Child:
    """One child process with its whole group."""

    def __init__(self, recipe: Recipe, source: Path, work_dir: Path, tools: Tools) -> None:
        self.limits: Limits = recipe.limits
        self._work_dir = work_dir
        self._percent_bytes = 0
        self._line = b""
        self._stderr = b""
        self.cpu_s = 0.0
        self._status: int | None = None
        arguments, descriptors = command(recipe, source, work_dir, tools)
        self.walled = bool(descriptors)
        self._deadline = time.monotonic() + self.limits.wall_s
        try:
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=work_dir,
                env={},
                start_new_session=True,
                pass_fds=descriptors,
            )
        finally:
            for one in descriptors:
                os.close(one)

    def follow(self, on_progress: Callable[[float], None], should_stop: Callable[[], bool]) -> None:
        """Read until the child closes its pipes. Raises ProcessorError when it breaks a limit of this side or is
        stopped.
        """
        next_tick = time.monotonic() + _TICK_S
        with selectors.DefaultSelector() as pipes:
            for pipe in (self._process.stdout, self._process.stderr):
                assert pipe is not None  # noqa: S101 - both were asked for above
                os.set_blocking(pipe.fileno(), False)
                pipes.register(pipe, selectors.EVENT_READ)
            while pipes.get_map():
                for key, _events in pipes.select(_TICK_S):
                    block = os.read(key.fd, 65536)
                    if not block:
                        pipes.unregister(key.fileobj)
                    elif key.fileobj is self._process.stdout:
                        self._hear(block, on_progress)
                    else:
                        self._stderr = (self._stderr + block)[-_STDERR_TAIL_BYTES:]
                if time.monotonic() >= next_tick:
                    next_tick = time.monotonic() + _TICK_S
                    self._check(should_stop)
        self._wait()

    def _hear(self, block: bytes, on_progress: Callable[[float], None]) -> None:
        self._percent_bytes += len(block)
        if self._percent_bytes > _LINES_BYTES_AT_MOST:
            raise ProcessorError(reasons.BAD_OUTPUT, "The child said too much.")
        *lines, self._line = (self._line + block).split(b"\n")
        for line in lines:
            try:
                percent = json.loads(line)["percent"]
            except (ValueError, TypeError, KeyError, RecursionError):
                continue
            if isinstance(percent, int | float) and 0 <= percent <= 100:
                on_progress(float(percent))

    def _check(self, should_stop: Callable[[], bool]) -> None:
        if time.monotonic() > self._deadline:
            raise ProcessorError(reasons.TIME_LIMIT, f"More than {self.limits.wall_s} s.")
        if should_stop():
            raise ProcessorError(reasons.STOPPED)
        files, size = _weigh(self._work_dir)
        if size > self.limits.output_bytes + self.limits.file_bytes or files > self.limits.output_files + 64:
            raise ProcessorError(reasons.OUTPUT_LIMIT, f"{files} files, {size} bytes.")

    def _wait(self) -> None:
        """Wait for a child that closed its pipes: it may still be running with them closed."""
        while self._status is None:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._status = self._process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu_s = usage.ru_utime + usage.ru_stime
            elif time.monotonic() > self._deadline:
                raise ProcessorError(reasons.TIME_LIMIT, f"More than {self.limits.wall_s} s.")
            else:
                time.sleep(0.001)

    def end(self) -> None:
        """Kill whatever of the group is left and collect the child."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._status is None:
            _pid, status, usage = os.wait4(self._process.pid, 0)
            self._status = self._process.returncode = os.waitstatus_to_exitcode(status)
            self.cpu_s = usage.ru_utime + usage.ru_stime
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def answer(self) -> dict[str, object]:
        """Return the JSON that the child wrote. Raises ProcessorError with what it, or its end, says went wrong."""
        if self._status != 0:
            raise self._verdict(self._status or 0)
        try:
            descriptor = os.open(self._work_dir / "answer.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                text = file.read(_ANSWER_BYTES_AT_MOST + 1)
            answer = json.loads(text) if len(text) <= _ANSWER_BYTES_AT_MOST else None
        except (OSError, ValueError, RecursionError) as error:
            raise ProcessorError(reasons.CRASHED, f"No answer: {error}") from error
        if not isinstance(answer, dict):
            raise ProcessorError(reasons.BAD_OUTPUT, "The answer is no object.")
        if "error" in answer:
            code, detail = answer["error"], answer.get("detail")
            code = code if isinstance(code, str) and code in reasons.ALL else reasons.CRASHED
            raise ProcessorError(code, str(detail)[:2000])
        return answer

    def _verdict(self, status: int) -> ProcessorError:
        """Read an exit status: negative for a signal of the child itself, 128 + n where bubblewrap reports one."""
        number = -status if status < 0 else status - 128
        tail = self._stderr.decode("utf-8", "replace").strip()
        detail = f"Exit status {status}. {tail}".strip()
        if number == signal.SIGXCPU or (number == signal.SIGKILL and self.cpu_s >= self.limits.cpu_s):
            return ProcessorError(reasons.TIME_LIMIT, f"More than {self.limits.cpu_s} s of processor time.")
        if number == signal.SIGXFSZ:
            return ProcessorError(reasons.OUTPUT_LIMIT, detail)
        if number == signal.SIGKILL or "MemoryError" in tail or "Cannot allocate memory" in tail:
            return ProcessorError(reasons.OUT_OF_MEMORY, detail)
        return ProcessorError(reasons.CRASHED, detail)


def _remove(folder: Path) -> None:
    """Remove a folder. A child that was killed may write on for a moment: then it is tried again."""
    for _ in range(_REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_REMOVAL_PAUSE_S)


def _weigh(folder: Path) -> tuple[int, int]:
    """Return how many files are below a folder and what they take on the disk, in bytes. Follows no link."""
    files = size = 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
        except FileNotFoundError:
            continue  # the child works on while we look
    return files, size
