"""Subtitles, transcripts and stills at the desk: what is said of them, what is told of their faults, and what the history keeps."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from access import policy
from archive.actions.choose_access import choose_file_access
from archive.admin import caption_findings
from archive.history import recording
from archive.models import FileRole, Item, ItemFile
from media_pipeline import work
from media_pipeline.models import Kind
from tests import makers
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.desk.test_items import change

pytestmark = pytest.mark.django_db

SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\nXin chào\n\n2\n00:00:09,000 --> 00:00:03,000\nNgược\n\n"
    "3\n00:01:00,000 --> 00:01:04,000\nMuộn\n"
)


def upload(client: Client, item: Item, name: str, content: bytes, **said: str) -> ItemFile:
    """Send a file as the desk does."""
    metadata = {"filename": name, "item": item.pid, **said}
    client.post(
        "/uploads/",
        content,
        content_type="application/offset+octet-stream",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in metadata.items()),
        },
    )
    return ItemFile.objects.order_by("-pk")[0]


def test_subtitles_are_known_by_their_name_checked_and_told_of_line_by_line(
    publisher: Client, now: datetime, tmp_path: Path
) -> None:
    item = makers.item(now=now, kind="audio")
    makers.file_of(item, makers.sound(tmp_path / "bài.wav"), now=now)

    file = upload(publisher, item, "bài.vi.srt", SRT.encode())
    work.perform_all()
    answer = publisher.get(f"/admin/archive/item/{item.pk}/progress").json()
    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    assert (file.role, file.language) == ("subtitles", "vi")
    card = next(one for one in answer["files"] if one["pid"] == file.pid)
    assert card["state"] == "ready"
    assert card["problems"] == [
        "Its last words end at 0:01:04, but the recording is over at 0:00:01. Is it of another recording?",
        "Line 6: the end is not after the start. This subtitle is left out.",
    ]
    assert "Line 6: the end is not after the start" in page
    assert '<datalist id="file-languages">' in page


def test_subtitles_that_cannot_be_read_are_kept_and_say_why(publisher: Client, now: datetime) -> None:
    item = makers.item(now=now, kind="audio")

    file = upload(
        publisher, item, "hỏng.srt", b"1\n00:00:09,000 --> 00:00:03,000\nNg\n", role="transcript", language="bdq"
    )
    work.perform_all()
    (card,) = publisher.get(f"/admin/archive/item/{item.pk}/progress").json()["files"]

    assert (file.role, file.language, card["state"]) == ("transcript", "bdq", "kept")
    assert card["sentence"].startswith("The file is stored, but no subtitle in it could be read.")
    assert card["problems"] == ["Line 2: the end is not after the start. This subtitle is left out."]


def test_role_language_and_recording_are_said_on_the_form_and_kept_in_the_history(
    publisher: Client, tmp_path: Path
) -> None:
    item = make_item("Lễ", kind="audio")
    _first, second = (
        add_file(item, store_master(one, tmp_path, kind=Kind.AUDIO), name=f"{one.decode()}.wav") for one in (b"1", b"2")
    )
    text = add_file(item, store_master(b"3", tmp_path, kind=Kind.TEXT))
    recording.record(item, "attach_file", actor=None, now=item.modified_at)
    said = {"files-2-role": "transcript", "files-2-language": "Bahnar (BDQ)", "files-2-beside": str(second.pk)}

    answer = change(publisher, item, **said)
    text.refresh_from_db()
    last = recording.last_of(item)
    assert last is not None
    row = last.snapshot["files"][2]
    numbers = {"from": last.number - 1, "to": last.number}
    compared = publisher.get(f"/admin/archive/item/{item.pk}/history/compare/", numbers).content.decode()

    assert answer.status_code == 302, answer.content.decode()
    assert (text.role, text.language, text.beside) == ("transcript", "bdq", second)
    assert "belongs to the recording" in compared
    assert second.original_name in compared
    assert second.pid not in compared
    assert (row["role"], row["language"], row["beside"]) == ("transcript", "bdq", second.pid)


def test_a_tag_that_is_none_is_refused_in_words(publisher: Client, tmp_path: Path) -> None:
    item = make_item("Lễ", kind="audio")
    text = add_file(item, store_master(b"3", tmp_path, kind=Kind.TEXT))

    answer = change(publisher, item, **{"files-0-role": "transcript", "files-0-language": "tiếng ta"})
    text.refresh_from_db()

    assert "is not a language tag" in answer.content.decode()
    assert text.role == "main"


def test_a_recording_that_is_closed_to_the_one_who_describes_stays_as_it_is(cataloguer: Client, tmp_path: Path) -> None:
    item = make_item("Lễ", kind="audio", state="draft")
    closed = add_file(item, store_master(b"1", tmp_path, kind=Kind.AUDIO))
    text = add_file(item, store_master(b"2", tmp_path, kind=Kind.TEXT))
    ItemFile.objects.filter(pk=text.pk).update(role=FileRole.TRANSCRIPT, beside=closed)
    choose_file_access(closed, policy.NOBODY, actor=None, now=item.created_at)

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    # With its recording the transcript is closed: neither is on the form.
    assert closed.pid not in page
    assert text.pid not in page


def test_a_still_is_chosen_and_every_door_shows_it(publisher: Client, client: Client, tmp_path: Path) -> None:
    item = make_item("Phim", kind="video")
    master = store_master(b"film", tmp_path, kind=Kind.VIDEO, media_type="video/mp4")
    sizes = [
        Made("poster", f"{name}160.webp", name.encode() + b"RIFF", {"width": 160, "height": 90})
        for name in ("", "c1-", "c2-")
    ]
    publish(master, tmp_path, *sizes, Made("mp4", "360p.m4a", b"film"))
    made = master.derivatives.get(role="poster")
    made.facts = {"stills": [1000, 65_000]}
    made.save()
    file = add_file(item, master)
    address = f"/api/v1/items/{item.pid}/"
    before = client.get(address)
    form = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    answer = change(publisher, item, **{"files-0-poster_choice": "2"})

    assert answer.status_code == 302, answer.content.decode()
    assert f"/files/{file.pid}/poster/c1-160.webp" in form
    assert "0:01:05" in form
    after = client.get(address)
    posters = [one["name"] for one in after.json()["files"][0]["derivatives"] if one["role"] == "poster"]
    assert posters == ["c2-160.webp"]
    assert before["ETag"] != after["ETag"]
    assert before.json()["modified_at"] < after.json()["modified_at"]
    for page in (f"/items/{item.pid}/", "/items/", "/search/?q=phim"):
        assert f"/files/{file.pid}/poster/c2-160.webp" in client.get(page).content.decode(), page
    assert recording.last_of(item).snapshot["files"][0]["poster_choice"] == 2
    preview = publisher.get(f"/admin/archive/item/{item.pk}/progress").json()["files"][0]["preview"]
    assert preview.endswith("/poster/c2-160.webp")


def test_faults_are_told_with_their_lines_and_bounded() -> None:
    many = [(line, "overlap") for line in range(1, 30)]

    with translation.override("en"):
        said = caption_findings.told([(0, "read_as_tcvn3"), (3, "unknown"), *many], 40)

    assert said[0] == "It was written in TCVN3 (.VnTime) and was converted. Check the letters by eye."
    assert said[1] == "Line 1: it begins before the one above it has ended. Both are shown."
    assert (len(said), said[-1]) == (11, "And 30 more.")
