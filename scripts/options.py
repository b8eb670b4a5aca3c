"""The options of ./scripts/run, and what must hold before anything is started: a free port, a folder to write to."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from scripts.programs import ROOT
from scripts.terminal import Refusal, say

SAMPLES = ("small", "full", "none")

# Less free space than this is worth a word: the full sample with its derivatives fills about half of it.
LITTLE_SPACE_BYTES = 3_000_000_000


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    data: Path
    sample: str

    @property
    def local_host(self) -> str:
        """Where this machine itself reaches the site."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 – compared, not bound

    @property
    def address(self) -> str:
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}/"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal(
            f"Lựa chọn không đúng: {message}. Xem ./scripts/run --help",
            f"Wrong option: {message}. See ./scripts/run --help",
        )


def read_options(arguments: list[str]) -> Options:
    parser = Parser(
        prog="./scripts/run",
        description="Chạy kho tư liệu trên máy này. / Serves the archive on this machine; Ctrl-C stops all of it.",
        epilog="Ví dụ / example: ./scripts/run --port 8080 --data ~/nha-rong --sample small",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=8000, help="cổng / port (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ / address to listen on (127.0.0.1); 0.0.0.0: all")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="thư mục dữ liệu / data folder (./data)")
    parser.add_argument(
        "--sample", choices=SAMPLES, default="full", help="bộ mẫu nạp lần đầu / sample loaded the first time (full)"
    )
    found = parser.parse_args(arguments)
    if not 1 <= found.port <= 65535:
        parser.error(f"--port {found.port}: 1–65535")
    data = found.data or Path(os.environ.get("HERITAGE_DATA") or "data")
    # A relative --data is meant from where the person stands; the default is beside manage.py.
    stands = Path(os.environ.get("CALLED_FROM", ROOT)) if found.data else ROOT
    return Options(host=found.host, port=found.port, data=(stands / data.expanduser()).resolve(), sample=found.sample)


def check_port(options: Options) -> None:
    """Raises Refusal when the site could not listen there."""
    port = options.port
    try:
        family, kind, _, _, address = socket.getaddrinfo(options.host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        raise Refusal(f"Không có địa chỉ {options.host}.", f"There is no address {options.host}.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal(
                f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: ./scripts/run --port {port + 1}",
                f"Port {port} is in use by another program. Choose another: ./scripts/run --port {port + 1}",
            ) from None
        if error.errno == errno.EACCES:
            raise Refusal(
                f"Cổng {port} cần quyền quản trị. Chọn cổng từ 1024 trở lên, ví dụ --port 8000.",
                f"Port {port} needs the administrator's rights. Choose one from 1024 up, for example --port 8000.",
            ) from None
        raise Refusal(
            f"Không mở được {options.host}:{port}: {error.strerror}.",
            f"{options.host}:{port} cannot be opened: {error.strerror}.",
        ) from None


def check_data(folder: Path) -> None:
    """Makes the data folder. Raises Refusal when nothing can be written there."""
    probe = folder / ".can-write"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"Không ghi được vào thư mục dữ liệu {folder} ({error.strerror}). Chọn thư mục khác bằng --data.",
            f"The data folder {folder} cannot be written ({error.strerror}). Choose another one with --data.",
        ) from None
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE_BYTES:
        say(f"! Ổ đĩa chỉ còn {free / 1e9:.1f} GB trống", "little free space on the disk")


def lock_data(folder: Path) -> int:
    """Holds the data folder for this command until the keeper ends. Raises Refusal when another one has it."""
    handle = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
        raise Refusal(
            f"Một lệnh ./scripts/run khác (tiến trình {holder}) đang dùng {folder}. Dừng nó trước, hoặc chọn --data.",
            f"Another ./scripts/run (process {holder}) is using {folder}. Stop it first, or choose another --data.",
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getppid()}\n".encode(), 0)
    return handle
