"""What a visitor's browser may keep of an item's page, and when it is told that what it has still holds: never after anything changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import Community, Device, Protocol, User
from access.policy import Level
from access.viewer import visitor
from archive import languages
from archive.actions.choose_access import choose_item_access
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemPlace,
    ItemRelation,
    Label,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    Subject,
)
from archive.noted import noting
from archive.whole_items import whole_item
from heritage.settings import BASE_DIR
from media_pipeline.models import Derivative
from public_site import freshness
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def tag_of(client: Client, item: Item, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/items/{item.pid}/")
    assert answer.status_code == 200
    return answer.headers.get("ETag", "")


def status_with(client: Client, item: Item, tag: str, prefix: str = "", query: str = "") -> int:
    """Return how a browser is answered that has the page with this tag."""
    return client.get(f"{prefix}/items/{item.pid}/{query}", headers={"if-none-match": tag}).status_code


def test_a_page_that_did_not_change_is_not_drawn_or_sent_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item("Nhà rông")
    tag = tag_of(client, item)
    monkeypatch.setattr(freshness, "render", lambda *_: pytest.fail("it was drawn"))

    answer = client.get(f"/items/{item.pid}/", headers={"if-none-match": f'"other", {tag}'})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= set(answer["Vary"].replace(" ", "").split(","))


def _closed(item: Item) -> None:
    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())


def _for_readers(item: Item) -> None:
    choose_item_access(item, policy.REGISTERED, actor=None, now=timezone.now())


def _over(item: Item) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    choose_item_access(item, policy.of(Level.PUBLIC, closes_at=yesterday), actor=None, now=timezone.now())


@pytest.mark.parametrize("change", [_closed, _for_readers, _over])
def test_a_page_that_was_closed_is_not_said_to_be_as_it_was(client: Client, change: Callable[[Item], None]) -> None:
    item = make_item("Nhà rông")
    tag = tag_of(client, item)

    change(item)

    assert status_with(client, item, tag) in {404, 410}


def test_no_browser_keeps_a_page_that_will_close_by_itself(client: Client) -> None:
    item = make_item("Nhà rông", access=policy.of(Level.PUBLIC, closes_at=timezone.now() + timedelta(hours=1)))

    answer = client.get(f"/items/{item.pid}/")

    assert (answer.status_code, answer["Cache-Control"], "ETag" in answer) == (200, "private, no-store", False)


def test_who_signs_in_is_sent_their_own_page_and_keeps_nothing_of_it(client: Client) -> None:
    item = make_item("Nhà rông")
    tag = tag_of(client, item)
    client.force_login(User.objects.create_user("ban-doc"))

    answer = client.get(f"/items/{item.pid}/", headers={"if-none-match": tag})

    assert (answer.status_code, answer["Cache-Control"], "ETag" in answer) == (200, "private, no-store", False)


def test_a_machine_of_the_library_is_told_nothing_by_a_strangers_tag(client: Client) -> None:
    from access.devices import COOKIE, digest  # noqa: PLC0415

    item = make_item("Nhà rông")
    tag = tag_of(client, item)
    Device.objects.create(name="Phòng đọc", token_digest=digest("bi-mat"), last_seen_on=timezone.localdate())
    client.cookies[COOKIE] = "bi-mat"

    assert status_with(client, item, tag) == 200


def test_a_visitor_keeps_pages_also_where_an_archive_has_an_open_protocol(client: Client) -> None:
    protocol = Protocol.objects.create(name="Mở", is_open=True)
    protocol.communities.add(Community.objects.create(name="Làng"))
    make_item("Chiêng", access=policy.of_protocols([protocol.pid]))
    item = make_item("Cồng")

    assert tag_of(client, item)
    assert status_with(client, item, tag_of(client, item)) == 304


def test_each_language_and_each_view_of_a_page_has_a_tag_of_its_own(client: Client, tmp_path: Path) -> None:
    item = make_item("Nhà rông")
    for content in (b"one", b"two"):
        master = store_master(content, tmp_path)
        publish(master, tmp_path, Made("thumbnail", "480.webp", b"RIFF....WEBP"))
        second = add_file(item, master)
    tag = tag_of(client, item)

    assert status_with(client, item, tag, "/en") == 200
    assert status_with(client, item, tag, query=f"?file={second.pid}") == 200
    assert status_with(client, item, tag) == 304


def _tied() -> dict[str, Callable[[Item], object]]:
    """Return what may change about a page, by a word for it; each changes what a visitor reads."""

    def of_people(item: Item) -> None:
        item.peoples.add(People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng")))

    def of_file(_item: Item) -> None:
        Derivative.objects.all().delete()

    return {
        "title": lambda item: Item.objects.filter(pk=item.pk).update(titles=languages.of(vi="Khác")),
        "people": of_people,
        "heading": lambda _item: Subject.objects.update(names=languages.of(vi="Dệt")),
        "place": lambda _item: PlaceName.objects.update(text="Kon Klor mới"),
        "agent": lambda _item: Agent.objects.update(name_is_withheld=True),
        "community": lambda _item: Community.objects.update(statements=languages.of(vi="Lời của làng")),
        "label": lambda _item: Label.objects.update(title="TK Khác"),
        "tie": lambda _item: Item.objects.filter(titles=languages.of(vi="Kể khác", en="Kể khác (en)")).update(
            titles=languages.of(vi="Tên khác")
        ),
        "closed tie": lambda _item: choose_item_access(
            Item.objects.get(titles__0__value="Kể khác"), policy.NOBODY, actor=None, now=timezone.now()
        ),
        "file": of_file,
    }


@pytest.mark.parametrize("change", _tied())
def test_whatever_changes_on_a_page_changes_its_tag(client: Client, tmp_path: Path, change: str) -> None:
    item = full_item(tmp_path)
    tag = tag_of(client, item)
    assert status_with(client, item, tag) == 304

    _tied()[change](item)

    assert status_with(client, item, tag) == 200


def full_item(folder: Path, ties: int = 1) -> Item:
    """Return an item with so many of everything that a page tells."""
    item = make_item("Nhà rông")
    above = Place.objects.create(slug=f"xa-{ties}", kind="commune")
    PlaceName.objects.create(place=above, text="Đăk Cấm")
    before = Place.objects.create(slug=f"xa-cu-{ties}", kind="commune", valid_to="2025-06-30")
    PlaceSuccession.objects.create(before=before, after=above, on_date="2025-07-01")
    for number in range(ties):
        name = f"{ties}-{number}"
        item.subjects.add(Subject.objects.create(slug=f"det-{name}", names=languages.of(vi="Nghề dệt")))
        if number:
            item.peoples.add(People.objects.create(slug=f"ba-na-{name}"))
        agent = Agent.objects.create(slug=f"nghe-nhan-{name}", names=languages.of(vi="Y Thử"))
        ItemAgent.objects.create(item=item, agent=agent)
        place = Place.objects.create(slug=f"kon-klor-{name}", kind="village")
        PlaceName.objects.create(place=place, text="Kon Klor")
        PlaceParent.objects.create(child=place, parent=above)
        ItemPlace.objects.create(item=item, place=place)
        community = Community.objects.create(name=f"Làng {name}", page_is_open=True)
        item.communities.add(community)
        item.labels.add(
            Label.objects.create(
                kind="tk",
                community=community,
                project_address=f"https://localcontextshub.org/projects/{name}",
                title="TK",
            )
        )
        ItemRelation.objects.create(item=item, other=make_item("Kể khác"), kind="telling")
        master = store_master(name.encode(), folder)
        publish(master, folder, Made("thumbnail", "480.webp", b"RIFF....WEBP"))
        add_file(item, master)
    return item


def test_a_page_costs_the_same_number_of_queries_however_much_it_tells(client: Client, tmp_path: Path) -> None:
    def cost(item: Item) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/items/{item.pid}/").status_code == 200
        return len(queries)

    few, many = full_item(tmp_path, 1), full_item(tmp_path, 5)
    cost(few)  # what was changed is read into the index once

    # One of them asks for what people told of it.
    assert cost(few) == cost(many) <= 20


def test_templates_look_at_nothing_of_an_item_that_its_tag_is_not_made_of() -> None:
    parts = [BASE_DIR / "templates/public_site/item.html"]
    for folder in ("_parts", "_stages"):
        parts += (BASE_DIR / "templates/public_site" / folder).glob("*.html")
    looked_at = {
        name
        for part in parts
        for name in re.findall(r"(?<![\w.])item\.(\w+)", part.read_text("utf-8"))
        if name not in {"html", "css"}
    }

    assert looked_at <= {"pid", "kind", "state", "get_state_display", "is_sample"}


def test_a_page_of_a_picture_is_told_to_hold_before_anything_of_it_is_put_together(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = full_item(tmp_path)
    tag = tag_of(client, item)
    monkeypatch.setattr(freshness, "tag_of", lambda *_: pytest.fail("it was put together"))

    assert status_with(client, item, tag) == 304


def test_what_was_read_makes_a_tag_only_where_nothing_else_was_read(rf: RequestFactory) -> None:
    item, asked = make_item("Nhà rông"), rf.get("/items/")
    nobody = visitor(now=timezone.now())

    with noting() as first:
        whole_item(nobody, item.pid)
    with noting() as again:
        whole_item(nobody, item.pid)
    Item.objects.filter(pk=item.pk).update(titles=languages.of(vi="Khác"))
    with noting() as later:
        whole_item(nobody, item.pid)
    with noting() as besides:
        whole_item(nobody, item.pid)
        Item.objects.count()

    tags = [freshness.tag_of_read(asked, note) for note in (first, again, later, besides)]
    assert tags[0] == tags[1] != tags[2]
    assert all(tags[:3])
    assert tags[3] == ""


def test_what_is_not_known_to_a_tag_is_refused(now: datetime) -> None:
    with pytest.raises(TypeError):
        freshness.tag_of({"new": object()})
    assert freshness.tag_of({"day": now}) != freshness.tag_of({"day": now + timedelta(days=1)})
