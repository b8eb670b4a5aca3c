"""What lists read: few questions whatever they show, names that are kept as long as they hold, and nothing that was closed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.template import engines
from django.template.exceptions import TemplateSyntaxError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from access import policy
from access.models import AccessRule, User
from access.policy import Level
from access.viewer import Viewer, viewer_for, visitor
from archive import addresses, hits, languages, queries
from archive.models import Agent, Collection, Item, ItemFile, People, Place, PlaceName, Subject
from archive.search import following, indexing
from archive.search.called import AllCalled
from public_site import renditions
from public_site.cards import SIZES_PX
from tests import makers
from tests.access_matrix.world import add_file, make_item, store_master
from tests.doors.public import works
from tests.doors.public.test_burdens import big_document

pytestmark = pytest.mark.django_db
WRONG = "<i>\"'&"
RIGHT = "&lt;i&gt;&quot;&#x27;&amp;"


def page(plain_client: Client, address: str) -> str:
    answer = plain_client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def asked_for(plain_client: Client, address: str) -> list[str]:
    page(plain_client, address)
    with CaptureQueriesContext(connection) as queries_made:
        page(plain_client, address)
    return [query["sql"] for query in queries_made]


@pytest.mark.parametrize("address", ["/items/", "/search/?q=ghe", "/search/?q=ghe&people=ba-na&place=kon-klor"])
def test_a_page_asks_the_same_few_questions_however_much_it_shows(
    plain_client: Client, jar: Item, now: datetime, address: str
) -> None:
    few = asked_for(plain_client, address)
    for number in range(12):
        other = makers.item(now=now, title=f"Ghè {number}")
        other.identifier = f"MAU-{number}"
        works.described(other)
        other.subjects.add(Subject.objects.create(slug=f"de-{number}", names=languages.of(vi=f"Đề {number}")))
        big_document(other, number)

    many = asked_for(plain_client, address)

    assert len(many) == len(few)
    # Rules, the log, the items with their ties and pictures; with words whether files have texts, and who had a part in it.
    assert len(few) <= (3 if "q=" not in address else 5), few


RENAMINGS: dict[str, tuple[Callable[[], object], str]] = {
    "people": (lambda: People.objects.update(names=languages.of(vi="Tên Mới")), "/search/?q=ghe"),
    "subject": (lambda: Subject.objects.update(names=languages.of(vi="Tên Mới")), "/search/?q=ghe&subject=nha-rong"),
    "collection": (lambda: Collection.objects.update(names=languages.of(vi="Tên Mới")), "/items/?collection=lang"),
    "place": (lambda: PlaceName.objects.filter(kind="official").update(text="Tên Mới"), "/items/"),
    "later place": (
        lambda: PlaceName.objects.create(
            place=Place.objects.get(), text="Tên Mới", valid_from=date(2025, 7, 1), kind="official"
        ),
        "/items/",
    ),
    "day of a name": (
        lambda: [
            PlaceName.objects.create(place=Place.objects.get(), text="Tên Mới", valid_from=date(1900, 1, 1)),
            PlaceName.objects.filter(text="Làng Kon Klor").update(valid_from=date(1800, 1, 1)),
        ],
        "/items/",
    ),
    "agent": (lambda: Agent.objects.update(names=languages.of(vi="Tên Mới")), "/search/?q=nhom"),
}


@pytest.mark.parametrize("which", RENAMINGS)
def test_a_renamed_heading_is_called_so_by_the_next_page(plain_client: Client, jar: Item, which: str) -> None:
    rename, address = RENAMINGS[which]
    assert "Tên Mới" not in page(plain_client, address)

    rename()
    if which == "agent":
        indexing.refresh(jar)
        address = "/search/?q=ten+moi"

    assert "Tên Mới" in re.sub("</?mark>", "", page(plain_client, address)).replace("Tên mới", "Tên Mới")


@pytest.mark.parametrize("model", [People, Subject, Collection, Place])
def test_another_address_of_a_heading_is_linked_by_the_next_page(plain_client: Client, jar: Item, model: Any) -> None:
    name = model._meta.model_name
    old = model.objects.get().slug
    assert f"{name}={old}" in page(plain_client, f"/search/?{name}={old}")

    model.objects.update(slug="khac")

    shown = page(plain_client, f"/search/?{name}=khac")
    assert "Ghè rượu cần" in shown
    assert "Ghè rượu cần" not in page(plain_client, f"/search/?{name}={old}")


def test_a_place_that_was_hidden_is_not_named_by_the_next_page(plain_client: Client, jar: Item) -> None:
    assert "Làng Kon Klor" in page(plain_client, "/items/?q=ghe")

    Place.objects.update(precision="hidden")

    assert "Kon Klor" not in page(plain_client, "/items/?q=ghe")
    assert "Ghè rượu cần" not in page(plain_client, "/search/?place=kon-klor")


def test_a_place_on_the_map_moves_with_the_next_page(plain_client: Client, jar: Item, now: datetime) -> None:
    of_icons = page(plain_client, "/items/").count("<circle")

    Place.objects.update(latitude="14.3500", longitude="108.0000")

    assert page(plain_client, "/items/").count("<circle") == of_icons + 1


def test_what_is_closed_between_index_and_page_is_left_out(
    plain_client: Client, jar: Item, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.item(now=now, title="Ghè mở")
    nobody = AccessRule.objects.nobody()
    real = hits.of_keys

    def closing(*args: Any, **more: Any) -> dict[int, hits.Hit]:
        Item.objects.filter(pk=jar.pk).update(effective_rule=nobody)
        return real(*args, **more)

    page(plain_client, "/search/?q=ghe")
    # As if each time another process closed it after the index had been asked.
    monkeypatch.setattr(following.Index, "_read_log", lambda _index: None)
    monkeypatch.setattr(hits, "of_keys", closing)
    shown = page(plain_client, "/search/?q=ghe")

    assert "rượu cần" not in shown
    assert jar.pid not in shown
    assert "Ghè</mark> mở" in shown
    assert "1 tác phẩm" in shown or "1 tài liệu" in shown or re.search(r'role="status">1 ', shown)


def test_a_picture_that_is_closed_is_not_shown(plain_client: Client, now: datetime) -> None:
    item = make_item("Sách")
    big_document(item, 1)
    assert "/thumbnail/160.webp" in page(plain_client, "/items/")

    ItemFile.objects.update(effective_rule=AccessRule.objects.intern(policy.REGISTERED))

    assert "/thumbnail/" not in page(plain_client, "/items/")


def test_pictures_of_cards_are_those_of_pages(now: datetime, tmp_path: Path) -> None:
    wanted = {}
    for number, (sizes, choice) in enumerate(
        [((160, 480, 1280), None), ((90,), None), ((160, 300), None), ((), None), ((160, 480), 2), ((160, 480), 9)]
    ):
        item = make_item(f"Ảnh {number}")
        wanted[item.pk] = _stills(item, tmp_path, sizes, choice)
    viewer = visitor(now=now)
    seen = {item.pk: item for item in queries.items(viewer)}

    found = hits.of_keys(viewer, list(wanted), AllCalled(), sizes_px=SIZES_PX)

    for key in wanted:
        told = [
            next((one for file in seen[key].visible_files if (one := renditions.picture_of(file, px))), None)
            for px in SIZES_PX
        ]
        assert [(one.file_pid, one.role, one.name, one.width, one.height) for one in found[key].pictures] == [
            (one.file.pid, one.role, one.name, one.width, one.height) for one in told if one is not None
        ], key
    assert sum(bool(hit.pictures) for hit in found.values()) == 5


def _stills(item: Item, folder: Path, sizes: tuple[int, ...], choice: int | None) -> None:
    role = "poster" if choice else "thumbnail"
    names = [f"{px}.webp" for px in sizes] + ([f"c2-{px}.webp" for px in sizes] if choice else [])
    files = [
        {"name": name, "media_type": "image/webp", "size_bytes": 1, "sha256": "", "width": px, "height": px}
        for name, px in zip(names, sizes * 2, strict=False)
    ]
    for version in (1, 2):
        file = add_file(item, store_master(f"{item.pk} {version}".encode(), folder))
        file.poster_choice = choice
        file.save()
        for old in (2, 1):
            assert file.master is not None
            file.master.derivatives.create(
                role=role, version=old, prefix=f"{item.pk}/{version}/{old}", files=files if old == 2 else [],
                size_bytes=1, made_at=item.created_at,
            )  # fmt: skip


def test_every_text_of_a_list_is_escaped(plain_client: Client, jar: Item) -> None:
    Item.objects.update(
        titles=languages.of(vi=f"Ghè {WRONG}"), descriptions=languages.of(vi=f"Rượu {WRONG}"), is_sample=False
    )
    for model in (People, Subject, Collection, Agent):
        model._default_manager.update(names=languages.of(vi=f"Tên {WRONG}"))
    PlaceName.objects.update(text=f"Làng {WRONG}")
    Place.objects.update(latitude="14.3500", longitude="108.0000")
    indexing.refresh(Item.objects.get())

    for address in (
        "/items/",
        "/search/?q=ghe",
        "/search/?q=ghe+ruou",
        "/search/?q=ten",
        "/search/?q=lang&place=kon-klor",
    ):
        shown = page(plain_client, address)
        assert "<i>" not in shown, address
        assert RIGHT in shown, address


def test_a_query_and_filters_are_escaped_in_addresses(plain_client: Client, jar: Item) -> None:
    shown = page(plain_client, "/search/?q=ghe&sort=title&kind=image%22%3E%3Ci%3E&date_from=1900")

    assert "<i>" not in shown
    assert page(plain_client, "/search/?q=%22%3E%3Ci%3E%26").count("<i>") == 0


def test_names_read_within_a_transaction_are_not_kept(settings: LazySettings) -> None:
    people = People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    called = AllCalled()
    settings.SEARCH_IN_TRANSACTIONS = False

    with transaction.atomic():
        People.objects.update(names=languages.of(vi="Chưa chắc"))
        assert called.headings("people", [people.pk])[people.pk].label("vi") == "Chưa chắc"
        transaction.set_rollback(True)

    assert called.headings("people", [people.pk])[people.pk].label("vi") == "Ba Na"


def test_addresses_of_cards_are_those_of_pages() -> None:
    pid = "0bcdfghjkm5"
    for code in ("vi", "en"):
        with translation.override(code):
            assert addresses.items_of()(pid) == reverse("public_site:item", args=[pid])
    named = addresses.derivatives_of()(pid, "thumbnail", "160.webp")
    assert named == reverse("files:derivative", args=[pid, "thumbnail", "160.webp"])


@pytest.fixture
def rendered() -> Callable[..., str]:
    def render(source: str, **context: object) -> str:
        return str(templates[source].render(context))

    templates: dict[str, Any] = {}
    steady = "{% load steady %}{% steady a %}{{ a }}{{ b }}{% endsteady %}"
    templates[steady] = engines["django"].from_string(steady)
    return lambda **context: render(steady, **context)


def test_a_steady_part_is_rendered_once_for_the_same_values_and_language(
    rendered: Callable[..., str], settings: LazySettings
) -> None:
    assert rendered(a="1", b="x") == "1x"
    assert rendered(a="1", b="y") == "1x"
    assert rendered(a="2", b="y") == "2y"
    with translation.override("en"):
        assert rendered(a="1", b="z") == "1z"
    settings.LIBRARY_NAME = "Khác"
    assert rendered(a="1", b="y") == "1y"
    assert rendered(a="<i>", b="") == "&lt;i&gt;"


def test_a_steady_part_holds_no_block() -> None:
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string("{% load steady %}{% steady %}{% block a %}{% endblock %}{% endsteady %}")


def test_a_kept_statement_shows_each_viewer_what_their_own_rules_open(now: datetime) -> None:
    shown = makers.item(now=now, title="Mở")
    closed = makers.item(now=now, title="Cho bạn đọc", access=policy.of(Level.REGISTERED))
    stranger, reader = visitor(now=now), viewer_for(User.objects.create_user("doc-gia"), now=now)
    known_to = replace(stranger, granted=frozenset([closed.pid]))

    def seen(viewer: Viewer) -> set[int]:
        return set(hits.of_keys(viewer, [shown.pk, closed.pk], AllCalled(), sizes_px=SIZES_PX))

    for _again in range(2):
        assert seen(stranger) == {shown.pk}
        assert seen(reader) == {shown.pk, closed.pk}
        assert seen(known_to) == {shown.pk, closed.pk}
        assert seen(replace(stranger, rule_ids=frozenset())) == set()
