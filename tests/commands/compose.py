"""Reads docker-compose.yml as Docker would, and runs our services as processes with stand-ins for the others."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.guard import descendants
from tests.services import PostgresServer, RedisServer, S3Server, free_port
from tests.services.s3 import ACCESS_KEY, SECRET_KEY

ROOT = Path(__file__).resolve().parents[2]

# What runs our image, and what stands in for the others while there is no Docker: the same protocol, another program.
OURS = ("migrate", "static", "web", "search-keeper", "worker-quick", "worker-heavy", "worker-solo", "beat")
STAND_INS = {
    "db": "tests.services.PostgresServer",
    "redis": "tests.services.RedisServer",
    "garage": "tests.services.S3Server (rclone serve s3, which checks signatures)",
    "nginx": "the machine's nginx with deploy/nginx.conf",
}

FILLED_IN = {
    "HERITAGE_HOST": "archive.example.org",
    "HERITAGE_BASE_URL": "https://archive.example.org",
    "HERITAGE_SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": "not-asked-for-by-the-stand-in",
    "REDIS_PASSWORD": secrets.token_hex(24),
    "GARAGE_KEY": ACCESS_KEY,
    "GARAGE_SECRET": SECRET_KEY,
    "GARAGE_RPC_SECRET": "0" * 64,
}

VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z_]+)(?:(?P<how>:-|:\?)(?P<word>[^}]*))?\}")


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """Compose's own substitution, as far as the file uses it: ${A}, ${A:-default}, ${A:?message}, $$."""

    def value(found: re.Match[str]) -> str:
        if found.group() == "$$":
            return "$"
        given = values.get(found["name"], "")
        if given:
            return given
        if found["how"] == ":-":
            return str(found["word"])
        raise KeyError(f"{found['name']}: {found['word']}")

    return VARIABLE.sub(value, text)


def read_compose() -> dict[str, Any]:  # Any: the file's own shape
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert isinstance(loaded, dict)
    return loaded


def environment_of(service: Mapping[str, Any], values: Mapping[str, str] = FILLED_IN) -> dict[str, str]:
    return {name: interpolate(str(value), values) for name, value in service.get("environment", {}).items()}


@dataclass
class StandIns:
    """The three servers, and where the compose file's paths and names lie on this machine."""

    database: PostgresServer
    broker: RedisServer
    files: S3Server
    folder: Path
    web_port: int

    @classmethod
    def start(cls, folder: Path) -> StandIns:
        for name in ("data/static", "data/incoming", "data/work", "tmp"):
            (folder / name).mkdir(parents=True)
        return cls(
            PostgresServer().start(),
            RedisServer(password=FILLED_IN["REDIS_PASSWORD"]).start(),
            S3Server().start(),
            folder,
            free_port(),
        )

    def close(self) -> None:
        for server in (self.database, self.broker, self.files):
            server.close()

    def translate(self, text: str) -> str:
        """The compose network's names as addresses of this machine, and the container's paths as ours."""
        for name, there in (
            ("@db:5432/heritage", f"@127.0.0.1:{self.database.port}/postgres"),
            ("redis:6379", f"127.0.0.1:{self.broker.port}"),
            ("garage:3900", f"127.0.0.1:{self.files.port}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.web_port}"),
            ("/tmp/", f"{self.folder}/tmp/"),
            ("'/data/search/", f"'{self.folder}/data/search/"),
            ("$(hostname)", os.uname().nodename),
        ):
            text = text.replace(name, there)
        if text == "/data":
            return f"{self.folder}/data"
        return {"8000": str(self.web_port), "0.0.0.0": "127.0.0.1", "python": sys.executable}.get(text, text)  # noqa: S104

    def environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        ours = {name: self.translate(value) for name, value in environment_of(service).items()}
        # What the container has beside the compose file's: a path and a home, nothing of this machine's settings.
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONUNBUFFERED": "1", **ours}

    def command(self, service: Mapping[str, Any]) -> list[str]:
        return [self.translate(str(word)) for word in service["command"]]

    def health_command(self, service: Mapping[str, Any]) -> list[str]:
        kind, *words = service["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            words = shlex.split(interpolate(words[0], {}))
        return [self.translate(str(word)) for word in words]

    def start_service(self, name: str, service: Mapping[str, Any]) -> ServiceProcess:
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(service),
                cwd=ROOT,
                env=self.environment(service),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return ServiceProcess(name, process, log)

    def is_healthy(self, service: Mapping[str, Any]) -> bool:
        timeout_s = float(str(service["healthcheck"]["timeout"]).removesuffix("s"))
        try:
            done = subprocess.run(
                self.health_command(service),
                cwd=ROOT,
                env=self.environment(service),
                capture_output=True,
                timeout=timeout_s,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


@dataclass
class ServiceProcess:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        left = [*descendants(self.process.pid), self.process.pid]
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in left:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
