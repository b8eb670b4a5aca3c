"""./scripts/test: makes what the tests need, checks the code, and runs every test in both profiles."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.guard import Stopped, guarded
from scripts.lint import lint
from scripts.programs import ROOT, child_of_ours, run_quietly
from scripts.setup import PYTHON, prepare
from scripts.system_packages import install_programs
from scripts.terminal import say, step, write
from tests.services import PostgresServer, RedisServer, S3Server

PROFILES = ("embedded", "served")

# pytest's own status for "nothing was collected".
NO_TESTS = 5

# The whole suite is shared out among processes, one more than there are cores, since many tests wait for servers and children; what a
# person picks runs in one, where -x, -s and a debugger work. A process that died is not begun anew: it would be given the test that ended
# it again, and again.
AT_ONCE = (
    "--max-worker-restart",
    "0",
    "--numprocesses",
    str(min(os.cpu_count() or 1, 4) + 1),
    "--dist",
    "loadgroup",
    "--no-loadscope-reorder",
    "--durations",
    "30",
)

# What the person's own settings must not do to a test run. Hundreds of processes are started: compiled once, they read what they import.
SETTINGS_LEFT_OUT = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Wishes:
    long: bool
    profiles: Sequence[str]
    lint: bool
    pytest: Sequence[str]


def read_wishes(arguments: list[str]) -> Wishes:
    parser = argparse.ArgumentParser(
        prog="./scripts/test",
        description="Checks the code and runs the tests in both profiles; what a profile leaves to the other one it names at its end. "
        "What is not an option below goes to pytest; "
        "with a path or an expression for pytest the checks of the code are left out unless --lint is given.",
        epilog="Examples: ./scripts/test · ./scripts/test --long · ./scripts/test --profile served tests/access -x",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--long",
        action="store_true",
        help="every test in both profiles, the whole access matrix, the full sample, every kill point, long random runs",
    )
    parser.add_argument("--profile", choices=PROFILES, help="one profile only")
    parser.add_argument(
        "--lint", action=argparse.BooleanOptionalAction, default=None, help="with or without the checks"
    )
    parser.add_argument("--lint-only", action="store_true", help="the checks of the code and no test")
    found, rest = parser.parse_known_args(arguments)
    if found.lint_only:
        return Wishes(long=False, profiles=(), lint=True, pytest=())
    wants_lint = not rest if found.lint is None else found.lint
    profiles = PROFILES if found.profile is None else (found.profile,)
    return Wishes(long=found.long, profiles=profiles, lint=wants_lint, pytest=rest)


@contextlib.contextmanager
def profile_environment(profile: str, wishes: Wishes) -> Iterator[dict[str, str]]:
    """The environment of one pytest run; in the served profile its servers run as long as the run does."""
    with contextlib.ExitStack() as stack:
        data = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="heritage-test-", ignore_cleanup_errors=True))
        )
        env = environment_of_tests()
        env |= {"HERITAGE_DATA": str(data), "HERITAGE_TEST_PROFILE": profile}
        if wishes.long:
            env["HERITAGE_TEST_LONG"] = "1"
        if profile == "served":
            database = stack.enter_context(PostgresServer())
            broker = stack.enter_context(RedisServer())
            files = stack.enter_context(S3Server())
            for server in (database, broker, files):
                write(f"  {server.name}: {server.source}, port {server.port}")
            env |= {"DATABASE_URL": database.url, "REDIS_URL": broker.url, "STORAGE_URL": files.url}
        yield env


def compile_decoders() -> None:
    """Compile what decoders import: behind their walls they can write no bytecode, and would compile it anew for every file."""
    run_quietly([PYTHON, "-m", "compileall", "-q", ROOT / "media_pipeline"], env=environment_of_tests())


def environment_of_tests() -> dict[str, str]:
    """The person's environment without what would change a run."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS_LEFT_OUT}


def run_pytest(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """pytest's exit status; its output goes straight to the terminal."""
    process = subprocess.Popen(
        [str(PYTHON), "-m", "pytest", *arguments],
        cwd=ROOT,
        env=dict(env),
        process_group=0,
        preexec_fn=child_of_ours,
    )
    try:
        return process.wait()
    except Stopped:
        # pytest stops as for Ctrl-C: it ends its fixtures and says how far it came.
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        raise


def run_profile(profile: str, wishes: Wishes) -> int:
    began = time.monotonic()
    write("")
    say(f"→ Kiểm thử, cấu hình {profile}", f"Tests, profile {profile}")
    with profile_environment(profile, wishes) as env:
        status = run_pytest(wishes.pytest or AT_ONCE, env)
    if profile != wishes.profiles[-1]:
        # After the last one nothing is printed: the end of the output is pytest's own.
        write(f"  {profile}: {time.monotonic() - began:.0f} s, exit {status}")
    return status


def main() -> int:
    wishes = read_wishes(sys.argv[1:])
    if wishes.profiles:
        install_programs()
    prepare(for_tests=True)
    compile_decoders()
    failed: list[str] = []
    if wishes.lint:
        with step("Kiểm tra mã", "Checking the code"):
            failed = lint()
    if not wishes.profiles:
        return 1 if failed else 0
    statuses: list[int] = []
    for profile in wishes.profiles:
        if profile == wishes.profiles[-1] and (failed or any(statuses)):
            write("")
            say(f"! Trước đó không đạt: {', '.join(failed) or 'pytest'}", "failed before this: see above")
        status = run_profile(profile, wishes)
        statuses.append(status)
        if status not in (0, NO_TESTS):
            failed.append(f"pytest {profile}")
    if all(status == NO_TESTS for status in statuses):
        return NO_TESTS
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(guarded(main))
