"""The sixty items: whole, marked, in order, with every format that the pipeline has to meet."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from archive import administrative_units, dates
from archive.sample import catalogue, texts
from archive.sample.files import EXTENSIONS

pytestmark = pytest.mark.pure

ITEMS = catalogue.items()
RECIPES = [file.recipe for item in ITEMS for file in item.files]
RELATORS = {"pht", "rcd", "vdg", "com", "aut", "trc", "trl", "ivr", "nrt", "isb", "prv", "pbl", "prf", "mus", "spk"}


def test_there_are_sixty_items_of_five_kinds_in_a_few_collections() -> None:
    kinds = [item.kind for item in ITEMS]

    assert [item.identifier for item in sorted(ITEMS, key=lambda item: item.identifier)] == [
        f"TVQN-M-{number:04}" for number in range(1, 61)
    ]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "image": 18, "audio": 13, "video": 12, "document": 12, "ebook": 5,
    }  # fmt: skip
    used = {slug for item in ITEMS for slug in item.collections}
    assert used == {row["slug"] for row in catalogue.headings("collections")}
    known = {row["vi"] for row in catalogue.headings("peoples")} | set(catalogue.descriptions()["peoples"])
    assert {name for item in ITEMS for name in item.peoples} <= known


def test_the_small_sample_is_one_item_of_each_kind_and_comes_first() -> None:
    small = catalogue.items("small")

    assert sorted(item.kind for item in small) == ["audio", "document", "ebook", "image", "video"]
    assert ITEMS[: len(small)] == small
    rest = [item.weight for item in ITEMS[len(small) :]]
    assert rest == sorted(rest)


def test_every_title_and_description_says_that_it_is_a_sample() -> None:
    for item in ITEMS:
        assert item.titles["vi"].startswith("[Mẫu] ")
        assert item.titles["en"].startswith("[Sample] ")
        assert "không phải tư liệu thật" in item.descriptions["vi"]
        assert "not a real document" in item.descriptions["en"]
        assert "[Mẫu]" not in item.title_vi


def test_dates_are_edtf_texts_are_canonical_and_roles_are_relator_codes() -> None:
    for item in ITEMS:
        assert dates.read(item.date_edtf).first is not None
        for text in (item.title_vi, item.description_vi, item.rights_vi, *item.subjects):
            assert unicodedata.is_normalized("NFC", text)
        assert item.rights_uri.startswith(("http", "tag:"))
        assert {creator.role for creator in item.creators} <= RELATORS


def test_no_two_headings_have_the_same_address_part() -> None:
    for names in (
        {name for item in ITEMS for name in item.subjects},
        {who.name_vi for item in ITEMS for who in item.creators},
    ):
        assert len({administrative_units.slug(name)[:80] for name in names}) == len(names)


@pytest.mark.parametrize("generator", ["pictures", "gongs", "films", "pages", "books"])
def test_every_format_that_a_generator_knows_occurs_in_the_sample(generator: str) -> None:
    used = {str(recipe.settings["variant"]) for recipe in RECIPES if recipe.generator == generator}

    assert used == set(EXTENSIONS[generator])


def test_sizes_are_honest() -> None:
    pictures = [recipe.settings for recipe in RECIPES if recipe.generator == "pictures"]
    films = [int(recipe.settings["seconds"]) for recipe in RECIPES if recipe.generator == "films"]
    sounds = [
        int(recipe.settings["seconds"])
        for recipe in RECIPES
        if recipe.generator == "gongs" and not recipe.settings.get("closed")
    ]

    assert max(int(one["width"]) * int(one["height"]) for one in pictures) > 100_000_000
    assert all(10 <= seconds <= 20 for seconds in films)
    assert not any("lines" in recipe.settings for recipe in RECIPES)
    assert all(60 <= seconds <= 180 for seconds in sounds)
    assert len({recipe.seed for recipe in RECIPES}) == len(RECIPES)


def test_closed_items_hold_test_cards_and_nothing_else_does() -> None:
    closed = {item.identifier for item in ITEMS if item.is_closed}
    told = {item.identifier for item in ITEMS if item.access in {"community", "restricted", "onsite"}}

    assert closed == told
    for item in ITEMS:
        if item.is_closed:
            assert all("figure" not in file.recipe.settings for file in item.files if file.recipe.generator != "films")


def test_no_precise_place_is_told_where_the_village_is_not_to_be_named() -> None:
    for item in ITEMS:
        if item.spot.precision == "hidden":
            assert item.spot.village == ""


def test_the_words_of_the_sample_are_vietnamese_in_canonical_form() -> None:
    raw = Path(texts.__file__).with_name("texts.json").read_text(encoding="utf-8")
    themes = {theme for recipe in RECIPES for theme in str(recipe.settings.get("themes", "")).split()}

    assert unicodedata.is_normalized("NFC", raw)
    for theme in themes:
        assert texts.sections(theme)[-1].paragraphs
    assert "Mọi" not in raw
