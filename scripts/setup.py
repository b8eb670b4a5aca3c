"""Makes what the project needs beside its own files: .venv, packages, message catalogues, browser files.

Each step is stamped with what it was done with, so that the second start does none of them and needs no network.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.guard import guarded
from scripts.programs import ROOT, last_lines, must_run, run_quietly
from scripts.stamps import Stamp, fingerprint
from scripts.terminal import Refusal, say, step, write

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# What the browser files depend on besides their own sources.
BUILDERS = ("build_assets.py", "font_cutting.py", "icon_drawing.py", "weaving.py")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two commands started together in one checkout: the second waits until the first has made everything."""
    handle = os.open(ROOT, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Chờ một lệnh khác đang cài đặt xong …", "Waiting for another command that is setting up")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def prepare(*, for_tests: bool = False) -> None:
    """Everything a start needs. Raises Refusal with a sentence for the person."""
    if not os.access(ROOT, os.W_OK):
        raise Refusal(
            f"Không ghi được vào thư mục {ROOT}: hãy chép dự án vào thư mục của bạn.",
            f"The folder {ROOT} cannot be written: copy the project to a folder of your own.",
        )
    with only_one():
        make_environment(VENV)
        install(VENV, ROOT / "requirements.txt")
        if for_tests:
            install(VENV, ROOT / "requirements-dev.txt")
            separate = ROOT / "requirements-ocfl.txt"
            if separate.exists():
                make_environment(ROOT / ".venv-ocfl")
                install(ROOT / ".venv-ocfl", separate)
        compile_messages()
        build_assets()


def make_environment(folder: Path) -> None:
    """A virtual environment, by whichever of three ways this machine offers."""
    if run_quietly([folder / "bin" / "python", "-c", "import sys, encodings"])[0] == 0:
        return
    with step(f"Tạo môi trường Python {folder.name}", "Making the Python environment"):
        base = base_python()
        status, said = run_quietly([base, "-m", "venv", "--clear", folder])
        if status == 0:
            return
        # Debian's python3.11 has venv but not ensurepip: an environment without pip, filled by the pip of the system.
        shutil.rmtree(folder, ignore_errors=True)
        has_pip = run_quietly([base, "-m", "pip", "--version"])[0] == 0
        if has_pip and run_quietly([base, "-m", "venv", "--without-pip", folder])[0] == 0:
            return
        uv = shutil.which("uv")
        if uv and run_quietly([uv, "venv", "--python", base, folder])[0] == 0:
            return
        shutil.rmtree(folder, ignore_errors=True)
        write(last_lines(said, 4))
        raise Refusal(
            "Python ở máy này thiếu venv. Hãy chạy: sudo apt install python3.11-venv, rồi chạy lại lệnh này.",
            "This machine's Python lacks venv. Run: sudo apt install python3.11-venv, then this command again.",
        )


def base_python() -> Path:
    """The Python behind this one: an environment must not be built on another environment."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def install(environment: Path, requirements: Path) -> None:
    """Brings the environment to what the file, with those it includes, names. Does nothing if it is there already."""
    stamp = Stamp(
        environment / f".installed-{requirements.stem}",
        fingerprint([ROOT / "requirements.txt", requirements], also=[sys.version]),
    )
    if stamp.is_current():
        return
    # Compiled at once: decoders run where they can write no bytecode, and some containers tell Python to write none at all.
    with step(f"Cài các gói trong {requirements.name}", f"Installing {requirements.name}"):
        uv = environment / "bin" / "uv"
        if not uv.exists():
            install_uv(environment)
        python = environment / "bin" / "python"
        words = ["pip", "install", "--quiet", "--compile-bytecode", "--python"]
        quick: list[str | Path] = [uv, *words, python, "-r", requirements]
        status, said = run_quietly(quick, env={**os.environ, "UV_LINK_MODE": "copy"}) if uv.exists() else (127, "")
        if status != 0:
            write(last_lines(said, 6))
            say("  uv không cài được, thử bằng pip", "uv could not; trying pip")
            must_run(
                [*pip_for(environment), "install", "--quiet", "-r", requirements],
                "Không cài được các gói Python: hãy kiểm tra mạng rồi chạy lại, việc đã xong được giữ.",
                "The Python packages could not be installed: check the network and run again; what is done is kept.",
            )
    stamp.write()


def install_uv(environment: Path) -> None:
    """uv installs in seconds what takes pip a minute. Going without is slower, not wrong: a failure is passed over."""
    run_quietly([*pip_for(environment), "install", "--quiet", "uv"])


def pip_for(environment: Path) -> list[str | Path]:
    python = environment / "bin" / "python"
    if run_quietly([python, "-c", "import pip"])[0] == 0:
        return [python, "-m", "pip"]
    return [base_python(), "-m", "pip", "--python", python]


def compile_messages() -> None:
    catalogues = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    stamp = Stamp(VENV / ".messages", fingerprint(catalogues))
    if stamp.is_current() and all(file.with_suffix(".mo").exists() for file in catalogues):
        return
    must_run(
        [PYTHON, ROOT / "scripts" / "compile_messages.py"],
        "Không dịch được các tệp locale/*.po.",
        "The message catalogues under locale/ could not be compiled.",
    )
    stamp.write()


def asset_sources() -> list[Path]:
    """What the browser files are built from: our own static files, the list of packages, and the builder."""
    ours = [file for file in (ROOT / "static").rglob("*") if "built" not in file.parts and file.is_file()]
    return [*ours, ROOT / "package.json", ROOT / "package-lock.json", *(ROOT / "scripts" / name for name in BUILDERS)]


def build_assets() -> None:
    stamp = Stamp(ROOT / "static" / "built" / ".stamp", fingerprint(asset_sources()))
    if stamp.is_current():
        return
    with step("Lấy và dựng tệp cho trình duyệt", "Fetching and building browser files"):
        must_run(
            [PYTHON, "-m", "scripts.build_assets"],
            "Không dựng được tệp cho trình duyệt: hãy kiểm tra mạng rồi chạy lại.",
            "The browser files could not be built: check the network and run again.",
        )
    stamp.write()


def main() -> int:
    prepare(for_tests="--dev" in sys.argv[1:])
    say("Đã sẵn sàng.", "Ready.")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
