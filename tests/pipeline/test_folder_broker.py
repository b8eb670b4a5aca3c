"""Messages in a folder: none is lost or taken twice, however many write and read at once."""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path
from queue import Empty

import pytest
from django.conf import LazySettings
from kombu import Connection
from kombu.exceptions import ChannelError

from media_pipeline import doorbell, sweeping

pytestmark = pytest.mark.pure


def channel(folder: Path) -> object:
    for name in ("queue", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
    }
    return Connection("folder://", transport_options=options).channel()


def test_what_many_put_many_take_each_once(tmp_path: Path) -> None:
    taken: list[int] = []
    writing = threading.Event()

    def put(start: int) -> None:
        mine = channel(tmp_path)
        for number in range(start, start + 100):
            mine._put("quick", {"number": number, "body": "x" * 2000})  # type: ignore[attr-defined]

    def take() -> None:
        mine = channel(tmp_path)
        while True:
            over = writing.is_set()
            try:
                taken.append(mine._get("quick")["number"])  # type: ignore[attr-defined]
            except Empty:
                if over:
                    return

    readers = [threading.Thread(target=take) for _ in range(3)]
    writers = [threading.Thread(target=put, args=[n * 100]) for n in range(3)]
    for one in [*readers, *writers]:
        one.start()
    for one in writers:
        one.join()
    writing.set()
    for one in readers:
        one.join()

    assert Counter(taken) == Counter(range(300))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_messages_are_taken_in_the_order_they_came_and_by_queue(tmp_path: Path) -> None:
    mine = channel(tmp_path)
    for number, queue in enumerate(["quick", "heavy", "quick"]):
        mine._put(queue, {"number": number})  # type: ignore[attr-defined]

    assert [mine._get("quick")["number"], mine._get("quick")["number"], mine._get("heavy")["number"]] == [0, 2, 1]  # type: ignore[attr-defined]


def test_a_damaged_message_is_passed_over(tmp_path: Path) -> None:
    mine = channel(tmp_path)
    (tmp_path / "queue" / "0.quick.msg").write_bytes(b"")
    mine._put("quick", {"number": 1})  # type: ignore[attr-defined]

    assert mine._get("quick") == {"number": 1}  # type: ignore[attr-defined]


def test_what_killed_processes_left_goes_and_living_messages_stay(
    tmp_path: Path, settings: LazySettings, db: None
) -> None:
    mine = channel(tmp_path)
    mine._put("quick", {"number": 1})  # type: ignore[attr-defined]
    [message] = (tmp_path / "queue").iterdir()
    (tmp_path / "taken").mkdir()
    left = [tmp_path / "taken" / "dead.msg", tmp_path / "queue" / ".half-written"]
    fresh = tmp_path / "taken" / "just-now.msg"
    for path in (*left, fresh):
        path.write_text("{}", "utf-8")
    for path in (*left, message):
        os.utime(path, (0, 0))
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "queue")}

    assert sweeping.tidy() == 2

    assert [path for path in left if path.exists()] == []
    assert fresh.exists()
    assert message.exists()


def test_a_ring_that_the_folder_does_not_take_ends_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = threading.Event()
    rung: list[int] = []

    def send(_name: str, *, kwargs: dict[str, int], **_more: object) -> None:
        rung.append(kwargs["job_id"])
        if kwargs["job_id"] == 1:
            raise ChannelError("Cannot add 1: No space left on device")
        heard.set()

    monkeypatch.setattr(doorbell.current_app, "send_task", send)
    monkeypatch.setattr(doorbell, "_ringers", [])
    for number in (1, 2):
        doorbell.ring(number, "quick")

    assert heard.wait(10)
    assert rung == [1, 2]
