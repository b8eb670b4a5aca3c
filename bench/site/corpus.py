"""The items of the bench of the search page with what a page shows besides: rights, who had a part in them, whose they are, ties, places
that lie in others before and after 1 July 2025, a second file here and there, and tiles."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from access.models import Community
from archive import languages
from archive.administrative_units import FIRST_DAY, LAST_DAY_BEFORE
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemFile,
    ItemRelation,
    Label,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
)
from bench.access.corpus import NOW, _pid, _Table
from bench.archive import ROOT
from bench.search_page import corpus
from media_pipeline.models import Derivative, Master

MARK = "described"
AGENTS, COMMUNES, CREDITS = 3_000, 40, 2
CHUNK = 50_000


def make_once(data: Path, count: int) -> None:
    """Write the archive and its index where they are not there."""
    if (data / MARK).exists():
        return
    corpus.make(count)
    with transaction.atomic():
        _describe()
        _surround_places()
        _make_tiles()
    _tie(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    connection.close()
    words = [sys.executable, "manage.py", "reindex", "--new-log"]
    subprocess.run(words, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, check=True)
    (data / MARK).touch()


def _describe() -> None:
    """Give every item rights and words beside its description."""
    statements = list(RightsStatement.objects.order_by("pk").values_list("pk", flat=True)[:5])
    for number, statement in enumerate(statements):
        Item.objects.extra(where=["id %% 5 = %s"], params=[number]).update(rights=statement)
    half = Item.objects.extra(where=["id %% 2 = 0"])
    half.update(
        extents=languages.of(vi="24 × 18 cm"),
        mediums=languages.of(vi="Ảnh in trên giấy", en="Print on paper"),
        provenances=languages.of(vi="Gia đình nghệ nhân trao cho thư viện."),
    )


def _surround_places() -> None:
    """Let the villages lie in communes and provinces, others before the day of the new units than since."""
    villages = list(Place.objects.filter(kind="village").order_by("pk"))
    before, now = _place("tinh-cu", "Tỉnh Kon Tum", "province"), _place("tinh-moi", "Tỉnh Quảng Ngãi", "province")
    district = _place("huyen", "Huyện Đăk Hà", "district", until=LAST_DAY_BEFORE)
    PlaceParent.objects.create(child=district, parent=before, valid_to=LAST_DAY_BEFORE)
    old, new = [], []
    for number in range(COMMUNES):
        old.append(_place(f"xa-cu-{number}", f"Xã Đăk {number}", "commune", until=LAST_DAY_BEFORE))
        new.append(_place(f"xa-moi-{number}", f"Xã Đăk Mới {number}", "commune", since=FIRST_DAY))
        PlaceParent.objects.create(child=old[-1], parent=district, valid_to=LAST_DAY_BEFORE)
        PlaceParent.objects.create(child=new[-1], parent=now, valid_from=FIRST_DAY)
        PlaceSuccession.objects.create(before=old[-1], after=new[-1], on_date=FIRST_DAY)
    for number, village in enumerate(villages):
        at = number % COMMUNES
        PlaceParent.objects.create(child=village, parent=old[at], valid_to=LAST_DAY_BEFORE)
        PlaceParent.objects.create(child=village, parent=new[at], valid_from=FIRST_DAY)


def _place(slug: str, name: str, kind: str, *, since: date | None = None, until: date | None = None) -> Place:
    place = Place.objects.create(slug=slug, kind=kind, valid_from=since, valid_to=until)
    PlaceName.objects.create(place=place, text=name, lang="vi", valid_from=since, valid_to=until)
    return place


def _make_tiles() -> None:
    for master in Master.objects.order_by("pk"):
        files = [{"name": "pyramid.tif", "media_type": "image/tiff", "size_bytes": 3_000_000, "sha256": master.sha256}]
        Derivative.objects.create(
            master=master, role="pyramid", version=1, prefix=f"{master.sha256[:8]}/2", files=files,
            facts={"width": 6000, "height": 4000}, size_bytes=3_000_000, made_at=NOW,
        )  # fmt: skip


def _tie(count: int) -> None:
    """Write the ties: two people with a part in every item, a community of every fifth, a telling and a second file of every twentieth."""
    order = random.Random(20261127)
    agents = Agent.objects.bulk_create(
        Agent(slug=f"nguoi-{number}", names=languages.of(vi=f"Nghệ nhân A {number}"), born_edtf="1931", kind="person")
        for number in range(AGENTS)
    )
    people = [agent.pk for agent in agents]
    home = Community.objects.create(
        name="Làng Kon Rờ Bàng", statements=languages.of(vi="Xin nghe với lòng kính trọng."), page_is_open=True
    )
    label = Label.objects.create(
        kind="tk", community=home, project_address="https://localcontextshub.org/projects/0", title="TK Attribution"
    )
    files = list(ItemFile.objects.filter(pk__lte=count).order_by("pk").values_list("effective_rule_id", flat=True))
    masters = list(Master.objects.order_by("pk").values_list("pk", flat=True))
    some = ItemFile.objects.order_by("pk")[0]
    tables = {
        "credits": _Table(ItemAgent(item_id=0, agent_id=0)),
        "communities": _Table(Item.communities.through(item_id=0, community_id=home.pk)),
        "labels": _Table(Item.labels.through(item_id=0, label_id=label.pk)),
        "relations": _Table(ItemRelation(item_id=0, other_id=0, kind="telling")),
        "files": _Table(
            ItemFile(item_id=0, intake_id=some.intake_id, original_name="b.jpg", position=1, created_at=NOW)
        ),
    }
    for key in range(1, count + 1):
        for part in range(CREDITS):
            number = (key - 1) * CREDITS + part + 1
            role = ("pht", "prf")[part]
            tables["credits"].add(id=number, item_id=key, agent_id=order.choice(people), role=role, position=part)
        if key % 5 == 0:
            tables["communities"].add(id=key, item_id=key)
            tables["labels"].add(id=key, item_id=key)
        if key % 20 == 0:
            tables["relations"].add(id=key, item_id=key, other_id=key - 1)
            tables["files"].add(
                id=count + key, pid=_pid(order), item_id=key, effective_rule_id=files[key - 1],
                master_id=masters[key % len(masters)],
            )  # fmt: skip
        if key % CHUNK == 0 or key == count:
            with transaction.atomic():
                for table in tables.values():
                    table.write()
