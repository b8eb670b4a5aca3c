"""The full description in the API: every field under its name, both ends of relations, both sides of 1 July 2025, and nothing untold."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access import policy
from archive.languages import of
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db
LAST, FIRST = "2025-06-30", "2025-07-01"


def record(client: Client, item: Item) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/items/{item.pid}/").json()
    return answer


def place(slug: str, kind: str, name: str, **more: object) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, **more)
    PlaceName.objects.create(place=made, text=name)
    return made


def test_a_date_is_told_as_it_was_written_and_as_programs_read_it(client: Client) -> None:
    item = make_item(
        "Sổ", date_edtf="1975-04", date_as_written="tháng Tư 75", issued_edtf="2003-05", period_as_written="trước 1945"
    )

    told = record(client, item)

    assert told["date"] == {
        "edtf": "1975-04",
        "as_written": "tháng Tư 75",
        "first": "1975-04-01",
        "last": "1975-04-30",
    }
    assert told["issued"] == {"edtf": "2003-05", "as_written": None, "first": "2003-05-01", "last": "2003-05-31"}
    assert told["period"] == {"edtf": None, "as_written": "trước 1945", "first": None, "last": None}


def test_fields_of_its_own_come_with_what_they_are_called_and_the_property_that_partners_read(client: Client) -> None:
    own = {"nights": 3, "completeness": "part", "incipit": of(bdq="Pơlei"), "no_longer_a_field": "lạ"}

    told = record(client, make_item("Hơmon", template="epic", own_values=own))

    assert told["template"]["key"] == "epic"
    assert [(one["key"], one["dcterms"], one["texts"], one["value"]) for one in told["own_fields"]] == [
        ("incipit", "dcterms:alternative", [{"lang": "bdq", "value": "Pơlei"}], None),
        ("completeness", "dcterms:description", [], "part"),
        ("nights", "dcterms:extent", [], 3),
    ]
    assert "lạ" not in str(told)


def test_an_item_described_by_no_template_tells_no_fields_of_its_own(client: Client) -> None:
    told = record(client, make_item("Ghè", own_values={"nights": 3}))

    assert (told["template"], told["own_fields"]) == (None, [])


def test_rights_are_told_by_identifier_and_in_words_and_the_note_for_staff_is_not(client: Client) -> None:
    folklore = RightsStatement.objects.get(slug="folklore")
    item = make_item(
        "Dân ca",
        rights_uri=folklore.uri,
        rights_holders=of(vi="Làng Teng"),
        rights_note="SECRET",
        origin_statements=of(vi="Người Hrê, Làng Teng"),
    )

    told = record(client, item)

    assert told["rights"]["uri"].startswith("tag:")
    assert told["rights"]["names"] == folklore.names
    assert told["rights"]["family"] == "folklore"
    assert told["rights"]["holders"] == [{"lang": "vi", "value": "Làng Teng"}]
    assert "SECRET" not in str(told)


def test_a_relation_is_told_from_both_ends_and_parts_in_their_order(client: Client) -> None:
    whole, first, second = make_item("Cả bộ"), make_item("Mặt A"), make_item("Mặt B")
    ItemRelation.objects.create(item=whole, other=second, kind="part", position=2)
    ItemRelation.objects.create(item=whole, other=first, kind="part", position=1, notes=of(vi="đầu băng"))

    parts = record(client, whole)["relations"]
    (back,) = record(client, first)["relations"]

    assert [(one["item"]["pid"], one["dcterms"]) for one in parts] == [
        (first.pid, "dcterms:hasPart"),
        (second.pid, "dcterms:hasPart"),
    ]
    assert parts[0]["notes"] == [{"lang": "vi", "value": "đầu băng"}]
    assert (back["item"]["pid"], back["is_inverse"], back["dcterms"]) == (whole.pid, True, "dcterms:isPartOf")


def test_two_tellings_that_name_each_other_are_one_relation(client: Client) -> None:
    one, other = make_item("Kể ở Plei Đôn"), make_item("Kể ở Kon Klor")
    ItemRelation.objects.create(item=one, other=other, kind="telling")
    ItemRelation.objects.create(item=other, other=one, kind="telling")

    for item in (one, other):
        (told,) = record(client, item)["relations"]
        assert told["is_inverse"] is False


def test_a_relation_to_what_is_hidden_is_as_if_it_were_not(client: Client) -> None:
    item = make_item("Mở")
    before = record(client, item)
    hidden = (make_item("SECRET", access=policy.NOBODY), make_item("SECRET", state="draft"))
    ItemRelation.objects.create(item=item, other=hidden[0], kind="part", notes=of(vi="SECRET"))
    ItemRelation.objects.create(item=hidden[1], other=item, kind="telling")

    assert record(client, item) == before


def test_an_agent_whose_name_must_not_be_spoken_is_told_by_other_words_only(client: Client) -> None:
    item = make_item("Hơmon")
    agent = Agent.objects.create(
        slug="secret-name",
        names=of(vi="SECRET"),
        variants=of(vi="SECRET"),
        notes=of(vi="SECRET"),
        codes=[{"scheme": "SECRET", "version": "", "code": "SECRET"}],
        born_edtf="1931",
        withheld_note="SECRET",
        name_is_withheld=True,
        shown_as=of(vi="một nghệ nhân của làng"),
    )
    ItemAgent.objects.create(item=item, agent=agent, role="nrt")

    (told,) = record(client, item)["agents"]

    assert told["names"] == [{"lang": "vi", "value": "một nghệ nhân của làng"}]
    assert (told["slug"], told["born"], told["variants"], told["notes"], told["codes"]) == (None, None, [], [], [])
    assert "secret" not in client.get(f"/api/v1/items/{item.pid}/").content.decode().casefold()


def test_an_authority_tells_all_of_itself_but_hidden_forms(client: Client) -> None:
    people = People.objects.create(
        slug="ba-na",
        names=of(vi="Ba Na"),
        variants=of(en="Bahnar"),
        hidden_variants=of(vi="SECRET"),
        notes=of(vi="Ở Kon Tum"),
        codes=[{"scheme": "GSO", "version": "2008", "code": "12"}],
        languages=["bdq"],
    )
    branch = People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=people)
    unseen = People.objects.create(slug="secret-branch", names=of(vi="SECRET"), parent=people)
    make_item("Kín", access=policy.NOBODY).peoples.add(unseen)
    make_item("Mở").peoples.add(people, branch)

    answer = client.get("/api/v1/peoples/")
    told, below = answer.json()["results"]

    assert (told["variants"][0]["value"], told["notes"][0]["value"], told["codes"][0]["code"]) == (
        "Bahnar",
        "Ở Kon Tum",
        "12",
    )
    assert (told["branches"], told["languages"]) == ([{"slug": "ro-ngao", "names": branch.names}], ["bdq"])
    assert below["parent"]["slug"] == "ba-na"
    assert "secret" not in answer.content.decode().casefold()


def test_a_subject_tells_its_scheme_its_number_and_its_neighbours_that_may_be_known(client: Client) -> None:
    wide, narrow, near, unseen = (
        Subject.objects.create(slug=slug, names=of(vi=slug)) for slug in ("am-nhac", "cong-chieng", "xoang", "secret")
    )
    Subject.objects.filter(pk=narrow.pk).update(
        scheme="btk",
        notation="781.62",
        matches=[{"relation": "exactMatch", "uri": "http://example.org/g"}, {"relation": "x", "uri": "javascript:1"}],
    )
    narrow.broader.add(wide)
    narrow.related.add(near, unseen)
    make_item("Chiêng").subjects.add(narrow, near)
    make_item("Kín", access=policy.NOBODY).subjects.add(unseen)

    answer = client.get("/api/v1/subjects/")
    told = next(one for one in answer.json()["results"] if one["slug"] == "cong-chieng")

    assert (told["scheme"], told["notation"]) == ("btk", "781.62")
    assert [one["slug"] for one in told["broader"]] == ["am-nhac"]
    assert [one["slug"] for one in told["related"]] == ["xoang"]
    assert told["matches"] == [{"relation": "exactMatch", "uri": "http://example.org/g"}]
    assert "secret" not in answer.content.decode()


def test_a_village_is_told_on_both_sides_of_the_first_of_july(client: Client) -> None:
    village = place("dak-rang", "village", "Làng Đăk Răng")
    old = place("xa-dak-duc", "commune", "Xã Đăk Dục", valid_to=LAST)
    district = place("ngoc-hoi", "district", "Huyện Ngọc Hồi", valid_to=LAST)
    before = place("kon-tum", "province", "Tỉnh Kon Tum", valid_to=LAST)
    new = place("xa-duc-nong", "commune", "Xã Dục Nông", valid_from=FIRST)
    now = place("quang-ngai", "province", "Tỉnh Quảng Ngãi", valid_from=FIRST)
    for child, parent in ((village, old), (old, district), (district, before)):
        PlaceParent.objects.create(child=child, parent=parent, valid_to=LAST)
    for child, parent in ((village, new), (new, now)):
        PlaceParent.objects.create(child=child, parent=parent, valid_from=FIRST)
    PlaceSuccession.objects.create(before=old, after=new, on_date=FIRST, legal_basis="Nghị quyết 1677")
    item = make_item("Đinh tút")
    for where in (village, old, new):
        ItemPlace.objects.create(item=item, place=where)

    told = {one["slug"]: one for one in record(client, item)["places"]}

    def slugs(path: list[dict[str, Any]]) -> list[str]:
        return [one["slug"] for one in path]

    for where, lead in (("dak-rang", ["dak-rang"]), ("xa-dak-duc", []), ("xa-duc-nong", [])):
        assert [slugs(path) for path in told[where]["now"]] == [[*lead, "xa-duc-nong", "quang-ngai"]]
        assert slugs(told[where]["before"]) == [*lead, "xa-dak-duc", "ngoc-hoi", "kon-tum"]
        assert told[where]["changed_on"] == FIRST
    (listed,) = (one for one in client.get("/api/v1/places/").json()["results"] if one["slug"] == "xa-dak-duc")
    assert [(one["place"]["slug"], one["legal_basis"]) for one in listed["successors"]] == [
        ("xa-duc-nong", "Nghị quyết 1677")
    ]


def test_a_unit_made_of_several_does_not_say_which_of_them_a_record_meant(client: Client) -> None:
    new = place("moi", "commune", "Xã Mới", valid_from=FIRST)
    district = place("huyen", "district", "Huyện Cũ", valid_to=LAST)
    olds = [place(f"cu-{number}", "commune", f"Xã Cũ {number}", valid_to=LAST) for number in (1, 2)]
    for old in (*olds, district):
        PlaceSuccession.objects.create(before=old, after=new, on_date=FIRST)
    split = place("chia", "commune", "Xã Chia", valid_to=LAST)
    for after in (new, place("moi-2", "commune", "Xã Mới 2", valid_from=FIRST)):
        PlaceSuccession.objects.create(before=split, after=after, on_date=FIRST, kind="split_into", is_partial=True)
    alone = place("mot-minh", "commune", "Xã Một Mình", valid_to=LAST)
    item = make_item("Gùi")
    for where in (new, split, alone):
        ItemPlace.objects.create(item=item, place=where)

    told = {one["slug"]: one for one in record(client, item)["places"]}

    assert [one["slug"] for one in told["moi"]["before"]] == ["huyen"]
    assert [[one["slug"] for one in path] for path in told["chia"]["now"]] == [["moi"], ["moi-2"]]
    assert told["mot-minh"]["now"] == []
    assert [one["slug"] for one in told["mot-minh"]["before"]] == ["mot-minh"]


def test_a_hidden_place_on_the_way_is_stepped_over_and_stands_for_nothing(client: Client) -> None:
    village = place("lang", "village", "Làng")
    grove = place("secret-grove", "feature", "SECRET", precision="hidden")
    commune = place("secret-xa", "commune", "SECRET", precision="province")
    province = place("tinh", "province", "Tỉnh")
    for child, parent in ((village, grove), (grove, commune), (commune, province)):
        PlaceParent.objects.create(child=child, parent=parent)
    exact, closer = make_item("Mở"), make_item("Gần")
    ItemPlace.objects.create(item=exact, place=village)
    ItemPlace.objects.create(item=closer, place=village, precision="commune")

    (told,) = record(client, exact)["places"]
    (around,) = record(client, closer)["places"]

    assert [one["slug"] for one in told["now"][0]] == ["lang", "tinh"]
    assert around["slug"] == "tinh"
    assert "SECRET" not in str((told, around))


def test_a_list_of_related_and_placed_items_costs_as_many_queries_as_one_of_them(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get("/api/v1/items/")
        return len(context)

    def add(number: int) -> None:
        item = make_item(f"Bản {number}")
        ItemPlace.objects.create(item=item, place=place(f"lang-{number}", "village", "Làng"))
        ItemRelation.objects.create(item=item, other=make_item("Khác"), kind="telling")

    add(0)
    one = cost()
    for number in range(1, 6):
        add(number)

    assert cost() == one
