"""Uploads by tus: what a browser on a poor line does, and what must come of it."""

from __future__ import annotations

import base64
import errno
import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import User
from archive import receiving
from archive.actions import delete_item, detach_file
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import publish_item
from archive.models import Item, ItemFile
from archive.uploads.request import CHUNK_TYPE
from media_pipeline import intakes, staging, stores, work
from media_pipeline.models import Intake, Job, Master

PAYLOAD = random.Random(7).randbytes(300_000)
pytestmark = pytest.mark.django_db


class Sender:
    """A tus client with a session."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.get("/admin/password_change/")
        self.token = self.client.cookies["csrf"].value

    def headers(self, **more: str) -> dict[str, str]:
        return {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token, **more}

    def create(
        self, item: Item, size: int = len(PAYLOAD), body: bytes = b"", checksum: str = "", **metadata: str
    ) -> HttpResponse:
        pairs = {"filename": "ảnh.jpg", "item": item.pid, **metadata}
        described = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        headers = self.headers(**{"Upload-Length": str(size), "Upload-Metadata": described})
        if checksum:
            headers["Upload-Checksum"] = checksum
        return self.client.generic("POST", "/uploads/", body, content_type=CHUNK_TYPE, headers=headers)

    def patch(self, where: str, offset: int, body: bytes, **more: str) -> HttpResponse:
        headers = self.headers(**{"Upload-Offset": str(offset), **more})
        return self.client.generic("PATCH", where, body, content_type=CHUNK_TYPE, headers=headers)

    def head(self, where: str) -> HttpResponse:
        return self.client.head(where, headers=self.headers())


@pytest.fixture
def sender(desk_client: Client, folders: Path) -> Sender:
    return Sender(desk_client)


def test_the_server_says_what_it_can(client: Client) -> None:
    answer = client.options("/uploads/")

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert {"creation", "checksum", "termination", "expiration"} <= set(answer["Tus-Extension"].split(","))
    assert "sha1" in answer["Tus-Checksum-Algorithm"]


def test_a_file_is_seen_on_its_item_from_the_first_moment(sender: Sender, item: Item) -> None:
    answer = sender.create(item)

    assert answer.status_code == 201
    file = ItemFile.objects.get(item=item)
    assert answer["Upload-File"] == file.pid
    assert file.original_name == "ảnh.jpg"
    assert file.intake is not None
    assert file.intake.state == Intake.State.RECEIVING
    assert answer["Location"].endswith(file.intake.pid)


def test_an_upload_cut_at_random_bytes_is_resumed_and_becomes_the_same_master(
    sender: Sender, item: Item, django_capture_on_commit_callbacks: Any
) -> None:
    where = sender.create(item)["Location"]
    cuts = sorted(random.Random(20).sample(range(len(PAYLOAD)), 9))

    for start, end in zip([0, *cuts], [*cuts, len(PAYLOAD)], strict=True):
        assert sender.head(where)["Upload-Offset"] == str(start)
        assert sender.patch(where, start, PAYLOAD[start:end]).status_code == 204

    job = Job.objects.get(role="store")
    work.perform(job.pk)
    master = Master.objects.get()
    assert master.sha256 == hashlib.sha256(PAYLOAD).hexdigest()
    assert b"".join(stores.masters().read_range(master.sha256, 0, len(PAYLOAD))) == PAYLOAD
    assert ItemFile.objects.get().master == master


def test_a_broken_connection_keeps_what_arrived(item: Item, folders: Path) -> None:
    intake = intakes.begin(original_name="a", size_bytes=len(PAYLOAD), now=timezone.now())

    def broken() -> Any:
        yield PAYLOAD[:1000]
        raise OSError("the client is gone")

    with pytest.raises(OSError, match="gone"):
        intakes.append(intake, 0, broken(), now=timezone.now())

    intake.refresh_from_db()
    assert intake.offset_bytes == 1000
    assert intakes.append(intake, 1000, [PAYLOAD[1000:]], now=timezone.now()) == len(PAYLOAD)
    assert intakes.path_of(intake).read_bytes() == PAYLOAD


def test_a_chunk_sent_twice_is_taken_once(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]
    sender.patch(where, 0, PAYLOAD[:100])

    again = sender.patch(where, 0, PAYLOAD[:100])

    assert again.status_code == 409
    assert sender.head(where)["Upload-Offset"] == "100"


def test_more_than_was_said_is_refused_before_a_byte_is_written(sender: Sender, item: Item) -> None:
    where = sender.create(item, size=10)["Location"]

    assert sender.patch(where, 0, b"x" * 11).status_code == 413
    assert sender.head(where)["Upload-Offset"] == "0"


def test_a_chunk_with_a_wrong_checksum_is_kept_out(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]
    sender.patch(where, 0, PAYLOAD[:50])
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    right = base64.b64encode(hashlib.sha1(PAYLOAD[50:90], usedforsecurity=False).digest()).decode()

    refused = sender.patch(where, 50, PAYLOAD[50:90], **{"Upload-Checksum": f"sha256 {wrong}"})
    head = sender.head(where)["Upload-Offset"]
    taken = sender.patch(where, 50, PAYLOAD[50:90], **{"Upload-Checksum": f"sha1 {right}"})

    assert (refused.status_code, head) == (460, "50")
    assert (taken.status_code, taken["Upload-Offset"]) == (204, "90")
    staged = intakes.path_of(Intake.objects.get())
    assert staged.read_bytes() == PAYLOAD[:90]


def test_a_file_that_changed_on_its_way_is_refused_with_its_reason(sender: Sender, item: Item) -> None:
    where = sender.create(item, sha256=hashlib.sha256(b"what the client has").hexdigest())["Location"]
    sender.patch(where, 0, PAYLOAD)

    work.perform(Job.objects.get(role="store").pk)

    intake = Intake.objects.get()
    assert (intake.state, intake.reason_code) == (Intake.State.REFUSED, "hash_mismatch")
    assert not Master.objects.exists()
    assert sender.head(where).status_code == 410


def test_too_large_and_no_room_are_said_before_anything_is_sent(sender: Sender, item: Item, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    assert sender.create(item, size=1001).status_code == 413
    settings.DISK_RESERVE_BYTES = 10**18
    full = sender.create(item, size=1000)

    assert full.status_code == 507
    assert "disk" in full.content.decode() or "Đĩa" in full.content.decode()
    assert not ItemFile.objects.exists()


def test_two_uploads_that_fit_only_alone_do_not_both_begin(folders: Path, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(intakes, "_free_bytes", lambda: 1500)
    intakes.begin(original_name="a", size_bytes=1000, now=timezone.now())

    with pytest.raises(intakes.IntakeError) as refused:
        intakes.begin(original_name="b", size_bytes=1000, now=timezone.now())

    assert refused.value.code == "no_space"


def test_another_persons_upload_is_as_unknown_as_one_that_never_was(
    sender: Sender, item: Item, colleague: User, cataloguer: User
) -> None:
    where = sender.create(item)["Location"]
    other = Client()
    other.force_login(colleague)

    theirs = other.head(where, headers={"Tus-Resumable": "1.0.0"})
    random_one = other.head("/uploads/" + "0" * 32, headers={"Tus-Resumable": "1.0.0"})

    assert theirs.status_code == random_one.status_code == 404
    assert dict(theirs.headers) == dict(random_one.headers)


def test_an_item_that_is_closed_to_the_sender_is_as_unknown_as_a_random_one(sender: Sender, item: Item) -> None:
    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())
    closed = sender.create(item)
    item.pid = "0" * 11

    unknown = sender.create(item)

    assert closed.status_code == unknown.status_code == 404
    assert closed.content == unknown.content


def test_a_reader_and_a_visitor_may_not_upload(client: Client, item: Item, folders: Path) -> None:
    for user in (None, User.objects.create_user("doc_gia", password="x")):
        if user:
            client.force_login(user)
        answer = client.post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
        assert answer.status_code == 403


def test_another_sites_page_cannot_upload_with_our_session(desk_client: Client, item: Item, folders: Path) -> None:
    answer = desk_client.post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})

    assert answer.status_code == 403
    assert not ItemFile.objects.exists()


def test_a_reading_request_cannot_be_meant_as_an_upload(sender: Sender, item: Item) -> None:
    described = f"item {base64.b64encode(item.pid.encode()).decode()}"
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "5",
        "Upload-Metadata": described,
        "X-HTTP-Method-Override": "POST",
    }

    assert sender.client.get("/uploads/", headers=headers).status_code == 405
    assert not ItemFile.objects.exists()


def test_an_upload_to_a_published_item_can_be_given_up_by_who_began_it(sender: Sender, item: Item) -> None:
    publish_item(item, actor=None, now=timezone.now())
    where = sender.create(item)["Location"]

    assert sender.client.delete(where, headers=sender.headers()).status_code == 204
    assert not ItemFile.objects.exists()


def test_giving_up_takes_the_file_off_the_item(
    sender: Sender, item: Item, django_capture_on_commit_callbacks: Any
) -> None:
    where = sender.create(item)["Location"]
    staged = intakes.path_of(Intake.objects.get())

    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.client.delete(where, headers=sender.headers())

    assert answer.status_code == 204
    assert not ItemFile.objects.exists()
    assert not staged.exists()
    assert sender.head(where).status_code == 404


def test_a_first_chunk_may_come_with_the_creation(sender: Sender, item: Item) -> None:
    answer = sender.create(item, body=PAYLOAD[:77])

    assert answer.status_code == 201
    assert answer["Upload-Offset"] == "77"


def test_an_empty_file_is_refused_with_its_reason(sender: Sender, item: Item) -> None:
    sender.create(item, size=0)

    work.perform(Job.objects.get(role="store").pk)

    assert Intake.objects.get().reason_code == "empty"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Tus-Resumable": "0.2.2"}, 412),
        ("POST", {"Upload-Length": "many"}, 400),
        ("POST", {"Upload-Length": "5", "Upload-Metadata": "x !!"}, 400),
        ("PUT", {}, 405),
    ],
)
def test_wrong_requests_are_refused_as_the_protocol_says(
    sender: Sender, method: str, headers: dict[str, str], status: int
) -> None:
    answer = sender.client.generic(method, "/uploads/", headers=sender.headers(**headers))

    assert answer.status_code == status


def test_a_chunk_of_another_type_is_refused(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]

    answer = sender.client.generic(
        "PATCH", where, b"x", content_type="text/plain", headers=sender.headers(**{"Upload-Offset": "0"})
    )

    assert answer.status_code == 415


def test_of_two_windows_that_send_one_file_only_one_writes(folders: Path) -> None:
    now = timezone.now()
    intake = intakes.begin(original_name="a", size_bytes=2000, now=now)
    second = Intake.objects.get(pk=intake.pk)

    def first_window() -> Any:
        yield b"a" * 1000
        with pytest.raises(staging.Busy):
            intakes.append(second, 0, [b"b" * 2000], now=timezone.now())
        yield b"a" * 1000

    intakes.append(intake, 0, first_window(), now=now)

    assert intakes.path_of(intake).read_bytes() == b"a" * 2000


def test_a_sender_whose_line_died_silently_is_overtaken_and_harms_nothing(folders: Path, monkeypatch: Any) -> None:
    now = timezone.now()
    intake = intakes.begin(original_name="a", size_bytes=2000, now=now)
    second = Intake.objects.get(pk=intake.pk)
    monkeypatch.setattr(staging, "SILENT_AFTER_S", -1.0)

    def dead_line() -> Any:
        yield b"a" * 1000
        intakes.append(second, 0, [b"b" * 2000], now=now)
        yield b"a" * 1000

    with pytest.raises(staging.Overtaken):
        intakes.append(intake, 0, dead_line(), now=now)

    assert intakes.path_of(intake).read_bytes() == b"b" * 2000
    assert Job.objects.filter(role="store").count() == 1


def test_a_full_disk_keeps_what_is_whole_and_says_so(folders: Path, monkeypatch: Any) -> None:
    now = timezone.now()
    intake = intakes.begin(original_name="a", size_bytes=3000, now=now)
    write = staging.Hold.write

    def full_after_2000(hold: staging.Hold, offset: int, piece: bytes) -> None:
        if offset + len(piece) > 2000:
            write(hold, offset, piece[:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        write(hold, offset, piece)

    monkeypatch.setattr(staging.Hold, "write", full_after_2000)

    with pytest.raises(intakes.IntakeError) as refused:
        intakes.append(intake, 0, [b"a" * 1000] * 3, now=now)

    intake.refresh_from_db()
    assert refused.value.code == "no_space"
    assert intake.offset_bytes == 2000
    assert intakes.path_of(intake).stat().st_size == 2000


def test_an_upload_nobody_goes_on_with_ends_after_a_week(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]
    later = timezone.now() + intakes.EXPIRES_AFTER * 2

    intakes.expire(now=later)

    assert sender.head(where).status_code == 410


def test_a_deletion_that_is_rolled_back_leaves_the_upload_as_it_was(
    sender: Sender, item: Item, cataloguer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = sender.create(item)["Location"]
    sender.patch(where, 0, PAYLOAD[:100])
    intake = Intake.objects.get()

    def no_log(**_facts: object) -> None:
        raise RuntimeError("the log cannot be written")

    for module in (delete_item, detach_file):
        monkeypatch.setattr(module.audit, "record", no_log)
    with pytest.raises(RuntimeError):
        delete_item.delete_item(item, actor=None, now=timezone.now())
    with pytest.raises(RuntimeError):
        receiving.give_up(ItemFile.objects.get(), user=cataloguer, now=timezone.now())

    intake.refresh_from_db()
    assert (intake.state, ItemFile.objects.count()) == (Intake.State.RECEIVING, 1)
    assert intakes.path_of(intake).read_bytes() == PAYLOAD[:100]
    assert intakes.append(intake, 100, [PAYLOAD[100:]], now=timezone.now()) == len(PAYLOAD)


def test_a_creation_that_is_refused_leaves_nothing(
    sender: Sender, item: Item, folders: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        too_long = sender.create(item, size=3, body=b"four")
        unknown_sum = sender.create(item, size=4, body=b"four", checksum="md77 AAAA")
        wrong_sum = sender.create(item, size=4, body=b"four", checksum="sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=")

    assert [answer.status_code for answer in (too_long, unknown_sum, wrong_sum)] == [413, 400, 460]
    assert not ItemFile.objects.exists()
    assert not Intake.objects.filter(state=Intake.State.RECEIVING).exists()
    assert list(folders.iterdir()) == []


def test_the_last_piece_sent_again_after_the_file_was_stored_is_a_wrong_offset(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]
    sender.patch(where, 0, PAYLOAD)
    received_and_waiting = sender.patch(where, 0, PAYLOAD)
    work.perform(Job.objects.get(role="store").pk)

    again = sender.patch(where, 0, PAYLOAD)

    assert (received_and_waiting.status_code, again.status_code) == (409, 409)
    assert sender.head(where)["Upload-Offset"] == str(len(PAYLOAD))


def test_a_piece_for_a_file_that_vanished_is_a_wrong_offset(sender: Sender, item: Item) -> None:
    where = sender.create(item)["Location"]
    staging.remove(intakes.path_of(Intake.objects.get()))

    assert sender.patch(where, 0, PAYLOAD).status_code == 409
