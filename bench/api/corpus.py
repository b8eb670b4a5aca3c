"""Open items as a provincial library describes them, with places that changed, and a picture each with what was made of it."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta

from access import identifiers
from access.models import AccessRule
from access.viewer import visitor
from archive.languages import of
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemState,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from bench.access.corpus import KINDS, NOW, _analyse, _sentence
from interop.oai import keeping, preparing, triggers
from interop.oai.models import HarvestWaiting
from media_pipeline.models import Derivative, Master

PEOPLES = ("ba-na", "xo-dang", "gie-trieng", "gia-rai", "brau")
PIXELS = (160, 480, 1280)


def make(count: int) -> list[str]:
    """Write the corpus into an empty archive, kept ready as a running one has it; return the pids, newest first."""
    order = random.Random(20261126)
    triggers.remove()
    items = _items(order, count)
    _ties(order, items)
    _files(order, items)
    triggers.install()
    preparing.follow_rules(visitor(now=NOW))
    HarvestWaiting.objects.all().delete()
    preparing.wait_for(item.pk for item in items)
    keeping.catch_up(now=NOW, within_s=3600)
    _analyse()
    return [item.pid for item in reversed(items)]


def _items(order: random.Random, count: int) -> list[Item]:
    public, rights = AccessRule.objects.public(), RightsStatement.objects.order_by("pk").first()
    rows = []
    for number in range(count):
        moment = NOW - timedelta(minutes=count - number)
        rows.append(
            Item(
                pid=identifiers.new_pid(),
                identifier=f"KT.{number:06}",
                kind=order.choice(list(KINDS)),
                titles=of(vi=_sentence(order)[:60], en=_sentence(order)[:60]),
                descriptions=of(vi=_sentence(order), en=_sentence(order)),
                extents=of(vi="12 trang"),
                languages=["vi", "bdq"],
                date_edtf=str(order.randint(1950, 2025)),
                rights=rights,
                rights_holders=of(vi="Thư viện tỉnh"),
                state=ItemState.PUBLISHED,
                was_public=True,
                chosen_rule=public,
                effective_rule=public,
                created_at=moment,
                modified_at=moment,
                published_at=moment,
            )
        )
    return Item.objects.bulk_create(rows)


def _ties(order: random.Random, items: list[Item]) -> None:
    peoples = [People.objects.create(slug=slug, names=of(vi=slug.title(), en=slug.upper())) for slug in PEOPLES]
    subjects = [Subject.objects.create(slug=f"chu-de-{n}", names=of(vi=_sentence(order)[:20])) for n in range(50)]
    collections = [
        Collection.objects.create(slug=f"suu-tap-{n}", names=of(vi=_sentence(order)[:30])) for n in range(20)
    ]
    agents = [Agent.objects.create(slug=f"nguoi-{n}", names=of(vi=_sentence(order)[:14])) for n in range(100)]
    places = _places()
    Item.peoples.through.objects.bulk_create(
        Item.peoples.through(item=item, people=order.choice(peoples)) for item in items
    )
    Item.subjects.through.objects.bulk_create(
        Item.subjects.through(item=item, subject=one) for item in items for one in order.sample(subjects, 2)
    )
    Item.collections.through.objects.bulk_create(
        Item.collections.through(item=item, collection=order.choice(collections)) for item in items
    )
    ItemAgent.objects.bulk_create(ItemAgent(item=item, agent=order.choice(agents), role="pht") for item in items)
    ItemPlace.objects.bulk_create(ItemPlace(item=item, place=order.choice(places), role="created") for item in items)


def _places() -> list[Place]:
    """Return villages, each in a commune that was another one in a district before July 2025."""
    last = date(2025, 6, 30)

    def place(slug: str, kind: str, **more: object) -> Place:
        made = Place.objects.create(slug=slug, kind=kind, **more)
        PlaceName.objects.create(place=made, text=slug.replace("-", " ").title())
        return made

    province = place("tinh", "province")
    district = place("huyen", "district", valid_to=last)
    PlaceParent.objects.create(child=district, parent=province, valid_to=last)
    villages = []
    for number in range(10):
        old = place(f"xa-cu-{number}", "commune", valid_to=last)
        new = place(f"xa-moi-{number}", "commune", valid_from=last + timedelta(days=1))
        PlaceParent.objects.create(child=old, parent=district, valid_to=last)
        PlaceParent.objects.create(child=new, parent=province)
        PlaceSuccession.objects.create(before=old, after=new, on_date=last + timedelta(days=1))
        for village in range(3):
            lang = place(f"lang-{number}-{village}", "village", latitude="14.35", longitude="108.01")
            PlaceParent.objects.create(child=lang, parent=old, valid_to=last)
            PlaceParent.objects.create(child=lang, parent=new, valid_from=last + timedelta(days=1))
            villages.append(lang)
    return villages


def _files(order: random.Random, items: list[Item]) -> None:
    masters = Master.objects.bulk_create(
        Master(
            sha256=hashlib.sha256(item.pid.encode()).hexdigest(),
            sha512=hashlib.sha512(item.pid.encode()).hexdigest(),
            size_bytes=order.randint(1_000_000, 9_000_000),
            extension="jpg",
            kind="image",
            media_type="image/jpeg",
            puid="fmt/43",
            state=Master.State.READY,
            stored_at=NOW,
            verified_at=NOW,
        )
        for item in items
    )
    ItemFile.objects.bulk_create(
        ItemFile(
            item=item, master=master, role="main", original_name="a.jpg", effective_rule=item.effective_rule, created_at=NOW
        )
        for item, master in zip(items, masters, strict=True)
    )  # fmt: skip
    Derivative.objects.bulk_create(row for master in masters for row in _made(master))


def _made(master: Master) -> list[Derivative]:
    def entry(name: str, **facts: int) -> dict[str, object]:
        return {"name": name, "media_type": "image/webp", "size_bytes": 40_000, "sha256": master.sha256, **facts}

    stills = [entry(f"{edge}.webp", width=edge, height=edge * 3 // 4) for edge in PIXELS]
    tiles = [{**entry("pyramid.tif"), "media_type": "image/tiff"}]
    some = {"master": master, "version": 1, "made_at": NOW}
    return [
        Derivative(role="thumbnail", prefix=f"{master.sha256}/t", files=stills, size_bytes=120_000, **some),
        Derivative(role="pyramid", prefix=f"{master.sha256}/p", files=tiles, size_bytes=40_000, **some),
    ]
