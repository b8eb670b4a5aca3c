"""Open items as a provincial library describes them, announced to harvesters.

A sample of them is prepared by the software itself; the rest are its records again under other pids: what is measured is handing out, and
making a million records takes an hour. How fast they are made is measured on the sample.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime

from django.db import connection, transaction

from access.models import AccessRule
from access.viewer import visitor
from archive.models import Agent, Collection, Item, ItemAgent, ItemFile, ItemState, People, Subject
from bench.access.corpus import KINDS, NOW, _pid, _sentence, _Table
from interop.oai import keeping, preparing, triggers
from interop.oai.models import HarvestBody, HarvestMembership, HarvestRecord, HarvestWaiting
from media_pipeline.models import Intake

FIRST = datetime(2016, 1, 1, tzinfo=UTC)
PREPARED, CHUNK = 5_000, 50_000
MOST = 100  # formats, or sets, of one record
PEOPLES = ("ba-na", "xo-dang", "gie-trieng", "gia-rai", "brau")
LANGUAGES = ("vi", "bdq", "sed", "jeh", "zxx")


def make(count: int) -> float:
    """Write the corpus into an empty archive; return the processor time of preparing one record in all formats, in seconds."""
    order = random.Random(20261126)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-600000")
    began = time.monotonic()
    # The corpus comes by bulk; what it changes is looked at below, where it is counted.
    triggers.remove()
    _items(order, count)
    triggers.install()
    sample = min(count, PREPARED)
    preparing.follow_rules(visitor(now=NOW))
    HarvestWaiting.objects.all().delete()
    HarvestWaiting.objects.bulk_create([HarvestWaiting(item_key=key) for key in range(1, sample + 1)])
    clock = time.process_time()
    prepared = keeping.catch_up(now=NOW, within_s=3600)
    each = (time.process_time() - clock) / max(prepared, 1)
    for start in range(sample, count, CHUNK):
        _again(start, min(start + CHUNK, count), sample)
    with connection.cursor() as cursor:
        for settle in ("ANALYZE",) if connection.vendor == "sqlite" else ("VACUUM ANALYZE", "CHECKPOINT"):
            cursor.execute(settle)
    print(f"  {count:,} records written in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return each


def _items(order: random.Random, count: int) -> None:
    public = AccessRule.objects.public()
    peoples = [People.objects.create(slug=slug, names=_said(slug.title())).pk for slug in PEOPLES]
    subjects = [Subject.objects.create(slug=f"chu-de-{n}", names=_said(_sentence(order)[:20])).pk for n in range(50)]
    collections = [
        Collection.objects.create(slug=f"suu-tap-{n}", names=_said(_sentence(order)[:30])).pk for n in range(20)
    ]
    agents = [Agent.objects.create(slug=f"nguoi-{n}", names=_said(_sentence(order)[:14])).pk for n in range(200)]
    intake = Intake.objects.create(original_name="a.jpg", size_bytes=1, created_at=NOW, touched_at=NOW)
    some = {"effective_rule_id": public.pk, "chosen_rule_id": public.pk, "created_at": NOW}
    # The state of what the actions would have published.
    items = _Table(
        Item(kind="image", modified_at=NOW, published_at=NOW, state=ItemState.PUBLISHED, was_public=True, **some)
    )
    files = _Table(ItemFile(item_id=0, intake=intake, original_name="a.jpg", **{**some, "chosen_rule_id": None}))
    ties = {
        "people": _Table(Item.peoples.through(item_id=0, people_id=0)),
        "subject": _Table(Item.subjects.through(item_id=0, subject_id=0)),
        "collection": _Table(Item.collections.through(item_id=0, collection_id=0)),
    }
    credits = _Table(ItemAgent(item_id=0, agent_id=0, role="aut"))
    sentences = [_sentence(order) for _ in range(500)]
    for start in range(0, count, CHUNK):
        for key in range(start + 1, min(start + CHUNK, count) + 1):
            moment = connection.ops.adapt_datetimefield_value(FIRST + (NOW - FIRST) * (key / count))
            items.add(
                id=key, pid=_pid(order), identifier=f"KT.{key:07}", kind=order.choice(list(KINDS)),
                languages=json.dumps([order.choice(LANGUAGES)]),
                titles=json.dumps(_said(order.choice(sentences)[:60]), ensure_ascii=False),
                descriptions=json.dumps(_said(order.choice(sentences)), ensure_ascii=False),
                date_edtf=str(order.randint(1950, 2025)), created_at=moment, modified_at=moment, published_at=moment,
            )  # fmt: skip
            files.add(id=key, pid=_pid(order), item_id=key)
            ties["people"].add(id=key, item_id=key, people_id=order.choice(peoples))
            ties["subject"].add(id=key, item_id=key, subject_id=order.choice(subjects))
            ties["collection"].add(id=key, item_id=key, collection_id=order.choice(collections))
            credits.add(id=key, item_id=key, agent_id=order.choice(agents))
        with transaction.atomic():
            for table in (items, files, credits, *ties.values()):
                table.write()


def _again(start: int, end: int, sample: int) -> None:
    """Announce items by what was prepared for others, in the order of their keys."""
    pids = dict(Item.objects.filter(pk__gt=start, pk__lte=end).values_list("pk", "pid"))
    pattern = {one.item_key: one for one in HarvestRecord.objects.all()}
    bodies: dict[int, list[HarvestBody]] = {}
    for body in HarvestBody.objects.filter(format__in=(1, 3)):
        bodies.setdefault(body.record_id, []).append(body)
    sets: dict[int, list[int]] = {}
    for record, one in HarvestMembership.objects.values_list("record", "set"):
        sets.setdefault(record, []).append(one)
    records = _Table(HarvestRecord(item_key=0, changed_s=0))
    kept = _Table(HarvestBody(record_id=0, format=1, xml=b""))
    members = _Table(HarvestMembership(record_id=0, set_id=0))
    # A number for each row, of as many as a record can have.
    for key in range(start + 1, end + 1):
        like = pattern[(key - 1) % sample + 1]
        records.add(id=key, item_key=key, pid=pids[key], changed_s=like.changed_s, sets=like.sets, digest=like.digest)
        for place, body in enumerate(bodies[like.pk]):
            kept.add(
                id=key * MOST + place,
                record_id=key,
                format=body.format,
                made_by=body.made_by,
                made_s=body.made_s,
                xml=bytes(body.xml),
            )
        for place, one in enumerate(sets[like.pk]):
            members.add(id=key * MOST + place, record_id=key, set_id=one)
    with transaction.atomic():
        for table in (records, kept, members):
            table.write()


def _said(text: str) -> list[dict[str, str]]:
    return [{"lang": "vi", "value": text}]
