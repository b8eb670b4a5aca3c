"""A worker cut off at each named point, then a normal run: the outcome is that of a run that nobody disturbed."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import SERVED, House, built, comparable
from tests.makers import picture

PIPELINE = Path(__file__).resolve().parents[2] / "media_pipeline"
NAMED = re.compile(r'faults\.point\(\s*"([^"]+)"')
# Steps of the stores, as their `on_step` names them; a folder and S3 have some of their own.
STEPS = [
    "master.content written", "master.content read back", "master.published", "master.inventory.json written",
    "master.inventory.json.sha512 written",
]  # fmt: skip
STEPS += ["derivative.file sent"] if SERVED else ["master.object synced", "derivative.staged"]


def points() -> list[str]:
    """Return every point that the pipeline's code names, in order of the work, and those of its stores."""
    named = [name for path in sorted(PIPELINE.glob("*.py")) for name in NAMED.findall(path.read_text("utf-8"))]
    return [*dict.fromkeys([*named, *STEPS])]


POINTS = points()


def test_the_points_are_those_of_the_life_of_a_job() -> None:
    assert {"job.claimed", "master.stored", "intake.settled", "job.started", "job.made", "derivative.placed"} <= set(
        POINTS
    )


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One archive for all points: each begins with nothing in it."""
    with built(tmp_path_factory.mktemp("house")) as here:
        yield here


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return picture(tmp_path_factory.mktemp("files") / "anh.jpg")


@pytest.fixture(scope="module")
def undisturbed(standing: House, path: Path) -> list[object]:
    """Return what the file becomes when nobody disturbs the work."""
    standing.order("upload", paths=[str(path)])
    standing.order("work_all")
    made = comparable(standing.order("derivatives_now"))
    assert [role for _sha256, role, _version, _files in made] == ["pyramid", "thumbnail"]
    return made


# Between them the profiles cut off at every point, each at every second one; a long run at all of them in both.
ASKED = POINTS if os.environ.get("HERITAGE_TEST_LONG") else POINTS[int(SERVED) :: 2]


@pytest.mark.parametrize("point", ASKED)
def test_a_worker_killed_at_a_point_loses_and_doubles_nothing(
    point: str, standing: House, path: Path, undisturbed: list[object]
) -> None:
    standing.order("start_over")
    standing.order("upload", paths=[str(path)])

    killed = standing.tell("work_all", env={"HERITAGE_FAULT": f"kill:{point}"})

    assert killed["status"] == -signal.SIGKILL, f"nothing is cut off at {point}: {killed}"
    standing.finish(within_s=60, order="recovered")
    assert [state for _sha256, state, _reason in standing.order("masters_now")] == ["ready"]
    assert comparable(standing.order("derivatives_now")) == undisturbed
    standing.order("an_hour_later")
    assert {name: found for name, found in standing.order("strays").items() if found} == {}
