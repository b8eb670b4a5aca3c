"""A million described items under sixty rules, and a reader who satisfies about half of them: the same rows each time, written in bulk."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection, models, transaction

from access import identifiers, policy
from access.models import AccessRule, Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.policy import Level, Policy, Sharing
from archive.models import Item, ItemFile, ItemState, People
from media_pipeline.models import Intake

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FIRST = datetime(2016, 1, 1, tzinfo=UTC)
READER = "ban-doc"
PROTOCOLS, MEMBERSHIPS = 40, 20
CHUNK = 50_000
ONSETS = "b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x"
RHYMES = "a á à ả an ang ao ăn âm ân âu ba e ê ên i iêng in inh o ong ô ôn ông ơi un ung ư ương ươi y yên"
PEOPLES = {"ba-na": 40, "xo-dang": 30, "gie-trieng": 20, "gia-rai": 8, "brau": 2}
KINDS = {"image": 50, "audio": 15, "video": 10, "document": 20, "ebook": 5}
# The state of what lies under these rules, as the actions would leave it.
UNPUBLISHED = {Level.STAFF: ItemState.DRAFT}


def policies() -> list[Policy]:
    """Return sixty policies in the order of how much lies under them: one that the reader satisfies, then one that they do not."""
    inside = [f"protocol{number:02}" for number in range(MEMBERSHIPS)]
    outside = [f"protocol{number:02}" for number in range(MEMBERSHIPS, PROTOCOLS)]
    later, before = datetime(2036, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    satisfied = [policy.PUBLIC, policy.REGISTERED, policy.of(Level.PUBLIC, opens_at=before)]
    satisfied += [policy.of(Level.REGISTERED, closes_at=later), policy.of(Level.REGISTERED, opens_at=before)]
    satisfied += [policy.of_protocols([name]) for name in inside]
    satisfied += [
        policy.of_protocols([one, other], Sharing.ANY) for one, other in zip(inside[:5], outside, strict=False)
    ]
    closed = [policy.STAFF, policy.ONSITE, policy.NOBODY, policy.of(Level.PUBLIC, opens_at=later)]
    closed += [policy.of(Level.PUBLIC, closes_at=before)]
    closed += [policy.of_protocols([name]) for name in outside]
    closed += [policy.of_protocols([one, other]) for one, other in zip(inside[:5], outside, strict=False)]
    return [one for pair in zip(satisfied, closed, strict=True) for one in pair]


def make(count: int) -> None:
    """Write the corpus into an empty archive."""
    began = time.monotonic()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # For writing only: a benchmark's file may be lost, and its indexes are written at random.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-600000")
    order = random.Random(20261126)
    _people(READER)
    rules = [AccessRule.objects.intern(one) for one in policies()]
    states = [UNPUBLISHED.get(next(iter(rule.policy.clauses)).level, ItemState.PUBLISHED) for rule in rules]
    shares = [1 / (rank + 3) ** 0.8 for rank in range(len(rules))]
    peoples = [People.objects.create(slug=slug, names=[{"lang": "vi", "value": slug}]).pk for slug in PEOPLES]
    intake = Intake.objects.create(original_name="a.jpg", size_bytes=1, created_at=NOW, touched_at=NOW)
    sentences = [_sentence(order) for _ in range(500)]
    said = [(_said(one[:40]), _said(one)) for one in sentences]
    tables = _Tables(intake)
    for start in range(0, count, CHUNK):
        keys = range(start + 1, min(start + CHUNK, count) + 1)
        drawn = order.choices(range(len(rules)), shares, k=len(keys))
        kinds = order.choices(list(KINDS), list(KINDS.values()), k=len(keys))
        of_people = order.choices(peoples, list(PEOPLES.values()), k=len(keys))
        for key, number, kind, people in zip(keys, drawn, kinds, of_people, strict=True):
            # What was received first was published first, but for some weeks.
            moment = FIRST + (NOW - FIRST) * (max(0.0, key + order.uniform(-5000, 0)) / count)
            tables.add(key, order, rules[number].pk, states[number], kind, people, _moment(moment), order.choice(said))
        tables.write()
    _analyse()
    print(f"  {count:,} items written in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _people(name: str) -> None:
    home = Community.objects.create(name="Làng")
    reader = User.objects.create_user(name)
    CommunityMembership.objects.create(community=home, user=reader)
    for number in range(PROTOCOLS):
        protocol = Protocol.objects.create(pid=f"protocol{number:02}", name=f"Nhóm {number}")
        protocol.communities.add(home)
        if number < MEMBERSHIPS:
            ProtocolMembership.objects.create(protocol=protocol, user=reader)


def _sentence(order: random.Random) -> str:
    onsets, rhymes = ONSETS.split(), RHYMES.split()
    return " ".join(order.choice(onsets) + order.choice(rhymes) for _ in range(order.randint(18, 46)))


class _Tables:
    """Rows on their way into the tables, each the row of an example with some columns of its own."""

    def __init__(self, intake: Intake) -> None:
        some = {"effective_rule_id": 0, "chosen_rule_id": 0, "created_at": NOW}
        self.items = _Table(Item(kind="image", modified_at=NOW, published_at=NOW, **some))
        self.files = _Table(ItemFile(item_id=0, intake=intake, original_name="a.jpg", **some))
        self.peoples = _Table(Item.peoples.through(item_id=0, people_id=0))

    def add(
        self,
        key: int,
        order: random.Random,
        rule: int,
        state: str,
        kind: str,
        people: int,
        moment: object,
        said: tuple[str, str],
    ) -> None:
        self.items.add(
            id=key,
            pid=_pid(order),
            identifier=f"KT.{key:07}",
            kind=kind,
            titles=said[0],
            descriptions=said[1],
            state=state,
            chosen_rule_id=rule,
            effective_rule_id=rule,
            created_at=moment,
            modified_at=moment,
            published_at=None if state == ItemState.DRAFT else moment,
        )
        self.files.add(id=key, pid=_pid(order), item_id=key, chosen_rule_id=None, effective_rule_id=rule)
        self.peoples.add(id=key, item_id=key, people_id=people)

    def write(self) -> None:
        with transaction.atomic():
            for table in (self.items, self.files, self.peoples):
                table.write()


class _Table:
    def __init__(self, example: models.Model) -> None:
        fields = example._meta.concrete_fields
        self.name = example._meta.db_table
        self.columns = [field.column for field in fields]
        self.example: dict[str, object] = {
            str(field.column): field.get_db_prep_save(getattr(example, field.attname), connection) for field in fields
        }
        self.rows: list[tuple[Any, ...]] = []  # Any: what the driver takes

    def add(self, **own: object) -> None:
        self.rows.append(tuple({**self.example, **own}.values()))

    def write(self) -> None:
        names = ", ".join(f'"{name}"' for name in self.columns)
        with connection.cursor() as cursor:
            raw = cursor.cursor
            if isinstance(raw, psycopg.Cursor):
                with raw.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in self.rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" for _ in self.columns)
                sqlite3.Cursor.executemany(raw, f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', self.rows)  # noqa: S608
        self.rows.clear()


def _pid(order: random.Random) -> str:
    body = "".join(order.choices(identifiers.ALPHABET, k=identifiers.LENGTH))
    return body + identifiers.check_character(body)


def _said(text: str) -> str:
    return json.dumps([{"lang": "vi", "value": text}], ensure_ascii=False)


def _moment(moment: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(moment)


def _analyse() -> None:
    """Let the database know its tables and write out what was loaded, as PostgreSQL does by itself before long: later it would be work of
    what is measured. SQLite is left as it is found: without figures."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
