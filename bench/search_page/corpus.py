"""The records of the bench of the index as items of an archive: words, six facets, sixty rules, a picture each; written in bulk.

What real entries hold besides, the names of the headings that an item is tied to, is left out: the words are then as often as they stand in
the records, and questions drawn from these ask for them as often.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import sys
import time
from datetime import date

from django.db import connection, transaction

from access.models import AccessRule, User
from archive.derived_names import picture_name
from archive.models import (
    Collection,
    Item,
    ItemFile,
    ItemKind,
    ItemPlace,
    ItemState,
    People,
    Place,
    PlaceName,
    PlaceParent,
    SearchEntry,
    Subject,
)
from archive.search import indexing, triggers
from archive.search.index.shapes import Document
from bench.access.corpus import FIRST, NOW, READER, UNPUBLISHED, _moment, _people, _pid, _Table, policies
from bench.search import corpus as records
from interop.oai import triggers as announcing
from media_pipeline.models import Derivative, Intake, Master

CHUNK = 50_000
LANGUAGES = ("vi", "bdq", "sed", "jeh", "jra", "zxx")
PEOPLES = ("ba-na", "xo-dang", "gie-trieng", "gia-rai", "brau", "ro-mam", "kinh", "thai", "tay", "muong")
PLACES, COLLECTIONS, SUBJECTS = 250, 60, records.SUBJECTS
PICTURES = 40
SIZES_PX = (160, 480, 1200)


def make(count: int) -> float:
    """Write the corpus into an archive that is empty, or that a call before this one was cut off in; returns how long this one took, in
    seconds."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # For writing only: a benchmark's file may be lost, and its indexes are written at random.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-600000")
    began = time.monotonic()
    # What is written here is indexed as a whole afterwards.
    triggers.remove()
    announcing.remove()
    if not User.objects.filter(username=READER).exists():
        _people(READER)
    written = Item.objects.count()
    tables = _Tables()
    lines = itertools.islice(records.records(records.file(count)), written, None)
    for start in range(written, count, CHUNK):
        order = random.Random(records.SEED + start)
        for _number in range(start, min(start + CHUNK, count)):
            record = next(lines)
            tables.add(order, record, count)
        tables.write()
        print(f"    {min(start + CHUNK, count):,} items", file=sys.stderr, flush=True)
    triggers.install()
    announcing.install()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return time.monotonic() - began


def _last(table: _Table) -> int:
    """Return the number of the last row that is written, 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX("id"), 0) FROM "{table.name}"')  # noqa: S608
        return int(cursor.fetchone()[0])


def kind_of(value: str) -> str:
    return ItemKind.values[int(value) % len(ItemKind.values)]


def language_of(value: str) -> str:
    return LANGUAGES[int(value) % len(LANGUAGES)]


def slug_of(facet: str, value: str) -> str:
    """Return the address part of a place or a collection of the records."""
    return f"{'noi' if facet == 'place' else 'bo'}-{value}"


class _Tables:
    """Rows on their way into the tables."""

    def __init__(self) -> None:
        rules = [(AccessRule.objects.intern(one), one) for one in policies()]
        self.rules = [
            (rule.pk, UNPUBLISHED.get(next(iter(one.clauses)).level, ItemState.PUBLISHED)) for rule, one in rules
        ]
        self.headings = {
            "people": [_named(People, slug, slug.title()) for slug in PEOPLES],
            "subject": [_named(Subject, f"chu-de-{n}", f"Chủ đề {n}") for n in range(SUBJECTS)],
            "collection": [
                _named(Collection, slug_of("collection", str(n)), f"Bộ sưu tập {n}") for n in range(COLLECTIONS)
            ],
            "place": _places(),
        }
        self.masters = [_master(number) for number in range(PICTURES)]
        intake = Intake.objects.first() or Intake.objects.create(
            original_name="a.jpg", size_bytes=1, created_at=NOW, touched_at=NOW
        )
        rule = self.rules[0][0]
        some = {"effective_rule_id": rule, "chosen_rule_id": rule, "created_at": NOW}
        self.items = _Table(Item(kind="image", modified_at=NOW, published_at=NOW, **some))
        shown = {**some, "chosen_rule_id": None}
        self.files = _Table(
            ItemFile(item_id=0, intake=intake, master_id=self.masters[0], original_name="a.jpg", **shown)
        )
        self.entries = _Table(SearchEntry(item_id=0, sort_title="", made_by=indexing.VERSION))
        self.located = _Table(ItemPlace(item_id=0, place_id=self.headings["place"][0]))
        self.ties = {
            "people": _Table(Item.peoples.through(item_id=0, people_id=0)),
            "subject": _Table(Item.subjects.through(item_id=0, subject_id=0)),
            "collection": _Table(Item.collections.through(item_id=0, collection_id=0)),
        }
        self.numbers = {name: _last(table) for name, table in self.ties.items()}

    def add(self, order: random.Random, record: records.Record, count: int) -> None:
        key, document = record.number, record.document()
        rule, state = self.rules[document.rule - 1]
        moment = _moment(FIRST + (NOW - FIRST) * (key / count))
        identifier, year = f"QN.{key:07}", int(record.facets["decade"][0])
        self.items.add(
            id=key, pid=_pid(order), identifier=identifier, kind=kind_of(record.facets["kind"][0]),
            languages=json.dumps([language_of(record.facets["language"][0])]), titles=_text(record.title),
            descriptions=_text(record.text), date_edtf=str(year), date_first=_day(date(year, 1, 1)),
            date_last=_day(date(year, 12, 31)), state=state, was_public=state == ItemState.PUBLISHED, chosen_rule_id=rule,
            effective_rule_id=rule, created_at=moment, modified_at=moment,
            published_at=None if state == ItemState.DRAFT else moment,
        )  # fmt: skip
        self.files.add(
            id=key, pid=_pid(order), item_id=key, effective_rule_id=rule, master_id=self.masters[key % PICTURES]
        )
        self._words(document, identifier)
        self._tie("people", key, key * 7_919 % len(PEOPLES))
        self._tie("collection", key, int(record.facets["collection"][0]))
        for subject in record.facets["subject"]:
            self._tie("subject", key, int(subject))
        self.located.add(id=key, item_id=key, place_id=self.headings["place"][int(record.facets["place"][0])])

    def write(self) -> None:
        with transaction.atomic():
            for table in (self.items, self.files, self.entries, self.located, *self.ties.values()):
                table.write()

    def _words(self, document: Document, identifier: str) -> None:
        self.entries.add(
            item_id=document.key,
            titles=json.dumps(document.titles, ensure_ascii=False),
            texts=json.dumps([*document.texts, identifier], ensure_ascii=False),
            sort_title=document.title_key[:200],
        )

    def _tie(self, name: str, item: int, number: int) -> None:
        self.numbers[name] += 1
        self.ties[name].add(id=self.numbers[name], item_id=item, **{f"{name}_id": self.headings[name][number]})


def _places() -> list[int]:
    """Make the villages, ten to a commune, all in one province; returns the keys of the villages."""
    province = _place("tinh", Place.PlaceKind.PROVINCE, "Tỉnh")
    communes = [
        _place(f"xa-{n}", Place.PlaceKind.COMMUNE, f"Xã {n}", n * 10, within=province) for n in range(PLACES // 10)
    ]
    return [
        _place(slug_of("place", str(n)), Place.PlaceKind.VILLAGE, f"Làng {n}", n, within=communes[n // 10]).pk
        for n in range(PLACES)
    ]


def _place(slug: str, kind: str, name: str, number: int | None = None, within: Place | None = None) -> Place:
    if (found := Place.objects.filter(slug=slug).first()) is not None:
        return found
    at = {} if number is None else {"latitude": f"{14 + number / 500:.4f}", "longitude": f"{107 + number / 400:.4f}"}
    place = Place.objects.create(slug=slug, kind=kind, **at)
    PlaceName.objects.create(place=place, text=name, lang="vi")
    if within is not None:
        PlaceParent.objects.create(child=place, parent=within)
    return place


def _master(number: int) -> int:
    name = hashlib.sha256(str(number).encode()).hexdigest()
    if (found := Master.objects.filter(sha256=name).first()) is not None:
        return found.pk
    master = Master.objects.create(
        sha256=name, sha512=name * 2, size_bytes=3_000_000, extension="jpg", kind="image", media_type="image/jpeg",
        state=Master.State.READY, stored_at=NOW, verified_at=NOW,
    )  # fmt: skip
    files = [
        {
            "name": picture_name(px), "media_type": "image/webp", "size_bytes": px * 100, "sha256": name, "width": px,
            "height": px * 2 // 3,
        }
        for px in SIZES_PX
    ]  # fmt: skip
    Derivative.objects.create(
        master=master, role="thumbnail", version=1, prefix=f"{name[:8]}/1", files=files, size_bytes=200_000, made_at=NOW
    )
    return master.pk


def _named(model: type[People | Subject | Collection], slug: str, name: str) -> int:
    return model._default_manager.get_or_create(slug=slug, defaults={"names": _said(name)})[0].pk


def _said(text: str) -> list[dict[str, str]]:
    return [{"lang": "vi", "value": text}]


def _text(text: str) -> str:
    return json.dumps(_said(text), ensure_ascii=False)


def _day(day: date) -> object:
    return connection.ops.adapt_datefield_value(day)
