"""Real files from the wild, through the command that a librarian uses: each ends as its manifest expects.

Of ordinary files of one sort every third is taken, with --long all; of those that may be refused or break something every one always.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from media_pipeline import installed, reasons
from tests.faults.house import ROOT, SERVED, House, built

# Office documents are shown where LibreOffice is installed; where it is not, tests/pipeline/test_arrivals.py holds what becomes of them.
KINDS = ("image", "pdf", "epub", "audio", "video", "captions", "hostile", *(("office",) if installed.soffice() else ()))
# What the words of the corpus' README allow.
ALLOWED = {
    "must-process": {"ready"},
    "must-reject-cleanly": {"kept", "refused"},
    "either-but-no-crash": {"ready", "kept", "refused"},
}
# What a visitor gets of each kind: without these an item is not ready.
WANTED = {
    "image": {"thumbnail", "pyramid"},
    "pdf": {"thumbnail", "pages", "text", "words", "outline"},
    "epub": {"thumbnail", "text", "outline", "chapters"},
    "audio": {"waveform", "spectrogram", "audio"},
    "video": {"poster", "storyboard", "hls", "mp4"},
    "text": {"text", "captions"},
    "captions": {"captions"},
    "office": {"text", "pdf", "thumbnail", "pages", "words"},
}
# Words that only personal tags of a camera hold: the corpus has pictures with real positions.
TELLING = ["GPS", "Exif", "exif:", "http://ns.adobe.com", "photoshop", "Canon", "NIKON", "COOLPIX", "SerialNumber"]
ORDINARY = "must-process"
LONGEST_S = 900
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        SERVED and not os.environ.get("HERITAGE_TEST_LONG"), reason="long: run by ./scripts/test --long"
    ),
]


@dataclass(frozen=True)
class Journey:
    """What one run of the command left behind."""

    house: House
    status: int
    said: str
    lines: dict[str, dict[str, str]]
    before: dict[str, str]
    sockets: dict[str, int]


@pytest.fixture(scope="module")
def corpus(visible_files: Path) -> list[dict[str, str]]:
    with (visible_files / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in KINDS]
    sorts: Counter[tuple[str, str]] = Counter()
    chosen = []
    for row in rows:
        sort = row["kind"], Path(row["path"]).suffix.lower()
        if os.environ.get("HERITAGE_TEST_LONG") or row["expectation"] != ORDINARY or sorts[sort] % 3 == 0:
            chosen.append(row)
        sorts[sort] += row["expectation"] == ORDINARY
    return chosen


@pytest.fixture(scope="module")
def given(visible_files: Path, corpus: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the chosen files, each where it lies in the corpus."""
    folder = tmp_path_factory.mktemp("given")
    for row in corpus:
        (folder / row["path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(visible_files / row["path"], folder / row["path"])
    return folder


@pytest.fixture(scope="module")
def journey(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    folder = tmp_path_factory.mktemp("journey")
    for name in ("home", "tmp"):
        (folder / name).mkdir()
    env = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    with built(folder / "house", env=env) as house:
        report = folder / "report.jsonl"
        folders = [str(given / kind) for kind in KINDS]
        before = hashes(given)
        words = [sys.executable, "manage.py", "ingest", *folders, "--wait", "--report", str(report)]
        run = subprocess.run(
            without_network(words), cwd=ROOT, env=house.env, capture_output=True, text=True, timeout=LONGEST_S
        )
        lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
        told = {str(Path(line["path"]).relative_to(given)): line for line in lines}
        assert len(told) == len(lines), "a file is reported twice"
        yield Journey(house, run.returncode, run.stdout + run.stderr, told, before, sockets(run.stdout))


def test_the_command_ends_well(journey: Journey) -> None:
    assert journey.status == 0, journey.said[-3000:]
    assert "Traceback" not in journey.said


def test_each_file_ends_as_the_manifest_expects(journey: Journey, corpus: list[dict[str, str]]) -> None:
    wrong = {}
    for row in corpus:
        line = journey.lines.get(row["path"])
        if line is None or line["status"] not in ALLOWED[row["expectation"]]:
            wrong[row["path"]] = (row["expectation"], line and (line["status"], line["reason_code"]), row["verified"])

    assert wrong == {}
    assert len(journey.lines) >= len(corpus)


def test_each_file_that_is_shown_has_all_that_visitors_get_of_its_kind(journey: Journey) -> None:
    became = journey.house.order("made_of_each")
    ready = {path: became[line["sha256"]] for path, line in journey.lines.items() if line["status"] == "ready"}

    assert {path: one for path, one in ready.items() if not set(one["roles"]) >= WANTED[one["kind"]]} == {}
    assert {one["kind"] for one in ready.values()} == set(WANTED) - set(() if "office" in KINDS else ("office",))


def test_each_file_that_is_not_shown_is_so_for_what_it_is_and_half_of_nothing_is_published(journey: Journey) -> None:
    became = journey.house.order("made_of_each")
    others = {path: line for path, line in journey.lines.items() if line["status"] != "ready"}

    assert {
        path: line["reason_code"] for path, line in others.items() if line["reason_code"] not in reasons.ABOUT_THE_FILE
    } == {}
    kept = {path: became[line["sha256"]]["roles"] for path, line in others.items() if line["status"] == "kept"}
    assert {path: roles for path, roles in kept.items() if roles} == {}


def test_no_published_picture_tells_of_its_camera_or_where_it_was_made(journey: Journey) -> None:
    assert journey.house.order("pictures_with", words=TELLING) == []


def test_each_file_that_is_not_shown_has_a_reason_that_people_can_read(journey: Journey) -> None:
    silent = [path for path, line in journey.lines.items() if line["status"] != "ready" and not line["reason"]]

    assert silent == []


def test_each_file_that_was_stored_is_the_file_that_was_given(journey: Journey, corpus: list[dict[str, str]]) -> None:
    stored = {path: line["sha256"] for path, line in journey.lines.items() if line["status"] != "refused"}

    assert {row["path"]: row["sha256"] for row in corpus if row["path"] in stored} == stored


def test_no_row_is_stuck_no_worker_was_lost_and_nothing_was_tried_too_often(journey: Journey) -> None:
    jobs = journey.house.order("jobs_now")

    assert {job["state"] for job in jobs} <= {"done", "failed"}
    assert [job for job in jobs if job["lost"] or job["starts"] > 3] == []
    assert {state for _sha256, state, _reason in journey.house.order("masters_now")} <= {"ready", "kept"}
    assert {state for _name, state, _reason in journey.house.order("intakes_now")} <= {"stored", "refused"}


def test_every_stored_byte_has_its_row_and_nothing_is_left_behind(journey: Journey) -> None:
    assert all(same for *_set, made in journey.house.order("derivatives_now") for _name, _digest, same in made)
    assert {name: found for name, found in journey.house.order("strays").items() if found} == {}


def test_no_file_outside_its_folder_is_touched(journey: Journey, given: Path) -> None:
    assert hashes(given) == journey.before
    for name in ("HOME", "TMPDIR"):
        assert list(Path(journey.house.env[name]).rglob("*")) == [], name


def test_no_network_is_asked(journey: Journey) -> None:
    if not journey.sockets:
        pytest.skip("no network namespace could be made here, or the profile needs the network")

    assert journey.sockets == {"Tcp ActiveOpens": 0, "Udp OutDatagrams": 0}


def without_network(words: list[str]) -> list[str]:
    """Return the words of the command in a network of its own, empty, whose kernel counters are printed at the end."""
    unshare = [shutil.which("unshare") or "unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--net"]
    if SERVED or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        return words
    return [*unshare, "sh", "-c", '"$@"; status=$?; cat /proc/net/snmp; exit $status', "sh", *words]


def sockets(said: str) -> dict[str, int]:
    """Return how many connections were begun and datagrams sent, as the kernel counted them."""
    found: dict[str, int] = {}
    tables = [line.split() for line in said.splitlines() if line.startswith(("Tcp:", "Udp:"))]
    for names, values in zip(tables[::2], tables[1::2], strict=False):
        row = dict(zip(names, values, strict=True))
        for name in ("ActiveOpens", "OutDatagrams"):
            if name in row:
                found[f"{names[0].rstrip(':')} {name}"] = int(row[name])
    return found


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }
