"""A harvest that runs while records change, close and are withdrawn ends, after one incremental harvest, with exactly the visible set."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from access import policy
from access.identifiers import new_pid
from access.models import AccessRule
from access.policy import Level
from access.viewer import visitor
from archive import queries, visibility
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import move_item
from archive.languages import of
from archive.models import Agent, Item, ItemAgent, ItemRelation, People
from interop.oai import listing, views
from interop.oai.models import HarvestRecord
from tests.access_matrix.world import make_item
from tests.oai.harvesters import Harvester

pytestmark = pytest.mark.django_db
IS_LONG = os.environ.get("HERITAGE_TEST_LONG") == "1"
ITEMS, CHANGES_A_PAGE = (1500, 70) if IS_LONG else (40, 5)
MANY, CHANGES_AT_ONCE = (4000, 400) if IS_LONG else (300, 150)
START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


class Clock:
    """The time of the door: it moves on with each look at it."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        self.moment += timedelta(seconds=2)
        return self.moment


class Archive:
    """Things that happen to an archive, each at a moment that may lie before the last page: what was under way is committed late."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock, self.chance, self.made = clock, random.Random(seed), 0

    def moment(self) -> datetime:
        return self.clock.moment - timedelta(seconds=self.chance.choice([0, 0, 1, 30, 4000]))

    def some(self, **which: object) -> Item:
        return self.chance.choice(list(Item.objects.filter(**which).order_by("pk")))

    def describe(self) -> None:
        item = self.some()
        Item.objects.filter(pk=item.pk).update(titles=of(vi=f"Đổi {self.chance.random()}"), modified_at=self.moment())

    def describe_and_tell_nobody(self) -> None:
        Item.objects.filter(pk=self.some().pk).update(descriptions=of(vi=f"Lặng lẽ {self.chance.random()}"))

    def close(self) -> None:
        choose_item_access(
            self.some(),
            self.chance.choice([policy.STAFF, policy.NOBODY, policy.REGISTERED]),
            actor=None,
            now=self.moment(),
        )

    def open(self) -> None:
        choose_item_access(self.some(), policy.PUBLIC, actor=None, now=self.moment())

    def close_on_a_day(self) -> None:
        ends = self.clock.moment + timedelta(seconds=self.chance.randint(0, 8))
        choose_item_access(self.some(), policy.of(Level.PUBLIC, closes_at=ends), actor=None, now=self.moment())

    def open_on_a_day(self) -> None:
        begins = self.clock.moment + timedelta(seconds=self.chance.randint(0, 8))
        choose_item_access(self.some(), policy.of(Level.PUBLIC, opens_at=begins), actor=None, now=self.moment())

    def withdraw(self) -> None:
        move_item(self.some(state="published"), "withdrawn", actor=None, now=self.moment())

    def bin(self) -> None:
        # Only what no reader ever saw goes there by the desk; by hand anything may.
        item = self.some()
        Item.objects.filter(pk=item.pk).update(binned_at=self.moment())
        visibility.apply(item)

    def remove(self) -> None:
        self.some().delete()

    def add(self) -> None:
        self.made += 1
        make_item(
            f"Mới {self.made}", published_at=self.moment(), access=self.chance.choice([policy.PUBLIC, policy.STAFF])
        )

    def rename_people(self) -> None:
        People.objects.filter(slug="ba-na").update(names=of(vi=f"Ba Na {self.chance.random()}"))

    def withhold_a_name(self) -> None:
        Agent.objects.filter(slug="a-nhar").update(
            name_is_withheld=not Agent.objects.get(slug="a-nhar").name_is_withheld
        )

    def tie(self) -> None:
        one, other = self.some(), self.some()
        if one != other:
            ItemRelation.objects.get_or_create(item=one, other=other, kind="related")

    def happen(self) -> None:
        deeds: list[Callable[[], None]] = [
            self.describe, self.describe_and_tell_nobody, self.close, self.open, self.close_on_a_day, self.open_on_a_day, self.withdraw,
            self.bin, self.remove, self.add, self.rename_people, self.withhold_a_name, self.tie,
        ]  # fmt: skip
        self.chance.choice(deeds)()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(views, "timezone", clock)
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", ITEMS // 12)
    return clock


@pytest.mark.parametrize("seed", range(4 if IS_LONG else 2))
def test_a_harvester_ends_with_exactly_what_is_open(client: Client, clock: Clock, seed: int) -> None:
    archive, partner = Archive(clock, seed), Harvester(client, prefix="oai_dcterms")
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    agent = Agent.objects.create(slug="a-nhar", names=of(vi="A Nhar"), shown_as=of(vi="một nghệ nhân"))
    for number in range(ITEMS):
        item = make_item(
            f"Nhà rông {number}",
            published_at=START - timedelta(days=1),
            access=archive.chance.choice([policy.PUBLIC] * 4 + [policy.STAFF]),
        )
        if number % 3 == 0:
            item.peoples.add(people)
            ItemAgent.objects.create(item=item, agent=agent, role="nrt")

    for page in partner.pages():
        assert page is not None
        for _ in range(CHANGES_A_PAGE):
            archive.happen()
    assert len(partner.told) == len(set(partner.told))
    for _page in partner.pages(from_=partner.began):
        pass

    viewer = visitor(now=clock.moment)
    visible = set(queries.published_items(viewer).values_list("pid", flat=True))
    assert set(partner.kept) == visible
    fresh = Harvester(client, prefix="oai_dcterms")
    for _page in fresh.pages():
        pass
    assert fresh.kept == partner.kept


def test_a_rule_that_nobody_announced_is_followed_too(client: Client, clock: Clock) -> None:
    item = make_item("Nhà rông", published_at=START - timedelta(days=1))
    partner = Harvester(client)
    list(partner.pages())
    assert item.pid in partner.kept

    # As a repair by hand would do it: no action, no moment.
    Item.objects.filter(pk=item.pk).update(effective_rule=AccessRule.objects.nobody())
    list(partner.pages(from_=partner.began))

    assert partner.kept == {}
    assert partner.deleted == {item.pid}


def test_a_day_that_comes_opens_and_closes_without_anything_being_written(client: Client, clock: Clock) -> None:
    day = START + timedelta(hours=1)
    opening = make_item("Mở sau", published_at=START, access=policy.of(Level.PUBLIC, opens_at=day))
    closing = make_item("Đóng sau", published_at=START, access=policy.of(Level.PUBLIC, closes_at=day))
    partner = Harvester(client)
    list(partner.pages())
    assert set(partner.kept) == {closing.pid}

    clock.moment = day
    list(partner.pages(from_=partner.began))

    assert set(partner.kept) == {opening.pid}
    assert partner.deleted == {closing.pid}
    stamps = dict(HarvestRecord.objects.values_list("pid", "changed_s"))
    assert stamps[opening.pid] == int(day.timestamp())


def test_a_thousand_changes_during_a_harvest_end_with_exactly_what_is_open(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In bulk, as a program that repairs an archive changes it: no action announces any of it."""
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", MANY // 12)
    chance = random.Random(8)
    rules = {one: AccessRule.objects.intern(one) for one in (policy.PUBLIC, policy.STAFF, policy.REGISTERED)}
    pattern = make_item("Mẫu", published_at=START - timedelta(days=1))
    Item.objects.bulk_create(_like(pattern, f"Nhà rông {number}") for number in range(MANY))
    partner, changed = Harvester(client), 0

    for page in partner.pages():
        assert page is not None
        keys = chance.sample(list(Item.objects.order_by("pk").values_list("pk", flat=True)), CHANGES_AT_ONCE)
        described, closed, opened, withdrawn, gone = (keys[part::5] for part in range(5))
        moment = clock.moment - timedelta(seconds=chance.choice([0, 1, 4000]))
        Item.objects.filter(pk__in=described).update(titles=of(vi=f"Đổi {chance.random()}"), modified_at=moment)
        shut = rules[chance.choice([policy.STAFF, policy.REGISTERED])]
        Item.objects.filter(pk__in=closed).update(effective_rule=shut, chosen_rule=shut)
        Item.objects.filter(pk__in=opened).update(
            effective_rule=rules[policy.PUBLIC], chosen_rule=rules[policy.PUBLIC], state="published"
        )
        Item.objects.filter(pk__in=withdrawn).update(state="withdrawn", effective_rule=rules[policy.STAFF])
        Item.objects.filter(pk__in=gone[::2]).delete()
        Item.objects.bulk_create(_like(pattern, f"Mới {number}") for number in range(len(gone) // 2))
        changed += len(keys)
    assert changed >= 1000
    assert len(partner.told) == len(set(partner.told))
    list(partner.pages(from_=partner.began))

    visible = queries.published_items(visitor(now=clock.moment)).values_list("pid", "titles")
    assert set(partner.kept) == {pid for pid, _titles in visible}
    assert all(titles[0]["value"] in partner.kept[pid] for pid, titles in visible)


def _like(pattern: Item, title: str) -> Item:
    return Item(
        pid=new_pid(),
        kind=pattern.kind,
        titles=of(vi=title),
        state=pattern.state,
        was_public=True,
        chosen_rule=pattern.chosen_rule,
        effective_rule=pattern.effective_rule,
        created_at=pattern.created_at,
        modified_at=pattern.modified_at,
        published_at=pattern.published_at,
    )
