"""Subtitles and transcripts beside recordings: whose they are, who may see them, and what of them the search finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access import policy
from access.models import AccessRule
from access.policy import Level, Policy
from access.viewer import visitor
from archive import companions, transcripts, visibility
from archive.actions.choose_access import choose_file_access
from archive.actions.describe_file import Said, describe_file
from archive.actions.errors import ActionRefused
from archive.actions.order_files import order_files
from archive.history import snapshots
from archive.models import FileRole, Item, ItemFile, Passage, PassageSet
from archive.search import Filters, passages, search
from media_pipeline.models import Derivative, Kind
from tests.access_matrix.world import NOW, Made, make_item, publish, store_master

pytestmark = pytest.mark.django_db

SPOKEN = (
    {"number": 1, "start_ms": 0, "end_ms": 4000, "speaker": "", "text": "Xin chào mọi người"},
    {"number": 2, "start_ms": 83_400, "end_ms": 86_000, "speaker": "Già làng", "text": "Nước suối Đăk Bla trong lắm"},
)
Add = Callable[..., ItemFile]


def segment_files(segments: tuple[dict[str, Any], ...] = SPOKEN) -> list[Made]:
    """What the recipe makes of subtitles, written by hand."""
    body = ",".join(json.dumps(one, ensure_ascii=False) for one in segments).encode()
    parts = [{"first": 1, "last": len(segments), "start_ms": segments[0]["start_ms"], "offset": 1, "length": len(body)}]
    index = {"is_timed": segments[0]["start_ms"] is not None, "count": len(segments), "parts": parts}
    return [
        Made("captions", "captions.vtt", b"WEBVTT\n\n1\n00:00:00.000 --> 00:00:04.000\nXin\n"),
        Made("captions", "segments.json", b"[" + body + b"]"),
        Made("captions", "index.json", json.dumps(index).encode()),
    ]


@pytest.fixture
def add(tmp_path: Path) -> Add:
    """Adds a file to an item: a recording, or what stands beside one; its segments are in the search."""
    count = iter(range(1000))

    def make(
        item: Item,
        role: str = FileRole.MAIN,
        *,
        access: Policy | None = None,
        language: str = "",
        beside: ItemFile | None = None,
        segments: tuple[dict[str, Any], ...] = SPOKEN,
    ) -> ItemFile:
        kind = Kind.CAPTIONS if role in companions.COMPANION_ROLES else Kind.AUDIO
        master = store_master(f"{next(count)}".encode(), tmp_path, kind=kind, media_type="audio/wav")
        if role in companions.COMPANION_ROLES:
            publish(master, tmp_path, *segment_files(segments))
            passages.refresh(master.pk)
        else:
            publish(master, tmp_path, Made("audio", "sound.m4a", b"....ftyp"))
        file = ItemFile.objects.create(
            item=item, master=master, role=role, original_name="x", position=item.files.count(), created_at=NOW,
            chosen_rule=None if access is None else AccessRule.objects.intern(access), language=language, beside=beside,
            effective_rule=AccessRule.objects.nobody(),
        )  # fmt: skip
        visibility.apply(item)
        file.refresh_from_db()
        return file

    return make


def rule_of(file: ItemFile) -> Policy:
    return ItemFile.objects.select_related("effective_rule").get(pk=file.pk).effective_rule.policy


def found(query: str) -> tuple[int, list[Any]]:
    results = search(query, Filters(), visitor(now=NOW))
    return results.total, [results.moments.get(hit.pk) for hit in results.hits]


@pytest.mark.parametrize(
    ("name", "role", "language"),
    [
        ("film.vi.srt", "subtitles", "vi"), ("Lễ hội_bdq.vtt", "subtitles", "bdq"), ("a.en-US.forced.ass", "subtitles", ""),
        ("sử thi.sbv", "subtitles", ""), ("thư.vi.txt", "", ""), ("ảnh.jpg", "", ""), ("phim.eng.SRT", "subtitles", "en"), ("srt", "", ""),
    ],
)  # fmt: skip
def test_a_name_tells_what_a_file_is(name: str, role: str, language: str) -> None:
    assert companions.guess(name) == companions.Guess(role, language)


def test_subtitles_are_never_wider_than_their_item_nor_than_chosen_nor_than_the_recording(add: Add) -> None:
    registered, onsite = policy.of(Level.REGISTERED), policy.of(Level.ONSITE)
    item = make_item("Lễ", kind="audio")
    add(item)
    closed = add(item, access=registered)

    as_chosen = add(item, FileRole.TRANSCRIPT, access=onsite)
    of_first = add(item, FileRole.SUBTITLES)
    of_closed = add(item, FileRole.SUBTITLES, beside=closed)
    both = add(item, FileRole.TRANSCRIPT, beside=closed, access=onsite)

    assert rule_of(as_chosen) == onsite
    assert rule_of(of_first) == policy.PUBLIC
    assert rule_of(of_closed) == registered
    assert rule_of(both) == policy.meet(registered, onsite)


def test_closing_a_recording_closes_what_is_said_in_it(add: Add, client: Client) -> None:
    item = make_item("Lễ", kind="audio")
    recording, subtitles = add(item), add(item, FileRole.SUBTITLES, language="vi")
    assert found("suối")[0] == 1

    choose_file_access(recording, policy.NOBODY, actor=None, now=NOW)

    assert rule_of(subtitles) == policy.NOBODY
    assert found("suối") == (0, [])
    page = client.get(f"/items/{item.pid}/").content.decode()
    assert subtitles.pid not in page
    assert client.get(f"/files/{subtitles.pid}/captions/captions.vtt").status_code == 404


def test_another_order_gives_unnamed_subtitles_to_another_recording(add: Add) -> None:
    item = make_item("Lễ", kind="audio")
    first, second = add(item), add(item, access=policy.of(Level.REGISTERED))
    subtitles = add(item, FileRole.SUBTITLES)

    order_files(item, [first, second], {first.pk: 5, second.pk: 0}, actor=None, now=NOW)

    assert rule_of(subtitles) == policy.of(Level.REGISTERED)


def test_a_grant_of_the_item_opens_no_subtitles_of_a_recording_that_is_closed_more_tightly(add: Add) -> None:
    item = make_item("Lễ", kind="audio", access=policy.of(Level.STAFF))
    add(item, access=policy.NOBODY)
    of_closed = add(item, FileRole.SUBTITLES)
    open_one = add(item)
    of_open = add(item, FileRole.TRANSCRIPT, beside=open_one)
    viewer = replace(visitor(now=NOW), granted=frozenset({item.pid}))

    seen = set(ItemFile.objects.visible_to(viewer).values_list("pk", flat=True))

    assert seen == {open_one.pk, of_open.pk}
    assert of_closed.pk not in seen


def test_a_closed_transcript_is_not_told_of_and_never_found(add: Add, client: Client) -> None:
    item = make_item("Lễ", kind="audio")
    add(item)
    before = client.get(f"/items/{item.pid}/").content
    before_api = client.get(f"/api/v1/items/{item.pid}/").json()

    closed = add(item, FileRole.TRANSCRIPT, access=policy.of(Level.REGISTERED), language="bdq")

    after_api = client.get(f"/api/v1/items/{item.pid}/").json()
    assert client.get(f"/items/{item.pid}/").content == before
    assert {**after_api, "modified_at": ""} == {**before_api, "modified_at": ""}
    assert found("suối") == (0, [])
    assert client.get("/search/?q=suối").content.decode().count(item.pid) == 0
    assert rule_of(closed) == policy.of(Level.REGISTERED)


def test_words_that_are_said_lead_to_their_second(add: Add, client: Client) -> None:
    item = make_item("Bên bếp lửa", kind="audio")
    recording = add(item)
    subtitles = add(item, FileRole.SUBTITLES, language="vi")

    total, (moment,) = found("SUOI dak bla")
    page = client.get("/search/?q=suối").content.decode()
    answer = client.get("/api/v1/search/?q=suối").json()

    assert (total, moment.file_pid, moment.number, moment.start_ms) == (1, subtitles.pid, 2, 83_400)
    assert f"/items/{item.pid}/?transcript={subtitles.pid}&amp;t=83#s2" in page
    (told,) = answer["moments"]
    assert (told["item"], told["file"], told["segment"], told["start_ms"]) == (item.pid, subtitles.pid, 2, 83_400)
    assert told["url"].endswith(f"/items/{item.pid}/?transcript={subtitles.pid}&t=83#s2")
    files = {one["pid"]: one for one in answer["hits"][0]["files"]}
    assert (files[subtitles.pid]["beside"], files[subtitles.pid]["language"]) == (recording.pid, "vi")
    assert files[subtitles.pid]["segments"].endswith(f"/files/{subtitles.pid}/captions/segments.json")


def test_each_word_may_stand_in_the_description_or_be_said(add: Add) -> None:
    item = make_item("Sử thi Đăm Noi", kind="audio")
    add(item)
    add(item, FileRole.TRANSCRIPT)

    assert [found(query)[0] for query in ("đăm suối", "đăm vắng", "chào suối")] == [1, 0, 1]


def test_bytes_that_two_items_share_are_found_where_they_may_be_seen(add: Add) -> None:
    hidden, shown = make_item("Kín", access=policy.NOBODY, kind="audio"), make_item("Mở", kind="audio")
    add(hidden), add(shown)
    first = add(hidden, FileRole.TRANSCRIPT)
    ItemFile.objects.create(
        item=shown, master=first.master, role=FileRole.TRANSCRIPT, original_name="y", position=9, created_at=NOW,
        effective_rule=AccessRule.objects.nobody(),
    )  # fmt: skip
    visibility.apply(shown)

    results = search("suối", Filters(), visitor(now=NOW))

    assert [hit.pk for hit in results.hits] == [shown.pk]


def test_the_search_reads_a_text_once_and_again_when_it_is_made_anew(add: Add, tmp_path: Path) -> None:
    item = make_item("Lễ", kind="audio")
    add(item)
    file = add(item, FileRole.TRANSCRIPT)
    assert file.master is not None

    words = {one.text for one in Passage.objects.all()}
    again = passages.refresh(file.master.pk)
    Derivative.objects.filter(master=file.master).delete()
    publish(file.master, tmp_path, *segment_files(({**SPOKEN[0], "text": "Lời khác hẳn"},)))
    PassageSet.objects.update(prefix="where it lay before")

    read_now, read_later = passages.catch_up(), passages.catch_up()

    assert (words, again) == ({"Xin chào mọi người", "Già làng: Nước suối Đăk Bla trong lắm"}, False)
    assert (read_now, read_later) == (1, 0)
    assert [one.text for one in Passage.objects.all()] == ["Lời khác hẳn"]


def test_what_cannot_be_read_now_stays_as_it_was_and_is_read_later(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item("Lễ", kind="audio")
    add(item)
    add(item, FileRole.TRANSCRIPT)
    PassageSet.objects.update(prefix="where it lay before")

    with monkeypatch.context() as away:
        away.setattr(transcripts, "_value", lambda *_args, **_more: None)
        passages.catch_up()
    kept = Passage.objects.count()

    assert (kept, passages.catch_up(), Passage.objects.count()) == (2, 1, 2)


def test_what_is_said_of_a_file_is_checked_and_written(add: Add) -> None:
    item, other = make_item("Lễ", kind="audio"), make_item("Khác", kind="audio")
    recording, elsewhere, subtitles = add(item), add(other), add(item, FileRole.SUBTITLES)

    def said(**more: Any) -> Said:
        return Said(**{"role": FileRole.SUBTITLES, "captions": [], "position": 1, **more})

    describe_file(subtitles, said(language="bdq", beside=recording), actor=None, now=NOW)
    for code, wrong in (("bad_language", said(language="tiếng")), ("wrong_recording", said(beside=elsewhere))):
        with pytest.raises(ActionRefused) as caught:
            describe_file(subtitles, wrong, actor=None, now=NOW)
        assert caught.value.code == code
    kept = snapshots.of(item)["files"][1]
    describe_file(subtitles, said(role=FileRole.MAIN, language="vi", beside=recording), actor=None, now=NOW)
    subtitles.refresh_from_db()

    assert (kept["language"], kept["beside"], kept["poster_choice"]) == ("bdq", recording.pid, None)
    assert (subtitles.language, subtitles.beside) == ("", None)
    assert Passage.objects.exists()


def test_a_snapshot_from_before_languages_is_no_change(add: Add) -> None:
    item = make_item("Lễ", kind="audio")
    add(item)
    now = snapshots.of(item)
    older = {
        **now,
        "files": [
            {name: value for name, value in one.items() if name not in {"language", "beside", "poster_choice"}}
            for one in now["files"]
        ],
    }

    assert snapshots.differing(older, now) == []
