"""The gazetteer: today's units, those before 1 July 2025, and what became of which."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive import administrative_units, gazetteer
from archive.administrative_units import former_communes
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession

OTHERS = Path(__file__).resolve().parents[3] / "shared" / "sample" / "places_2025.csv"
LAST_DAY, CUT = date(2025, 6, 30), date(2025, 7, 1)
UNCHANGED = {"Xã Ba Xa": 21538, "Xã Đăk Long": 23368, "Xã Rờ Kơi": 23530, "Xã Ia Đal": 23535, "Xã Mô Rai": 23536}


@pytest.fixture
def gazetteer_loaded(db: None) -> None:
    gazetteer.load()


def found(name: str) -> Place:
    place = gazetteer.find(name)
    assert place is not None, name
    return place


def lies_in(place: Place, day: date) -> list[str]:
    return [
        link.parent.name_on(day)
        for link in place.parents.all()
        if (link.valid_from or date.min) <= day <= (link.valid_to or date.max)
    ]


def became(place: Place) -> set[tuple[str, str, bool]]:
    return {(row.after.name_on(None), row.kind, row.is_partial) for row in place.successors.all()}


def with_code(code: str, day: date) -> list[str]:
    """What had a code of the state on a day."""
    codes = PlaceCode.objects.filter(scheme="NSO", code=code).select_related("place")
    return [
        row.place.name_on(day) for row in codes if (row.valid_from or date.min) <= day <= (row.valid_to or date.max)
    ]


@pytest.mark.django_db
def test_every_unit_of_today_and_of_before_is_a_place() -> None:
    names = gazetteer.load()

    today = list(Place.objects.filter(valid_to=None).values_list("kind", flat=True))
    former = list(Place.objects.filter(valid_to=LAST_DAY).values_list("kind", flat=True))
    assert (today.count("commune"), today.count("ward"), today.count("special_zone")) == (86, 9, 1)
    # 272 before, five of which are the same today.
    assert (former.count("commune"), former.count("ward"), former.count("town")) == (229 - 5, 27, 16)
    assert (former.count("district"), former.count("province")) == (23, 2)
    assert len(names) == Place.objects.count() == 96 + 267 + 23 + 3
    assert not Place.objects.filter(is_sample=True).exists()


@pytest.mark.django_db
def test_loading_the_gazetteer_again_changes_nothing() -> None:
    def rows() -> list[list[dict[str, object]]]:
        models = (Place, PlaceName, PlaceCode, PlaceParent, PlaceSuccession)
        return [list(model.objects.order_by("pk").values()) for model in models]

    gazetteer.load()
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        gazetteer.load()

    assert rows() == before
    assert [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))] == []
    assert len(queries) < 12


@pytest.mark.django_db
def test_a_list_that_was_loaded_before_former_communes_were_known_is_brought_up_to_date() -> None:
    gazetteer.load()
    long = found("Xã Đăk Long, tỉnh Quảng Ngãi")
    Place.objects.filter(pk=long.pk).update(valid_from=CUT)
    PlaceName.objects.filter(place=long, kind="official").update(valid_from=CUT, text="Xã Đak Long")
    PlaceParent.objects.filter(child=long, parent__kind="district").delete()
    Place.objects.filter(slug="xa-dak-duc-den-2025").update(is_sample=True)
    PlaceSuccession.objects.update(is_partial=True, kind="merged_into")

    gazetteer.load()

    long.refresh_from_db()
    assert long.valid_from is None
    assert long.names.get(kind="official").text == "Xã Đăk Long"
    assert lies_in(long, LAST_DAY) == ["Huyện Đắk Glei"]
    assert became(found("Xã Đăk Dục")) == {("Xã Dục Nông", "merged_into", False)}


@pytest.mark.django_db
def test_a_unit_that_still_exists_is_found_before_an_ended_one_of_its_name() -> None:
    older = Place.objects.create(slug="mo-rai", kind=Place.PlaceKind.COMMUNE, valid_to=LAST_DAY)
    PlaceName.objects.create(place=older, text="Xã Mô Rai")
    gazetteer.load()

    assert found("Xã Mô Rai").slug == "xa-mo-rai"
    assert found("Xã Mô Rai").valid_to is None


@pytest.mark.django_db
def test_what_staff_added_to_a_unit_stays() -> None:
    gazetteer.load()
    nong = found("Xã Dục Nông")
    PlaceName.objects.create(place=nong, text="Dục Nông", lang="jeh", kind="endonym")
    PlaceCode.objects.create(place=nong, scheme="GeoNames", code="1")

    gazetteer.load()

    assert nong.names.filter(lang="jeh").exists()
    assert nong.codes.filter(scheme="GeoNames").exists()


def test_a_former_district_leads_to_todays_communes_and_is_found_in_both_spellings(gazetteer_loaded: None) -> None:
    district = Place.objects.get(names__text="Huyện Đắk Hà")

    assert district.slug == "huyen-dak-ha"
    assert gazetteer.find("Huyện Đăk Hà") == district
    assert became(district) == {
        (name, "abolished", True) for name in ("Xã Đăk Hà", "Xã Đăk Pxi", "Xã Đăk Ui", "Xã Đăk Mar", "Xã Ngọk Réo")
    }
    province = district.parents.get().parent
    assert (province.name_on(None), province.valid_to) == ("Tỉnh Kon Tum", LAST_DAY)
    assert became(province) == {("Tỉnh Quảng Ngãi", "merged_into", False)}
    assert became(found("Huyện Lý Sơn")) == {("Đặc khu Lý Sơn", "upgraded", False)}


def test_a_code_belongs_to_another_unit_after_the_cut(gazetteer_loaded: None) -> None:
    assert with_code("23425", LAST_DAY) == ["Xã Đăk Hà"]
    assert with_code("23425", CUT) == ["Xã Tu Mơ Rông"]
    assert with_code("23377", LAST_DAY) == ["Thị trấn Plei Kần"]
    assert with_code("23377", CUT) == ["Xã Bờ Y"]
    holders: dict[str, set[int]] = {}
    for code, place in PlaceCode.objects.filter(place__kind__in=["commune", "ward", "town"]).values_list(
        "code", "place"
    ):
        holders.setdefault(code, set()).add(place)
    assert len([code for code, places in holders.items() if len(places) == 2]) == 90


def test_two_communes_named_dak_ha_are_two_places_and_the_town_is_a_third(gazetteer_loaded: None) -> None:
    today, former, town = found("Xã Đăk Hà"), found("xã Đăk Hà, huyện Tu Mơ Rông"), found("Thị trấn Đăk Hà")

    assert len({today, former, town}) == 3
    assert (today.valid_from, former.valid_to) == (CUT, LAST_DAY)
    assert became(former) == {("Xã Tu Mơ Rông", "merged_into", False)}
    assert became(town) == {("Xã Đăk Hà", "merged_into", False)}
    assert today.codes.get().code == "23500"


def test_of_two_communes_named_dak_long_one_is_unchanged_and_one_was_merged(gazetteer_loaded: None) -> None:
    kept, merged = found("Xã Đăk Long"), found("Xã Đăk Long, huyện Đăk Hà")

    assert kept == found("Xã Đăk Long, huyện Đăk Glei") == found("Xã Đăk Long, Tỉnh Quảng Ngãi")
    assert (kept.valid_from, kept.valid_to) == (None, None)
    assert (lies_in(kept, LAST_DAY), lies_in(kept, CUT)) == (["Huyện Đắk Glei"], ["Tỉnh Quảng Ngãi"])
    assert not kept.successors.exists()
    assert not kept.predecessors.filter(before__kind="commune").exists()
    assert became(merged) == {("Xã Đăk Pxi", "merged_into", False)}


def test_a_commune_that_stayed_as_it_was_is_one_place_throughout(gazetteer_loaded: None) -> None:
    for name, code in UNCHANGED.items():
        place = found(name)
        assert (place.valid_from, place.valid_to) == (None, None), name
        assert place.name_on(date(2012, 1, 1)) == place.name_on(CUT) == name
        assert place.codes.get().code == str(code)
        assert place.parents.count() == 2, name


def test_thang_loi_was_a_ward_of_kon_tum_and_a_commune_of_mo_duc(gazetteer_loaded: None) -> None:
    ward, commune = found("Phường Thắng Lợi"), found("Xã Thắng Lợi")

    assert lies_in(ward, LAST_DAY) == ["Thành phố Kon Tum"]
    assert lies_in(commune, LAST_DAY) == ["Huyện Mộ Đức"]
    assert became(ward) == {("Phường Kon Tum", "merged_into", False)}


def test_two_wards_named_nguyen_nghiem_are_neither_the_commune_of_today(gazetteer_loaded: None) -> None:
    city = found("Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi")
    town = found("phường Nguyễn Nghiêm, thị xã Đức Phổ, tỉnh Quảng Ngãi")
    today = found("Xã Nguyễn Nghiêm")

    assert city.slug == "phuong-nguyen-nghiem-21025-den-2025"
    assert town.slug == "phuong-nguyen-nghiem-21439-den-2025"
    assert became(city) == {("Phường Cẩm Thành", "merged_into", False)}
    assert became(town) == {("Phường Đức Phổ", "merged_into", False)}
    assert (today.kind, today.valid_from) == ("commune", CUT)
    assert {row.before.name_on(LAST_DAY) for row in today.predecessors.exclude(before__kind="district")} == {
        "Xã Phổ Nhơn",
        "Xã Phổ Phong",
    }


def test_tra_bui_was_divided_between_two_communes(gazetteer_loaded: None) -> None:
    assert became(found("Xã Trà Bùi")) == {("Xã Cà Đam", "split_into", True), ("Xã Tây Trà Bồng", "split_into", True)}
    assert PlaceSuccession.objects.filter(kind="split_into").count() == 2


def test_po_y_became_part_of_bo_y(gazetteer_loaded: None) -> None:
    assert became(found("Xã Pờ Y")) == {("Xã Bờ Y", "merged_into", False)}
    assert found("Xã Pờ Y") != found("Xã Bờ Y")


FOUND: dict[str, str | None] = {
    "xã Dục Nông": "xa-duc-nong",
    "Xã Đắk Dục": "xa-dak-duc-den-2025",
    "  xã   Đăk Dục ": "xa-dak-duc-den-2025",
    unicodedata.normalize("NFD", "Xã Đăk Dục"): "xa-dak-duc-den-2025",
    "TP. Kon Tum": "thanh-pho-kon-tum",
    "P. Kon Tum": "phuong-kon-tum",
    "TT. Plei Kần, H. Ngọc Hồi": "thi-tran-plei-kan-den-2025",
    "Xã Đăk Dục, Kon Tum": None,
    "Xã Đăk Dục, huyện Đăk Tô": None,
    "Xã Đăk Hà, huyện Tu Mơ Rông, tỉnh Kon Tum": "xa-dak-ha-den-2025",
    "Xã Đăk Hà, tỉnh Kon Tum": "xa-dak-ha-den-2025",
    "Xã Đăk Hà, tỉnh Quảng Ngãi": "xa-dak-ha",
    "Tỉnh Quảng Ngãi": "tinh-quang-ngai",
    "Tỉnh Kon Tum": "tinh-kon-tum-den-2025",
    "Xã Ba Tơ": "xa-ba-to-21484",
    "Xã Ba Tô": "xa-ba-to-21523",
    "Xã Ba Tô, huyện Ba Tơ": "xa-ba-to-den-2025",
    "Huyện Đăk Hà": "huyen-dak-ha",
    "Xã Không Có": None,
    "Xã Dục Nông, Xã Dục Nông": None,
    "": None,
    " , ": None,
}


def test_a_unit_is_found_by_name_and_by_what_lies_around_it(gazetteer_loaded: None) -> None:
    places = {typed: gazetteer.find(typed) for typed in FOUND}

    assert {typed: place.slug if place else None for typed, place in places.items()} == FOUND


def test_every_former_unit_is_found_with_its_district(
    gazetteer_loaded: None, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    districts = {district.code: district.name for district in administrative_units.former_districts()}

    for commune in former_communes()[::12]:
        with django_assert_max_num_queries(4):
            place = found(f"{commune.name}, {districts[commune.district]}")
        assert place.codes.filter(code=commune.code).exists()
        assert place.name_on(LAST_DAY) == commune.name


def test_names_hold_on_their_days(gazetteer_loaded: None) -> None:
    duc = found("Xã Đăk Dục")

    assert duc.names.get(kind="official").valid_to == LAST_DAY
    assert duc.name_on(date(1990, 1, 1)) == duc.name_on(CUT) == duc.name_on(None) == "Xã Đăk Dục"
    assert found("Xã Dục Nông").names.get(kind="official").valid_from == CUT


def test_every_unit_of_before_has_a_district_and_something_that_it_became(gazetteer_loaded: None) -> None:
    former = Place.objects.filter(valid_to=LAST_DAY, kind__in=["commune", "ward", "town"])

    assert not former.filter(parents__isnull=True).exists()
    assert not former.filter(successors__isnull=True).exists()
    assert set(PlaceParent.objects.filter(child__in=former).values_list("parent__kind", flat=True)) == {"district"}
    # Wholly or in part, each of today's communes was made of something; so was the special zone, of a district.
    made = set(PlaceSuccession.objects.filter(before__in=former).values_list("after__slug", flat=True))
    assert len(made) == 96 - 5 - 1


@pytest.mark.pure
def test_addresses_of_all_units_differ() -> None:
    listed = [unit.slug for unit in gazetteer.gather().units]

    assert len(listed) == len(set(listed)) == 96 + 267 + 23 + 3


@pytest.mark.pure
def test_other_peoples_table_of_units_agrees_with_ours() -> None:
    if not OTHERS.is_file():
        pytest.skip("shared/sample/places_2025.csv is not beside this checkout")
    with OTHERS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    theirs: dict[str, set[int]] = {}
    for row in rows:
        theirs.setdefault(row["old_district_vi"].rsplit("(", 1)[1].rstrip(")"), set()).add(int(row["new_code"]))

    ours = {district.code: set(district.communes) for district in administrative_units.former_districts()}

    assert ours == theirs
    names = {int(row["new_code"]): unicodedata.normalize("NFC", row["new_name_vi"]) for row in rows}
    assert {int(ward.code): administrative_units.name_of(ward) for ward in administrative_units.units()} == names
    became = {
        (row["old_code"], unicodedata.normalize("NFC", row["old_name_vi"]), int(row["new_code"]))
        for row in rows
        if row["old_code"]
    }
    assert {(one.code, one.name, code) for one in former_communes() for code in one.became} == became
    unchanged = {row["old_name_vi"]: int(row["old_code"]) for row in rows if row["change_note_vi"] == "Giữ nguyên"}
    assert {one.name: int(one.code) for one in former_communes() if one.is_unchanged} == unchanged == UNCHANGED
    for row in rows:
        middle = administrative_units.centroid(int(row["new_code"]))
        if middle is not None:
            assert (float(middle[0]), float(middle[1])) == pytest.approx(
                (float(row["new_centroid_lat"]), float(row["new_centroid_lon"])), abs=0.02
            )
