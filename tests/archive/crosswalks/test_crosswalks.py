"""Crosswalks: what goes in comes out again where the target has a place for it, and nothing that is not well-formed ever does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.crosswalks import codes, marc_fixed
from archive.crosswalks.dublin_core import oai_dc, oai_dcterms
from archive.crosswalks.edm import NOT_EVALUATED, OTHER_LEGAL_RESTRICTIONS, edm
from archive.crosswalks.marc import marcxml
from archive.crosswalks.mods import mods
from archive.crosswalks.record import Record, Rights, Text, When
from archive.crosswalks.rights_record import rights
from interop.oai import schema
from tests.archive.records import full_record

pytestmark = pytest.mark.pure
DC = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"
MARC = "{http://www.loc.gov/MARC21/slim}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WRITERS = {
    "oai_dc": oai_dc,
    "oai_dcterms": oai_dcterms,
    "marcxml": marcxml,
    "mods": mods,
    "edm": edm,
    "rights": lambda record: rights(record, "https://tulieu.example.vn/oai/rights.xsd"),
}


def parsed(text: str) -> etree._Element:
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def values(root: etree._Element, name: str) -> list[str]:
    return [one.text or "" for one in root.iter(name)]


def subfields(root: etree._Element, tag: str, code: str) -> list[str]:
    fields = root.iterfind(f"{MARC}datafield[@tag='{tag}']")
    return [one.text or "" for field in fields for one in field.iterfind(f"{MARC}subfield[@code='{code}']")]


def test_qualified_dublin_core_gives_back_every_text_with_its_language() -> None:
    record = full_record()

    root = parsed(oai_dcterms(record))

    for name, said in (
        ("title", record.titles),
        ("alternative", record.alternative_titles),
        ("tableOfContents", record.contents),
        ("extent", record.extents),
        ("medium", record.mediums),
        ("provenance", record.provenances),
        ("source", record.sources),
        ("rightsHolder", record.rights.holders),
    ):
        assert tuple(Text(one.get(LANG, ""), one.text or "") for one in root.iter(TERMS + name)) == said
    assert values(root, f"{TERMS}created") == ["2012~", "khoảng 2012"]
    assert values(root, f"{TERMS}language") == ["bdq", "vie"]
    assert values(root, f"{TERMS}license") == [record.rights.uri]


def test_unqualified_dublin_core_says_dates_languages_and_types_as_aggregators_read_them() -> None:
    root = parsed(oai_dc(full_record()))

    assert values(root, f"{DC}date") == ["2012", "2015-06"]
    assert values(root, f"{DC}language") == ["bdq", "vie"]
    assert values(root, f"{DC}type") == ["Sound"]
    assert values(root, f"{DC}identifier")[:3] == [
        "https://tulieu.example.vn/items/15x9774vwnj/",
        "ark:/99999/15x9774vwnj",
        "KT.0001",
    ]
    assert values(root, f"{DC}creator") == ["Thư viện tỉnh"]
    assert values(root, f"{DC}contributor") == ["A Nhar", "một nghệ nhân của làng"]


def test_marc_gives_back_titles_languages_and_numbers() -> None:
    root = parsed(marcxml(full_record()))

    assert subfields(root, "245", "a") == ["Chiêng <mừng> lúa & mới."]
    assert subfields(root, "246", "a") == ["Gongs of the new rice", "Ching"]
    assert subfields(root, "041", "a") == ["bdq", "vie"]
    assert subfields(root, "041", "2") == ["iso639-3"]
    assert subfields(root, "110", "a") == ["Thư viện tỉnh,"]
    assert subfields(root, "700", "4") == ["mus", "nrt"]
    assert subfields(root, "024", "a")[:2] == ["ark:/99999/15x9774vwnj", "KT.0001"]
    assert subfields(root, "856", "u")[0] == "https://tulieu.example.vn/items/15x9774vwnj/"


def test_marc_numbers_are_isbns_only_where_their_last_digit_fits() -> None:
    right = parsed(marcxml(full_record(other_identifiers=(("isbn", "978-0-306-40615-7"),))))
    wrong = parsed(marcxml(full_record(other_identifiers=(("isbn", "978-0-306-40615-8"),))))

    assert subfields(right, "020", "a") == ["9780306406157"]
    assert (subfields(wrong, "020", "a"), subfields(wrong, "020", "z")) == ([], ["978-0-306-40615-8"])


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "ebook"])
@pytest.mark.parametrize("template", ["", "map", "gong_recording"])
def test_the_fixed_fields_of_marc_have_their_length(kind: str, template: str) -> None:
    for created in (When(), When("2012", "", None, None), full_record().created, full_record().period):
        record = full_record(kind=kind, template=template, created=created, issued=When())
        letter = codes.marc_type(record)

        assert len(marc_fixed.leader(letter)) == 24
        assert len(marc_fixed.general(record, letter)) == 40


def test_a_withheld_name_makes_no_main_entry() -> None:
    record = full_record()
    withheld = record.doers[2]

    root = parsed(marcxml(full_record(doers=(withheld,))))

    assert subfields(root, "100", "a") == []
    assert subfields(root, "700", "a") == ["một nghệ nhân của làng,"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            Rights("https://creativecommons.org/licenses/by/4.0/", family="cc"),
            "http://creativecommons.org/licenses/by/4.0/",
        ),
        (Rights("tag:x,2026:folklore", family="folklore"), OTHER_LEGAL_RESTRICTIONS),
        (Rights(), NOT_EVALUATED),
    ],
)
def test_europeana_is_told_rights_that_it_knows(said: Rights, expected: str) -> None:
    root = parsed(edm(full_record(rights=said)))

    about = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
    assert {one.get(about) for one in root.iter("{http://www.europeana.eu/schemas/edm/}rights")} == {expected}


def test_rights_with_labels_are_valid_to_their_schema() -> None:
    text = schema.RIGHTS.replace('schemaLocation="http://www.w3.org/2001/xml.xsd"', "")
    validator = etree.XMLSchema(parsed(_with_xml_lang(text)))

    for record in (
        full_record(),
        full_record(rights=Rights(), marks=(), communities=(), parts=(), has_closed_files=True),
    ):
        assert validator.validate(parsed(WRITERS["rights"](record))), validator.error_log


def _with_xml_lang(text: str) -> str:
    """Return the schema without the import of xml.xsd, which a test does not fetch: any attribute of XML's own will do."""
    text = text.replace('<xs:import namespace="http://www.w3.org/XML/1998/namespace" />', "")
    return text.replace(
        '<xs:attribute ref="xml:lang"/>',
        '<xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace" processContents="skip"/>',
    )


TEXTS = st.text(max_size=40)


@given(words=st.lists(TEXTS, min_size=6, max_size=6), tag=st.sampled_from(["vi", "en", "bdq", ""]), when=TEXTS)
def test_whatever_was_typed_is_well_formed_in_every_format(words: list[str], tag: str, when: str) -> None:
    said = tuple(Text(tag, one) for one in words[:2])
    record = full_record(
        titles=said,
        descriptions=said,
        identifier=words[2],
        other_identifiers=((words[3], words[4]),),
        address=f"https://tulieu.example.vn/{words[5]}",
        created=When(when, when),
        languages=(words[0][:8],),
        access=said,
    )

    for write in WRITERS.values():
        parsed(write(record))


def test_a_bare_record_is_written_too() -> None:
    record = full_record()
    bare = Record(
        pid=record.pid, ark=record.ark, address=record.address, kind="image", template="", genre=(), published=record.published,
        changed=record.changed, library=record.library, titles=(),
    )  # fmt: skip

    for write in WRITERS.values():
        assert record.ark in write(bare) or write is oai_dc
