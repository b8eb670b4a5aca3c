"""./scripts/run as a process: what it says, and that it leaves nothing behind however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.started import ROOT, StartedSite
from tests.services import free_port

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been started once, so that each test starts fast; stopped in order."""
    data = tmp_path_factory.mktemp("prepared")
    with StartedSite(data) as site:
        site.wait_until_it_works()
        site.press_ctrl_c()
        site.wait_for_end()
    return data


@pytest.fixture
def site(prepared_data: Path, tmp_path: Path) -> Iterator[StartedSite]:
    data = tmp_path / "data"
    shutil.copytree(prepared_data, data)
    with StartedSite(data) as started:
        started.wait_until_it_works()
        yield started


@pytest.fixture(scope="module")
def lasting_site(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedSite]:
    """One second start for all tests after which the site still stands."""
    data = tmp_path_factory.mktemp("lasting") / "data"
    shutil.copytree(prepared_data, data)
    began = time.monotonic()
    with StartedSite(data) as started:
        started.wait_until_it_works()
        print(f"second start: {time.monotonic() - began:.1f} s")
        yield started


def test_ctrl_c_stops_all_of_it(site: StartedSite) -> None:
    site.press_ctrl_c()

    assert site.wait_for_end() == 0
    assert site.commands() == []


def test_a_polite_kill_stops_all_of_it(site: StartedSite) -> None:
    os.kill(site.pid, signal.SIGTERM)

    assert site.wait_for_end() == 0
    assert site.commands() == []


def test_a_closed_terminal_stops_all_of_it(site: StartedSite) -> None:
    site.hang_up()

    site.wait_for_end()
    assert site.commands() == []


def test_kill_9_of_the_command_leaves_nothing(site: StartedSite) -> None:
    os.kill(site.pid, signal.SIGKILL)

    site.wait_until_nothing_is_left()


def test_kill_9_of_the_keeper_leaves_nothing(site: StartedSite) -> None:
    keeper = next(pid for pid in site.pids() if parent_of(pid) == site.pid)

    os.kill(keeper, signal.SIGKILL)

    site.wait_until_nothing_is_left()


def test_a_closed_terminal_while_the_sample_loads_leaves_nothing(prepared_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(prepared_data, data)
    with StartedSite(data, "--sample", "small") as site:
        site.wait_for("[ 1/5]")
        site.wait(
            lambda: any("media_pipeline/processors" in words for words in site.commands()), "a decoder that is at work"
        )

        site.hang_up()

        site.wait_until_nothing_is_left()


def test_kill_9_of_both_at_once_leaves_nothing(site: StartedSite) -> None:
    keeper = next(pid for pid in site.pids() if parent_of(pid) == site.pid)

    # Stopped first, so that neither sees the other's end.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in (site.pid, keeper):
            os.kill(pid, number)

    site.wait_until_nothing_is_left()


def test_a_stop_while_it_is_starting_leaves_nothing(prepared_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(prepared_data, data)
    with StartedSite(data) as site:
        site.wait(lambda: any("web_server" in words for words in site.commands()), "the web server's process")

        site.press_ctrl_c()

        site.wait_for_end()
        assert site.commands() == []


def test_a_killed_worker_is_started_again_and_said(lasting_site: StartedSite) -> None:
    site = lasting_site
    said = site.read().count("SIGKILL")
    worker = next(pid for pid in site.pids() if b"heavy,solo" in Path(f"/proc/{pid}/cmdline").read_bytes())

    os.kill(worker, signal.SIGKILL)

    site.wait(lambda: site.read().count("SIGKILL") > said, "a word of it")
    site.wait(
        lambda: any("heavy,solo" in words for words in site.commands()) and worker not in site.pids(), "a new worker"
    )


def test_a_killed_web_server_comes_back(lasting_site: StartedSite) -> None:
    site = lasting_site
    said = site.read().count("SIGKILL")
    web = next(
        pid
        for pid in site.pids()
        if b"web_server" in Path(f"/proc/{pid}/cmdline").read_bytes() and parent_of(parent_of(pid)) == site.pid
    )

    os.kill(web, signal.SIGKILL)

    site.wait(lambda: site.read().count("SIGKILL") > said, "a word of it")
    site.wait(site.answers, "an answer from the new one")


def test_the_same_data_folder_is_not_served_twice(site: StartedSite) -> None:
    with StartedSite(site.data) as second:
        assert second.wait_for_end() == 1
        assert "is using" in second.read()

        # The first one goes on.
        assert site.answers()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "scripts" / "run"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)


def test_a_port_in_use_is_one_sentence_in_each_language(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]

        answer = run("--port", str(port), "--data", str(tmp_path))

    assert answer.returncode == 1
    assert f"Port {port} is in use" in answer.stdout
    assert len(answer.stdout.strip().splitlines()) == 2
    assert "Traceback" not in answer.stdout + answer.stderr


def test_a_data_folder_that_cannot_be_written_is_one_sentence_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    answer = (
        run("--port", "0", "--data", str(tmp_path / "file")),
        run("--data", "/proc/nowhere", "--port", str(free_port())),
    )

    assert answer[0].returncode == 1
    assert "--port 0" in answer[0].stdout
    assert answer[1].returncode == 1
    assert "cannot be written" in answer[1].stdout
    assert len(answer[1].stdout.strip().splitlines()) == 2


@pytest.mark.parametrize("wrong", [["--prot", "1"], ["--sample", "huge"], ["--port", "many"], ["--host", "no such"]])
def test_a_wrong_option_is_one_sentence_in_each_language(wrong: list[str], tmp_path: Path) -> None:
    answer = run("--data", str(tmp_path), *wrong)

    assert answer.returncode == 1
    assert len(answer.stdout.strip().splitlines()) == 2
    assert "Traceback" not in answer.stdout + answer.stderr


def test_the_second_start_makes_nothing_again(lasting_site: StartedSite) -> None:
    said = lasting_site.read()

    assert "Preparing the database" not in said
    assert "Installing" not in said
    assert "Collecting" not in said


def parent_of(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return int(stat[stat.rindex(")") + 2 :].split()[1])
