"""Content codings, what is expanded, languages, and the examples of the schema."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import brotli  # type: ignore[import-untyped]  # a compiled module without types
import pytest
import zstandard
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from access import policy
from access.models import User
from archive import content_codings
from archive.languages import of
from archive.models import Collection, Item, ItemPlace, People, Place, PlaceName, Subject
from archive.search import indexing
from interop.api import examples
from interop.api.expansion import EXPANSIONS
from interop.api.schema import neutral_document
from tests.access_matrix.world import make_item

LIST = "/api/v1/items/"
UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.pure
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("zstd;q=0, br; q=0.0, gzip;q=0.001", "gzip"),
        ("*", "zstd"),
        ("*;q=0.1, gzip;q=0.5", "gzip"),
        ("gzip;q=nonsense", ""),
        ("GZIP", "gzip"),
    ],
)
def test_the_coding_that_a_program_likes_best_is_taken(accepted: str, coding: str) -> None:
    assert content_codings.best(accepted) == coding


@pytest.mark.django_db
@pytest.mark.parametrize("coding", UNPACK)
def test_answers_come_in_each_coding_with_one_validator(client: Client, coding: str) -> None:
    make_item("Nhà rông")
    plain = client.get(LIST)

    packed = client.get(LIST, headers={"accept-encoding": coding})

    assert packed["Content-Encoding"] == coding
    assert UNPACK[coding](packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    assert {"Accept-Encoding", "Cookie"} <= {name.strip() for name in packed["Vary"].split(",")}
    assert client.get(LIST, headers={"accept-encoding": coding, "if-none-match": plain["ETag"]}).content == b""
    assert "Content-Encoding" not in plain


@pytest.mark.django_db
def test_what_a_signed_in_reader_sees_is_not_compressed(client: Client) -> None:
    """Somebody else's page could measure it."""
    make_item("Nhà rông")
    client.force_login(User.objects.create_user("reader"))

    assert "Content-Encoding" not in client.get(LIST, headers={"accept-encoding": "gzip, br, zstd"})
    assert client.get("/api/v1/schema/", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"


@pytest.fixture
def described(db: None) -> Item:
    item = make_item("Chiêng", languages=["bdq", "vi"])
    for number in range(2):
        item.peoples.add(
            People.objects.create(slug=f"toc-{number}", names=of(vi=f"Tộc {number}"), notes=of(vi="Ghi chú"))
        )
        item.subjects.add(Subject.objects.create(slug=f"de-{number}", names=of(vi=f"Đề {number}")))
        item.collections.add(Collection.objects.create(slug=f"kho-{number}", names=of(vi=f"Kho {number}")))
    for slug, precision in (("lang-mo", "exact"), ("lang-kin", "commune")):
        place = Place.objects.create(slug=slug, kind="village")
        PlaceName.objects.create(place=place, text=slug)
        ItemPlace.objects.create(item=item, place=place, precision=precision)
    indexing.refresh(item)
    return item


@pytest.mark.parametrize("address", [LIST, f"{LIST}{{pid}}/", "/api/v1/search/?q=chieng"])
def test_headings_are_told_whole_once_and_as_their_lists_tell_them(
    client: Client, described: Item, address: str
) -> None:
    address = address.format(pid=described.pid)
    names = ",".join(EXPANSIONS)

    answer = client.get(f"{address}{'&' if '?' in address else '?'}expand={names}").json()

    included = answer["included"]
    assert set(included) == {"peoples", "subjects", "collections", "places"}
    for name, rows in included.items():
        listed = client.get(f"/api/v1/{name}/").json()["results"]
        assert rows == listed
        assert rows
    assert [place["slug"] for place in included["places"]] == ["lang-mo"]
    assert "included" not in client.get(address).json()


def test_what_is_expanded_counts_only_what_the_reader_may_see(client: Client, described: Item) -> None:
    hidden = make_item("Kín", access=policy.STAFF)
    hidden.peoples.set(described.peoples.all())
    hidden.peoples.add(People.objects.create(slug="kin", names=of(vi="Kín")))

    included = client.get(f"{LIST}?expand=peoples").json()["included"]

    assert [(row["slug"], row["item_count"]) for row in included["peoples"]] == [("toc-0", 1), ("toc-1", 1)]


def test_expanding_costs_as_many_queries_for_many_items_as_for_one(client: Client, described: Item) -> None:
    def cost() -> int:
        client.get(f"{LIST}?expand=peoples")  # the index that counts reads what is new
        with CaptureQueriesContext(connection) as context:
            client.get(f"{LIST}?expand={','.join(EXPANSIONS)}")
        return len(context)

    one = cost()
    for number in range(5):
        other = make_item(f"Mục {number}")
        other.peoples.add(People.objects.create(slug=f"them-{number}", names=of(vi="Thêm")))
        other.subjects.set(described.subjects.all())
        other.collections.set(described.collections.all())
        ItemPlace.objects.create(item=other, place=Place.objects.get(slug="lang-mo"))

    assert cost() == one


@pytest.mark.django_db
def test_expanding_is_bounded_and_what_is_not_known_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interop.api.expansion.ITEMS_WITH_FILES_MOST", 2)
    for number in range(3):
        make_item(f"Mục {number}")

    page = client.get(f"{LIST}?expand=files&page_size=200").json()
    following = client.get(page["next"]).json()

    assert (len(page["results"]), len(following["results"]), following["next"]) == (2, 1, None)
    for wrong in ("", "agents", "peoples,", "peoples%2Cnotes"):
        answer = client.get(f"{LIST}?expand={wrong}", headers={"accept-language": "vi"})
        assert (answer.status_code, answer.json()["parameter"]) == (400, "expand")
        assert "Đây là" in answer.json()["title"]


def test_languages_are_listed_with_what_may_be_seen_in_them(client: Client, described: Item) -> None:
    hidden = make_item("Kín", access=policy.STAFF, languages=["sed", "vi"])
    indexing.refresh(hidden)

    answer = client.get("/api/v1/languages/").json()

    assert [(row["tag"], row["item_count"]) for row in answer["results"]] == [("bdq", 1), ("vi", 1)]
    bahnar = answer["results"][0]
    assert bahnar["iso_639_3"] == "bdq"
    assert {name["lang"]: name["value"] for name in bahnar["names"]}["en"] == "Bahnar"
    errors = [error.message for error in _validator("LanguageList").iter_errors(answer)]
    assert errors == []


def _validator(name: str) -> Draft202012Validator:
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{name}", "components": neutral_document()["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path, operation) for path, methods in neutral_document()["paths"].items() for operation in methods.values()
    ]


def test_every_example_is_what_its_schema_says() -> None:
    document, faults, count = neutral_document(), [], 0
    for _path, operation in operations():
        parts = [(one["name"], one["schema"], one["example"]) for one in operation.get("parameters", ())]
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                parts.append((f"{operation['operationId']} {status}", content["schema"], content["example"]))
        for name, schema, example in parts:
            count += 1
            whole = {**schema, "components": document["components"]}
            checker = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
            faults += [f"{name}: {error.json_path} {error.message}"[:200] for error in checker.iter_errors(example)]

    assert faults == []
    assert count > 100


def test_every_example_of_a_request_is_one_that_is_answered(client: Client, db: None) -> None:
    for path, operation in operations():
        name = operation["operationId"]
        request = examples.request_of(name, path)
        assert f"`GET {request}`" in operation["description"]
        known = {one["name"] for one in operation.get("parameters", ())}
        assert {key for key, _value in parse_qsl(urlsplit(request).query)} <= known
        assert client.get(request).status_code == (404 if name in examples.PIDS else 200), request


def test_examples_are_of_no_archive_that_is_there() -> None:
    """They are made up, at an address that is nobody's."""
    text = json.dumps([examples.ANSWERS, examples.PROBLEMS], ensure_ascii=False)

    assert "http" in text
    for part in text.split("https://")[1:]:
        assert part.startswith(("archive.example.org", "vocabulary.example.org", "creativecommons.org"))
