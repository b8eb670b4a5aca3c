"""An archive of a hundred thousand items as a library has them after some years: described, with files, work, history and a log."""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

from access import policy
from access.models import AccessRule, AuditEntry, Community, Petition, Protocol, User
from access.policy import Level, Policy
from archive import languages, visibility
from archive.history import recording, snapshots
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemKind,
    ItemPlace,
    ItemState,
    People,
    Place,
    PlaceName,
    Remark,
    RightsStatement,
    SearchEntry,
    Subject,
)
from archive.search.folding import compact, fold
from archive.search.sorting import title_key
from media_pipeline.models import Intake, Job, Master

NOW = datetime(2026, 7, 1, tzinfo=UTC)
BOSS = "quan_tri"
CHUNK = 5_000
ROWS_AT_ONCE = 500
PEOPLES, AGENTS, SUBJECTS, PLACES, COLLECTIONS, PETITIONS = 30, 3_000, 500, 1_500, 100, 500
ONSETS = tuple("bcdghklmnrstvx")
RHYMES = (
    "a",
    "á",
    "à",
    "ang",
    "ao",
    "ăn",
    "âm",
    "ba",
    "ê",
    "iêng",
    "inh",
    "o",
    "ong",
    "ôn",
    "ơi",
    "un",
    "ung",
    "ươi",
    "yên",
    "ư",
)
STATES = {
    ItemState.PUBLISHED: 70,
    ItemState.DRAFT: 20,
    ItemState.IN_REVIEW: 5,
    ItemState.EDITS_NEEDED: 3,
    ItemState.WITHDRAWN: 2,
}
KINDS = {
    ItemKind.IMAGE: 50,
    ItemKind.AUDIO: 15,
    ItemKind.VIDEO: 10,
    ItemKind.DOCUMENT: 20,
    ItemKind.EBOOK: 5,
}


def make(count: int) -> None:
    """Write the corpus into an empty archive, the same each time."""
    began = time.monotonic()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # for writing only: a benchmark's file may be lost
    order = random.Random(20261126)
    boss = User.objects.create_superuser(BOSS, password=None)
    headings = _Headings(order)
    rules = _Rules()
    for start in range(0, count, CHUNK):
        with transaction.atomic():
            _chunk(order, range(start, min(start + CHUNK, count)), headings, rules, boss)
        print(f"    {min(start + CHUNK, count):,} items", file=sys.stderr, flush=True)
    _petitions(order)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=NORMAL")
    print(f"  {count:,} items written in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


class _Headings:
    """What items are tied to."""

    def __init__(self, order: random.Random) -> None:
        def names(what: str, number: int) -> dict[str, Any]:  # Any: columns
            text = f"{_words(order, 2, 4).capitalize()} {number}"
            return {"slug": f"{what}-{number}", "names": languages.of(vi=text)}

        self.peoples = _kept(People(**names("dan-toc", n)) for n in range(PEOPLES))
        self.agents = _kept(Agent(**names("nguoi", n)) for n in range(AGENTS))
        self.subjects = _kept(Subject(**names("chu-de", n)) for n in range(SUBJECTS))
        self.collections = _kept(Collection(**names("bo-suu-tap", n)) for n in range(COLLECTIONS))
        self.places = _kept(Place(slug=f"noi-{n}", kind=Place.PlaceKind.VILLAGE) for n in range(PLACES))
        _kept(PlaceName(place=place, text=f"Làng {_words(order, 1, 3)}", lang="vi") for place in self.places)
        self.rights = list(RightsStatement.objects.order_by("pk")[:5])


class _Rules:
    """Who may see what, as the actions would have it."""

    def __init__(self) -> None:
        home = Community.objects.create(name="Làng")
        protocol = Protocol.objects.create(pid="protocol001", name="Nhóm giữ bài")
        protocol.communities.add(home)
        chosen: list[Policy] = [policy.PUBLIC, policy.REGISTERED, policy.STAFF, policy.of_protocols([protocol.pid])]
        self.chosen = [AccessRule.objects.intern(one) for one in [*chosen, policy.of(Level.NOBODY)]]
        self.weights = [65, 15, 10, 7, 3]

    def effective(self, chosen: AccessRule, state: str) -> AccessRule:
        return AccessRule.objects.intern(visibility.of_item(chosen.policy, state))


def _chunk(order: random.Random, numbers: range, headings: _Headings, rules: _Rules, boss: User) -> None:
    items = [_item(order, number, headings, rules) for number in numbers]
    _write(items)
    masters = [_master(item, number) for item, number in zip(items, numbers, strict=True)]
    _write(masters)
    intakes = [_intake(master) for master in masters]
    _write(intakes)
    _write([_file(item, intake) for item, intake in zip(items, intakes, strict=True)])
    _write([_job(order, master, role) for master in masters for role in ("identify", "thumbnail")])
    _ties(order, items, headings)
    _write([_entry(item) for item in items])
    _write(
        [
            recording.made(item, snapshots.bare_item(item), "create", number=1, actor=boss, now=item.created_at)
            for item in items
        ]
    )
    _write(
        [
            AuditEntry(at=item.created_at, actor=boss, actor_name=BOSS, verb="create_item", target_pid=item.pid)
            for item in items
        ]
    )
    waiting = [item for item in items if item.state in {ItemState.IN_REVIEW, ItemState.EDITS_NEEDED}]
    _write(
        [Remark(item=item, author=boss, at=item.modified_at, moved_to=item.state, text="Xem lại") for item in waiting]
    )


def _item(order: random.Random, number: int, headings: _Headings, rules: _Rules) -> Item:
    state = _drawn(order, STATES)
    chosen = order.choices(rules.chosen, rules.weights)[0]
    moment = NOW - timedelta(minutes=order.randrange(3_000_000))
    return Item(
        identifier=f"KT.{number:06}",
        kind=_drawn(order, KINDS),
        titles=languages.of(vi=_words(order, 3, 9).capitalize()),
        descriptions=languages.of(vi=_words(order, 20, 60)),
        languages=[] if order.random() < 0.1 else [order.choice(["vi", "bdq", "sed", "gie"])],
        rights=None if order.random() < 0.2 else order.choice(headings.rights),
        state=state,
        chosen_rule=chosen,
        effective_rule=rules.effective(chosen, state),
        depicts_person=order.random() < 0.05,
        created_at=moment,
        modified_at=moment,
        published_at=moment if state in {ItemState.PUBLISHED, ItemState.WITHDRAWN} else None,
    )


def _master(item: Item, number: int) -> Master:
    name = hashlib.sha256(str(number).encode()).hexdigest()
    return Master(
        sha256=name, sha512=name * 2, size_bytes=3_000_000 + number, extension="jpg", kind="image", media_type="image/jpeg",
        state=Master.State.KEPT if number % 997 == 0 else Master.State.READY, stored_at=item.created_at, verified_at=NOW,
    )  # fmt: skip


def _intake(master: Master) -> Intake:
    return Intake(
        pid=master.sha256[:32],
        original_name="a.jpg",
        size_bytes=master.size_bytes,
        offset_bytes=master.size_bytes,
        state=Intake.State.STORED,
        master=master,
        created_at=NOW,
        touched_at=NOW,
    )


def _file(item: Item, intake: Intake) -> ItemFile:
    return ItemFile(
        item=item,
        intake=intake,
        master=intake.master,
        original_name=f"{item.identifier}.jpg",
        effective_rule=item.effective_rule,
        created_at=NOW,
    )


def _job(order: random.Random, master: Master, role: str) -> Job:
    state = order.choices([Job.State.DONE, Job.State.FAILED, Job.State.QUEUED], [995, 3, 2])[0]
    return Job(
        role=role, recipe_version=1, master=master, state=state, percent=100, not_before=NOW, created_at=master.stored_at,
        rung_at=NOW, finished_at=NOW if state != Job.State.QUEUED else None,
    )  # fmt: skip


def _ties(order: random.Random, items: Sequence[Item], headings: _Headings) -> None:
    _write([Item.peoples.through(item=item, people=order.choice(headings.peoples)) for item in items])
    _write([Item.subjects.through(item=item, subject=order.choice(headings.subjects)) for item in items])
    _write([Item.collections.through(item=item, collection=order.choice(headings.collections)) for item in items])
    _write([ItemAgent(item=item, agent=order.choice(headings.agents)) for item in items])
    _write([ItemPlace(item=item, place=order.choice(headings.places)) for item in items])


def _entry(item: Item) -> SearchEntry:
    texts = [item.identifier or "", *(one["value"] for one in [*item.titles, *item.descriptions])]
    return SearchEntry(
        item=item,
        exact="\n".join(languages.canonical(text).casefold() for text in texts),
        folded=" " + " \n ".join(fold(text) for text in texts) + " ",
        compact="\n".join(compact(text) for text in texts),
        sort_title=title_key(item.titles[0]["value"])[:200],
    )


def _petitions(order: random.Random) -> None:
    pids = list(Item.objects.order_by("pk").values_list("pid", flat=True)[: PETITIONS * 2])
    _kept(
        Petition(
            kind=Petition.Kind.ACCESS,
            target_pid=order.choice(pids),
            text=_words(order, 5, 20),
            received_at=NOW,
            act_by=NOW + timedelta(days=10),
        )
        for _number in range(PETITIONS)
    )  # fmt: skip


def _words(order: random.Random, fewest: int, most: int) -> str:
    return " ".join(order.choice(ONSETS) + order.choice(RHYMES) for _ in range(order.randint(fewest, most)))


def _drawn(order: random.Random, weights: dict[Any, int]) -> Any:  # Any: a choice
    return order.choices(list(weights), list(weights.values()))[0]


def _kept(rows: Iterator[models.Model]) -> list[Any]:  # Any: rows of one model
    made = list(rows)
    _write(made)
    return made


def _write(rows: Sequence[models.Model]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
