"""Staff compose exhibits at the desk, with buttons alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry
from archive import languages
from archive.actions.bin_item import bin_item
from archive.actions.move_item import publish_item
from archive.models import Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Revision
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.pages import open_form

pytestmark = pytest.mark.django_db
ADD = "/admin/archive/exhibit/add/"


def begun(client: Client, title: str = "Tiếng chiêng", level: str = "public") -> Exhibit:
    form = open_form(client, ADD).put("titles-text", title, "").put("titles-lang", "vi", "")
    answer = client.post(ADD, {**form.put("access_level", level).sent, "_do": "save"})
    assert answer.status_code == 302, answer.content.decode()
    return Exhibit.objects.order_by("-pk")[0]


def press(client: Client, address: str, deed: str, **more: Any) -> Any:
    form = open_form(client, address)
    for name, value in more.items():
        form.put(name.replace("__", "-"), *(value if isinstance(value, list) else [value]))
    return client.post(address, {**form.sent, "_do": deed})


def page_address(page: ExhibitPage) -> str:
    return f"/admin/archive/exhibit/{page.exhibit_id}/pages/{page.pk}/"


def block_address(block: ExhibitBlock) -> str:
    return f"/admin/archive/exhibit/{block.page.exhibit_id}/blocks/{block.pk}/"


def with_block(client: Client, exhibit: Exhibit, kind: str) -> ExhibitBlock:
    page = exhibit.pages.get()
    press(client, page_address(page), "add", kind=kind)
    return page.blocks.order_by("-pk")[0]


def test_an_exhibit_is_composed_with_buttons_and_published(cataloguer: Client, publisher: Client) -> None:
    item = publish_item(an_item("Chiêng Kon Klor"), actor=None, now=timezone.now())
    exhibit = begun(cataloguer)
    heading = with_block(cataloguer, exhibit, "heading")
    press(cataloguer, block_address(heading), "done", texts__text=["Mở đầu", ""], texts__lang=["vi", ""])
    large = with_block(cataloguer, exhibit, "item")
    found = cataloguer.get(block_address(large), {"find": item.pid}).content.decode()
    assert f"add_item:{item.pid}" in found
    press(cataloguer, block_address(large), f"add_item:{item.pid}")
    piece = large.pieces.get()
    press(
        cataloguer,
        block_address(large),
        "save",
        **{f"caption__{piece.pk}__text": ["Nghe *kỹ*", ""], f"caption__{piece.pk}__lang": ["vi", ""]},
    )

    assert Client().get("/exhibits/tieng-chieng/").status_code == 404
    assert cataloguer.get("/exhibits/tieng-chieng/").status_code == 200
    press(cataloguer, f"/admin/archive/exhibit/{exhibit.pk}/change/", "submit")
    press(publisher, f"/admin/archive/exhibit/{exhibit.pk}/change/", "publish")

    shown = Client().get("/exhibits/tieng-chieng/").content.decode()
    assert "Mở đầu" in shown
    assert "Chiêng Kon Klor" in shown
    assert "Nghe <em>kỹ</em>" in shown
    assert "Tiếng chiêng" in Client().get("/exhibits/").content.decode()
    assert "Tiếng chiêng" in Client().get("/").content.decode()
    assert "/exhibits/tieng-chieng/" in Client().get("/sitemap.xml").content.decode()
    verbs = list(
        AuditEntry.objects.filter(target_pid=f"exhibit-{exhibit.pk}").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs[0] == "add_exhibit"
    assert verbs[-1] == "move_exhibit_to_published"


def test_blocks_and_pages_are_put_in_order_and_taken_away(cataloguer: Client) -> None:
    exhibit = begun(cataloguer)
    blocks = [with_block(cataloguer, exhibit, kind) for kind in ("heading", "text", "quotation")]
    page = exhibit.pages.get()

    press(cataloguer, page_address(page), f"up:{blocks[2].pk}")
    press(cataloguer, page_address(page), f"down:{blocks[0].pk}")
    press(cataloguer, page_address(page), f"remove:{blocks[1].pk}")
    press(cataloguer, f"/admin/archive/exhibit/{exhibit.pk}/change/", "add_page")
    press(cataloguer, f"/admin/archive/exhibit/{exhibit.pk}/change/", f"down:{page.pk}")

    assert [one.kind for one in page.blocks.order_by("position")] == ["quotation", "heading"]
    assert [one.pk for one in exhibit.pages.order_by("position")][-1] == page.pk


def test_an_earlier_version_is_brought_back(cataloguer: Client) -> None:
    exhibit = begun(cataloguer)
    block = with_block(cataloguer, exhibit, "text")
    press(cataloguer, block_address(block), "save", texts__text=["Lời cũ", ""], texts__lang=["vi", ""])
    old = Revision.objects.filter(kind="exhibit", key=str(exhibit.pk)).order_by("-number")[0]
    press(cataloguer, page_address(exhibit.pages.get()), f"remove:{block.pk}")

    answer = cataloguer.post(f"/admin/archive/exhibit/{exhibit.pk}/history/", {"version": old.pk})

    assert answer.status_code == 302
    assert [one["value"] for one in ExhibitBlock.objects.get().texts] == ["Lời cũ"]
    assert cataloguer.get(f"/admin/archive/exhibit/{exhibit.pk}/history/").content.decode().count("<li>") >= 4


def test_a_form_of_an_older_version_changes_nothing(cataloguer: Client) -> None:
    exhibit = begun(cataloguer)
    address = f"/admin/archive/exhibit/{exhibit.pk}/change/"
    form = open_form(cataloguer, address)
    press(cataloguer, address, "save", titles__text=["Tên mới", ""], titles__lang=["vi", ""])

    cataloguer.post(address, {**form.sent, "_do": "save"})

    exhibit.refresh_from_db()
    assert exhibit.titles[0]["value"] == "Tên mới"


def test_two_pairs_of_eyes_look_at_an_exhibit(settings: Any) -> None:
    settings.TWO_PAIRS_OF_EYES = True
    one, other = (signed_in(staff(name, "Publisher")) for name in ("mot", "hai"))
    exhibit = begun(one)
    with_block(one, exhibit, "heading")
    address = f"/admin/archive/exhibit/{exhibit.pk}/change/"

    press(one, address, "publish")
    exhibit.refresh_from_db()
    assert exhibit.state == "draft"
    press(one, address, "submit")
    press(one, address, "publish")
    exhibit.refresh_from_db()
    assert exhibit.state == "in_review"
    press(other, address, "publish")

    exhibit.refresh_from_db()
    assert exhibit.state == "published"


def test_a_cataloguer_does_not_publish_or_open_what_readers_see(cataloguer: Client, publisher: Client) -> None:
    exhibit = begun(cataloguer, level="staff")
    with_block(cataloguer, exhibit, "heading")
    address = f"/admin/archive/exhibit/{exhibit.pk}/change/"

    press(cataloguer, address, "publish")
    exhibit.refresh_from_db()
    assert exhibit.state == "draft"
    press(publisher, address, "publish")
    press(cataloguer, address, "save", access_level="public")

    exhibit.refresh_from_db()
    assert exhibit.chosen_rule.policy == policy.STAFF


def test_the_bin_takes_it_from_everybody_and_gives_it_back(cataloguer: Client, publisher: Client) -> None:
    exhibit = begun(cataloguer)
    with_block(cataloguer, exhibit, "heading")
    address = f"/admin/archive/exhibit/{exhibit.pk}/change/"

    press(cataloguer, address, "bin")
    assert cataloguer.get("/exhibits/tieng-chieng/").status_code == 404
    press(cataloguer, address, "unbin")
    exhibit.refresh_from_db()
    assert exhibit.binned_at is None
    press(cataloguer, address, "bin")
    press(cataloguer, address, "delete")
    assert Exhibit.objects.exists()
    press(publisher, address, "delete")

    assert not Exhibit.objects.exists()
    assert not Revision.objects.filter(kind="exhibit").exists()


def test_who_composes_learns_nothing_of_what_is_closed_to_them(cataloguer: Client) -> None:
    closed = an_item("BÍ MẬT", access=policy.NOBODY)
    exhibit = begun(cataloguer)
    block = with_block(cataloguer, exhibit, "gallery")
    hidden = ExhibitPiece.objects.create(block=block, item=closed, captions=languages.of(vi="MẬT"), position=0)
    item = an_item("Chiêng")
    shown = ExhibitPiece.objects.create(block=block, item=item, position=1)
    alone = with_block(cataloguer, exhibit, "item")
    ExhibitPiece.objects.create(block=alone, item=closed)

    screens = [block_address(block), page_address(exhibit.pages.get()), f"/admin/archive/exhibit/{exhibit.pk}/change/"]
    for address in [*screens, f"{block_address(block)}?find={closed.pid}", f"{block_address(block)}?find=BÍ"]:
        text = cataloguer.get(address).content.decode()
        assert "MẬT" not in text.replace("find=BÍ", ""), address
    assert cataloguer.get(block_address(alone)).status_code == 404
    press(cataloguer, block_address(block), f"add_item:{closed.pid}")
    press(cataloguer, block_address(block), f"remove:{hidden.pk}")
    press(cataloguer, block_address(block), f"up:{shown.pk}")

    assert set(block.pieces.values_list("pk", flat=True)) == {hidden.pk, shown.pk}


def test_a_preview_is_what_the_other_one_would_see(cataloguer: Client) -> None:
    exhibit = begun(cataloguer)
    block = with_block(cataloguer, exhibit, "gallery")
    now = timezone.now()
    for title, access in (("Cho mọi người", policy.PUBLIC), ("Cho bạn đọc", policy.REGISTERED)):
        ExhibitPiece.objects.create(block=block, item=publish_item(an_item(title, access=access), actor=None, now=now))

    of_visitor = cataloguer.get(f"/admin/archive/exhibit/{exhibit.pk}/preview/visitor/").content.decode()
    of_reader = cataloguer.get(f"/admin/archive/exhibit/{exhibit.pk}/preview/reader/").content.decode()

    assert "Cho mọi người" in of_visitor
    assert "Cho bạn đọc" not in of_visitor
    assert "Cho bạn đọc" in of_reader
    assert cataloguer.get(f"/admin/archive/exhibit/{exhibit.pk}/preview/?as=nobody").status_code == 404


def test_an_exhibit_of_a_protocol_is_not_there_for_other_staff(cataloguer: Client) -> None:
    exhibit = begun(cataloguer)
    from access.models import AccessRule  # noqa: PLC0415

    rule = AccessRule.objects.intern(policy.of_protocols(["mx-nothing"]))
    Exhibit.objects.filter(pk=exhibit.pk).update(chosen_rule=rule, effective_rule=rule)

    for ending in ("change/", "history/", f"pages/{exhibit.pages.get().pk}/", "preview/visitor/"):
        assert cataloguer.get(f"/admin/archive/exhibit/{exhibit.pk}/{ending}").status_code == 404
    assert "Tiếng chiêng" not in cataloguer.get("/admin/archive/exhibit/").content.decode()


def test_an_item_in_the_bin_leaves_no_trace(publisher: Client) -> None:
    exhibit = begun(publisher)
    block = with_block(publisher, exhibit, "gallery")
    item = an_item("Bỏ đi")
    ExhibitPiece.objects.create(block=block, item=item, captions=languages.of(vi="Dưới đây"))
    bin_item(item, actor=None, now=timezone.now())

    assert publisher.get("/exhibits/tieng-chieng/").status_code == 404
