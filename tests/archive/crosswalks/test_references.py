"""References go out and come back: read by other people's readers, whatever was typed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.crosswalks import bibtex, csl, highwire, ris
from archive.crosswalks.record import Doer, Text, When
from archive.crosswalks.reference import Dated, Name, Reference, dated, one_line, reference
from tests.archive.records import full_record

pytestmark = pytest.mark.pure
# Precomposed and combining marks, letters of the highlands, right-to-left, a joiner, what ends lines here and there.
VIETNAMESE = "Nhà rông Kơ̆n Kơ̆tu – Bơhnăr ƀok, Xơđăng ‘hơ-amon’; e\u0323\u0301"
HOSTILE = (
    "a\r\nER  - \r\nTY  - JOUR\nAU  - Kẻ, Gian",
    "a\x85b\u2028c\u2029d\x0be\x0cf\x1cg\x1dh\x1ei",
    "}},\n@book{x, title = {Y}}",
    "100 % & #1 $x$ _y_ ~z ^w \\input{/etc/passwd} {{{",
    "</script><script>alert(1)</script><!--",
    "\x00\x01 and others and {A} and B",
)
TEXTS = st.one_of(
    st.sampled_from([VIETNAMESE, *HOSTILE]),
    st.text(max_size=40),
    st.text('àạảăâđêôơưẠ̣́\u0300\\{}%&$#_^~"@,= ', max_size=30),
)


COMMANDS = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\%": "%", r"\#": "#", r"\$": "$", r"\&": "&", r"\_": "_",
}  # fmt: skip


def a_reference(**changes: object) -> Reference:
    return replace(reference(full_record(), "vi"), **changes)  # type: ignore[arg-type]  # values of a test


def read_ris(text: str) -> dict[str, list[str]]:
    (found,) = rispy.loads(text, implementation=rispy.RisParser, skip_unknown_tags=False)
    return {
        name: [value] if isinstance(value, str) else value
        for name, value in found.items()
        if name != "type_of_reference"
    }


def read_bibtex(text: str) -> dict[str, str]:
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    (entry,) = library.entries
    return {field.key: str(field.value) for field in entry.fields}


def test_a_reference_holds_what_a_record_says_in_the_readers_language() -> None:
    vi, en = reference(full_record(), "vi"), reference(full_record(), "en")

    assert (vi.title, vi.title_lang, vi.other_titles) == (
        "Chiêng <mừng> lúa & mới",
        "vi",
        ("Gongs of the new rice", "Ching"),
    )
    assert (en.title, en.abstract) == ("Gongs of the new rice", "Recorded in the communal house.")
    assert vi.creators == (Name("Thư viện tỉnh", "aut", "tác giả", is_body=True),)
    assert [one.name for one in vi.contributors] == ["A Nhar", "một nghệ nhân của làng"]
    assert vi.dated == Dated((2015, 6), edtf="2015-06")
    assert vi.isbn == "978-604-1-11111-6"
    assert vi.keywords == ("Ba Na", "Cồng chiêng", "Kon Klor")
    assert (vi.communities, vi.labels) == (("Làng Kon Klor",), ("TK Attribution",))


def test_who_had_a_part_leads_where_nobody_made_it() -> None:
    made = a_reference(creators=())

    assert [one.name for one in made.leads] == ["A Nhar", "một nghệ nhân của làng"]
    assert made.followers == ()


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When("2012-03-14"), Dated((2012, 3, 14), edtf="2012-03-14")),
        (When("2012-03"), Dated((2012, 3), edtf="2012-03")),
        (When("2012~", "khoảng 2012"), Dated((2012,), is_about=True, edtf="2012~", words="khoảng 2012")),
        (When("1970/1975"), Dated((1970,), (1975,), edtf="1970/1975")),
        (
            When("197X", "", date(1970, 1, 1), date(1979, 12, 31)),
            Dated((1970,), (1979,), is_about=True, edtf="197X"),
        ),
        (When("../1944", "", None, date(1944, 12, 31)), Dated((), (1944,), is_about=True, edtf="../1944")),
        (When("", "thời xưa"), Dated(words="thời xưa")),
        (When(), Dated()),
    ],
)
def test_dates_are_told_as_exactly_as_programs_can_hold_them(when: When, expected: Dated) -> None:
    assert dated(when) == expected
    assert bool(expected) == bool(when)


@given(value=TEXTS)
def test_one_line_is_one_line_to_every_reader(value: str) -> None:
    line = one_line(value)

    assert len(line.splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
    line.encode()


@settings(deadline=None)
@given(title=TEXTS, name=TEXTS, other=TEXTS, abstract=TEXTS, word=TEXTS, number=TEXTS)
def test_ris_gives_back_what_it_can_hold_and_nothing_makes_a_tag(
    title: str, name: str, other: str, abstract: str, word: str, number: str
) -> None:
    record = full_record(
        titles=(Text("vi", title), Text("en", other)),
        descriptions=(Text("vi", abstract),),
        identifier=number,
        doers=(Doer("x", (Text("vi", name),), "person", "aut", "tác giả"),),
        collections=(),
        alternative_titles=(Text("bdq", word),),
    )
    made = reference(record, "vi")

    text = ris.ris(made)
    lines = text.split("\r\n")

    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
    tagged = [(line[:2], line[6:]) for line in lines[:-1]]
    assert [value for tag, value in tagged if tag == "TI"] == [made.title]
    assert [value for tag, value in tagged if tag == "TT"] == list(made.other_titles)
    assert [value for tag, value in tagged if tag == "AU"] == [one.name for one in made.creators]
    assert [value for tag, value in tagged if tag == "AB"] == [one for one in (made.abstract,) if one]
    assert [value for tag, value in tagged if tag == "CN"] == [one for one in (made.number,) if one]


def test_ris_is_read_by_another_reader() -> None:
    made = a_reference(title=VIETNAMESE)

    found = read_ris(ris.ris(made))

    assert found["title"] == [VIETNAMESE]
    assert found["authors"] == ["Thư viện tỉnh"]
    assert found["secondary_authors"] == ["A Nhar", "một nghệ nhân của làng"]
    assert found["year"] == ["2015"]
    assert found["date"] == ["2015/06//2015-06"]
    assert found["keywords"] == ["Ba Na", "Cồng chiêng", "Kon Klor"]
    assert found["urls"] == ["https://tulieu.example.vn/items/15x9774vwnj/"]
    assert found["call_number"] == ["KT.0001"]
    assert found["language"] == ["bdq, vi"]
    assert "TK Attribution" in found["notes"]


@pytest.mark.parametrize(
    ("kind", "template", "changes", "types"),
    [
        ("audio", "gong_recording", {"isbn": "", "publishers": ()}, ("SOUND", "misc", "song")),
        ("video", "", {"isbn": "", "publishers": ()}, ("VIDEO", "misc", "motion_picture")),
        ("image", "photograph", {"isbn": "", "publishers": ()}, ("ART", "misc", "graphic")),
        ("image", "map", {"isbn": "", "publishers": ()}, ("MAP", "misc", "map")),
        ("document", "", {"isbn": "", "publishers": ()}, ("GEN", "misc", "document")),
        ("document", "", {"isbn": "1", "publishers": ("Nhà xuất bản",)}, ("BOOK", "book", "book")),
        ("ebook", "ebook", {"isbn": "", "publishers": ()}, ("EBOOK", "book", "book")),
        ("audio", "oral_history", {"isbn": "", "publishers": ()}, ("SOUND", "misc", "interview")),
    ],
)
def test_kinds_are_types_that_each_format_knows(
    kind: str, template: str, changes: dict[str, object], types: tuple[str, str, str]
) -> None:
    made = a_reference(kind=kind, template=template, **changes)

    assert ris.ris(made).startswith(f"TY  - {types[0]}\r\n")
    assert bibtex.bibtex(made).startswith(f"@{types[1]}{{")
    assert csl.csl(made)["type"] == types[2]


@settings(deadline=None, max_examples=40)
@given(title=TEXTS, names=st.lists(TEXTS, min_size=1, max_size=3), abstract=TEXTS, number=TEXTS)
def test_bibtex_is_one_entry_whatever_was_typed(title: str, names: list[str], abstract: str, number: str) -> None:
    record = full_record(
        titles=(Text("vi", title),),
        descriptions=(Text("vi", abstract),),
        identifier=number,
        doers=tuple(Doer("x", (Text("vi", one),), "person", "aut", "") for one in names),
    )
    made = reference(record, "vi")

    text = bibtex.bibtex(made)

    assert text.count("{") == text.count("}")
    read = read_bibtex(text)
    assert set(read) >= {"title", "url"}
    assert set_as(read["title"]) == made.title


def set_as(written: str) -> str:
    """Return what a text within braces is to TeX: the table of `bibtex` read backwards."""
    assert (written[0], written[-1]) == ("{", "}")
    pattern = "|".join(re.escape(one) for one in COMMANDS)
    return re.sub(pattern, lambda found: COMMANDS[found[0]], written[1:-1])


def test_bibtex_is_read_by_another_reader() -> None:
    read = read_bibtex(bibtex.bibtex(a_reference(title=VIETNAMESE)))

    assert VIETNAMESE in read["title"]
    assert read["author"] == "{Thư viện tỉnh}"
    assert (read["year"], read["month"], read["date"]) == ("2015", "jun", "2015-06")
    assert read["url"] == "https://tulieu.example.vn/items/15x9774vwnj/"
    assert read["library"] == "Thư viện tỉnh"
    assert read["isbn"] == "978-604-1-11111-6"


def test_a_date_of_biblatex_is_edtf_and_no_tex() -> None:
    about = read_bibtex(bibtex.bibtex(a_reference(dated=dated(When("2012~", "khoảng 2012")))))
    typed = read_bibtex(bibtex.bibtex(a_reference(dated=dated(When("}, x = {", "thời xưa")))))

    assert (about["year"], about["date"]) == ("2012", "2012~")
    assert (typed["year"], typed.get("date"), typed.get("x")) == ("thời xưa", None, None)


def test_names_of_bibtex_are_parted_by_us_alone() -> None:
    made = a_reference(creators=(Name("Trần and Nguyễn, {x}", "aut"), Name("A Nhar", "aut")))

    read = read_bibtex(bibtex.bibtex(made))

    assert read["author"] == r"{Trần and Nguyễn, \textbraceleft{}x\textbraceright{}} and {A Nhar}"


@given(title=TEXTS, name=TEXTS, note=TEXTS)
def test_csl_gives_back_every_text(title: str, name: str, note: str) -> None:
    record = full_record(
        titles=(Text("vi", title),), doers=(Doer("x", (Text("vi", name),), "person", "aut", ""),), communities=(note,)
    )
    made = reference(record, "vi")

    (item,) = json.loads(csl.csl_json(made))

    assert item["title"] == made.title
    assert [one["literal"] for one in item.get("author", [])] == [one.name for one in made.creators]
    assert one_line(note) in item["note"]
    assert (item["id"], item["URL"]) == (made.key, made.address)


def test_csl_names_people_by_their_parts_and_takes_no_name_apart() -> None:
    item = csl.csl(a_reference())

    assert item["author"] == [{"literal": "Thư viện tỉnh"}]
    assert item["performer"] == [{"literal": "A Nhar"}]
    assert item["narrator"] == [{"literal": "một nghệ nhân của làng"}]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Dated((2012, 3, 14)), {"date-parts": [[2012, 3, 14]]}),
        (Dated((1970,), (1979,), is_about=True), {"date-parts": [[1970], [1979]], "circa": True}),
        (Dated(words="thời xưa"), {"literal": "thời xưa"}),
        (Dated((), (1944,), is_about=True, words="trước 1945"), {"literal": "trước 1945", "circa": True}),
    ],
)
def test_dates_of_csl_are_parts_or_words(when: Dated, expected: dict[str, object]) -> None:
    assert csl.csl(a_reference(dated=when))["issued"] == expected


def test_tags_in_pages_name_authors_one_by_one_and_a_date_as_scholars_programs_read_it() -> None:
    made = a_reference(creators=(Name("A Nhar", "aut"), Name("Y Hlim", "aut")), dated=Dated((2012, 3, 14)))

    tags = list(highwire.tags(made))

    assert tags[:4] == [
        ("citation_title", "Chiêng <mừng> lúa & mới"),
        ("citation_author", "A Nhar"),
        ("citation_author", "Y Hlim"),
        ("citation_publication_date", "2012/03/14"),
    ]
    assert ("citation_language", "bdq") in tags
