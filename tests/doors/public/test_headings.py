"""The pages of peoples, collections and places: all that is said of them, and nothing that must not be."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from access import policy
from archive.languages import of
from archive.models import (
    Collection,
    ItemPlace,
    People,
    Place,
    PlaceCode,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
)
from tests.access_matrix.world import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def facts_of(client: Client, address: str) -> dict[str, str]:
    response = client.get(address)
    assert response.status_code == 200, address
    found = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(.*?)</dd>", response.content.decode(), re.DOTALL)
    return {label: told.replace("\n", "") for label, told in found}


def words(told: str) -> str:
    return re.sub(r"<[^>]+>", "", told)


def test_a_people_tells_its_branches_forms_codes_and_notes(client: Client) -> None:
    people = People.objects.create(
        slug="xo-dang",
        names=of(vi="Xơ Đăng"),
        variants=of(vi="Xê Đăng", en="Sedang"),
        hidden_variants=of(vi="SECRET"),
        notes=of(vi="Bảy nhánh", en="Seven branches"),
        languages=["sed"],
        codes=[
            {"scheme": "TCTK", "version": "1979", "code": "15"},
            {"scheme": "TCTK", "version": "tổng điều tra", "code": "16"},
        ],
    )
    branch = People.objects.create(slug="to-dra", names=of(vi="Tơ Đrá"), parent=people)
    unseen = People.objects.create(slug="secret", names=of(vi="SECRET"), parent=people)
    make_item("Rèn").peoples.add(people, branch)
    make_item("Kín", access=policy.NOBODY).peoples.add(unseen)

    told, below = facts_of(client, "/en/peoples/xo-dang/"), facts_of(client, "/en/peoples/to-dra/")

    assert told["Branches"] == '<a href="/en/peoples/to-dra/" lang="vi">Tơ Đrá</a>'
    assert words(told["Other forms"]) == "Xê Đăng, Sedang"
    assert words(told["Codes"]) == "TCTK 15 (1979)TCTK 16 (tổng điều tra)"
    assert (told["Note"], told["Language"]) == ("Seven branches", "Sedang")
    assert below["Branch of"] == '<a href="/en/peoples/xo-dang/" lang="vi">Xơ Đăng</a>'
    assert "SECRET" not in client.get("/peoples/xo-dang/").content.decode()


def test_what_a_branch_is_of_is_linked_only_where_it_has_a_page(client: Client) -> None:
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    make_item("Hơmon").peoples.add(People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=people))

    assert facts_of(client, "/peoples/ro-ngao/")["Là nhánh của"] == "Ba Na"
    assert client.get("/peoples/ba-na/").status_code == 404


def test_a_collection_tells_of_what_it_is_a_part_and_its_parts(client: Client) -> None:
    whole = Collection.objects.create(slug="kho", names=of(vi="Kho"), notes=of(vi="Tất cả"))
    part = Collection.objects.create(slug="bang", names=of(vi="Băng"), parent=whole)
    unseen = Collection.objects.create(slug="secret", names=of(vi="SECRET"), parent=whole)
    make_item("Băng 1").collections.add(whole, part)
    make_item("Kín", access=policy.NOBODY).collections.add(unseen)

    told = facts_of(client, "/collections/kho/")

    assert (told["Các phần"], told["Ghi chú"]) == ('<a href="/collections/bang/">Băng</a>', "Tất cả")
    assert facts_of(client, "/collections/bang/")["Thuộc về"] == '<a href="/collections/kho/">Kho</a>'


def test_a_place_tells_its_names_codes_and_what_it_became(client: Client) -> None:
    old = Place.objects.create(slug="cu", kind="commune", valid_to="2025-06-30", notes=of(vi="Bên sông"))
    new = Place.objects.create(slug="moi", kind="commune", valid_from="2025-07-01")
    hidden = Place.objects.create(slug="secret", kind="commune", precision="hidden")
    province = Place.objects.create(slug="tinh", kind="province")
    for place, name in ((old, "Xã Cũ"), (new, "Xã Mới"), (hidden, "SECRET"), (province, "Tỉnh Mới")):
        PlaceName.objects.create(place=place, text=name)
    PlaceName.objects.create(place=old, text="Plei Kơ Tu", lang="bdq", kind="endonym", valid_to="2025-06-30")
    PlaceName.objects.create(place=old, text="SECRET", kind="hidden")
    PlaceCode.objects.create(place=old, scheme="NSO", code="23425", valid_to="2025-06-30")
    PlaceParent.objects.create(child=new, parent=province, valid_from="2025-07-01")
    for after in (new, hidden):
        PlaceSuccession.objects.create(
            before=old, after=after, on_date="2025-07-01", legal_basis="Nghị quyết 1677", is_partial=True
        )
    ItemPlace.objects.create(item=make_item("Gùi"), place=old)

    told = facts_of(client, "/places/cu/")

    assert words(told["Ở đâu"]) == "Xã Mới, tỉnh Mới (trước 01/7/2025: xã Cũ)"
    assert '<span lang="bdq">Plei Kơ Tu</span>' in told["Tên gọi"]
    assert words(told["Các mã"]) == "NSO 23425 (đến ngày 30/6/2025)"
    assert words(told["Thành"]) == "Xã Mới (01/7/2025; một phần; Nghị quyết 1677)"
    assert told["Ghi chú"] == "Bên sông"
    assert "SECRET" not in client.get("/places/cu/").content.decode()
