"""MARC as files are exchanged: another library's reader finds what the XML says, however long it is."""

from __future__ import annotations

import io

import pymarc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.crosswalks.marc import marcxml
from archive.crosswalks.marc_exchange import iso_2709
from archive.crosswalks.record import Record, Text
from tests.archive.records import full_record

pytestmark = pytest.mark.pure


def read(record: Record) -> pymarc.Record:
    data = iso_2709(marcxml(record))
    assert int(data[:5]) == len(data) <= 99_999
    assert data.endswith(b"\x1e\x1d")
    found = list(pymarc.MARCReader(io.BytesIO(data)))
    assert len(found) == 1
    assert found[0] is not None
    return found[0]


def test_the_same_fields_as_in_xml() -> None:
    record = full_record()
    (as_xml,) = pymarc.parse_xml_to_array(io.BytesIO(marcxml(record).encode()))

    found = read(record)

    assert [str(field) for field in found.fields] == [str(field) for field in as_xml.fields]
    assert found["245"]["a"] == "Chiêng <mừng> lúa & mới."
    assert str(found.leader)[9] == "a"


@settings(deadline=None)
@given(words=st.lists(st.text(max_size=40), min_size=4, max_size=4))
def test_whatever_was_typed_is_one_record(words: list[str]) -> None:
    said = tuple(Text("vi", one) for one in words[:3])

    found = read(full_record(titles=said, descriptions=said, identifier=words[3]))

    assert len(found.get_fields("245")) == 1


@pytest.mark.parametrize("letters", [9_990, 9_994, 9_995, 9_996, 12_000])
def test_a_long_text_is_cut_between_letters_where_a_field_ends(letters: int) -> None:
    found = read(full_record(descriptions=(Text("vi", "ộ" * letters),)))

    text = found["520"]["a"]
    assert set(text) <= {"ộ", "…"}
    assert text.endswith("…")
    assert 9_900 < len(text.encode()) + 5 <= 9_999


def test_a_text_that_just_fits_is_whole() -> None:
    most = "a" * (9_999 - 5)  # indicators, a delimiter, a code, an end

    assert read(full_record(descriptions=(Text("vi", most),)))["520"]["a"] == most


def test_a_record_that_is_too_long_loses_notes_and_never_its_title() -> None:
    many = tuple(Text("vi", f"{number} " + "chiêng " * 1_000) for number in range(20))

    found = read(full_record(descriptions=many))

    assert found["245"]["a"].startswith("Chiêng")
    assert 0 < len(found.get_fields("520")) < 20
    assert found["856"]["u"] == "https://tulieu.example.vn/items/15x9774vwnj/"
