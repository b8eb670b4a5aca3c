"""The OpenAPI document, its pages, and whether records are what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from archive.languages import of
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceCode,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    Subject,
)
from archive.search import indexing
from interop.api.schema import as_yaml, neutral_document
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master

COMMITTED = Path(settings.BASE_DIR) / "docs" / "reference" / "openapi.yaml"


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    """When this fails on purpose: `make schema`, and read the difference before it is committed."""
    assert COMMITTED.read_bytes() == as_yaml(neutral_document())


def test_the_schema_is_valid_openapi_3_1() -> None:
    document = neutral_document()

    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_schema_is_served_as_json_and_as_yaml(client: Client) -> None:
    as_json = client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    yaml_text = client.get("/api/v1/schema/", headers={"Accept": "application/yaml"})

    assert as_json["Content-Type"].startswith("application/json")
    assert yaml_text["Content-Type"].startswith("application/yaml")
    assert yaml.safe_load(yaml_text.content)["paths"] == as_json.json()["paths"]
    assert client.get("/api/v1/schema/")["Content-Type"].startswith("application/json")


def test_every_address_answers_with_and_without_its_last_slash(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)  # the list of changes says up to when it is complete
    for address in neutral_document()["paths"]:
        if "{" not in address:
            assert client.get(address).content == client.get(f"{address}/").content


def _validator(name: str) -> Draft202012Validator:
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{name}", "components": neutral_document()["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def full_item(db: None, tmp_path: Path) -> str:
    """An item with something in every field; returns its pid."""
    master = store_master(b"picture", tmp_path)
    publish(
        master,
        tmp_path,
        Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 480, "height": 320}),
        Made("pages", "p0001.webp", b"RIFF....WEBP 1", {"width": 160, "height": 120}),
        Made("pages", "p0002.webp", b"RIFF....WEBP 2", {"width": 160, "height": 120}),
        Made("pyramid", "pyramid.tif", b"II*\0", {}),
        Made("audio", "audio.m4a", b"....ftyp", {"duration_ms": 1200}),
    )
    item = make_item(
        "Đánh chiêng",
        identifier="TV-1",
        descriptions=of(vi="Mô tả", en="Description"),
        languages=["vi", "bdq"],
        date_edtf="1998/2001",
        date_as_written="từ 1998 tới 2001",
        issued_edtf="2003",
        period_as_written="thời Pháp thuộc",
        template="gong_recording",
        own_values={
            "set_name": of(bdq="chêng"),
            "bossed_gongs": 3,
            "outside_occasion": "ask",
            "equipment": "máy ghi cầm tay",
        },
        alternative_titles=of(en="Beating the gongs"),
        contents=of(vi="Bài một; bài hai"),
        extents=of(vi="12 phút"),
        mediums=of(vi="băng từ"),
        provenances=of(vi="Làng gửi giữ"),
        sources=of(vi="Bản sao băng gốc"),
        orthography_notes=of(vi="Chính tả của người kể"),
        other_identifiers=[{"scheme": "isbn", "value": "978-604-0-00000-0"}],
        rights_holders=of(vi="Làng Plei Đôn"),
        rights_uri="https://creativecommons.org/licenses/by/4.0/",
        rights_statements=of(vi="Ghi rõ nguồn"),
        origin_statements=of(vi="Làng Plei Đôn"),
    )
    ItemFile.objects.filter(pk=add_file(item, master, captions=of(vi="Trang bìa")).pk).update(label="iv")
    _tie(item)
    _place(item)
    indexing.refresh(item)
    return item.pid


def _tie(item: Item) -> None:
    codes = [{"scheme": "GSO", "version": "2008", "code": "12"}, {"scheme": "TCTK", "version": "", "code": "12"}]
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na", en="Bahnar"), codes=codes, languages=["bdq"])
    branch = People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), variants=of(en="Rengao"), parent=people)
    item.peoples.add(people, branch)
    wide = Subject.objects.create(slug="nhac-cu", names=of(vi="Nhạc cụ"))
    match = {"relation": "exactMatch", "uri": "http://example.org/gongs"}
    gongs = Subject.objects.create(
        slug="cong-chieng", names=of(vi="Cồng chiêng"), scheme="btk", notation="781.62", matches=[match]
    )
    gongs.broader.add(wide)
    gongs.related.add(wide)
    item.subjects.add(gongs, wide)
    whole = Collection.objects.create(slug="kho", names=of(vi="Kho"))
    item.collections.add(
        whole, Collection.objects.create(slug="am-nhac", names=of(vi="Âm nhạc"), descriptions=of(vi="Bộ"), parent=whole)
    )
    agent = Agent.objects.create(slug="doi-nghe-nhan", names=of(vi="Đội"), born_edtf="1950", died_edtf="2010~")
    unspoken = Agent.objects.create(slug="kin", names=of(vi="Kín"), name_is_withheld=True)
    for who in (agent, unspoken):
        ItemAgent.objects.create(item=item, agent=who, role="prf")
    ItemRelation.objects.create(item=item, other=make_item("Phần một"), kind="part", notes=of(vi="mặt A"))
    ItemRelation.objects.create(item=make_item("Kể lại"), other=item, kind="telling")


def _place(item: Item) -> None:
    place = Place.objects.create(slug="plei-don", kind="village", latitude="14.3545", longitude="108.0129")
    PlaceName.objects.create(place=place, text="Plei Đôn", valid_from="2025-07-01")
    PlaceCode.objects.create(place=place, scheme="GeoNames", code="1", valid_from="2025-07-01")
    ItemPlace.objects.create(item=item, place=place, role="created", as_recorded="Plei Đôn xưa")
    old = Place.objects.create(slug="phuong-cu", kind="ward", valid_to="2025-06-30", notes=of(vi="Phường cũ"))
    new = Place.objects.create(slug="phuong-moi", kind="ward", valid_from="2025-07-01")
    for around, name in ((old, "Phường Cũ"), (new, "Phường Mới")):
        PlaceName.objects.create(place=around, text=name)
        ItemPlace.objects.create(item=item, place=around, role="subject")
    PlaceParent.objects.create(child=place, parent=old, valid_to="2025-06-30")
    PlaceParent.objects.create(child=place, parent=new, valid_from="2025-07-01")
    PlaceSuccession.objects.create(before=old, after=new, on_date="2025-07-01", legal_basis="Nghị quyết 1677")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/api/v1/items/?count=true", "ItemList"),
        ("/api/v1/items/{pid}/", "Item"),
        ("/api/v1/search/?q=danh+chieng", "SearchAnswer"),
        ("/api/v1/collections/", "CollectionList"),
        ("/api/v1/peoples/", "PeopleList"),
        ("/api/v1/subjects/", "SubjectList"),
        ("/api/v1/places/", "PlaceList"),
        ("/api/v1/agents/", "AgentList"),
        ("/api/v1/changes/", "ChangeList"),
        ("/api/v1/items/?kind=x", "Problem"),
        ("/api/v1/items/0/", "Problem"),
    ],
)
def test_answers_are_what_the_schema_says(client: Client, full_item: str, address: str, name: str) -> None:
    answer = client.get(address.format(pid=full_item)).json()

    errors = [f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(answer)]

    assert errors == []
    assert answer.get("results", answer.get("hits", [1]))


def test_all_pages_of_a_document_are_told_by_the_item_and_only_the_first_by_lists(
    client: Client, full_item: str
) -> None:
    def pages(item: dict[str, Any]) -> list[str]:
        return [one["name"] for one in item["files"][0]["derivatives"] if one["role"] == "pages"]

    assert pages(client.get(f"/api/v1/items/{full_item}/").json()) == ["p0001.webp", "p0002.webp"]
    listed = next(one for one in client.get("/api/v1/items/").json()["results"] if one["pid"] == full_item)
    assert pages(listed) == ["p0001.webp"]


def test_the_pages_for_people_ask_nothing_of_other_hosts_and_run_under_our_policy(client: Client) -> None:
    page = client.get("/api/docs/")
    text = page.content.decode()

    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "//" not in text.replace("http://testserver", "").replace("<!doctype html>", "")
    assert "<script>" not in text
    assert " style=" not in text
