"""Templates by sort of thing: what they ask for, what is stored of it, and what is wanting."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from archive.item_templates import TEMPLATES, ItemTemplate, OwnField, OwnFieldError, clean_own, missing
from archive.languages import canonical
from archive.models import Item, ItemKind

pytestmark = pytest.mark.pure

# Terms of DCMI, namespace http://purl.org/dc/terms/ (2020-01-20), those in use.
TERMS = {
    "accessRights", "accrualPeriodicity", "alternative", "audience", "description", "extent", "identifier", "isPartOf", "language",
    "medium", "provenance", "publisher", "source", "spatial", "subject", "tableOfContents", "temporal", "type",
}  # fmt: skip


def own_fields() -> Iterator[tuple[ItemTemplate, OwnField]]:
    for template in TEMPLATES.values():
        for field in template.own:
            yield template, field


def test_there_is_a_template_for_each_sort_that_the_library_collects() -> None:
    assert list(TEMPLATES) == [
        "epic",
        "gong_recording",
        "textile",
        "ritual",
        "map",
        "photograph",
        "oral_history",
        "ebook",
    ]
    assert all(key == template.key for key, template in TEMPLATES.items())


def test_every_template_names_kinds_and_fields_that_items_have() -> None:
    names = {field.name for field in Item._meta.get_fields()}

    for template in TEMPLATES.values():
        assert set(template.kinds) <= set(ItemKind.values)
        assert template.default_kind == template.kinds[0]
        assert set(template.required) | set(template.shown) <= names, template.key
        assert len(set(template.shown)) == len(template.shown)
        assert set(template.required) <= set(template.shown), "what is required must not stand far below"


def test_every_field_of_ones_own_is_complete_and_its_keys_are_its_own() -> None:
    for template, field in own_fields():
        where = f"{template.key}.{field.key}"
        assert field.key.isidentifier(), where
        assert field.dcterms.removeprefix("dcterms:") in TERMS, where
        assert (field.form == "choice") == bool(field.choices), where
        assert field.form == "number" or (
            not field.unit and field.whole and (field.least, field.most) == (0, 1_000_000)
        )
        assert field.form == "plain" or not field.check, where
        assert field.least < field.most, where
        assert template.field(field.key) is field
    for template in TEMPLATES.values():
        assert len({field.key for field in template.own}) == len(template.own)
        assert any(field.required for field in template.own), template.key
        assert template.field("nonsense") is None


def test_labels_help_and_choices_are_vietnamese_for_a_vietnamese_librarian() -> None:
    def texts() -> list[str]:
        words = [str(word) for template in TEMPLATES.values() for word in (template.name, template.help)]
        for _template, field in own_fields():
            words += [str(field.label), str(field.help), *map(str, field.choices.values())]
        return words

    with override("en"):
        english = texts()
    with override("vi"):
        vietnamese = texts()

    same = {one for one, other in zip(english, vietnamese, strict=True) if one == other}
    assert same <= {"ISBN"}


def test_values_are_stored_in_their_form_with_marks_in_order_and_without_empty_ones() -> None:
    breve_first = "o\u0306\u031b"

    stored = clean_own(
        "epic",
        {
            "heroes": [{"lang": "ren", "value": f"  Gi{breve_first}ng "}, {"lang": "ren", "value": " "}],
            "incipit": [{"lang": "ren", "value": ""}],
            "nights": "3",
            "tellings": None,
            "singing_style": "chanted",
            "completeness": "",
        },
    )

    assert stored == {
        "heroes": [{"lang": "ren", "value": f"Gi{canonical(breve_first)}ng"}],
        "nights": 3,
        "singing_style": "chanted",
    }
    assert clean_own("oral_history", {"equipment": " máy ghi a\u0302m "}) == {"equipment": "máy ghi âm"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12,5", 12.5), ("12.5", 12.5), (12.5, 12.5), (12.0, 12), ("12", 12), (" 120 ", 120), ("0,5", 0.5)],
)
def test_numbers_are_taken_with_a_comma_or_a_point(typed: object, stored: float) -> None:
    found = clean_own("textile", {"length_cm": typed})

    assert found == {"length_cm": stored}
    assert type(found["length_cm"]) is type(stored)


@pytest.mark.parametrize(
    ("template", "key", "value", "code"),
    [
        ("textile", "length_cm", "1.200", "number"),
        ("textile", "length_cm", "ba gang", "number"),
        ("textile", "length_cm", float("nan"), "number"),
        ("textile", "length_cm", float("inf"), "number"),
        ("textile", "length_cm", True, "number"),
        ("textile", "length_cm", [3], "number"),
        ("textile", "length_cm", 0.1, "least"),
        ("textile", "length_cm", 10**400, "most"),
        ("textile", "length_cm", -1, "least"),
        ("epic", "nights", 2.5, "whole"),
        ("epic", "nights", 61, "most"),
        ("ritual", "month_first", 13, "most"),
        ("ritual", "month_first", 0, "least"),
        ("epic", "singing_style", "yodelled", "choice"),
        ("epic", "singing_style", ["sung"], "choice"),
        ("epic", "heroes", "Giông", "form"),
        ("epic", "heroes", [{"lang": "vi"}], "form"),
        ("epic", "heroes", [{"lang": "vi", "value": 3}], "form"),
        ("epic", "heroes", [{"lang": "tiếng", "value": "Giông"}], "lang"),
        ("epic", "heroes", [{"lang": "vi", "value": "G" * 20_001}], "long"),
        ("epic", "heroes", [{"lang": "vi", "value": "\x00"}], "unstorable"),
        ("oral_history", "equipment", "\ud800", "unstorable"),
        ("oral_history", "equipment", "x" * 501, "long"),
        ("oral_history", "equipment", 5, "form"),
        ("oral_history", "question_language", "Tiếng Việt", "language"),
        ("oral_history", "time_told_of", "khoảng 1975", "edtf"),
        ("ebook", "isbn", "978-604-0-00000-0", "isbn"),
        ("ebook", "isbn", "không có", "isbn"),
        ("epic", "old_field", {"a": 1}, "form"),
        ("epic", "old_field", None, "form"),
        ("epic", "old_field", True, "form"),
        ("epic", "old_field", 10**400, "form"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_field_and_a_reason(
    template: str, key: str, value: object, code: str
) -> None:
    with pytest.raises(OwnFieldError) as raised:
        clean_own(template, {key: value})

    assert (raised.value.key, raised.value.code) == (key, code)


@pytest.mark.parametrize("isbn", ["978-0-306-40615-7", "9780306406157", "0-306-40615-2", "0 8044 2957 X", "080442957x"])
def test_an_isbn_of_ten_or_thirteen_digits_is_taken_as_it_was_typed(isbn: str) -> None:
    assert clean_own("ebook", {"isbn": isbn}) == {"isbn": isbn}


@pytest.mark.parametrize("isbn", ["978-0-306-40615-8", "0-306-40615-3", "979", "9770306406156", "X306406152"])
def test_an_isbn_with_a_wrong_digit_is_refused(isbn: str) -> None:
    with pytest.raises(OwnFieldError, match="isbn"):
        clean_own("ebook", {"isbn": isbn})


def test_dates_and_languages_within_a_template_are_checked() -> None:
    values = {"time_told_of": "1945~/1954", "question_language": "bdq-VN"}

    assert clean_own("oral_history", values) == values


def test_a_value_of_a_field_that_the_template_lost_is_kept_as_it_is() -> None:
    before = {"string_count": 9, "note": "a\u0306\u0302", "words": [{"lang": "vi", "value": " hai "}], "size": 1.5}

    assert clean_own("epic", {**before, "nights": 2}) == {"nights": 2, **before}
    assert clean_own("no_such_template", before) == before
    assert clean_own("", before) == before


def test_what_a_template_requires_and_an_item_lacks_is_named_in_order() -> None:
    item = {
        "titles": [{"lang": "vi", "value": "Giông"}],
        "credits": [7],
        "languages": ["ren"],
        "peoples": {3},
        "located": (),
        "date_edtf": "2004~",
        "origin_statements": [{"lang": "vi", "value": "  "}],
        "own": {"heroes": [{"lang": "ren", "value": "Giông"}], "occasion": [], "nights": 3},
    }

    assert missing("epic", item) == ["located", "origin_statements", "rights", "own.incipit", "own.occasion"]


def test_an_item_with_everything_lacks_nothing_and_an_unknown_template_asks_for_nothing() -> None:
    photograph = {
        "titles": [{"lang": "vi", "value": "Chợ Kon Tum"}],
        "located": ["x"],
        "date_edtf": "1975?",
        "rights": "https://rightsstatements.org/vocab/CNE/1.0/",
        "own": {"process": "negative_bw"},
    }

    assert missing("photograph", photograph) == []
    assert missing("photograph", {}) == ["titles", "date_edtf", "located", "rights", "own.process"]
    assert missing("photograph", {**photograph, "own": None}) == ["own.process"]
    assert missing("", {}) == missing("no_such_template", {}) == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["lang", "value", "x"]), inner, max_size=2)
    ),
    max_leaves=6,
)
lang_values = st.lists(
    st.fixed_dictionaries({"lang": st.sampled_from(["vi", "bdq", "x"]), "value": st.text(max_size=9)})
)


@given(st.sampled_from(list(TEMPLATES)), st.data())
def test_any_values_are_stored_as_json_and_cleaned_once_or_refused(key: str, data: st.DataObject) -> None:
    keys = st.sampled_from([field.key for field in TEMPLATES[key].own] + ["gone"])
    values = data.draw(st.dictionaries(keys, anything | lang_values, max_size=4))

    try:
        stored = clean_own(key, values)
    except OwnFieldError:
        return

    assert json.loads(json.dumps(stored)) == stored
    assert clean_own(key, stored) == stored
    for name, value in stored.items():
        if isinstance(value, str) and name != "gone":
            assert unicodedata.is_normalized("NFC", value)
    missing(key, {"own": stored, **values})
