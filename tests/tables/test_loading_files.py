"""Files that rows name, and what a load publishes and costs."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from access import policy
from archive import ingest
from archive.history import recording, snapshots
from archive.loading.files_named import Folder
from archive.loading.names import NotNamed
from archive.models import Agent, Item, ItemFile, Place
from media_pipeline.models import Job, Master
from tests.makers import picture
from tests.tables.conftest import Write
from tests.tables.rows import run, wrong

pytestmark = pytest.mark.django_db


# --- Files --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    given = tmp_path / "tệp"
    (given / "Ảnh").mkdir(parents=True)
    picture(given / "Ảnh" / "Nhà rông.JPG")
    picture(given / "bìa.jpg", colour=(1, 2, 3))
    (given / "rỗng.jpg").write_bytes(b"")
    secret = tmp_path / "bí mật.jpg"
    picture(secret, colour=(9, 9, 9))
    (given / "lối tắt.jpg").symlink_to(secret)
    (given / "lối").symlink_to(tmp_path)
    return given


@pytest.mark.usefixtures("authorities")
def test_files_are_found_in_any_case_and_composition_and_come_in_order(
    table: Write, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import unicodedata  # noqa: PLC0415

    monkeypatch.setattr(ingest, "GRACE_S", 0.0)
    named = unicodedata.normalize("NFD", "ảnh/nhà RÔNG.jpg")
    path = table(["Mã số", "Nhan đề", "Tệp"], ["KT.1", "Nhà rông", f"{named}; bìa.jpg (cover)"])
    report = tmp_path / "r.jsonl"

    call_command(
        "ingest", "--table", path, "--files", folder, "--publish", "--wait", "--report", report, stdout=StringIO()
    )
    call_command("ingest", "--table", path, "--files", folder, "--publish", "--wait", stdout=StringIO())

    item = Item.objects.get()
    assert (item.kind, item.state, item.effective_rule.policy) == ("image", "published", policy.PUBLIC)
    assert [(one.original_name, one.role) for one in item.files.order_by("position")] == [
        ("Nhà rông.JPG", "main"),
        ("bìa.jpg", "cover"),
    ]
    assert {one.state for one in Master.objects.all()} == {Master.State.READY}
    assert json.loads(report.read_text("utf-8"))["files"] == ["Nhà rông.JPG", "bìa.jpg"]
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    last = recording.last_of(item)
    assert last is not None
    assert last.snapshot == snapshots.of(item) or snapshots.differing(last.snapshot, snapshots.of(item)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../bí mật.jpg", "no_file"),
        ("lối tắt.jpg", "no_file"),
        ("lối/bí mật.jpg", "no_file"),
        ("/etc/passwd", "no_file"),
        ("Ảnh", "no_file"),
        ("rỗng.jpg", "empty_file"),
        ("không có.jpg", "no_file"),
    ],
)
@pytest.mark.usefixtures("authorities")
def test_nothing_outside_of_the_folder_can_be_named(table: Write, folder: Path, name: str, code: str) -> None:
    path = table(["Mã số", "Nhan đề", "Loại", "Tệp"], ["KT.1", "Một", "image", name])

    assert wrong(path, folder=folder) == [(2, "Tệp", code)]
    with pytest.raises(CommandError):
        call_command("ingest", "--table", path, "--files", folder, stdout=StringIO())
    assert not ItemFile.objects.exists()


@pytest.mark.usefixtures("authorities")
def test_what_may_not_be_published_stays_a_draft_and_is_told(table: Write) -> None:
    path = table(
        ["Mã số", "Nhan đề", "Loại", "Có người nhận ra được"],
        ["KT.1", "Một", "image", "có"],
        ["KT.2", "Hai", "image", ""],
    )

    outcomes = run(path, publish=True)

    assert [(one.status, one.not_published) for one in outcomes] == [("loaded", "no_consent"), ("loaded", "")]
    assert dict(Item.objects.values_list("identifier", "state")) == {"KT.1": "draft", "KT.2": "published"}


@pytest.mark.usefixtures("authorities")
def test_names_are_read_once_however_many_rows_name_them(table: Write, django_assert_max_num_queries: Any) -> None:
    rows = [[f"KT.{n}", f"Số {n}", "image", "Ba Na", "A Lưu", "Xã Đăk Rơ Wa"] for n in range(300)]
    path = table(["Mã số", "Nhan đề", "Loại", "Dân tộc", "Người kể", "Nơi làm ra"], *rows)

    with django_assert_max_num_queries(130):
        run(path)

    assert Agent.objects.get(slug="a-luu").credits.count() == 300
    assert Place.objects.get(slug="xa-dak-ro-wa").located.count() == 300


def test_no_name_from_the_wild_leads_out_of_the_folder(visible_files: Path, folder: Path) -> None:
    names = (visible_files / "strings" / "directory_traversal.txt").read_text("utf-8", "replace").splitlines()
    known = Folder(folder)

    assert len(names) > 20
    for name in filter(None, names):
        with pytest.raises(NotNamed, match="no_file"):
            known.find(name)
