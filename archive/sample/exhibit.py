"""The exhibit of the sample, so that a fresh archive shows what staff can compose: made of the sample's items, and gone with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from access import policy
from archive import languages
from archive.actions.compose_exhibit import (
    bin_exhibit,
    change_exhibit,
    delete_exhibit,
    history_of,
    make_exhibit,
    move_exhibit,
)
from archive.exhibits import composing
from archive.models import Exhibit, ExhibitBlock, ExhibitState, Item, Place
from archive.models.exhibit import BlockKind
from archive.sample.marks import NOTICE_EN, NOTICE_VI, PREFIX_EN, PREFIX_VI

Told = Mapping[str, Any]  # Any: JSON


@transaction.atomic
def show(*, now: datetime) -> None:
    """Publish the exhibit, made of those of its items that are here: anew where more came since, never where a person changed it."""
    told = _read()
    here = _items(told)
    shown = Exhibit.objects.filter(slug=told["slug"]).first()
    if not here or (
        shown is not None and (_is_of_staff(shown) or _shown_items(shown) == {one.pk for one in here.values()})
    ):
        return
    if shown is None:
        shown = Exhibit(slug=told["slug"], titles=_marked(told["titles"]), summaries=_noticed(told["summaries"]))
        shown = make_exhibit(shown, access=policy.PUBLIC, actor=None, now=now)
    shown = change_exhibit(shown, lambda held: _compose(held, told, here), actor=None, now=now)
    if shown.state != ExhibitState.PUBLISHED:
        move_exhibit(shown, ExhibitState.PUBLISHED, actor=None, now=now)


@transaction.atomic
def remove(*, now: datetime) -> None:
    """Delete the exhibit, unless a person changed it: then it is the library's own, with nothing of the sample in it."""
    shown = Exhibit.objects.filter(slug=_read()["slug"]).first()
    if shown is None or _is_of_staff(shown):
        return
    if shown.state != ExhibitState.DRAFT:
        shown = move_exhibit(shown, ExhibitState.DRAFT, actor=None, now=now)
    delete_exhibit(bin_exhibit(shown, actor=None, now=now), actor=None, now=now)


def _read() -> Told:
    told: Told = json.loads(Path(__file__).with_name("exhibit.json").read_text(encoding="utf-8"))
    return told


def _items(told: Told) -> dict[int, Item]:
    """Return the items of the exhibit that are here, by their number in the catalogue."""
    blocks = [block for page in told["pages"] for block in page["blocks"]]
    numbers = {piece["item"] for block in blocks for piece in block.get("items", ())}
    by_identifier = {f"TVQN-M-{number:04}": number for number in numbers}
    rows = Item.objects.filter(identifier__in=by_identifier, is_sample=True)
    return {by_identifier[row.identifier or ""]: row for row in rows}


def _is_of_staff(exhibit: Exhibit) -> bool:
    return any(revision.actor_id is not None for revision in history_of(exhibit))


def _shown_items(exhibit: Exhibit) -> set[int]:
    rows = ExhibitBlock.objects.filter(page__exhibit=exhibit, pieces__item__isnull=False)
    return set(rows.values_list("pieces__item_id", flat=True))


def _compose(exhibit: Exhibit, told: Told, here: Mapping[int, Item]) -> None:
    exhibit.pages.all().delete()
    exhibit.cover = here.get(told["cover"])
    for page in told["pages"]:
        made = composing.add_page(exhibit, languages.of(**page["titles"]))
        for block in page["blocks"]:
            _add(composing.add_block(made, block["kind"]), block, here)


def _add(block: ExhibitBlock, told: Told, here: Mapping[int, Item]) -> None:
    """Fill a block; take it off again where nothing of what it should show is here."""
    block.texts = languages.of(**told.get("texts", {}))
    block.start_ms, block.end_ms = told.get("start_ms"), told.get("end_ms")
    block.save()
    for piece in told.get("items", ()):
        if piece["item"] in here:
            made = composing.add_piece(block, item=here[piece["item"]])
            made.captions = languages.of(**piece.get("captions", {}))
            made.save()
    for place in _on_a_map(here[number] for number in told.get("places_of", ()) if number in here):
        composing.add_piece(block, place=place)
    if BlockKind(block.kind).is_of_its_pieces and not block.pieces.exists():
        block.delete()


def _on_a_map(items: Iterable[Item]) -> Iterable[Place]:
    """Return for each item the smallest place around it that a map can show, each once: of villages no coordinates are told."""
    found: dict[int, Place] = {}
    for item in items:
        around, seen = list(Place.objects.filter(located__item=item)), set[int]()
        while around and not (known := [place for place in around if place.latitude is not None]):
            seen.update(place.pk for place in around)
            around = list(Place.objects.filter(children__child__in=around).exclude(pk__in=seen).distinct())
        if around:
            found.update({place.pk: place for place in known[:1]})
    return found.values()


def _marked(titles: Mapping[str, str]) -> list[languages.LangValue]:
    return languages.of(vi=f"{PREFIX_VI} {titles['vi']}", en=f"{PREFIX_EN} {titles['en']}")


def _noticed(texts: Mapping[str, str]) -> list[languages.LangValue]:
    return languages.of(vi=f"{texts['vi']} {NOTICE_VI}", en=f"{texts['en']} {NOTICE_EN}")
