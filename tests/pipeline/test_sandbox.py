"""The sandbox against processors that an enemy has taken over, with bubblewrap and by the kernel alone."""

import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Result, self_test
from media_pipeline.recipes import Limits, Recipe
from media_pipeline.sandbox import protections, run_processor
from media_pipeline.walls import Tools, bubblewrap

pytestmark = pytest.mark.pure

HERE = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024
SMALL = {
    "memory_bytes": 512 * MEBIBYTE,
    "cpu_s": 20,
    "wall_s": 30,
    "file_bytes": 8 * MEBIBYTE,
    "output_bytes": 32 * MEBIBYTE,
}


@pytest.fixture(params=["bubblewrap", "kernel alone"])
def tools(request: pytest.FixtureRequest) -> Tools:
    if request.param == "bubblewrap" and bubblewrap() is None:
        pytest.skip("bubblewrap is not installed or may not make namespaces")
    return Tools(package="hostile_processors", folders=(HERE,), bubblewrap=request.param == "bubblewrap")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "masters" / "one"
    path.parent.mkdir()
    path.write_bytes(b"a master")
    return path


def attack(
    name: str, source: Path, work_dir: Path, tools: Tools, settings: dict[str, str | int] | None = None, **limits: int
) -> Result:
    recipe = Recipe(name, 1, name, "quick", frozenset(), settings or {}, Limits(**{**SMALL, **limits}))
    return run_processor(recipe, source, work_dir, tools=tools)


def code_of(
    name: str, source: Path, work_dir: Path, tools: Tools, settings: dict[str, str | int] | None = None, **limits: int
) -> str:
    with pytest.raises(ProcessorError) as caught:
        attack(name, source, work_dir, tools, settings, **limits)
    return caught.value.code


def processes_with(word: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(word: str) -> bool:
    """Whether every process with a word in its command ends within ten seconds: the kernel needs a moment."""
    deadline = time.monotonic() + 10
    while processes_with(word):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_loop_ends_when_its_processor_time_is_used_up(source: Path, work_dir: Path, tools: Tools) -> None:
    assert code_of("loops", source, work_dir, tools, cpu_s=1) == reasons.TIME_LIMIT
    assert gone(str(work_dir))


def test_a_sleeper_ends_when_its_wall_time_is_used_up(source: Path, work_dir: Path, tools: Tools) -> None:
    assert code_of("sleeps", source, work_dir, tools, wall_s=1) == reasons.TIME_LIMIT
    assert gone(str(work_dir))


def test_a_fork_bomb_gets_no_second_process(source: Path, work_dir: Path, tools: Tools) -> None:
    assert attack("forks", source, work_dir, tools).facts == {"made": 0}


def test_ten_gigabytes_in_one_file_stop_at_the_limit(source: Path, work_dir: Path, tools: Tools) -> None:
    assert code_of("writes", source, work_dir, tools, {"files": 1}) == reasons.OUTPUT_LIMIT
    assert not (work_dir / "out").exists()


def test_ten_gigabytes_in_many_files_stop_at_the_limit(source: Path, work_dir: Path, tools: Tools) -> None:
    assert code_of("writes", source, work_dir, tools, {"files": 1300}, file_bytes=16 * MEBIBYTE) == reasons.OUTPUT_LIMIT
    assert not (work_dir / "out").exists()


def test_memory_ends_at_the_limit(source: Path, work_dir: Path, tools: Tools) -> None:
    assert code_of("swells", source, work_dir, tools) == reasons.OUT_OF_MEMORY


def test_nothing_but_the_source_can_be_read_and_nobody_can_be_reached(
    source: Path, work_dir: Path, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERITAGE_SECRET_KEY", "planted-secret")
    sibling = source.with_name("two")
    sibling.write_bytes(b"another master")
    unix = str(tmp_path / "database.sock")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(unix)
        local.listen()
        settings: dict[str, str | int] = {
            "paths": f"/etc/passwd|/etc/hostname|/proc/self/environ|/proc/1/environ|{sibling}|{Path(__file__)}",
            "port": server.getsockname()[1],
            "socket": unix,
        }
        facts = attack("peeks", source, work_dir, tools, settings).facts

    assert facts["got"] == [[str(Path(__file__)), '"""The sandbox again']]  # the tests' own folder was given to it
    assert facts["source"] == "a master"
    assert "planted-secret" not in str(facts["environment"])


def test_the_source_cannot_be_changed(source: Path, work_dir: Path, tools: Tools) -> None:
    facts = attack("changes_source", source, work_dir, tools).facts

    assert source.read_bytes() == b"a master"
    assert facts["done"] == [False, False, False] or not tools.bubblewrap


@pytest.mark.parametrize(
    "lie",
    [
        "link",
        "hard_link",
        "undeclared",
        "missing",
        "outside",
        "html",
        "html_type",
        "svg_script",
        "foreign_address",
        "foreign_attribute",
        "folder",
        "fifo",
        "nested_facts",
    ],
)
def test_an_output_that_lies_is_thrown_away(lie: str, source: Path, work_dir: Path) -> None:
    tools = Tools(package="hostile_processors", folders=(HERE,))

    assert code_of("lies", source, work_dir, tools, {"lie": lie}) == reasons.BAD_OUTPUT
    assert not (work_dir / "out").exists()


def test_an_output_that_tells_the_truth_is_taken(source: Path, work_dir: Path) -> None:
    tools = Tools(package="hostile_processors", folders=(HERE,))

    assert [one.name for one in attack("lies", source, work_dir, tools, {"lie": "none"}).files] == ["good.webp"]


@pytest.mark.parametrize(("signal_name", "code"), [("SIGKILL", reasons.OUT_OF_MEMORY), ("SIGSEGV", reasons.CRASHED)])
def test_a_killed_decoder_is_told_apart(signal_name: str, code: str, source: Path, work_dir: Path) -> None:
    # The first process of a namespace cannot kill itself; outside of one the exit status is the kernel's own.
    tools = Tools(package="hostile_processors", folders=(HERE,), bubblewrap=False)

    assert code_of("dies", source, work_dir, tools, {"signal": signal_name}) == code


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_babbler_does_not_fill_our_memory(stream: str, source: Path, work_dir: Path, tools: Tools) -> None:
    if stream == "stdout":
        assert code_of("babbles", source, work_dir, tools, {"stream": stream}) == reasons.BAD_OUTPUT
    else:
        assert attack("babbles", source, work_dir, tools, {"stream": stream}).files == []


def test_a_known_code_reaches_the_caller_and_an_unknown_one_does_not(
    source: Path, work_dir: Path, tools: Tools
) -> None:
    assert code_of("fails", source, work_dir, tools, {"code": reasons.PASSWORD}) == reasons.PASSWORD
    assert code_of("fails", source, work_dir, tools, {"code": "<script>"}) == reasons.CRASHED


def test_a_run_that_is_stopped_leaves_nothing_behind(source: Path, work_dir: Path, tools: Tools) -> None:
    recipe = Recipe("sleeps", 1, "sleeps", "quick", frozenset(), {}, Limits(**SMALL))
    heard: list[float] = []

    with pytest.raises(ProcessorError) as caught:
        run_processor(recipe, source, work_dir, tools=tools, on_progress=heard.append, should_stop=lambda: bool(heard))

    assert caught.value.code == reasons.STOPPED
    assert heard == [10.0]
    assert gone(str(work_dir))


def test_what_the_listener_raises_ends_the_child_and_goes_on(source: Path, work_dir: Path, tools: Tools) -> None:
    recipe = Recipe("sleeps", 1, "sleeps", "quick", frozenset(), {}, Limits(**SMALL))

    def lease_lost(percent: float) -> None:
        raise LookupError(percent)

    with pytest.raises(LookupError):
        run_processor(recipe, source, work_dir, tools=tools, on_progress=lease_lost)
    assert gone(str(work_dir))


def test_a_killed_worker_leaves_no_child(source: Path, work_dir: Path, tools: Tools) -> None:
    program = f"""
        from pathlib import Path
        from media_pipeline.recipes import Limits, Recipe
        from media_pipeline.sandbox import run_processor
        from media_pipeline.walls import Tools
        recipe = Recipe("sleeps", 1, "sleeps", "quick", frozenset(), {{}}, Limits(wall_s=600))
        tools = Tools(package="hostile_processors", folders=(Path({str(HERE)!r}),), bubblewrap={tools.bubblewrap})
        show = lambda percent: print(percent, flush=True)
        run_processor(recipe, Path({str(source)!r}), Path({str(work_dir)!r}), tools=tools, on_progress=show)
    """
    worker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, cwd=HERE.parents[1], text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "10.0"
    assert processes_with("processors/__main__.py")

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    assert gone(str(work_dir))


def test_two_runs_at_once_do_not_meet(source: Path, tmp_path: Path, tools: Tools) -> None:
    results: list[Result] = []

    def run(name: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        results.append(attack("lies", source, folder, tools, {"lie": "none"}))

    threads = [threading.Thread(target=run, args=(name,)) for name in ("first", "second", "third")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(results) == 3
    assert all((tmp_path / name / "out" / "good.webp").is_file() for name in ("first", "second", "third"))


def test_protections_are_found_out_by_trying(tmp_path: Path) -> None:
    for tools in (Tools(), Tools(bubblewrap=False)):
        held = protections(tools)
        assert held.memory
        assert held.environment
    if bubblewrap() is not None:
        assert protections().complete


def test_the_trial_sees_that_nothing_holds_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = tmp_path / "forbidden"
    forbidden.write_bytes(b"secret")
    monkeypatch.setenv("HERITAGE_SECRET_KEY", "planted")

    facts = self_test.run(
        forbidden, tmp_path, {"forbidden": str(forbidden), "too_many_bytes": 1000}, lambda percent: None
    ).facts

    assert not any(facts.values()), facts


def test_no_descriptor_is_left_open(source: Path, work_dir: Path, tools: Tools) -> None:
    attack("lies", source, work_dir, tools, {"lie": "none"})
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(3):
        attack("lies", source, work_dir, tools, {"lie": "none"})
        code_of("fails", source, work_dir, tools, {"code": reasons.DAMAGED})

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_nothing_that_a_processor_started_outlives_it_to_change_what_was_judged(
    source: Path, work_dir: Path, tools: Tools, tmp_path: Path
) -> None:
    forbidden = tmp_path / "another-master"
    forbidden.write_bytes(b"closed to everybody")
    recipe = Recipe(
        "outlives", 1, "outlives", "quick", frozenset(), {"forbidden": str(forbidden)}, Limits(**SMALL, programs=True)
    )

    run_processor(recipe, source, work_dir, tools=tools)

    made = work_dir / "out" / "160.webp"
    assert gone(str(forbidden))
    assert not made.is_symlink()
    assert made.read_bytes().startswith(b"RIFF")
