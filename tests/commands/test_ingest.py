"""manage.py ingest: files from this machine into items, once, with a report."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from access import policy
from access.models import AuditEntry
from archive import ingest
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import publish_item, withdraw_item
from archive.actions.save_item import save_item
from archive.models import Item, ItemFile, ItemKind
from media_pipeline import intakes, work
from media_pipeline.models import Intake, Job, Master
from media_pipeline.sizes import format_size
from tests.makers import picture, sound, sound_in_a_film_container, staff

pytestmark = pytest.mark.django_db
NOT_PUBLISHED = "Not published"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No worker lives here: the command need not wait for one. It speaks English."""
    monkeypatch.setattr(ingest, "GRACE_S", 0.0)
    monkeypatch.setattr(ingest, "POLL_S", 0.01)
    with override("en"):
        yield


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
        assert set(line) == {"path", "sha256", "pid", "status", "reason", "reason_code", "seconds", "item_state"}
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


def test_publishing_later_opens_the_drafts_of_an_earlier_run(folder: Path, tmp_path: Path) -> None:
    run(folder / "nhà rông.jpg", "--wait")

    said = run(folder / "nhà rông.jpg", "--publish", "--report", tmp_path / "report.jsonl")

    item = Item.objects.get()
    assert (item.state, item.effective_rule.policy) == ("published", policy.PUBLIC)
    assert json.loads((tmp_path / "report.jsonl").read_text("utf-8"))["item_state"] == "published"
    assert NOT_PUBLISHED not in said


@pytest.mark.parametrize("touch", ["described", "closed", "withdrawn"])
def test_publishing_later_leaves_alone_what_a_person_decided(folder: Path, tmp_path: Path, touch: str) -> None:
    run(folder / "nhà rông.jpg", "--wait")
    item, curator, now = Item.objects.get(), staff(superuser=True), timezone.now()
    if touch == "described":
        save_item(item, read_version=item.version, changed=["titles"], actor=curator, now=now)
    elif touch == "closed":
        choose_item_access(item, policy.NOBODY, actor=None, now=now)
    else:
        withdraw_item(publish_item(item, actor=None, now=now), actor=None, now=now)
    item.refresh_from_db()

    said = run(folder / "nhà rông.jpg", "--publish", "--report", tmp_path / "report.jsonl")

    after = Item.objects.get()
    assert (after.state, after.chosen_rule_id, after.version) == (item.state, item.chosen_rule_id, item.version)
    assert json.loads((tmp_path / "report.jsonl").read_text("utf-8"))["item_state"] == item.state
    assert NOT_PUBLISHED in said


def test_waiting_says_at_once_what_is_stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "wait_for", lambda _arrivals: iter(()))
    said = StringIO()

    with pytest.raises(CommandError, match="not finished"):
        call_command("ingest", str(folder), "--wait", stdout=said)

    lines = said.getvalue().splitlines()
    stored = {
        line.split(": ")[0].split("/")[-1]: line.split("stored")[1].strip() for line in lines if "stored  " in line
    }
    paths = (folder / "nhà rông.jpg", folder / "âm thanh" / "chiêng.wav")
    assert stored == {path.name: format_size(path.stat().st_size, "en") for path in paths}


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


def test_sound_in_a_film_container_becomes_a_sound_recording(tmp_path: Path) -> None:
    path = sound_in_a_film_container(tmp_path / "hát ru.mp4")

    run(path)
    guessed = Item.objects.get()
    work.perform_all()

    item = Item.objects.get()
    assert ItemFile.objects.get().master.kind == "audio"  # type: ignore[union-attr]  # stored above
    assert (guessed.kind, item.kind, item.kind_is_guess) == ("video", "audio", False)
    assert item.version == guessed.version + 1
    assert list(AuditEntry.objects.filter(verb="settle_kind").values_list("target_pid", flat=True)) == [item.pid]


def test_the_kind_of_a_file_that_is_known_already_is_no_guess(tmp_path: Path) -> None:
    path = sound_in_a_film_container(tmp_path / "hát ru.mp4")
    run(path, "--wait")

    run(path.rename(tmp_path / "bài hát.mp4"))

    assert list(Item.objects.order_by("pk").values_list("kind", "kind_is_guess")) == [("audio", False)] * 2


def test_a_kind_that_a_person_chose_stays_whatever_the_content_is(tmp_path: Path) -> None:
    run(sound_in_a_film_container(tmp_path / "hát ru.mp4"))
    item = Item.objects.get()
    item.kind = ItemKind.DOCUMENT
    save_item(item, read_version=item.version, changed=["kind"], actor=None, now=item.created_at)

    work.perform_all()

    assert Item.objects.get().kind == "document"


def test_a_kind_guessed_right_leaves_the_version_alone(folder: Path) -> None:
    run(folder / "nhà rông.jpg")
    before = Item.objects.get().version

    work.perform_all()

    item = Item.objects.get()
    assert (item.kind, item.kind_is_guess, item.version) == ("image", False, before)


def test_a_name_that_is_no_text_stops_nothing_and_is_reported(folder: Path, tmp_path: Path) -> None:
    os.rename(os.fsencode(folder / "nhà rông.jpg"), os.fsencode(folder) + b"/anh \xe0\xff.jpg")  # noqa: PTH104  # bytes
    report = tmp_path / "report.jsonl"

    run(folder, "--wait", "--report", report)

    lines = {
        Path(line["path"]).name: line["status"] for line in map(json.loads, report.read_text("utf-8").splitlines())
    }
    assert lines == {
        "anh \ufffd\ufffd.jpg": "ready",
        "chiêng.wav": "ready",
        "rỗng.jpg": "refused",
        "phim.mp4": "refused",
    }
    file = ItemFile.objects.get(original_name="anh \ufffd\ufffd.jpg")
    assert file.item.title_in("und") == "anh \ufffd\ufffd"
    assert file.intake is not None
    assert intakes.path_of(file.intake).read_bytes()
    run(folder, "--wait")
    assert ItemFile.objects.count() == 2


def test_a_name_in_parts_as_some_machines_write_it_is_stored_as_one_types_it(folder: Path) -> None:
    parts = unicodedata.normalize("NFD", "nhà rông.jpg")
    (folder / "nhà rông.jpg").rename(folder / parts)

    run(folder, "--wait")

    file = ItemFile.objects.get(original_name="nhà rông.jpg")
    assert file.item.title_in("und") == "nhà rông"
    assert file.intake is not None
    assert intakes.path_of(file.intake) == folder / parts


def test_what_cannot_be_read_is_reported_and_the_rest_is_taken_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.jsonl"
    closed, torn = folder / "âm thanh", folder / "nhà rông.jpg"
    look_into, read = Path.iterdir, Path.open

    def closed_folder(path: Path) -> object:
        if path == closed:  # rights do not stop root, who may run the tests
            raise PermissionError(13, "closed")
        return look_into(path)

    def torn_file(path: Path, *words: Any, **named: Any) -> object:  # Any: passed on
        if path == torn:
            raise OSError(5, "a bad sector")
        return read(path, *words, **named)

    picture(folder / "zz.jpg", colour=(9, 9, 9))
    monkeypatch.setattr(Path, "iterdir", closed_folder)
    monkeypatch.setattr(Path, "open", torn_file)

    run(folder, "--wait", "--report", report)

    lines = {Path(line["path"]).name: line for line in map(json.loads, report.read_text("utf-8").splitlines())}
    assert {name: line["reason_code"] for name, line in lines.items()} == {
        "âm thanh": "unreadable",
        "nhà rông.jpg": "unreadable",
        "rỗng.jpg": "empty",
        "phim.mp4": "executable",
        "zz.jpg": None,
    }
    assert lines["zz.jpg"]["status"] == "ready"
