"""Programs of the machine that some tests need, installed where that can be done and named where it cannot."""

from __future__ import annotations

import os
import shutil

from media_pipeline import installed
from scripts.programs import last_lines, run_quietly
from scripts.terminal import say, step, write

# Program, its Debian package, and what is skipped without it; None where a wheel stands in for it.
PROGRAMS: tuple[tuple[str, str, str | None], ...] = (
    ("chromium", "chromium", "the tests in a browser"),
    ("nginx", "nginx-light", "the check of deploy/nginx.conf by nginx itself"),
    ("bwrap", "bubblewrap", "the tests of bubblewrap's walls round decoders"),
    (installed.LANGUAGE_FILE, "tesseract-ocr-vie", "the tests that read scans"),
    ("msgfmt", "gettext", "the check of the message catalogues by gettext"),
    ("redis-server", "redis-server", None),
    ("postgres", "postgresql", None),
)
# Three hundred megabytes for two tests: named where it is missing, never installed.
OFFICE = ("soffice", "libreoffice-writer-nogui", "the tests that turn office documents into PDF")


def has(program: str) -> bool:
    if program == installed.LANGUAGE_FILE:
        return bool(installed.tessdata())
    if program == "postgres":
        return any(os.scandir("/usr/lib/postgresql")) if os.path.isdir("/usr/lib/postgresql") else False  # noqa: PTH112
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def install_programs() -> None:
    missing = [(program, package) for program, package, _ in PROGRAMS if not has(program)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [package for _, package in missing]
        # RUNLEVEL=1 keeps Debian's packages from starting their services: the tests start their own, on free ports.
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        with step(f"Cài bằng apt: {' '.join(packages)}", "Installing with apt"):
            run_quietly(["apt-get", "update", "-q"], env=env)
            words = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
            status, said = run_quietly(words, env=env)
            if status != 0:
                write(last_lines(said, 4))
    for program, package, skipped in (*PROGRAMS, OFFICE):
        if has(program):
            continue
        if skipped is None:
            say(f"  không có {program}: dùng bản trong gói Python", f"no {program}: the one in a wheel stands in")
        else:
            say(f"! không có {program} (gói {package})", f"skipped: {skipped}")
