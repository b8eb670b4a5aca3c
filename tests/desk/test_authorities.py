"""Peoples, persons, subjects, collections, places and statements of rights, described in full."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import languages
from archive.actions.move_item import publish_item
from archive.models import Agent, Collection, ItemAgent, People, Place, PlaceSuccession, RightsStatement, Subject
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db


def names(name: str = "names", **texts: str) -> dict[str, Any]:
    """Return what a browser sends of texts in languages."""
    return {f"{name}-lang": list(texts), f"{name}-tag": [""] * len(texts), f"{name}-text": list(texts.values())}


def add(client: Client, model: str, **sent: Any) -> Any:
    return client.post(f"/admin/archive/{model}/add/", {**names(vi="Tên"), **sent})


def test_a_people_has_a_parent_languages_and_codes_of_lists_that_disagree(publisher: Client) -> None:
    whole = People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    sent = {
        **names(vi="Rơ Ngao"),
        **names("hidden_variants", vi="từ miệt thị"),
        "parent": whole.pk,
        "languages": ["bdq"],
        "languages-other": "ren-Latn",
        "codes-scheme": ["gso", "gso", ""],
        "codes-version": ["1979", "2019", ""],
        "codes-code": ["08", " 09", ""],
    }

    answer = add(publisher, "people", **sent)

    people = People.objects.get(parent=whole)
    assert answer.status_code == 302
    assert people.languages == ["bdq", "ren-Latn"]
    assert people.codes == [
        {"scheme": "gso", "version": "1979", "code": "08"},
        {"scheme": "gso", "version": "2019", "code": "09"},
    ]
    assert people.hidden_variants == languages.of(vi="từ miệt thị")


def test_by_a_hidden_form_staff_find_the_right_name_and_do_not_read_the_slur(publisher: Client) -> None:
    People.objects.create(
        slug="xo-dang", names=languages.of(vi="Xơ Đăng"), hidden_variants=languages.of(vi="tiengmietthi")
    )

    answer = publisher.get(
        "/admin/autocomplete/",
        {"term": "tiengmietthi", "app_label": "archive", "model_name": "item", "field_name": "peoples"},
    )

    assert [one["text"] for one in answer.json()["results"]] == ["Xơ Đăng"]
    assert "tiengmietthi" not in publisher.get("/admin/archive/people/").content.decode()


@pytest.mark.parametrize("model", [People, Collection])
def test_nothing_lies_in_itself_however_far_round(publisher: Client, model: type[People] | type[Collection]) -> None:
    top = model.objects.create(slug="tren", names=languages.of(vi="Trên"))
    middle = model.objects.create(slug="giua", names=languages.of(vi="Giữa"), parent=top)
    low = model.objects.create(slug="duoi", names=languages.of(vi="Dưới"), parent=middle)
    address = f"/admin/archive/{model._meta.model_name}/{top.pk}/change/"

    answer = publisher.post(address, {**names(vi="Trên"), "slug": "tren", "parent": low.pk, "languages-other": ""})

    top.refresh_from_db()
    assert "It would lie in itself" in answer.content.decode()
    assert top.parent is None


def test_a_subject_has_a_place_in_its_scheme_and_matches_elsewhere(publisher: Client) -> None:
    music = Subject.objects.create(slug="am-nhac", names=languages.of(vi="Âm nhạc"))
    song = Subject.objects.create(slug="dan-ca", names=languages.of(vi="Dân ca"))
    match = {"matches-relation": ["exactMatch"], "matches-uri": ["http://id.loc.gov/authorities/subjects/sh85055744"]}

    add(publisher, "subject", scheme="local", notation="781.62", broader=[music.pk], related=[song.pk], **match)
    wrong = add(publisher, "subject", scheme="local", **match | {"matches-uri": ["không phải địa chỉ"]})
    ring = publisher.post(
        f"/admin/archive/subject/{music.pk}/change/",
        {
            **names(vi="Âm nhạc"),
            "slug": "am-nhac",
            "scheme": "local",
            "broader": [Subject.objects.get(notation="781.62").pk],
        },
    )

    made = Subject.objects.get(notation="781.62")
    assert (list(made.broader.all()), list(made.related.all())) == ([music], [song])
    assert made.matches == [{"relation": "exactMatch", "uri": "http://id.loc.gov/authorities/subjects/sh85055744"}]
    assert "errorlist" in wrong.content.decode()
    assert "It would lie in itself" in ring.content.decode()


def test_the_years_of_a_person_are_typed_as_people_say_them(publisher: Client) -> None:
    add(publisher, "agent", kind="person", born_edtf="khoảng 1930", died_edtf="12/5/1999")
    refused = add(publisher, "agent", kind="person", born_edtf="30")

    agent = Agent.objects.get()
    assert (agent.born_edtf, agent.died_edtf) == ("1930~", "1999-05-12")
    assert "errorlist" in refused.content.decode()


def test_a_name_is_withheld_only_with_what_stands_instead(publisher: Client) -> None:
    refused = add(publisher, "agent", kind="person", name_is_withheld="on")
    add(
        publisher,
        "agent",
        kind="person",
        name_is_withheld="on",
        withheld_note="Gia đình, đến lễ bỏ mả",
        **names("shown_as", vi="một nghệ nhân của làng"),
    )

    agent = Agent.objects.get()
    assert "Say what readers see instead" in refused.content.decode()
    assert agent.name_is_withheld
    assert agent.shown_as == languages.of(vi="một nghệ nhân của làng")


def test_who_may_not_publish_is_told_so_and_the_name_stays_withheld(cataloguer: Client) -> None:
    agent = Agent.objects.create(slug="a-brol", names=languages.of(vi="A Brol"), name_is_withheld=True)
    ItemAgent.objects.create(item=publish_item(an_item("Gùi"), actor=None, now=timezone.now()), agent=agent)

    sent = {**names(vi="A Brol"), "kind": "person", "slug": "a-brol", "read_version": agent.version}
    answer = cataloguer.post(f"/admin/archive/agent/{agent.pk}/change/", sent, follow=True)

    assert "by somebody who may publish" in answer.content.decode()
    agent.refresh_from_db()
    assert agent.name_is_withheld


def test_a_statement_of_rights_is_known_by_its_address_and_offered_to_items(publisher: Client) -> None:
    sent = {**names(vi="Văn nghệ dân gian"), "family": "folklore", "position": "1", "requires_origin": "on"}

    wrong = add(publisher, "rightsstatement", uri="không phải", **sent)
    add(publisher, "rightsstatement", uri="tag:example.org,2026:folklore", **sent)

    page = publisher.get(f"/admin/archive/item/{an_item('Gùi').pk}/change/").content.decode()
    assert "errorlist" in wrong.content.decode()
    assert RightsStatement.objects.filter(uri="tag:example.org,2026:folklore", requires_origin=True).exists()
    assert "Văn nghệ dân gian (needs a statement of origin)" in page


def test_a_place_says_how_closely_it_may_be_known_and_what_became_of_it(publisher: Client) -> None:
    after = Place.objects.create(slug="moi", kind="commune")
    rows = {f"{prefix}-{part}": "0" for prefix in ("parents", "codes") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    sent = {
        "kind": "village",
        "precision": "province",
        **names("notes", vi="Làng cũ"),
        **rows,
        "names-TOTAL_FORMS": "1",
        "names-INITIAL_FORMS": "0",
        "names-0-text": "Kon Xơm",
        "names-0-lang": "vi",
        "names-0-kind": "official",
        "successors-TOTAL_FORMS": "1",
        "successors-INITIAL_FORMS": "0",
        "successors-0-after": after.pk,
        "successors-0-kind": "renamed",
        "successors-0-on_date": "2025-07-01",
    }

    publisher.post("/admin/archive/place/add/", sent)

    place = Place.objects.get(kind="village")
    assert (place.precision, place.notes) == ("province", languages.of(vi="Làng cũ"))
    assert PlaceSuccession.objects.get(before=place).kind == "renamed"


@pytest.mark.parametrize("model", ["people", "agent", "subject", "collection", "rightsstatement", "place"])
def test_each_form_of_a_heading_opens(publisher: Client, model: str) -> None:
    assert publisher.get(f"/admin/archive/{model}/add/").status_code == 200
