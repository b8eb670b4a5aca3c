"""What items are found by: every public text, names of both sides of July 2025, hidden forms; and what they are not found by."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.viewer import visitor
from archive.actions.save_authority import save_authority
from archive.languages import of
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    Subject,
)
from archive.models.authority import Authority
from archive.search import Filters, indexing, search
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db
LAST, FIRST = "2025-06-30", "2025-07-01"


def found(words: str, **filters: str) -> list[str]:
    return [hit.titles[0]["value"] for hit in search(words, Filters(**filters), visitor(now=NOW)).hits]


def save(record: Authority | Place, **columns: object) -> None:
    for name, value in columns.items():
        setattr(record, name, value)
    save_authority(record, save=record.save, read_version=record.version, actor=None, now=NOW)
    record.refresh_from_db()


def test_an_item_is_found_by_each_of_its_public_texts_and_by_no_note_for_staff() -> None:
    make_item(
        "Gùi",
        template="gong_recording",
        own_values={"tuning": of(bdq="motmot"), "equipment": "haihai", "unheard": "baba"},
        alternative_titles=of(fr="bonbon"),
        contents=of(vi="namnam"),
        extents=of(vi="saulan"),
        mediums=of(vi="baylan"),
        provenances=of(vi="tamlan"),
        sources=of(vi="chinlan"),
        orthography_notes=of(vi="muoilan"),
        rights_holders=of(vi="muoimot"),
        other_identifiers=[{"scheme": "isbn", "value": "muoihai"}],
        date_as_written="muoiba",
        issued_as_written="muoibon",
        period_as_written="muoilam",
        rights_note="staffone",
        sensitivity_note="stafftwo",
    )

    public = (
        "motmot", "haihai", "bonbon", "namnam", "saulan", "baylan", "tamlan", "chinlan", "muoilan", "muoimot", "muoihai",
        "muoiba", "muoibon", "muoilam",
    )  # fmt: skip
    assert [word for word in public if found(word) != ["Gùi"]] == []
    assert [word for word in ("staffone", "stafftwo", "baba") if found(word)] == []


def test_a_hidden_form_finds_and_a_name_that_must_not_be_spoken_does_not() -> None:
    item = make_item("Hơmon")
    parent = People.objects.create(slug="ba-na", names=of(vi="Ba Na"), hidden_variants=of(fr="sauvages"))
    item.peoples.add(People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=parent))
    agent = Agent.objects.create(
        slug="kin", names=of(vi="Tenkin"), variants=of(vi="Tenkhac"), hidden_variants=of(vi="Tencu")
    )
    ItemAgent.objects.create(item=item, agent=agent, role="nrt")
    indexing.refresh(item)
    assert found("Tenkin") == found("Tencu") == found("sauvages") == found("Ba Na") == ["Hơmon"]


@pytest.mark.django_db(transaction=True)
def test_a_name_that_may_not_be_spoken_any_more_is_not_found_from_then_on() -> None:
    item = make_item("Hơmon")
    agent = Agent.objects.create(slug="kin", names=of(vi="Tenkin"), variants=of(vi="Tenkhac"))
    ItemAgent.objects.create(item=item, agent=agent, role="nrt")
    indexing.refresh(item)
    assert found("Tenkin") == ["Hơmon"]

    save(agent, name_is_withheld=True, shown_as=of(vi="nghenhan"))

    assert found("Tenkin") == found("Tenkhac") == []
    assert found("nghenhan") == ["Hơmon"]


@pytest.mark.django_db(transaction=True)
def test_what_headings_above_are_called_is_found_anew_when_it_changes() -> None:
    item = make_item("Rèn")
    parent = People.objects.create(slug="xo-dang", names=of(vi="Xodang"))
    subject = Subject.objects.create(slug="ren", names=of(vi="Nghecu"))
    item.peoples.add(People.objects.create(slug="to-dra", names=of(vi="Todra"), parent=parent))
    item.subjects.add(subject)
    indexing.refresh(item)

    save(parent, names=of(vi="Tenmoi"))
    save(subject, hidden_variants=of(vi="Tukhac"))

    assert found("Tenmoi") == found("Tukhac") == ["Rèn"]
    assert found("Xodang") == []


@pytest.mark.django_db(transaction=True)
def test_a_note_that_changes_writes_no_entry_anew() -> None:
    item = make_item("Rèn")
    subject = Subject.objects.create(slug="ren", names=of(vi="Nghe"))
    item.subjects.add(subject)

    with CaptureQueriesContext(connection) as context:
        save(subject, notes=of(vi="Lời"))

    assert not [one for one in context.captured_queries if "archive_searchentry" in one["sql"]]


def units() -> dict[str, Place]:
    made = {
        slug: Place.objects.create(slug=slug, kind=kind, **days)
        for slug, kind, days in (
            ("lang", "village", {}),
            ("xa-cu", "commune", {"valid_to": LAST}),
            ("huyen", "district", {"valid_to": LAST}),
            ("xa-moi", "commune", {"valid_from": FIRST}),
        )
    }
    for place, name in (
        (made["lang"], "Lang"),
        (made["xa-cu"], "Xacu"),
        (made["huyen"], "Huyencu"),
        (made["xa-moi"], "Xamoi"),
    ):
        PlaceName.objects.create(place=place, text=name)
    PlaceParent.objects.create(child=made["lang"], parent=made["xa-cu"], valid_to=LAST)
    PlaceParent.objects.create(child=made["xa-cu"], parent=made["huyen"], valid_to=LAST)
    PlaceParent.objects.create(child=made["lang"], parent=made["xa-moi"], valid_from=FIRST)
    PlaceSuccession.objects.create(before=made["xa-cu"], after=made["xa-moi"], on_date=FIRST)
    return made


def test_a_place_is_found_by_the_names_of_both_sides_of_the_first_of_july() -> None:
    places = units()
    for slug in ("lang", "xa-cu"):
        item = make_item(slug)
        ItemPlace.objects.create(item=item, place=places[slug])
        indexing.refresh(item)

    for name in ("Xacu", "Huyencu", "Xamoi"):
        assert sorted(found(name)) == ["lang", "xa-cu"], name
    assert sorted(found("", place="xa-moi")) == ["lang", "xa-cu"]


def test_a_spot_that_is_hidden_is_neither_found_nor_narrowed_to_nor_are_things_within_it() -> None:
    places = units()
    for slug, title in (("lang", "Mot"), ("xa-cu", "Hai"), ("xa-moi", "Ba")):
        item = make_item(title)
        ItemPlace.objects.create(item=item, place=places[slug])
    Place.objects.filter(slug__in=("lang", "xa-moi")).update(precision="hidden")
    for item in Item.objects.all():
        indexing.refresh(item)

    assert found("Lang") == found("Xamoi") == []
    assert found("", place="lang") == found("", place="xa-moi") == []
    assert found("", place="xa-cu") == found("", place="huyen") == ["Hai"]

    Place.objects.filter(slug="huyen").update(precision="hidden")

    assert found("", place="huyen") == []


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_is_renamed_or_hidden_is_found_so_by_all_that_lies_in_it() -> None:
    places = units()
    item = make_item("Gùi")
    ItemPlace.objects.create(item=item, place=places["lang"])
    indexing.refresh(item)
    district = places["huyen"]

    def rename() -> None:
        district.names.update(text="Tenmoi")

    save_authority(district, save=rename, read_version=district.version, actor=None, now=NOW)
    assert (found("Tenmoi"), found("Huyencu")) == (["Gùi"], [])

    save(Place.objects.get(slug="huyen"), precision="hidden")
    assert found("Tenmoi") == []


def test_many_items_are_written_with_as_many_queries_as_one() -> None:
    places = units()

    def cost() -> int:
        with CaptureQueriesContext(connection) as context:
            list(indexing.refresh_all(Item.objects.all()))
        return len(context)

    def add(number: int) -> None:
        ItemPlace.objects.create(item=make_item(f"Gùi {number}"), place=places["lang"])

    add(0)
    one = cost()
    for number in range(1, 6):
        add(number)

    assert cost() == one
