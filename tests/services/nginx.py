"""The machine's own nginx with deploy/nginx.conf; the container's names and paths are put in terms of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.services.server import NotHere, Server, answers

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin"


class NginxServer(Server):
    """`site_port` is where the application listens, `objects_port` where the S3 server does; `srv` is the container's /srv."""

    name = "nginx"

    def __init__(self, *, site_port: int, objects_port: int) -> None:
        program = shutil.which("nginx", path=PLACES)
        if program is None:
            raise NotHere("nginx")
        self.program = program
        super().__init__()
        self.folder.chmod(0o755)
        self.srv = self.folder / "srv"
        self.srv.mkdir()
        (self.srv / "_pages").symlink_to(CONFIGURATION.parent / "pages")
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(self._translated(site_port, objects_port))

    def _translated(self, site_port: int, objects_port: int) -> str:
        text = CONFIGURATION.read_text()
        for there, here in (
            ("/tmp/", f"{self.folder}/"),
            ("server web:8000;", f"server 127.0.0.1:{site_port};"),
            ("server garage:3900;", f"server 127.0.0.1:{objects_port};"),
            ("Host garage:3900;", f"Host 127.0.0.1:{objects_port};"),
            ("listen 8080;", f"listen 127.0.0.1:{self.port};"),
            ("include mime.types;", "include /etc/nginx/mime.types;"),
            ("root /srv;", f"root {self.srv};"),
            # Started by root, nginx would give its rights away and could not read a test's own folder.
            ("worker_processes auto;", f"worker_processes 1; daemon off; {'user root;' if os.geteuid() == 0 else ''}"),
        ):
            assert there in text, there
            text = text.replace(there, here)
        return text

    def show(self, files: Path) -> None:
        """Mount the folder of stored files where the container has it."""
        link = self.srv / "_protected" / "folder"
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(files)

    @property
    def source(self) -> str:
        return self.program

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [self.program, "-p", str(self.folder), "-c", str(self.configuration)]

    def check(self) -> subprocess.CompletedProcess[str]:
        """What nginx itself says of the file."""
        return subprocess.run([*self.command(), "-t"], capture_output=True, text=True)

    def is_ready(self) -> bool:
        # Closed by nginx itself: the application need not be there yet.
        return answers(self.port, b"GET /metrics HTTP/1.0\r\n\r\n", b"404")
