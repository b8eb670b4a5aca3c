"""The command that starts a child: bubblewrap's arguments where it is installed and works, the bare interpreter
elsewhere.
"""

import compileall
import functools
import json
import os
import shutil
import site
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.installed import outside_the_system, soffice, tessdata
from media_pipeline.recipes.recipe import Recipe
from media_pipeline.seccomp import filter_program

_PACKAGE = Path(__file__).resolve().parent
_ENTRY = _PACKAGE / "processors" / "__main__.py"
# Fixed places inside the walls, so that no path of the machine reaches a decoder.
_SOURCE_INSIDE = Path("/source/file")
_JOB_INSIDE = Path("/job")
_THREADS_AT_MOST = 512
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib32", "/lib64", "/bin")


@dataclass(frozen=True)
class Tools:
    """What the child works with: the package of its processors, further folders to import from, the ffmpeg binary, and where the data
    of Tesseract and the program of LibreOffice are.

    `ffmpeg` empty means the one that comes with the imageio-ffmpeg package; `tessdata` and `soffice` empty, what `installed.py` finds.
    `bubblewrap` False leaves it out even where it is installed.
    """

    ffmpeg: str = ""
    tessdata: str = ""
    soffice: str = ""
    package: str = "media_pipeline.processors"
    folders: tuple[Path, ...] = ()
    bubblewrap: bool = True


OUR_TOOLS = Tools()


def command(recipe: Recipe, source: Path, work_dir: Path, tools: Tools) -> tuple[list[str], tuple[int, ...]]:
    """Write the child's job and return the arguments that start it, and descriptors that it inherits and the caller
    closes.
    """
    _compile_once()
    walled = tools.bubblewrap and bubblewrap() is not None
    inside = _JOB_INSIDE if walled else work_dir
    readable = _readable(tools)
    limits = recipe.limits
    job = {
        "processor": f"{tools.package}.{recipe.processor}",
        "source": str(_SOURCE_INSIDE if walled else source),
        "out": str(inside / "out"),
        "answer": str(inside / "answer.json"),
        "settings": {
            **recipe.settings,
            **(_program_settings(tools, walled=walled) if limits.programs else {}),
            **_installed(tools),
        },
        "python_path": [str(one) for one in (_PACKAGE.parent, *tools.folders)] + _python_path(),
        "environment": {"TMPDIR": str(inside / "tmp"), "HOME": str(inside / "tmp"), "VIPS_CONCURRENCY": "1"},
        "limits": {
            "RLIMIT_AS": limits.memory_bytes,
            "RLIMIT_CPU": limits.cpu_s,
            "RLIMIT_FSIZE": limits.file_bytes,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_CORE": 0,
            # Counted in the child's own user namespace. Without one it would count all that the worker's user runs.
            **({"RLIMIT_NPROC": _THREADS_AT_MOST} if walled else {}),
        },
        "confine": None
        if walled
        else {
            "readable": [*readable, str(source), "/dev/urandom"],
            "writable": [str(work_dir), "/dev/null"],
            "programs": limits.programs,
            "parent": os.getpid(),
        },
    }
    (work_dir / "job.json").write_text(json.dumps(job), encoding="utf-8")
    python = [sys.executable, "-I", "-S", "-B", str(_ENTRY), str(inside / "job.json")]
    if not walled:
        return python, ()
    program = filter_program(programs=limits.programs)
    seccomp = _in_memory(program) if program else ()
    return [*_bubblewrap_arguments(readable, source, work_dir, seccomp), "--", *python], seccomp


def _bubblewrap_arguments(readable: list[str], source: Path, work_dir: Path, seccomp: tuple[int, ...]) -> list[str]:
    arguments = [
        bubblewrap() or "",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--clearenv",
    ]
    for path in readable:
        arguments += ["--ro-bind", path, path]
    arguments += [
        "--dev",
        "/dev",
        "--ro-bind",
        str(source),
        str(_SOURCE_INSIDE),
        "--bind",
        str(work_dir),
        str(_JOB_INSIDE),
    ]
    arguments += ["--chdir", str(_JOB_INSIDE), "--hostname", "archive"]
    for descriptor in seccomp:
        arguments += ["--seccomp", str(descriptor)]
    return arguments


def _in_memory(content: bytes) -> tuple[int, ...]:
    descriptor = os.memfd_create("seccomp")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return (descriptor,)


@functools.cache
def _compile_once() -> None:
    """Write the byte code of the child's modules: it may not write it itself, and would compile them at every start."""
    for folder in (_PACKAGE, _PACKAGE / "processors"):
        compileall.compile_dir(folder, maxlevels=0, quiet=2)


@functools.cache
def bubblewrap() -> str | None:
    """Return the path of a bubblewrap that works on this kernel, or None. Tried once a process."""
    found = shutil.which("bwrap", path="/usr/local/bin:/usr/bin:/bin")
    if found is None:
        return None
    trial = [found, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"]
    for path in _system_folders():
        trial += ["--ro-bind", path, path]
    try:
        done = subprocess.run(
            [*trial, "--dev", "/dev", "--", "/usr/bin/env", "true"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found if done.returncode == 0 else None


@functools.cache
def _system_folders() -> tuple[str, ...]:
    return tuple(one for one in _SYSTEM_FOLDERS if Path(one).is_dir())


@functools.cache
def _python_path() -> list[str]:
    """The interpreter's own folders and site-packages, and nothing that belongs to the project."""
    own = [one for one in sys.path if one and Path(one).is_relative_to(sys.base_prefix) and "site-packages" not in one]
    packages = [one for one in site.getsitepackages() if Path(one).is_dir()]
    return list(dict.fromkeys([one for one in own if Path(one).exists()] + packages))


def _readable(tools: Tools) -> list[str]:
    """Folders that the child may read: the system's programs and libraries, Python with its packages, this package,
    ffmpeg.
    """
    wanted = [*_system_folders(), *_interpreter_folders(), str(_PACKAGE), *map(str, tools.folders)]
    if tools.ffmpeg:
        wanted.append(str(Path(tools.ffmpeg).resolve()))
    wanted += outside_the_system(**_installed(tools))
    kept: list[str] = []
    for path in wanted:
        if not any(Path(path).is_relative_to(one) for one in kept):
            kept.append(path)
    return kept


@functools.cache
def _interpreter_folders() -> tuple[str, ...]:
    real = Path(sys.executable).resolve()
    return tuple(dict.fromkeys([sys.base_prefix, str(real.parents[1]), sys.prefix]))


def _program_settings(tools: Tools, *, walled: bool) -> dict[str, str | bool]:
    return {"ffmpeg": _ffmpeg(tools), "ends_with_parent": not walled}


def _installed(tools: Tools) -> dict[str, str]:
    return {"tessdata": tools.tessdata or tessdata(), "soffice": tools.soffice or soffice()}


def _ffmpeg(tools: Tools) -> str:
    """Return the path of the ffmpeg binary, empty when there is none: the processor then says so."""
    if tools.ffmpeg:
        return str(Path(tools.ffmpeg).resolve())
    return _packaged_ffmpeg()


@functools.cache
def _packaged_ffmpeg() -> str:
    for folder in site.getsitepackages():
        for binary in sorted(Path(folder, "imageio_ffmpeg", "binaries").glob("ffmpeg-*")):
            return str(binary)
    return ""
