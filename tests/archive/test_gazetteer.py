"""The gazetteer: today's units, the former districts, and what became of which."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from archive import administrative_units, gazetteer
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession

OTHERS = Path(__file__).resolve().parents[3] / "shared" / "sample" / "places_2025.csv"


@pytest.mark.django_db
def test_the_province_has_ninety_six_units_and_twenty_three_former_districts() -> None:
    names = gazetteer.load()

    today = Place.objects.filter(valid_from=date(2025, 7, 1))
    kinds = list(today.values_list("kind", flat=True))
    assert (kinds.count("commune"), kinds.count("ward"), kinds.count("special_zone")) == (86, 9, 1)
    assert Place.objects.filter(kind="district", valid_to=date(2025, 6, 30)).count() == 23
    assert len(names) == Place.objects.count() == 96 + 23 + 3
    assert not Place.objects.filter(is_sample=True).exists()


@pytest.mark.django_db
def test_loading_the_gazetteer_again_changes_nothing() -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Place, PlaceName, PlaceCode, PlaceParent, PlaceSuccession)]

    gazetteer.load()
    before = counts()
    gazetteer.load()

    assert counts() == before


@pytest.mark.django_db
def test_a_former_district_leads_to_todays_communes_and_is_found_in_both_spellings() -> None:
    gazetteer.load()

    district = Place.objects.get(names__text="Huyện Đắk Hà")

    assert district.slug == "huyen-dak-ha"
    assert PlaceName.objects.filter(place=district, text="Huyện Đăk Hà", kind="variant").exists()
    after = {succession.after.name_on(None) for succession in district.successors.all()}
    assert after == {"Xã Đăk Hà", "Xã Đăk Pxi", "Xã Đăk Ui", "Xã Đăk Mar", "Xã Ngọk Réo"}
    province = district.parents.get().parent
    assert (province.name_on(None), province.valid_to) == ("Tỉnh Kon Tum", date(2025, 6, 30))
    assert province.successors.get().after.slug == "tinh-quang-ngai"


@pytest.mark.django_db
def test_units_whose_names_fold_alike_keep_addresses_of_their_own_and_are_found_by_name() -> None:
    gazetteer.load()

    slugs = {
        name: getattr(gazetteer.find(name), "slug", None)
        for name in ("Xã Ba Tơ", "Xã Ba Tô", "Xã Đăk Hà", "Huyện Đăk Hà")
    }

    assert slugs == {
        "Xã Ba Tơ": "xa-ba-to-21484",
        "Xã Ba Tô": "xa-ba-to-21523",
        "Xã Đăk Hà": "xa-dak-ha",
        "Huyện Đăk Hà": "huyen-dak-ha",
    }
    assert gazetteer.find("Xã Không Có") is None


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
    for row in rows:
        middle = administrative_units.centroid(int(row["new_code"]))
        if middle is not None:
            assert (float(middle[0]), float(middle[1])) == pytest.approx(
                (float(row["new_centroid_lat"]), float(row["new_centroid_lon"])), abs=0.02
            )
