"""Tables at the desk: brought, checked, corrected, loaded; and the list taken along as one."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access import policy
from access.models import AuditEntry, Protocol, User
from archive import languages
from archive.loading import desk_runs, running
from archive.models import Item, ItemFile, People, Revision
from archive.tables import reading
from archive.tasks import forget_drafts
from media_pipeline import work
from tests.desk.conftest import an_item, signed_in, staff
from tests.makers import picture

pytestmark = pytest.mark.django_db
START = "/admin/archive/item/table/"
TABLE = (
    "Mã số,Nhan đề,Loại,Dân tộc\nKT.1,Một,ảnh,Ba Na\nKT.2,,hình,Kinh kỳ\nKT.3,Ba,ảnh,\n,Không số,ảnh,\n,Không số,ảnh,\n"
)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a step, so that a short table takes several."""
    monkeypatch.setattr(desk_runs, "STEP_S", 0.0)
    for module in (desk_runs, running):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))


def brought(client: Client, content: str = TABLE, **more: str) -> Any:
    sent = SimpleUploadedFile("bảng kê.csv", content.encode(), content_type="text/csv")
    return client.post(START, {"table": sent, **more})


def stepped(client: Client, address: str, *, most: int = 20) -> dict[str, Any]:
    for _step in range(most):
        told: dict[str, Any] = client.post(f"{address}step", headers={"accept": "application/json"}).json()
        if told["final"]:
            return told
    raise AssertionError("it never ends")


def test_a_table_is_checked_then_loaded_and_the_rest_is_taken_along(cataloguer: Client) -> None:
    address = brought(cataloguer)["Location"]

    told = stepped(cataloguer, address)
    assert told["sentence"] == "5 of 5 rows: 4 right, 0 here already, 1 to be corrected."
    assert not Item.objects.exists()
    page = cataloguer.get(address).content.decode()
    assert "Load the 4 rows that are right" in page
    assert '<th scope="row">3</th><td>Nhan đề</td><td>A title is needed, in any language.</td>' in page

    cataloguer.post(address)
    told = stepped(cataloguer, address)

    assert told["sentence"] == "5 of 5 rows: 4 loaded, 0 here already, 1 to be corrected."
    assert Item.objects.count() == Revision.objects.count() == 4
    assert {item.effective_rule.policy for item in Item.objects.select_related("effective_rule")} == {policy.STAFF}
    answer = cataloguer.get(f"{address}rest.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Mã số", "Nhan đề", "Loại", "Dân tộc", "# What to correct")
    assert (len(rows), rows[1][0]) == (2, "KT.2")
    assert "Dân tộc: No people is called “Kinh kỳ”" in str(rows[1][4])
    again = brought(cataloguer)["Location"]
    assert stepped(cataloguer, again)["sentence"] == "5 of 5 rows: 0 right, 4 here already, 1 to be corrected."


def test_each_step_goes_on_where_the_last_one_ended_and_a_killed_one_doubles_nothing(
    cataloguer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = brought(cataloguer)["Location"]
    first = cataloguer.post(f"{address}step", headers={"accept": "application/json"}).json()
    assert (first["done"], first["final"]) == (2, False)
    stepped(cataloguer, address)
    cataloguer.post(address)

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(desk_runs.DeskRun, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            cataloguer.post(f"{address}step")
    assert Item.objects.count() == 1

    stepped(cataloguer, address)

    assert Item.objects.count() == 4
    assert Item.objects.filter(identifier=None).count() == 2


def test_two_steps_never_run_at_once(cataloguer: Client, settings: LazySettings) -> None:
    address = brought(cataloguer)["Location"]
    user = User.objects.get(username="bien_muc")
    run = desk_runs.DeskRun(Path(settings.INCOMING_DIR) / "tables", user, address.rstrip("/").rpartition("/")[2])

    with run._alone():
        told = cataloguer.post(f"{address}step", headers={"accept": "application/json"}).json()

    assert (told["done"], told["final"]) == (0, False)


def test_wrong_headings_are_told_and_nothing_is_read(cataloguer: Client) -> None:
    address = brought(cataloguer, "Mã số,Nhan dde\nKT.1,Một\n")["Location"]

    page = cataloguer.get(address).content.decode()

    assert "No field is called “Nhan dde”. Is it “Nhan đề”?" in page
    assert stepped(cataloguer, address)["done"] == 0
    cataloguer.post(address)
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Nhan ®Ò\nNh÷ng nguyªn t¾c cña c¸c d©n téc ë T©y Nguyªn", "TCVN3"),
        ("\n\n", "The table is empty"),
        ("Nhan đề\n" + "x\n" * 20_001, "more than 20000 rows"),
    ],
)
def test_what_is_no_table_is_told_on_the_form_and_not_kept(
    cataloguer: Client, settings: LazySettings, content: str, said: str
) -> None:
    answer = brought(cataloguer, content)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not list((Path(settings.INCOMING_DIR) / "tables").glob("*/*"))


def test_files_come_from_a_folder_that_lies_ready_and_from_nowhere_else(
    cataloguer: Client, settings: LazySettings, tmp_path: Path
) -> None:
    ready = Path(settings.INCOMING_DIR) / "folders" / "anh-1998"
    ready.mkdir(parents=True)
    picture(ready / "nhà rông.jpg")
    (Path(settings.INCOMING_DIR) / "folders" / "lối").symlink_to(tmp_path)
    content = "Nhan đề,Tệp\nMột,Nhà rông.JPG\nHai,../../x.jpg\n"

    page = cataloguer.get(START).content.decode()
    assert 'value="anh-1998"' in page
    assert "lối" not in page
    assert "Select a valid choice" in brought(cataloguer, content, folder="../..").content.decode()
    address = brought(cataloguer, content, folder="anh-1998")["Location"]
    stepped(cataloguer, address)
    cataloguer.post(address)
    stepped(cataloguer, address)
    work.perform_all()

    file = ItemFile.objects.get()
    assert (str(file.item), file.original_name, file.master is not None) == ("Một", "nhà rông.jpg", True)
    assert file.added_by == User.objects.get(username="bien_muc")


def test_somebody_elses_table_is_not_there_and_who_may_not_add_items_brings_none(cataloguer: Client) -> None:
    address = brought(cataloguer)["Location"]
    other = signed_in(staff("khac", "Cataloguer"))
    reader = signed_in(staff("chi_xem"))

    for path in (address, f"{address}step", f"{address}rest.csv", f"{START}..%2f..%2fx/"):
        assert other.get(path).status_code in {302, 404}
        assert other.post(path).status_code in {302, 404, 405}
    assert (reader.get(START).status_code, brought(reader).status_code) == (403, 403)
    assert not Item.objects.exists()


def test_the_list_is_taken_along_as_it_is_filtered_and_as_far_as_one_sees_it(
    cataloguer: Client, tmp_path: Path
) -> None:
    secret = Protocol.objects.create(name="Kín đáo")
    an_item("Ai cũng thấy", identifier="KT.1")
    an_item("=Phim", identifier="KT.2")
    an_item("Bí mật", identifier="KT.3", access=policy.of_protocols([secret.pid]))
    Item.objects.filter(identifier="KT.2").update(kind="video")

    def taken(query: str = "") -> list[str]:
        answer = cataloguer.get(f"/admin/archive/item/export.csv{query}")
        path = tmp_path / "ra.csv"
        path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]  # a streamed answer
        assert "attachment" in answer["Content-Disposition"]
        return [row.cells[1] for row in reading.rows(path)][1:]

    assert sorted(taken()) == ["'=Phim", "Ai cũng thấy"]
    assert taken("?kind__exact=video") == ["'=Phim"]
    assert taken("?q=ai+cung+thay") == ["Ai cũng thấy"]
    assert "export.csv?kind__exact=video" in cataloguer.get("/admin/archive/item/?kind__exact=video").content.decode()
    assert [one.detail for one in AuditEntry.objects.filter(verb="export_table").order_by("pk")] == [
        {"count": 2},
        {"count": 1},
        {"count": 1},
    ]
    assert json.dumps(secret.pid) not in "".join(taken())
    assert signed_in(staff("ngoai")).get(reverse("admin:archive_item_export")).status_code == 403


def test_a_table_that_nobody_goes_on_with_is_removed_though_its_owner_never_comes_back(cataloguer: Client) -> None:
    old, new = (brought(cataloguer)["Location"].split("/")[-2] for _number in range(2))
    (place,) = desk_runs.root().glob(f"*/{old}")
    eight_days_ago = time.time() - 8 * 86_400
    os.utime(place, (eight_days_ago, eight_days_ago))

    forget_drafts()

    assert [one.name for one in desk_runs.root().glob("*/*")] == [new]
