"""Written citations, each held against what its style asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crosswalks.citing import STYLES, Words, plain
from archive.crosswalks.reference import Dated, Name, Reference

pytestmark = pytest.mark.pure
EN = Words(
    pair=" and ",
    last=", and ",
    others="et al.",
    no_date="n.d.",
    about="ca. %(year)s",
    online="online",
    available="Available from: %(address)s",
    community="Community: %(name)s",
    part=lambda role: {"mus": "musician", "nrt": "narrator"}.get(role, ""),
    day=lambda edtf: {"2012-03-14": "14 March 2012"}.get(edtf, ""),
)
VI = replace(
    EN, pair=" và ", last=" và ", others="và cộng sự", no_date="không rõ năm", about="khoảng %(year)s", online="trực tuyến",
    available="Truy cập tại: %(address)s", community="Cộng đồng: %(name)s",
    part=lambda role: {"mus": "nhạc công"}.get(role, ""), day=lambda _edtf: "14 tháng 3 năm 2012",
)  # fmt: skip
ARK = "https://tulieu.example.vn/ark:/99999/15x9774vwnj"
RECORDING = Reference(
    key="15x9774vwnj", kind="audio", template="gong_recording", title="Gongs of the new rice", title_lang="en", address=ARK,
    archive="Provincial Library", genre="Gong recording", number="KT.0001", creators=(Name("A Nhar", "cmp"),),
    dated=Dated((2012, 3, 14), edtf="2012-03-14"),
)  # fmt: skip
BOOK = Reference(
    key="b", kind="ebook", template="ebook", title="Sử thi Ba Na", title_lang="vi", address=ARK, archive="Thư viện tỉnh",
    creators=(Name("Nguyễn Văn A", "aut"), Name("Y Hlim", "aut"), Name("A Jar", "aut")), publishers=("Nxb Khoa học xã hội",),
    place="Hà Nội", dated=Dated((2006,), edtf="2006"),
)  # fmt: skip


def written(style: str, reference: Reference, words: Words = EN) -> str:
    return plain(STYLES[style][1](reference, words))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", f"A Nhar. (2012). Gongs of the new rice [Gong recording]. Provincial Library, KT.0001. {ARK}"),
        (
            "chicago",
            f"A Nhar. “Gongs of the new rice.” Gong recording, 14 March 2012. Provincial Library, KT.0001. {ARK}.",
        ),
        ("mla", f"A Nhar. Gongs of the new rice. 14 March 2012. Provincial Library, KT.0001, {ARK}. Gong recording."),
        (
            "iso690",
            f"A Nhar. Gongs of the new rice [Gong recording, online]. 14 March 2012. Provincial Library, KT.0001. Available from: {ARK}",
        ),
    ],
)
def test_a_recording_in_an_archive(style: str, expected: str) -> None:
    assert written(style, RECORDING) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", f"Nguyễn Văn A, Y Hlim, & A Jar. (2006). Sử thi Ba Na. Nxb Khoa học xã hội. Thư viện tỉnh. {ARK}"),
        (
            "chicago",
            f"Nguyễn Văn A, Y Hlim và A Jar. Sử thi Ba Na. Hà Nội: Nxb Khoa học xã hội, 2006. Thư viện tỉnh. {ARK}.",
        ),
        ("mla", f"Nguyễn Văn A, và cộng sự. Sử thi Ba Na. Nxb Khoa học xã hội, 2006. Thư viện tỉnh, {ARK}."),
        (
            "iso690",
            f"Nguyễn Văn A, Y Hlim và A Jar. Sử thi Ba Na [trực tuyến]. Hà Nội: Nxb Khoa học xã hội, 2006. Thư viện tỉnh. "
            f"Truy cập tại: {ARK}",
        ),
    ],
)
def test_a_book_that_was_published(style: str, expected: str) -> None:
    assert written(style, BOOK, VI) == expected


def test_titles_of_whole_works_are_set_in_italics_and_unpublished_ones_of_chicago_quoted() -> None:
    for style, title in (("apa", BOOK.title), ("chicago", BOOK.title), ("mla", BOOK.title), ("iso690", BOOK.title)):
        assert [run.text for run in STYLES[style][1](BOOK, VI) if run.is_title] == [title]
    assert [run for run in STYLES["chicago"][1](RECORDING, EN) if run.is_title] == []


def test_who_had_a_part_leads_with_it_where_nobody_made_it() -> None:
    told = replace(RECORDING, creators=(), contributors=(Name("A Nhar", "mus"), Name("Y Hlim", "nrt")))

    assert written("apa", told).startswith("A Nhar (musician) & Y Hlim (narrator). (2012). ")
    assert written("chicago", told).startswith("A Nhar (musician) and Y Hlim (narrator). ")


def test_the_title_leads_where_nobody_is_known() -> None:
    nobody = replace(RECORDING, creators=())

    assert (
        written("apa", nobody) == f"Gongs of the new rice [Gong recording]. (2012). Provincial Library, KT.0001. {ARK}"
    )
    assert written("mla", nobody).startswith("Gongs of the new rice. ")


def test_a_date_that_is_not_known_is_said_so_or_left_out_as_the_style_has_it() -> None:
    undated = replace(RECORDING, dated=Dated())

    assert "(n.d.)" in written("apa", undated)
    assert "Gong recording, n.d." in written("chicago", undated)
    assert "n.d." not in written("mla", undated)
    assert "[Gong recording, online]. N.d. Provincial Library" in written("iso690", undated)


def test_dates_that_are_not_sure_are_about_a_year_or_from_one_to_another() -> None:
    about = replace(RECORDING, dated=Dated((2012,), is_about=True, edtf="2012~"))
    between = replace(RECORDING, dated=Dated((1970,), (1979,), edtf="1970/1979"))
    old = replace(RECORDING, dated=Dated(words="thời xưa"))

    assert "(ca. 2012)" in written("apa", about)
    assert "(khoảng 2012)" in written("apa", about, VI)
    assert "(1970–1979)" in written("apa", between)
    assert "(thời xưa)" in written("apa", old, VI)
    assert ". Khoảng 2012. " in written("iso690", about, VI)
    assert ". Khoảng 2012. " in written("mla", about, VI)


def test_the_community_is_named_in_every_style() -> None:
    owned = replace(RECORDING, communities=("Kon Klor village",))

    for style in STYLES:
        assert "Community: Kon Klor village. Provincial Library" in written(style, owned)


def test_a_library_that_made_it_is_not_named_twice() -> None:
    own = replace(RECORDING, creators=(Name("Provincial Library", "aut", is_body=True),))

    for style in STYLES:
        assert written(style, own).count("Provincial Library") == 1


@pytest.mark.parametrize(
    ("count", "style", "expected"),
    [
        (2, "apa", "N1 & N2. "),
        (20, "apa", "N19, & N20. "),
        (21, "apa", "N19, … N21. "),
        (6, "chicago", "N5, and N6. "),
        (7, "chicago", "N1, N2, N3, et al. "),
        (2, "mla", "N1 and N2. "),
        (3, "mla", "N1, et al. "),
        (3, "iso690", "N1, N2 and N3. "),
        (4, "iso690", "N1 et al. "),
    ],
)
def test_many_names_are_cut_where_each_style_cuts_them(count: int, style: str, expected: str) -> None:
    many = replace(RECORDING, creators=tuple(Name(f"N{number}", "aut") for number in range(1, count + 1)))

    assert expected in written(style, many)


def test_no_sentence_gets_two_stops() -> None:
    asked = replace(RECORDING, title="Ai đánh chiêng?", creators=(Name("A Nhar Jr.", "aut"),), genre="")

    for style in STYLES:
        text = written(style, asked)
        assert ".." not in text
        assert "?." not in text
