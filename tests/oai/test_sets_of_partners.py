"""A partner's own set: what was opened to it alone, told to its key and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.actions import keep_partners
from access.actions.appoint import appoint
from access.actions.belong import add_member
from access.models import Community, Partner, PartnerKey, Protocol, User
from access.partner_limits import Counter, Sums
from archive.actions.choose_access import choose_item_access
from archive.languages import of
from archive.models import Item
from interop.oai import partner_sets, views
from tests.access_matrix.world import make_item
from tests.oai.harvesters import NAMESPACE, Harvester, asked, error_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


class Clock:
    """The time of the door: some seconds pass between requests."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        self.moment += timedelta(seconds=3)
        return self.moment


@dataclass
class World:
    partner: Partner
    program: Client
    rule: policy.Policy
    theirs: Item
    public: Item
    others: Item

    @property
    def spec(self) -> str:
        return f"partner:{self.partner.pid}"


def key_of(name: str) -> tuple[Partner, Client]:
    librarian, _made = User.objects.get_or_create(username="quan-tri", is_superuser=True, is_staff=True)
    now = timezone.now()
    partner = Partner(name=name, people="chi.h@example.org", purpose="Mục lục chung")
    partner = keep_partners.make_partner(partner, actor=librarian, now=now)
    end = now + timedelta(days=30)
    _key, secret = keep_partners.make_key(partner, scopes=("read",), expires_at=end, actor=librarian, now=now)
    return partner, Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("access.middleware.counter", Counter())
    monkeypatch.setattr("access.middleware.sums", Sums())
    monkeypatch.setattr(views, "timezone", Clock())
    community = Community.objects.create(name="Làng Kon Klor")
    protocols = [Protocol.objects.create(name=name) for name in ("Nghe tại làng", "Của người già")]
    for protocol in protocols:
        protocol.communities.add(community)
    partner, program = key_of("Thư viện Gia Lai")
    now = timezone.now()
    add_member(community, partner.account, actor=None, now=now)
    appoint(protocols[0], partner.account, actor=None, now=now)
    rules = [policy.of_protocols([protocol.pid]) for protocol in protocols]
    return World(
        partner=partner,
        program=program,
        rule=rules[0],
        theirs=make_item("Của làng", access=rules[0]),
        public=make_item("Cho mọi người"),
        others=make_item("Của người già", access=rules[1]),
    )


def test_a_partner_harvests_what_was_opened_to_it_with_its_key(client: Client, world: World) -> None:
    own, everybody = Harvester(world.program, prefix="marcxml"), Harvester(world.program)

    list(own.pages(set=world.spec))
    list(everybody.pages())

    assert set(own.kept) == {world.theirs.pid}
    assert "Của làng" in own.kept[world.theirs.pid]
    # Without the set the list is everybody's, whoever asks.
    assert set(everybody.kept) == {world.public.pid}
    assert world.spec in "".join(asked(world.program, verb="ListSets").itertext())
    assert world.spec not in "".join(asked(client, verb="ListSets").itertext())


def test_to_anybody_else_there_is_no_such_set(client: Client, world: World) -> None:
    list(Harvester(world.program).pages(set=world.spec))
    _other, its_program = key_of("Thư viện Đắk Lắk")

    def answer(asking: Client, spec: str) -> bytes:
        told = asking.get("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": spec}).content
        return told[told.index(b"<error") :]

    unknown = answer(client, "partner:0123456789b")
    assert answer(client, world.spec) == answer(its_program, world.spec) == unknown
    assert answer(world.program, "partner:0123456789b") == unknown


def test_a_place_in_the_set_is_good_with_its_key_only(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner_sets, "RECORDS_A_PAGE", 1)
    second = make_item("Cũng của làng", access=world.rule)
    root = asked(world.program, verb="ListRecords", metadataPrefix="oai_dc", set=world.spec)
    token = root.findtext(".//{*}resumptionToken") or ""
    _other, its_program = key_of("Thư viện Đắk Lắk")

    assert error_of(asked(client, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"
    assert error_of(asked(its_program, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"
    own = Harvester(world.program)
    list(own.pages(set=world.spec))
    assert set(own.kept) == {world.theirs.pid, second.pid}


def test_one_record_is_told_to_its_partner_and_to_nobody_else(client: Client, world: World) -> None:
    def of_item(asking: Client, item: Item) -> str | None:
        identifier = f"oai:{NAMESPACE}:{item.pid}"
        return error_of(asked(asking, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier))

    assert of_item(world.program, world.theirs) is None
    assert of_item(world.program, world.public) is None
    assert of_item(world.program, world.others) == of_item(client, world.theirs) == "idDoesNotExist"


def test_changes_and_what_closes_are_heard_of_and_what_opens_to_all_stays(world: World) -> None:
    now = timezone.now()
    second = make_item("Cũng của làng", access=world.rule)
    own = Harvester(world.program)
    list(own.pages(set=world.spec))

    Item.objects.filter(pk=world.theirs.pk).update(titles=of(vi="Đổi tên"))
    choose_item_access(second, policy.NOBODY, actor=None, now=now)
    third = make_item("Mới của làng", access=world.rule)
    list(own.pages(set=world.spec, from_=own.began))

    assert set(own.kept) == {world.theirs.pid, third.pid}
    assert "Đổi tên" in own.kept[world.theirs.pid]
    assert own.deleted == {second.pid}
    choose_item_access(third, policy.PUBLIC, actor=None, now=now)
    choose_item_access(second, world.rule, actor=None, now=now)
    list(own.pages(set=world.spec, from_=own.began))
    assert set(own.kept) == {world.theirs.pid, third.pid, second.pid}


def test_a_partner_whose_role_ends_is_told_that_all_is_deleted_and_without_a_key_nothing(world: World) -> None:
    own = Harvester(world.program)
    list(own.pages(set=world.spec))
    world.partner.account.protocols.all().delete()

    list(own.pages(set=world.spec, from_=own.began))

    assert own.kept == {}
    assert own.deleted == {world.theirs.pid}
    PartnerKey.objects.update(revoked_at=timezone.now())
    assert world.program.get("/oai", {"verb": "Identify"}).status_code == 401
