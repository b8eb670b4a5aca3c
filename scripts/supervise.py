"""./scripts/run: makes what is missing, then serves the site with its workers until it is told to stop."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.guard import Stopped, guarded, reap_orphans
from scripts.options import Options, check_data, check_port, lock_data, read_options
from scripts.programs import ROOT, child_of_ours, must_run
from scripts.service import Service, stop_all
from scripts.setup import PYTHON, asset_sources, prepare
from scripts.stamps import Stamp, fingerprint
from scripts.terminal import Refusal, say, step, write

# How long the first answer may take before it is called a failure. Two cold seconds are usual.
READY_WITHIN_S = 90.0
STOP_WITHIN_S = 8.0
TICK_S = 0.25


def environment(options: Options) -> dict[str, str]:
    """What every process of the site gets. A value that the person has set is left alone."""
    env = dict(os.environ)
    env["HERITAGE_DATA"] = str(options.data)
    env["PYTHONUNBUFFERED"] = "1"
    # glibc keeps an arena a thread; two are enough for us and spare tens of megabytes at rest.
    env.setdefault("MALLOC_ARENA_MAX", "2")
    # What is larger than this, such as a picture, goes back to the kernel as soon as it is free; glibc would keep up to 32 MB of each kind.
    env.setdefault("MALLOC_MMAP_THRESHOLD_", "2097152")
    env.setdefault("HERITAGE_ALLOWED_HOSTS", ",".join(allowed_hosts(options)))
    return env


def allowed_hosts(options: Options) -> list[str]:
    """The names by which this machine is asked for; never every name, or a foreign page could speak through one."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    if options.host not in {"127.0.0.1", "localhost", "::1"}:
        names += [socket.gethostname(), options.host, *own_addresses()]
    return list(dict.fromkeys(f"[{name}]" if ":" in name and not name.startswith("[") else name for name in names))


def own_addresses() -> list[str]:
    """This machine's addresses in its networks, as its own name resolves and as a packet outward would carry them."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)]
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Connecting a datagram socket sends nothing: it only asks the kernel which of our addresses it would use.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            found.append(probe.getsockname()[0])
    return [name.split("%")[0] for name in found]


@dataclass
class Site:
    options: Options
    env: Mapping[str, str]
    services: list[Service] = field(default_factory=list)

    @property
    def logs(self) -> Path:
        return self.options.data / "logs"

    def stamp(self, name: str, value: str) -> Stamp:
        """A stamp beside the data that it speaks of, so that another data folder starts from nothing."""
        return Stamp(self.options.data / "state" / name, value)

    def manage(self, *arguments: str, vietnamese: str, english: str) -> str:
        return must_run([PYTHON, ROOT / "manage.py", *arguments], vietnamese, english, env=self.env)

    # -- before the first page

    def migrate(self) -> None:
        # `migrate` makes triggers anew, too.
        migrations = [
            file
            for app in (*ROOT.glob("[a-z]*/"), *ROOT.glob("[a-z]*/*/"))
            for file in (*app.glob("migrations/*.py"), *app.glob("triggers.py"))
            if "node_modules" not in file.parts
        ]
        database = self.env.get("DATABASE_URL", "")
        stamp = self.stamp("migrated", fingerprint([*migrations, ROOT / "requirements.txt"], also=[database]))
        # A server's database can be changed or emptied by others, so it is always asked; a file of ours need not be.
        if stamp.is_current() and not database and any(self.options.data.glob("*.sqlite3")):
            return
        with step("Chuẩn bị cơ sở dữ liệu", "Preparing the database"):
            self.manage(
                "migrate",
                "--no-input",
                vietnamese="Không chuẩn bị được cơ sở dữ liệu.",
                english="The database could not be prepared.",
            )
        stamp.write()

    def collect_static(self) -> None:
        packages = ROOT / "requirements.txt"
        built = ROOT / "static" / "built" / ".stamp"
        stamp = self.stamp("static", fingerprint([*asset_sources(), packages, built], also=[str(ROOT)]))
        if stamp.is_current() and (self.options.data / "static").is_dir():
            return
        with step("Gom tệp tĩnh", "Collecting static files"):
            self.manage(
                "collectstatic",
                "--no-input",
                "--clear",
                vietnamese="Không gom được các tệp tĩnh.",
                english="The static files could not be collected.",
            )
        stamp.write()

    def make_account(self) -> str:
        """What to print about the demo account: its one-time password the first time, then nothing."""
        stamp = self.stamp("account", "made")
        if stamp.is_current() or self.env.get("HERITAGE_PRODUCTION", "0") not in {"0", ""}:
            return ""
        printed = self.manage(
            "ensure_demo_staff",
            vietnamese="Không tạo được tài khoản thủ thư.",
            english="The demo account could not be made.",
        )
        stamp.write()
        return printed.strip()

    # -- processes

    def web(self) -> Service:
        options = self.options
        # One process: its threads share the caches and the search index, and SQLite has one writer anyway.
        words: list[str | Path] = [
            PYTHON,
            "-m",
            "scripts.web_server",
            "--interface",
            "wsgi",
            "--host",
            options.host,
            "--port",
            str(options.port),
        ]
        words += ["--workers", "1", "--blocking-threads", "16", "--no-ws", "--log-level", "warning"]
        words += ["heritage.wsgi:application"]
        return Service(("Trang web", "The web server"), words, self.env, self.logs / "web.log", can_stop=False)

    def workers(self) -> list[Service]:
        """Two lanes, so that a thumbnail never waits behind a film.

        The solo pool works in the worker's own process: every decoder has a child process of its own anyway, and a pool
        would only add a resting process to each lane. The sweep (beat) rides along with the small lane.
        """
        words: list[str | Path] = [PYTHON, "-m", "celery", "--app", "heritage.celery:app", "worker", "--pool", "solo"]
        words += ["--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        schedule = self.options.data / "state" / "beat-schedule"
        small = [*words, "--queues", "clock,quick", "--hostname", "quick@%h", "--beat", "--schedule", schedule]
        large = [*words, "--queues", "heavy,solo", "--hostname", "heavy@%h"]
        return [
            Service(("Tiến trình việc nhỏ", "The worker for small jobs"), small, self.env, self.logs / "quick.log"),
            Service(("Tiến trình việc lớn", "The worker for large jobs"), large, self.env, self.logs / "heavy.log", 5),
        ]

    def keeper(self) -> Service:
        """Builds the index of the search beside the site, at the lowest priority: searches go on with what there is."""
        words: list[str | Path] = [PYTHON, ROOT / "manage.py", "keep_search_index"]
        return Service(
            ("Tiến trình chỉ mục tìm kiếm", "The keeper of the search index"),
            words,
            self.env,
            self.logs / "search.log",
            10,
        )

    def serve(self) -> None:
        web = self.web()
        self.services.append(web)
        with step("Khởi động trang web", "Starting the site"):
            web.start()
            self.wait_until_ready(web)
        for service in (*self.workers(), self.keeper()):
            self.services.append(service)
            service.start()

    def wait_until_ready(self, web: Service) -> None:
        """Returns once the site answers. Raises Refusal when it ends twice over or stays silent."""
        until = time.monotonic() + READY_WITHIN_S
        while not self.answers():
            if not web.is_running or time.monotonic() > until:
                write(web.last_words())
                raise Refusal(
                    f"Trang web không khởi động được; xem {web.log}", f"The site could not be started; see {web.log}"
                )
            time.sleep(0.1)
        web.can_stop = True

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(self.options.local_host, self.options.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    # -- after it

    def look_after(self) -> None:
        sample = self.load_sample()
        while True:
            reap_orphans(frozenset(self.pids(sample)))
            for service in self.services:
                service.look()
            if sample is not None and sample.poll() is not None:
                self.sample_ended(sample.returncode)
                sample = None
            time.sleep(TICK_S)

    def pids(self, sample: subprocess.Popen[bytes] | None) -> set[int]:
        started = {service.process.pid for service in self.services if service.process is not None}
        return started | ({sample.pid} if sample is not None else set())

    def load_sample(self) -> subprocess.Popen[bytes] | None:
        """Starts the loading of the sample, unless it has been loaded; it prints its own progress."""
        if self.options.sample == "none" or self.sample_stamp().is_current():
            return None
        say("→ Nạp bộ mẫu, mở trang web xem ngay được …", "Loading the sample; the site can be used meanwhile")
        return subprocess.Popen(
            [PYTHON, ROOT / "manage.py", "load_sample", "--size", self.options.sample],
            cwd=ROOT,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=child_of_ours,
        )

    def sample_stamp(self) -> Stamp:
        return self.stamp("sample", self.options.sample)

    def sample_ended(self, status: int) -> None:
        if status == 0:
            self.sample_stamp().write()
            say("✓ Đã nạp xong bộ mẫu", "The sample is loaded")
        else:
            say(
                "! Chưa nạp hết bộ mẫu; lần chạy sau sẽ nạp tiếp",
                "the sample is not complete; the next start goes on with it",
            )

    def announce(self, account: str) -> None:
        write("")
        say(f"Nhà Rông: {self.options.address}", f"staff: {self.options.address}admin/")
        if account:
            write(account)
        say("Ctrl-C để dừng tất cả", "Ctrl-C stops all of it")
        write(
            self.manage(
                "show_protections",
                vietnamese="Không thử được các lớp bảo vệ khi đọc tệp.",
                english="The protections of reading files could not be tried.",
            ).strip()
        )
        write("")


def main() -> int:
    options = read_options(sys.argv[1:])
    check_port(options)
    check_data(options.data)
    lock_data(options.data)
    prepare()
    site = Site(options, environment(options))
    site.migrate()
    site.collect_static()
    account = site.make_account()
    try:
        site.serve()
        site.announce(account)
        site.look_after()
    except Stopped:
        say("Đang dừng …", "Stopping")
        return 0
    finally:
        stop_all(site.services, timeout_s=STOP_WITHIN_S)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
