"""Lists that are kept as they were drawn: what is shown is what would be drawn now, to everybody, after every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.safestring import SafeString

from access import policy, remembered
from access.models import (
    AccessRule,
    AuditEntry,
    Community,
    CommunityMembership,
    Grant,
    Protocol,
    ProtocolMembership,
    User,
)
from access.policy import Standing
from access.viewer import Viewer
from archive.languages import of as said
from archive.models import Agent, Item, ItemAgent, ItemPlace, Passage, PassageSet, People, Place, PlaceName
from archive.search import following, indexing
from public_site import drawn_lists
from public_site.drawn_lists import Kept, Listed
from tests.access_matrix.world import NOW, add_file, make_item, store_master

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/search/?q=nha+rong"
ADDRESSES = (ADDRESS, "/items/", "/en/search/?q=nha+rong&sort=title", "/peoples/ba-na/", "/places/kon-klor/")


@pytest.fixture(autouse=True)
def as_a_process_of_the_archive(settings: LazySettings) -> Iterator[None]:
    settings.SEARCH_IN_TRANSACTIONS = False
    connection.ensure_connection()  # a session of PostgreSQL is asked for the state of things once it is open
    yield
    drawn_lists._kept.forget()


@pytest.fixture
def work() -> Item:
    """Return a work in the search, of a people, a place and a person."""
    item = make_item("Nhà rông Kon Klor")
    item.peoples.add(People.objects.create(slug="ba-na", names=said(vi="Ba Na", en="Ba Na")))
    place = Place.objects.create(slug="kon-klor", kind="village")
    PlaceName.objects.create(place=place, text="Kon Klor", lang="vi", kind="official")
    ItemPlace.objects.create(item=item, place=place, position=0)
    agent = Agent.objects.create(slug="a-biu", names=said(vi="A Biu Nhà"))
    ItemAgent.objects.create(item=item, agent=agent, role="nrt")
    indexing.refresh(item)
    return item


def page(address: str = ADDRESS, user: User | None = None) -> str:
    client = Client(headers={"accept-encoding": ""})
    if user is not None:
        client.force_login(user)
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def drawn(address: str = ADDRESS, user: User | None = None) -> str:
    """Return the page as it is where nothing is kept."""
    drawn_lists._kept.forget()
    return page(address, user)


def is_kept(address: str = ADDRESS) -> bool:
    """Whether a visitor's page needs no question a second time, while nothing is written: others write to one PostgreSQL, too."""
    while True:
        state = remembered.state_now()
        page(address)
        with CaptureQueriesContext(connection) as seen:
            page(address)
        if state is None or state == remembered.state_now():
            return not any("archive_item" in one["sql"] for one in seen)


def test_a_list_is_drawn_once_while_nothing_is_written(work: Item) -> None:
    assert is_kept()
    assert "<mark>Nhà rông</mark> Kon Klor" in page()
    assert page() == page() == drawn()


CHANGES: dict[str, Callable[[Item], object]] = {
    "closed": lambda item: Item.objects.filter(pk=item.pk).update(effective_rule=AccessRule.objects.nobody()),
    "renamed": lambda item: Item.objects.filter(pk=item.pk).update(titles=said(vi="Nhà rông mới", en="New")),
    "another": lambda _item: make_item("Nhà rông khác"),
    "removed": lambda item: item.delete(),
    "its people is called otherwise": lambda _item: People.objects.update(names=said(vi="Bahnar", en="Bahnar")),
    "its place is called otherwise": lambda _item: PlaceName.objects.update(text="Kon Tum Klor"),
    "its place may not be told": lambda _item: Place.objects.update(precision=Place.Precision.HIDDEN),
    "a person may not be named": lambda _item: Agent.objects.update(name_is_withheld=True),
    "its rule is damaged": lambda item: AccessRule.objects.filter(pk=item.effective_rule_id).update(digest="x"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_nobody_is_shown_what_was_before_a_change(kind: str, work: Item) -> None:
    # Pages of headings ask besides whether the viewer sees anything there.
    assert [is_kept(address) for address in ADDRESSES[:3]] == [True] * 3
    before = [page(address) for address in ADDRESSES]

    CHANGES[kind](work)

    after = [page(address) for address in ADDRESSES]
    assert after == [drawn(address) for address in ADDRESSES]
    assert kind == "a person may not be named" or after != before


def people(protocol: Protocol, work: Item) -> dict[str, User | None]:
    """Make a visitor, readers, staff, members and one to whom a single work was opened."""
    made: dict[str, User | None] = {"visitor": None}
    for name in ("reader", "another reader", "member", "another member", "staff", "member of the staff", "grantee"):
        made[name] = user = User.objects.create_user(name.replace(" ", "-"), is_staff="staff" in name)
        if "member" in name:
            CommunityMembership.objects.create(community=protocol.communities.get(), user=user)
            ProtocolMembership.objects.create(protocol=protocol, user=user)
        if name == "grantee":
            Grant.objects.create(
                target_pid=work.pid, user=user, reason="x", granted_at=NOW, valid_until=NOW + timedelta(days=36_500)
            )
    return made


@pytest.fixture
def protocol() -> Protocol:
    made = Protocol.objects.create(name="Người trong làng")
    made.communities.add(Community.objects.create(name="Làng"))
    return made


def test_everybody_is_shown_what_is_open_to_them_whoever_asked_before(work: Item, protocol: Protocol) -> None:
    closed = make_item("Nhà rông kín", access=policy.of_protocols([protocol.pid]))
    make_item("Nhà rông cho bạn đọc", access=policy.REGISTERED)
    make_item("Nhà rông nháp", state="draft")
    asking = people(protocol, closed)
    addresses = (ADDRESS, f"/en{ADDRESS}", "/items/")
    alone = {(name, address): drawn(address, user) for name, user in asking.items() for address in addresses}
    clients = {name: Client(headers={"accept-encoding": ""}) for name in asking}
    for name, user in asking.items():
        if user is not None:
            clients[name].force_login(user)
    drawn_lists._kept.forget()

    for turn in (list(asking), list(reversed(asking))):
        told = {(name, address): clients[name].get(address).content.decode() for name in turn for address in addresses}
        assert told == alone

    who_sees = {name for (name, address), text in alone.items() if address == ADDRESS and "kín" in text}
    assert who_sees == {"member", "another member", "member of the staff", "grantee"}
    assert "bạn đọc" not in alone["visitor", ADDRESS]


def test_nothing_is_kept_for_whom_something_was_opened_alone() -> None:
    rules = frozenset({1, 2})
    visitor = Viewer(Standing(), rules, NOW)
    reader = Viewer(Standing(is_registered=True), rules, NOW, user_id=1)

    keys = [drawn_lists.key_of(one, "x", letters=1) for one in (visitor, reader)]

    assert None not in keys
    assert keys[0] != keys[1]
    assert keys[0] != drawn_lists.key_of(Viewer(Standing(), frozenset({1}), NOW), "x", letters=1)
    assert drawn_lists.key_of(Viewer(Standing(), rules, NOW, granted=frozenset("x")), "x", letters=1) is None
    assert drawn_lists.key_of(Viewer(Standing(), rules, NOW, in_emergency=frozenset("x")), "x", letters=1) is None
    assert drawn_lists.key_of(visitor, "x", letters=drawn_lists.ASKED_LETTERS_MOST + 1) is None


def test_places_are_called_by_their_names_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Viewer(Standing(), frozenset({1}), NOW)
    today = drawn_lists.key_of(visitor, "x", letters=1)
    assert drawn_lists.key_of(visitor, "x", letters=1) == today

    monkeypatch.setattr(timezone, "localdate", lambda: NOW.date())

    assert drawn_lists.key_of(visitor, "x", letters=1) != today


def test_each_of_two_colleagues_is_written_down_who_reads_what_is_said_in_a_restricted_recording(
    protocol: Protocol, tmp_path: Path, now: datetime
) -> None:
    item = make_item("Hơmon", kind="audio", access=policy.of_protocols([protocol.pid]))
    with transaction.atomic():
        file = add_file(item, store_master(b"x", tmp_path, kind="audio", media_type="audio/mpeg"))
    read = PassageSet.objects.create(master=file.master, role="captions", prefix="x")
    Passage.objects.create(set=read, number=1, start_ms=0, text="Lời kín", folded=" loi kin ")
    indexing.refresh(item)
    clients = []
    for name in ("a", "b"):
        user = User.objects.create_user(name, is_staff=True)
        CommunityMembership.objects.create(community=protocol.communities.get(), user=user)
        ProtocolMembership.objects.create(protocol=protocol, user=user)
        client = Client(headers={"accept-encoding": ""})
        client.force_login(user)
        clients.append(client)

    # Three times the first: what is written for the first time is a change by itself.
    for client in (clients[0], clients[0], clients[0], clients[1]):
        assert "Lời" in client.get("/search/?q=loi+kin").content.decode()

    seen = AuditEntry.objects.filter(verb="see_restricted").order_by("pk").values_list("actor_name", flat=True)
    assert list(seen) == ["a", "b"]


def test_what_was_drawn_before_all_changes_were_read_is_not_kept(work: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    more = [make_item(f"Nhà rông {number}") for number in range(6)]
    page()
    with monkeypatch.context() as slow:
        slow.setattr(following, "READ_AT_ONCE", 2)
        slow.setattr(following, "READ_FOR_S", -1.0)
        slow.setattr(following.Index, "_read_behind", lambda _index: None)
        for one in more:
            one.titles = said(vi=f"Nhà dài {one.pk}")
            one.save()
            indexing.refresh(one)

        page()
        assert following.index().waiting > 0

    assert page() == drawn()


def test_what_finds_nothing_is_not_kept(work: Item) -> None:
    assert not is_kept("/search/?q=khongcogi") or not drawn_lists._kept._lists


def test_what_was_drawn_while_somebody_wrote_is_not_shown_again(work: Item) -> None:
    key = ("x",)

    def draw() -> tuple[Listed, bool]:
        Item.objects.filter(pk=work.pk).update(is_sample=True)
        return Listed(SafeString("old")), True

    assert drawn_lists.of(key, draw).results == "old"
    assert drawn_lists.of(key, lambda: (Listed(SafeString("new")), True)).results == "new"


def test_within_a_transaction_nothing_is_kept_and_nothing_kept_counts(work: Item) -> None:
    page()
    with transaction.atomic():
        assert drawn_lists.of("x", lambda: (Listed(SafeString("inside")), True)).results == "inside"
        transaction.set_rollback(True)

    assert drawn_lists.of("x", lambda: (Listed(SafeString("outside")), True)).results == "outside"


def test_what_is_kept_is_of_one_state_and_no_larger_than_it_may_be() -> None:
    kept = Kept(bytes_most=10_000)
    kept.keep("state", 1, Listed(SafeString("ế" * 1_000)))
    kept.keep("state", 2, Listed(SafeString("b")))
    assert kept.find("state", 1) == Listed(SafeString("ế" * 1_000))
    assert kept.find("another state", 1) is None

    kept.keep("state", 3, Listed(SafeString("c" * 3_000)))
    assert [key for key in (1, 2, 3) if kept.find("state", key)] == [1, 3]

    kept.keep("state", 4, Listed(SafeString("d" * 20_000)))
    assert kept.find("state", 4) is None
    kept.keep("state", 1, Listed(SafeString("a")))
    assert kept._bytes == sum(map(drawn_lists._size, kept._lists.values()))

    kept.keep("another state", 5, Listed(SafeString("e")))
    assert [key for key in (1, 2, 3, 5) if kept.find("another state", key)] == [5]
