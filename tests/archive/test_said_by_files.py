"""What files say of themselves is sorted to the fields that it could fill; what programs write by themselves is left out."""

import pytest

from archive.said_by_files import proposals

pytestmark = pytest.mark.pure


def said(**values: str) -> list[dict[str, str]]:
    """`EXIF__Artist="x"` is what EXIF says under Artist."""
    return [
        {"source": key.split("__")[0], "name": key.split("__")[1].replace("_", ":"), "value": value}
        for key, value in values.items()
    ]


def test_values_go_to_their_fields_in_the_order_of_the_form_with_their_source() -> None:
    found = proposals(
        said(EXIF__Copyright="© Thư viện", EPUB__dc_title="Sử thi", EXIF__Artist="A Nhưng", EPUB__dc_language="bdq")
    )

    assert [(one.field, one.use, one.source) for one in found] == [
        ("titles", "Sử thi", "EPUB"),
        ("creators", "A Nhưng", "EXIF"),
        ("rights_statements", "© Thư viện", "EXIF"),
        ("languages", "bdq", "EPUB"),
    ]


@pytest.mark.parametrize(
    ("value", "use"),
    [
        ("1975:03:16 10:00:00", "16/3/1975"),
        ("D:20120410143026-07'00'", "10/4/2012"),
        ("2012-04-10T14:30:26+07:00", "10/4/2012"),
        ("19980430", "30/4/1998"),
        ("1998-04", "4/1998"),
        ("1998", "1998"),
        ("0000:00:00 00:00:00", ""),
        ("1970:01:01 00:00:00", ""),
        ("1904-01-01T00:00:00Z", ""),
        ("1975:13:40", ""),
        ("soon", ""),
        ("1" * 2000, ""),
    ],
)
def test_dates_are_said_as_people_say_them_and_clocks_that_were_never_set_say_nothing(value: str, use: str) -> None:
    assert [one.use for one in proposals(said(EXIF__DateTimeOriginal=value))] == ([use] if use else [])


@pytest.mark.parametrize(
    "value", ["Untitled", "Microsoft Word - luan an.doc", "SAMSUNG CSC", "Document1", "Administrator"]
)
def test_words_that_programs_write_are_no_proposals(value: str) -> None:
    assert proposals(said(PDF__Title=value, PDF__Author=value, EXIF__ImageDescription=value)) == []


def test_the_same_words_are_proposed_once_and_positions_are_never_places() -> None:
    found = proposals(
        said(XMP__dc_title="Gùi", IPTC__ObjectName="gùi", EXIF__GPSPosition="14.35, 108.01", IPTC__City="Kon Tum")
    )

    assert [(one.field, one.use) for one in found] == [
        ("titles", "Gùi"),
        ("places", "Kon Tum"),
        ("position", "14.35, 108.01"),
    ]


@pytest.mark.parametrize(("value", "use"), [("vie", "vi"), ("eng", "en"), ("und", ""), ("<b>", ""), ("sed", "sed")])
def test_languages_are_tags(value: str, use: str) -> None:
    assert [one.use for one in proposals(said(ID3__TLAN=value))] == ([use] if use else [])
