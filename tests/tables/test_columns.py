"""What headings mean, and what stands in one cell."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from archive.item_templates import TEMPLATES
from archive.tables import cells, columns
from archive.tables.fields import FIELDS, Form
from archive.tables.shapes import Heading

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Nhan đề", ("titles", "", "")),
        ("NHAN ĐỀ", ("titles", "", "")),
        ("Nhan đề [bdq]", ("titles", "bdq", "")),
        ("Nhan đề (tiếng Ba Na)", ("titles", "bdq", "")),
        ("Title (English)", ("titles", "en", "")),
        ("title_en", ("titles", "en", "")),
        ("titles.vi", ("titles", "vi", "")),
        ("titles[vi-Latn]", ("titles", "vi-Latn", "")),
        ("Mô tả [*]", ("descriptions", "*", "")),
        ("Thời gian (EDTF)", ("date_edtf", "", "")),
        ("date_edtf", ("date_edtf", "", "")),
        ("Người kể", ("credits", "", "nrt")),
        ("photographer", ("credits", "", "pht")),
        ("credits.sng", ("credits", "", "sng")),
        ("Nơi thể hiện", ("located", "", "depicted")),
        ("located.depicted", ("located", "", "depicted")),
        ("own.incipit", ("own_values", "", "incipit")),
        ("own.incipit[bdq]", ("own_values", "bdq", "incipit")),
        ("own.*", ("own_values", "", "*")),
    ],
)
def test_a_heading_is_known_by_its_names_in_both_languages_and_by_its_field(
    heading: str, meant: tuple[str, str, str]
) -> None:
    found = columns.read(0, heading)

    assert found is not None
    assert (found.field.name, found.lang, found.part) == meant


def test_every_heading_that_we_have_leads_to_its_own_field_and_to_no_other() -> None:
    for name, field in FIELDS.items():
        for heading in (*field.headings, *([] if field.form is Form.OWN else [name])):
            found = columns.read(0, heading)
            assert found is not None, heading
            assert found.field.name == name, heading


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_own_fields_are_known_by_what_the_desk_calls_them(lang: str) -> None:
    for template in TEMPLATES.values():
        for own in template.own:
            with override(lang):
                label = str(own.label)
            found = columns.read(0, label)
            assert found is not None, label
            assert found.part == own.key or found.field.form is not Form.OWN, label


def test_unknown_headings_are_told_with_the_nearest_and_notes_are_passed_over() -> None:
    found = columns.of(
        Heading(1, ("Nhan dde", "# ghi chú", "", "Trạng thái", "Xyz", "Năm", "Date", "Dân tộc", "People"))
    )

    assert [(fault.column, fault.code, fault.detail.get("nearest", "")) for fault in found.faults] == [
        (0, "unknown_heading", "Nhan đề"),
        (4, "unknown_heading", ""),
        (5, "heading_twice", ""),
        (6, "heading_twice", ""),
    ]
    assert [column.field.name for column in found.columns] == ["date", "date", "peoples", "peoples"]


@pytest.mark.parametrize(
    ("cell", "names", "texts"),
    [
        ("a; b|c", ["a", "b", "c"], ["a; b", "c"]),
        (r"a\; b \| c", ["a; b | c"], ["a; b | c"]),
        (r"C:\anh\1.jpg", [r"C:\anh\1.jpg"], [r"C:\anh\1.jpg"]),
        (" ; | ", [], [";"]),
        ("\\", ["\\"], ["\\"]),
    ],
)
def test_names_are_parted_by_both_marks_and_texts_by_one(cell: str, names: list[str], texts: list[str]) -> None:
    assert cells.split(cell, cells.NAMES) == names
    assert cells.split(cell, cells.TEXTS) == texts


@given(st.lists(st.text(max_size=12).map(str.strip).filter(bool)), st.sampled_from([cells.NAMES, cells.TEXTS]))
def test_values_that_are_joined_part_again(values: list[str], separators: str) -> None:
    assert cells.split(cells.joined(values, separators), separators) == values


RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(st.text(max_size=8) | st.sampled_from(RUNS))
def test_what_is_kept_from_running_reads_back(text: str) -> None:
    assert cells.plain(cells.defused(text)) == text
    assert not cells.defused(text).startswith(RUNS)


@pytest.mark.parametrize(
    ("value", "told"),
    [("[bdq] Hơ'mon", ("bdq", "Hơ'mon")), ("Hơ'mon", ("", "Hơ'mon")), ("[Ảnh] 1", ("", "[Ảnh] 1"))],
)
def test_a_value_may_say_its_language(value: str, told: tuple[str, str]) -> None:
    assert cells.tagged(value) == told
