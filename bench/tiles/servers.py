"""The three servers behind one nginx, as processes whose time can be told apart."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import wait_until
from interop.iiif.image.small_jpeg import QUALITY

IIPSRV = Path("/usr/lib/iipimage-server/iipsrv.fcgi")
PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
CONFIGURATION = """
worker_processes 1; daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types {{ image/jpeg jpg; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    upstream site {{ server 127.0.0.1:{site}; keepalive 16; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{port};
        location /static/ {{ root {files}; }}
        location /iip/ {{
            include /etc/nginx/fastcgi_params;
            rewrite ^/iip/(.*)$ /fcgi?IIIF=$1 last;
        }}
        location /fcgi {{ include /etc/nginx/fastcgi_params; fastcgi_pass 127.0.0.1:{iip}; }}
        location / {{
            proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
            proxy_buffer_size 32k; proxy_buffers 4 32k;
            proxy_pass http://site;
        }}
    }}
}}
"""


class NotHere(Exception):
    """A program that the comparison needs is not on this machine."""


@dataclass(frozen=True)
class Fleet:
    """The port of nginx, and the processes of each part by name."""

    port: int
    pids: Mapping[str, int]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def fleet(folder: Path, *, files: Path, site_port: int, site_pid: int) -> Iterator[Fleet]:
    """Start nginx and IIPImage over `files`: `static/` and what IIPImage reads. Raises NotHere."""
    nginx = shutil.which("nginx", path=PLACES)
    if nginx is None or not IIPSRV.exists() or shutil.which("wrk") is None:
        raise NotHere("the comparison needs nginx, wrk and iipimage-server (apt-get install nginx wrk iipimage-server)")
    port, iip = free_port(), free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        CONFIGURATION.format(user=user, folder=folder, files=files, site=site_port, port=port, iip=iip)
    )
    # As Debian sets it up, but that it may give pictures of any size; its own cache of tiles stays at its default of 10 MB.
    env = {**os.environ, "FILESYSTEM_PREFIX": f"{files}/", "MAX_CVT": "10000", "VERBOSITY": "0"}
    env["JPEG_QUALITY"] = str(QUALITY)  # ours; its own default is 75
    env["LOGFILE"] = str(folder / "iip.log")
    with contextlib.ExitStack() as stack:
        pids = {"site": site_pid}
        for name, words in (
            ("iip", [str(IIPSRV), "--bind", f"127.0.0.1:{iip}", "--backlog", "1024"]),
            ("nginx", [nginx, "-p", str(folder), "-c", str(configuration)]),
        ):
            process = subprocess.Popen(
                words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(_end, process)
            pids[name] = process.pid
        wait_until(lambda: _listens(port) and _listens(iip), within_s=20)
        yield Fleet(port, pids)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tree(pids: list[int]) -> set[int]:
    """Return these processes and all below them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    left = list(pids)
    while left:
        pid = left.pop()
        if pid not in found:
            found.add(pid)
            left += children.get(pid, [])
    return found


def cpu_s(pids: list[int]) -> float:
    """Return user and system time of these processes and all below them, those that have ended among them, in seconds."""
    ticks = 0
    for pid in tree(pids):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            # Its own, and that of its children that it has waited for: a database ends a process with each session.
            ticks += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_mb(pids: list[int]) -> float:
    """Return the resident memory of these processes and all below them, shared pages counted for each, in MB."""
    total = 0
    for pid in tree(pids):
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6
