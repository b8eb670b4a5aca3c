"""manage.py ingest: files from this machine into items, once, with a report."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from access import policy
from archive import ingest
from archive.models import Item, ItemFile
from media_pipeline.models import Intake, Job, Master
from tests.makers import picture, sound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker lives here: the command need not wait for one."""
    monkeypatch.setattr(ingest, "GRACE_S", 0.0)
    monkeypatch.setattr(ingest, "POLL_S", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture, a sound in a folder below, an empty file and a program."""
    given = tmp_path / "usb"
    (given / "âm thanh").mkdir(parents=True)
    picture(given / "nhà rông.jpg")
    sound(given / "âm thanh" / "chiêng.wav")
    (given / "rỗng.jpg").write_bytes(b"")
    (given / "phim.mp4").write_bytes(b"#!/bin/sh\nexit 1\n")
    return given


def run(*words: object) -> str:
    said = StringIO()
    call_command("ingest", *map(str, words), stdout=said)
    return said.getvalue()


def test_every_file_below_the_path_is_in_the_report_with_its_end(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"

    run(folder, "--wait", "--report", report)

    lines = {Path(line["path"]).name: line for line in map(json.loads, report.read_text("utf-8").splitlines())}
    assert {name: line["status"] for name, line in lines.items()} == {
        "nhà rông.jpg": "ready",
        "chiêng.wav": "ready",
        "rỗng.jpg": "refused",
        "phim.mp4": "refused",
    }
    for name, line in lines.items():
        assert set(line) == {"path", "sha256", "pid", "status", "reason", "reason_code", "seconds"}
        assert (line["pid"] is None) == (line["status"] == "refused")
        assert bool(line["reason"]) == (line["status"] == "refused")
        assert line["seconds"] >= 0, name


def test_without_publish_each_becomes_a_draft_for_staff_alone(folder: Path) -> None:
    run(folder / "nhà rông.jpg")

    item = Item.objects.get()
    assert (item.state, item.effective_rule.policy, item.title_in("vi")) == ("draft", policy.STAFF, "nhà rông")


def test_with_publish_each_is_open_to_everybody(folder: Path) -> None:
    run(folder / "nhà rông.jpg", "--publish")

    item = Item.objects.get()
    assert (item.state, item.effective_rule.policy) == ("published", policy.PUBLIC)


def test_running_it_again_makes_nothing_twice(folder: Path) -> None:
    run(folder, "--wait")
    before = (Item.objects.count(), ItemFile.objects.count(), Master.objects.count())

    run(folder, "--wait")

    assert (Item.objects.count(), ItemFile.objects.count(), Master.objects.count()) == before == (2, 2, 2)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = picture(tmp_path / "secret.jpg", colour=(1, 1, 1))
    os.symlink(outside, folder / "link.jpg")  # noqa: PTH211  # the call that is meant
    os.symlink(tmp_path, folder / "up")  # noqa: PTH211

    run(folder, "--wait")

    assert "secret" not in " ".join(Intake.objects.values_list("source_path", flat=True))
    assert Master.objects.count() == 2


def test_a_path_that_is_not_there_is_said_before_anything_is_done(folder: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run(folder, folder / "nowhere")

    assert not Intake.objects.exists()


def test_a_live_worker_that_was_faster_is_no_refusal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    perform = ingest.work.perform

    def by_another(job_id: int) -> bool:
        perform(job_id)  # a worker takes the job first; the command's own claim then fails
        return False

    monkeypatch.setattr(ingest.work, "perform", by_another)
    arrival = ingest.take_in(folder / "nhà rông.jpg", publish=False)

    assert arrival.file is not None
    assert arrival.file.master is not None


def test_an_item_is_made_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_words: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest, "attach_file", cut_off)
    with pytest.raises(KeyboardInterrupt):
        ingest.take_in(folder / "nhà rông.jpg", publish=True)

    assert not Item.objects.exists()
    assert Job.objects.filter(role="store", state="done").exists()


def test_the_files_themselves_are_only_read(folder: Path) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}

    run(folder, "--wait")

    assert {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    } == before
