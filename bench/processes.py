"""Web server and workers of the embedded profile, as ./scripts/run starts them, on a free port."""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.archive import ROOT
from bench.measure import wait_until

LANES = {"quick": "quick", "heavy": "heavy,solo"}
WORKER = [
    "worker",
    "--pool",
    "solo",
    "--loglevel",
    "warning",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
]


@dataclass(frozen=True)
class Running:
    """What runs: the port of the web server and each process by its name."""

    port: int
    processes: Mapping[str, subprocess.Popen[bytes]]

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of a GET."""
        return self.ask("GET", path, headers=headers)[:2]

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())


@contextlib.contextmanager
def running(
    env: Mapping[str, str], log: Path, *, lanes: Collection[str] = tuple(LANES), threads: int = 4
) -> Iterator[Running]:
    """Start the web server and the workers of these lanes, wait until the site answers, and end them afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    web += ["--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "heritage.wsgi:application"]
    words = {"web": web}
    for lane, queues in ((lane, LANES[lane]) for lane in lanes):
        words[f"{lane} worker"] = [
            "celery",
            "--app",
            "heritage.celery:app",
            *WORKER,
            "--queues",
            queues,
            "--hostname",
            f"{lane}@bench",
        ]
    with contextlib.ExitStack() as stack, log.open("wb") as said:
        processes = {}
        for name, arguments in words.items():
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments], cwd=ROOT, env=dict(env), stdout=said, stderr=said
            )
            stack.callback(_end, process)
            processes[name] = process
        here = Running(port, processes)
        wait_until(lambda: _answers(here), within_s=60)
        yield here


def _answers(here: Running) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return here.get("/healthz")[0] == 200
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
