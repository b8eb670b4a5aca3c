"""What lists are told of items: from one statement the same as from their pages, whatever stands in a text or is made of a file."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from access import policy
from access.models import AccessRule, User
from access.policy import Level
from access.viewer import viewer_for, visitor
from archive import hits, languages, queries
from archive.hits import Hit
from archive.models import Agent, Collection, Item, ItemAgent, ItemFile, ItemPlace, People, Place, PlaceParent, Subject
from archive.noted import noting
from archive.search import called as called_module
from archive.search.called import AllCalled
from public_site import renditions
from tests import makers
from tests.access_matrix.world import add_file, make_item, store_master

pytestmark = pytest.mark.django_db
SIZES_PX = (160, 480)
# Whatever may stand in a text that the database puts among others.
HOSTILE = '"],[1,\'\\ \\" \n\t\x07 {%s} ,;| é é ﷽ 𝄞 </script>'


def of(items: list[Item], now: datetime, called: AllCalled | None = None) -> dict[int, Hit]:
    return hits.of_keys(visitor(now=now), [one.pk for one in items], called or AllCalled(), sizes_px=SIZES_PX)


def described(now: datetime, number: int) -> Item:
    """Return an item that is tied to much, the last made first in each order."""
    item = makers.item(now=now, title=f"{number} {HOSTILE}")
    Item.objects.filter(pk=item.pk).update(descriptions=languages.of(vi=HOSTILE), date_as_written=HOSTILE)
    ties: Any  # Any: a manager of one of the three
    for model, ties in ((People, item.peoples), (Subject, item.subjects), (Collection, item.collections)):
        for slug in ("c", "a", "b"):
            heading, _made = model._default_manager.get_or_create(slug=slug, names=languages.of(vi=f"{slug} {HOSTILE}"))
            ties.add(heading)
    for position, slug in enumerate(("c", "a", "b")):
        agent, _made = Agent.objects.get_or_create(
            slug=slug, defaults={"names": languages.of(vi=slug), "kind": "person"}
        )
        ItemAgent.objects.create(item=item, agent=agent, position=3 - position)
        place, _made = Place.objects.get_or_create(slug=slug, kind="village")
        ItemPlace.objects.create(item=item, place=place, position=3 - position, as_recorded=f"{slug} {HOSTILE}")
    return item


def test_what_belongs_to_an_item_is_told_in_order_whatever_stands_in_its_texts(now: datetime) -> None:
    items = [described(now, number) for number in range(3)] + [makers.item(now=now, title="Không có gì")]

    found = of(items, now)

    for item in items[:3]:
        hit = found[item.pk]
        assert hit.titles == item.titles
        assert hit.texts("descriptions") == languages.of(vi=HOSTILE)
        assert hit.date_as_written == HOSTILE
        for headings in (hit.peoples, hit.subjects, hit.collections):
            assert [one.slug for one in headings] == ["a", "b", "c"]
        assert [one.slug for one in hit.agents] == ["b", "a", "c"]
        assert [(one.place.slug, one.as_recorded) for one in hit.places] == [(s, f"{s} {HOSTILE}") for s in "bac"]
    bare = found[items[3].pk]
    told = (
        bare.peoples,
        bare.subjects,
        bare.collections,
        bare.agents,
        bare.places,
        bare.pictures,
        bare.texts("contents"),
    )
    assert set(told) == {()}


def test_a_page_is_one_query_where_its_headings_are_known(now: datetime, tmp_path: Path) -> None:
    items = [described(now, number) for number in range(3)]
    for number, item in enumerate(items):
        give_pictures(item, [[("thumbnail", 1, sized(160, 480))]], tmp_path, f"{number}")
    called = AllCalled()
    of(items, now, called)
    viewer = visitor(now=now)

    with CaptureQueriesContext(connection) as asked:
        found = hits.of_keys(viewer, [one.pk for one in items], called, sizes_px=SIZES_PX)

    assert len(asked) == 1, [one["sql"] for one in asked]
    assert [one.name for one in found[items[0].pk].pictures] == ["160.webp", "480.webp"]


def test_what_lists_tell_is_never_taken_for_noted(now: datetime) -> None:
    item, called = described(now, 1), AllCalled()
    of([item], now, called)
    viewer = visitor(now=now)

    with noting() as note:
        hits.of_keys(viewer, [item.pk], called, sizes_px=SIZES_PX)

    # What its headings are called was not read now.
    assert not note.is_whole


Sets = list[tuple[str, int, list[dict[str, Any]]]]  # role, version, files


def sized(*sizes_px: int, still: int = 0, is_measured: bool = True) -> list[dict[str, Any]]:
    before = f"c{still}-" if still else ""
    return [
        {"name": f"{before}{px}.webp", "size_bytes": 1, **({"width": px, "height": px // 2} if is_measured else {})}
        for px in sizes_px
    ]


def give_pictures(item: Item, files: list[Sets], folder: Path, mark: str, choice: int | None = None) -> list[ItemFile]:
    """Give an item files whose masters have these sets, those of another kind among them."""
    added = []
    for number, sets in enumerate(files):
        file = add_file(item, store_master(f"{mark} {number}".encode(), folder))
        ItemFile.objects.filter(pk=file.pk).update(poster_choice=choice)
        assert file.master is not None
        for role, version, entries in [*sets, ("waveform", 9, sized(160))]:
            file.master.derivatives.create(
                role=role, version=version, prefix=f"{mark}/{number}/{role}/{version}", files=entries, size_bytes=1,
                made_at=item.created_at,
            )  # fmt: skip
        added.append(file)
    return added


def test_the_picture_of_a_list_is_that_of_the_page_whatever_files_there_are(now: datetime, tmp_path: Path) -> None:
    draw = random.Random(20261127)
    some: list[list[dict[str, Any]]] = [
        [],
        sized(160, 480, 1280),
        sized(90),
        sized(160, is_measured=False),
        sized(480, 160),
        sized(300),
    ]
    stills = [*some, sized(160, 480) + sized(160, 480, still=2)]
    items: dict[Item, int | None] = {}
    for number in range(60):
        item, choice = make_item(f"Ảnh {number}"), draw.choice([None, 2, 9])
        files: list[Sets] = [
            [
                (role, version, draw.choice(stills if role == "poster" else some))
                for role in draw.sample(["poster", "thumbnail"], draw.randint(0, 2))
                for version in draw.sample([1, 2, 3], draw.randint(1, 2))
            ]
            for _file in range(draw.randint(1, 3))
        ]
        give_pictures(item, files, tmp_path, f"{number}", choice)
        items[item] = choice
    pages: dict[int, Any] = {item.pk: item for item in queries.items(visitor(now=now))}  # Any: with prefetched files

    found = of(list(items), now)

    shown = 0
    for item in items:
        seen = [[renditions.picture_of(file, px) for px in SIZES_PX] for file in pages[item.pk].visible_files]
        small, large = next(((small, large or small) for small, large in seen if small), (None, None))
        told = [(one.file.pid, one.role, one.name, one.width, one.height) for one in (small, large) if one is not None]
        assert [tuple(one) for one in found[item.pk].pictures] == told, item.titles
        shown += bool(told)
    assert 20 < shown < 60


def test_of_a_file_that_is_closed_no_picture_is_told(now: datetime, tmp_path: Path) -> None:
    item = make_item("Hai tấm ảnh")
    one = [("thumbnail", 1, sized(160, 480))]
    closed, shown = give_pictures(item, [one, one], tmp_path, "ảnh")
    for_readers = AccessRule.objects.intern(policy.of(Level.REGISTERED))
    ItemFile.objects.filter(pk=closed.pk).update(effective_rule=for_readers)
    reader = viewer_for(User.objects.create_user("doc-gia"), now=now)

    for viewer, file in ((visitor(now=now), shown), (reader, closed)):
        found = hits.of_keys(viewer, [item.pk], AllCalled(), sizes_px=SIZES_PX)
        assert {one.file_pid for one in found[item.pk].pictures} == {file.pid}
    ItemFile.objects.update(effective_rule=for_readers)
    assert of([item], now)[item.pk].pictures == ()


def test_what_texts_of_ties_name_is_remembered_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [People.objects.create(slug=slug, names=languages.of(vi=slug)).pk for slug in ("c", "a", "b")]
    monkeypatch.setattr(called_module, "TIED_MOST", 2)
    called = AllCalled()
    texts = [f"{one},{other}" for one in keys for other in keys if one != other]

    for text in (*texts, *texts):
        named = called.tied("people", [text, texts[0]])
        assert {one.key for one in named[text]} == {int(key) for key in text.split(",")}
        assert [one.slug for one in named[text]] == sorted(one.slug for one in named[text])
        assert len(named) <= 4
        assert called.tied("people", [text])[text] is named[text]

    with CaptureQueriesContext(connection) as asked:
        named = called.tied("people", [f"{keys[0]},999999"])
        named = called.tied("people", [f"{keys[0]},999999"])
    assert [one.slug for one in named[f"{keys[0]},999999"]] == ["c"]
    assert len(asked) == 1


def test_ties_named_within_a_transaction_are_not_kept(settings: LazySettings) -> None:
    people = People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    called, text = AllCalled(), str(people.pk)
    settings.SEARCH_IN_TRANSACTIONS = False

    with transaction.atomic():
        People.objects.update(names=languages.of(vi="Chưa chắc"))
        assert called.tied("people", [text])[text][0].label("vi") == "Chưa chắc"
        transaction.set_rollback(True)

    assert called.tied("people", [text])[text][0].label("vi") == "Ba Na"


def test_a_place_that_may_not_be_told_is_told_more_widely_once_and_without_its_words(now: datetime) -> None:
    province = Place.objects.create(slug="kon-tum", kind="province")
    item = makers.item(now=now)
    for position, precision in enumerate(("province", "exact", "province")):
        village = Place.objects.create(slug=f"lang-{position}", kind="village", precision=precision)
        PlaceParent.objects.create(child=village, parent=province)
        ItemPlace.objects.create(item=item, place=village, position=position, as_recorded=f"ở làng {position}")

    told = of([item], now)[item.pk].places

    assert [(one.place.slug, one.precision, one.as_recorded) for one in told] == [
        ("kon-tum", "province", ""),
        ("lang-1", "exact", "ở làng 1"),
    ]
