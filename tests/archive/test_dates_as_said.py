"""Dates as people say them, and as they are said to people."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import dates
from archive.dates_as_said import Said, SaidError, read, say

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("said", "edtf"),
    [
        ("khoảng 1975", "1975~"),
        ("khoảng năm 1975", "1975~"),
        ("KHOANG NAM 1975", "1975~"),
        ("vào khoảng năm 1930", "1930~"),
        ("chừng 1975", "1975~"),
        ("c. 1930", "1930~"),
        ("circa 1930", "1930~"),
        ("ca. 1930", "1930~"),
        ("about 1930", "1930~"),
        ("khoảng tháng 5/1975", "1975-05~"),
        ("khoảng những năm 1980", "198X~"),
        ("khoảng mùa xuân 1972", "1972-03~/1972-05~"),
        ("1975?", "1975?"),
        ("1975 ?", "1975?"),
        ("1975(?)", "1975?"),
        ("có lẽ năm 1975", "1975?"),
        ("perhaps 1975", "1975?"),
        ("có lẽ khoảng 1975", "1975%"),
        ("khoảng 1975?", "1975%"),
    ],
)
def test_doubt_is_kept(said: str, edtf: str) -> None:
    assert read(said).edtf == edtf


@pytest.mark.parametrize(
    ("said", "edtf", "first", "last"),
    [
        ("trước 1945", "[..1944]", None, date(1944, 12, 31)),
        ("truoc nam 1945", "[..1944]", None, date(1944, 12, 31)),
        ("before 1945", "[..1944]", None, date(1944, 12, 31)),
        ("trước tháng 8 năm 1945", "[..1945-07]", None, date(1945, 7, 31)),
        ("trước ngày 30/4/1975", "[..1975-04-29]", None, date(1975, 4, 29)),
        ("before January 1900", "[..1899-12]", None, date(1899, 12, 31)),
        ("trước thập niên 1980", "[..1979]", None, date(1979, 12, 31)),
        ("trước thế kỷ XX", "[..1899]", None, date(1899, 12, 31)),
        ("trước mùa thu 1945", "[..1945-08]", None, date(1945, 8, 31)),
        ("trước khoảng 1945", "../1944~", None, date(1944, 12, 31)),
        ("không muộn hơn 1945", "[..1945]", None, date(1945, 12, 31)),
        ("by 1945", "[..1945]", None, date(1945, 12, 31)),
        ("sau 1975", "[1976..]", date(1976, 1, 1), None),
        ("after 1975", "[1976..]", date(1976, 1, 1), None),
        ("sau thế kỷ 19", "[1900..]", date(1900, 1, 1), None),
        ("sau ngày 31/12/1975", "[1976-01-01..]", date(1976, 1, 1), None),
        ("không sớm hơn 1975", "[1975..]", date(1975, 1, 1), None),
        ("từ năm 1975", "1975/..", date(1975, 1, 1), None),
        ("từ 1975 đến nay", "1975/..", date(1975, 1, 1), None),
        ("1975 trở đi", "1975/..", date(1975, 1, 1), None),
        ("since 1975", "1975/..", date(1975, 1, 1), None),
        ("1975-", "1975/..", date(1975, 1, 1), None),
        ("từ thập niên 1980", "1980/..", date(1980, 1, 1), None),
        ("đến 1975", "../1975", None, date(1975, 12, 31)),
        ("until the 1980s", "../1989", None, date(1989, 12, 31)),
    ],
)
def test_before_and_after_leave_one_side_open(said: str, edtf: str, first: date | None, last: date | None) -> None:
    assert read(said) == Said(edtf, first, last)


@pytest.mark.parametrize(
    ("said", "edtf"),
    [
        ("thập niên 1980", "198X"),
        ("những năm 1980", "198X"),
        ("những năm 80 thế kỷ 20", "198X"),
        ("nhung nam 80 cua the ky XX", "198X"),
        ("the 1930s", "193X"),
        ("1930's", "193X"),
        ("[197-]", "197X"),
        ("[197-?]", "197X?"),
        ("197x", "197X"),
        ("thập niên 1900", "190X"),
        ("đầu những năm 1990", "1990~/1993~"),
        ("mid-1930s", "1934~/1936~"),
        ("late 1930s", "1937~/1939~"),
        ("thế kỷ 19", "18XX"),
        ("thế kỉ XIX", "18XX"),
        ("TK XXI", "20XX"),
        ("19th century", "18XX"),
        ("the twentieth century", "19XX"),
        ("[19--]", "19XX"),
        ("20-?", "20XX?"),
        ("đầu thế kỷ XX", "1900~/1933~"),
        ("giữa thế kỷ 20", "1934~/1966~"),
        ("the late 19th century", "1867~/1899~"),
        ("cuối thế kỷ 19, đầu thế kỷ 20", "1867~/1933~"),
        ("late 19th to early 20th century", "1867~/1933~"),
        ("nửa đầu thế kỷ 20", "1900/1949"),
        ("second half of the 20th century", "1950/1999"),
    ],
)
def test_decades_and_centuries_and_parts_of_them(said: str, edtf: str) -> None:
    assert read(said).edtf == edtf


@pytest.mark.parametrize(
    ("said", "edtf"),
    [
        ("1975", "1975"),
        ("năm 1975", "1975"),
        ("năm 938", "0938"),
        ("[1975]", "1975"),
        ("©1975", "1975"),
        ("cop. 1975", "1975"),
        ("tháng 5/2012", "2012-05"),
        ("5/2012", "2012-05"),
        ("tháng 5 năm 2012", "2012-05"),
        ("tháng tư năm 1975", "1975-04"),
        ("tháng năm năm 2012", "2012-05"),
        ("tháng mười hai 1975", "1975-12"),
        ("May 2012", "2012-05"),
        ("30/5/2012", "2012-05-30"),
        ("30-5-2012", "2012-05-30"),
        ("3/4/2012", "2012-04-03"),
        ("2012/5/30", "2012-05-30"),
        ("ngày 30 tháng 5 năm 2012", "2012-05-30"),
        ("30 tháng 5, 2012", "2012-05-30"),
        ("ngày mùng 2 tháng 9 năm 1945 (dương lịch)", "1945-09-02"),
        ("May 30, 2012", "2012-05-30"),
        ("30th of May 2012", "2012-05-30"),
        ("mùa xuân 1972", "1972-21"),
        ("thu 1945", "1945-23"),
        ("winter 1972", "1972-24"),
        ("mùa khô 1972", "1971-11~/1972-04~"),
        ("mùa khô 1971-1972", "1971-11~/1972-04~"),
        ("mùa mưa năm 1972", "1972-05~/1972-10~"),
        ("quý I/1975", "1975-33"),
        ("nửa cuối năm 1975", "1975-41"),
        ("đầu năm 1975", "1975-01~/1975-04~"),
        ("cuối tháng 2/1972", "1972-02-21~/1972-02-29~"),
        ("một ngày trong tháng 5 năm 2012", "2012-05-XX"),
        ("some month in 2012", "2012-XX"),
    ],
)
def test_years_months_days_and_seasons(said: str, edtf: str) -> None:
    assert read(said).edtf == edtf


@pytest.mark.parametrize(
    ("said", "edtf"),
    [
        ("1975-1991", "1975/1991"),
        ("1975 – 1991", "1975/1991"),
        ("từ 1975 đến 1991", "1975/1991"),
        ("from 1975 to 1991", "1975/1991"),
        ("khoảng 1975-1991", "1975~/1991~"),
        ("những năm 1981-1985", "1981/1985"),
        ("từ những năm 1980 đến những năm 1990", "198X/199X"),
        ("những năm 80-90 của thế kỷ XX", "198X/199X"),
        ("từ đầu những năm 1990 đến năm 2000", "1990~/2000"),
        ("từ ngày 21 đến ngày 27 tháng 12 năm 2017", "2017-12-21/2017-12-27"),
        ("21-27/12/2017", "2017-12-21/2017-12-27"),
        ("tháng 5 - tháng 8 năm 1975", "1975-05/1975-08"),
        ("5-8/1975", "1975-05/1975-08"),
        ("March 30 to April 2, 1975", "1975-03-30/1975-04-02"),
        ("30/04/1975 - 02/09/1975", "1975-04-30/1975-09-02"),
        ("giữa 1975 và 1991", "[1975..1991]"),
        ("trong khoảng từ năm 1975 đến năm 1991", "[1975..1991]"),
        ("between May 1975 and 1991", "[1975-05-01..1991-12-31]"),
        ("1975 hoặc 1976", "[1975,1976]"),
        ("1975, 1980", "{1975,1980}"),
    ],
)
def test_two_ends_and_one_of_several(said: str, edtf: str) -> None:
    assert read(said).edtf == edtf


@pytest.mark.parametrize(
    "edtf", ["1975~", "19XX", "1975-04-30", "1975/1991", "[1667,1668]", "1995-21", "-0500", "../2005~"]
)
def test_what_is_edtf_already_is_taken_as_it_is(edtf: str) -> None:
    days = dates.read(edtf)

    assert read(edtf) == Said(edtf, days.first, days.last)


@pytest.mark.parametrize("said", ["không rõ", "KHONG RO", "chưa rõ", "unknown", "n.d.", "[không rõ năm]"])
def test_what_is_not_known_is_said_so(said: str) -> None:
    assert read(said) == Said("XXXX", None, None)
    assert dates.read("XXXX") == dates.DateRange(None, None)


def test_nothing_is_no_date() -> None:
    assert read("  ") == Said("", None, None)
    assert say("", "vi") == ""


@pytest.mark.parametrize(
    ("said", "meanings"),
    [
        ("3/4/75", ("1975-04-03", "1875-04-03")),
        ("3/4/12", ("2012-04-03", "1912-04-03")),
        ("75", ("1975", "1875")),
        ("tháng 5/75", ("1975-05", "1875-05")),
        ("5/75", ("1975-05", "1875-05")),
        ("trước 45", ("[..1944]", "[..1844]")),
        ("1975-91", ("1975/1991",)),
        ("từ 1975 đến 91", ("1975/1991",)),
        ("1925-30", ("1925/1930", "1925-30")),
        ("1918-22", ("1918/1922", "1918-22")),
        ("những năm 80", ("198X", "188X")),
        ("cuối những năm 80", ("1987~/1989~", "1887~/1889~")),
        ("những năm 80-90", ("198X/199X",)),
        ("những năm 1980-1990", ("198X/199X", "1980/1990")),
        ("the 1900s", ("190X", "19XX")),
        ("c1975", ("1975", "1975~")),
        ("-1975", ("../1975",)),
        ("từ 75 đến 91", ("1975/1991", "1875/1991", "1875/1891")),
    ],
)
def test_what_means_two_things_is_refused_with_what_it_may_mean(said: str, meanings: tuple[str, ...]) -> None:
    with pytest.raises(SaidError) as raised:
        read(said)

    assert (raised.value.code, raised.value.suggestions) == ("ambiguous", meanings)


@pytest.mark.parametrize(
    ("said", "code", "suggestions"),
    [
        ("hôm qua", "unreadable", ()),
        ("Nhà rông", "unreadable", ()),
        ("500 trước Công nguyên", "unreadable", ()),
        ("1975 và trước 1945", "unreadable", ()),
        ("khoảng không rõ", "unreadable", ()),
        ("1945 trở đi - 1975", "unreadable", ()),
        ("mùa khô 1971-1975", "unreadable", ()),
        ("30/4", "no_year", ()),
        ("tháng 5", "no_year", ()),
        ("mùa xuân", "no_year", ()),
        ("tháng giêng năm 1975", "lunar", ("1975-01",)),
        ("mùng 2 tháng 9 năm 1945", "lunar", ("1945-09-02",)),
        ("rằm tháng 7 năm 1980 âm lịch", "lunar", ()),
        ("Tết 1968", "lunar", ()),
        ("30/2/2012", "no_such_day", ()),
        ("5/30/2012", "no_such_day", ("2012-05-30",)),
        ("tháng 13 năm 2012", "no_such_day", ()),
        ("1991-1975", "backwards", ()),
        ("từ tháng 8/1975 đến tháng 5/1975", "backwards", ()),
        ("1975" * 60, "long", ()),
        ("[" + ",".join(["1975"] * 20) + "]", "long", ()),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(said: str, code: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(SaidError) as raised:
        read(said)

    assert (raised.value.code, raised.value.suggestions) == (code, suggestions)


@pytest.mark.parametrize(
    ("edtf", "vietnamese", "english"),
    [
        ("1975", "năm 1975", "1975"),
        ("0938", "năm 938", "the year 938"),
        ("1975~", "khoảng năm 1975", "about 1975"),
        ("1975?", "có lẽ năm 1975", "perhaps 1975"),
        ("1975%", "có lẽ khoảng năm 1975", "perhaps about 1975"),
        ("198X", "thập niên 1980", "the 1980s"),
        ("190X", "thập niên 1900", "the decade 1900-1909"),
        ("20XX", "thế kỷ 21", "the 21st century"),
        ("2019-04", "tháng 4 năm 2019", "April 2019"),
        ("2019-04-XX", "một ngày trong tháng 4 năm 2019", "a day in April 2019"),
        ("2019-22", "mùa hè năm 2019", "summer 2019"),
        ("2019-36", "quý 4 năm 2019", "the fourth quarter of 2019"),
        ("2023-02-14", "ngày 14 tháng 2 năm 2023", "14 February 2023"),
        ("2001/2005", "từ năm 2001 đến năm 2005", "from 2001 to 2005"),
        ("2017-12-21/2017-12-27", "từ ngày 21 đến ngày 27 tháng 12 năm 2017", "from 21 to 27 December 2017"),
        ("2018-05/2018-11", "từ tháng 5 đến tháng 11 năm 2018", "from May to November 2018"),
        ("2018-05/2019-05", "từ tháng 5 năm 2018 đến tháng 5 năm 2019", "from May 2018 to May 2019"),
        ("2001/..", "từ năm 2001 trở đi", "from 2001 on"),
        ("../2005~", "đến hết khoảng năm 2005", "until about 2005"),
        ("[..1944]", "trước năm 1945", "before 1945"),
        ("[..1945-07]", "trước tháng 8 năm 1945", "before August 1945"),
        ("[1976..]", "sau năm 1975", "after 1975"),
        ("[1975..1991]", "trong khoảng từ năm 1975 đến năm 1991", "between 1975 and 1991"),
        ("[1975,1976]", "năm 1975 hoặc năm 1976", "1975 or 1976"),
        ("{1975,1980}", "năm 1975 và năm 1980", "1975 and 1980"),
        ("1900~/1933~", "đầu thế kỷ 20", "the early 20th century"),
        ("1867~/1933~", "cuối thế kỷ 19 đầu thế kỷ 20", "the late 19th century to the early 20th century"),
        ("1987~/1989~", "cuối thập niên 1980", "the late 1980s"),
        ("1975-01~/1975-04~", "đầu năm 1975", "early 1975"),
        ("1971-11~/1972-04~", "mùa khô 1971-1972", "dry season 1971-1972"),
        ("1972-05~/1972-10~", "mùa mưa năm 1972", "rainy season 1972"),
        ("XXXX", "không rõ thời gian", "date not known"),
        ("1975-04-30T12:00:00", "ngày 30 tháng 4 năm 1975", "30 April 1975"),
    ],
)
def test_a_date_is_told_as_people_say_it(edtf: str, vietnamese: str, english: str) -> None:
    assert say(edtf, "vi") == vietnamese
    assert say(edtf, "en-GB") == english


@pytest.mark.parametrize(
    "edtf",
    [
        "[1667,1668,1669]",
        "?1975-04",
        "2019-13",
        "-0500",
        "0050",
        "0938-05",
        "093X",
        "1XXX",
        "156X-12-25",
        "..",
        "/",
        "[]",
        "[..]",
        "x",
    ],
)
def test_what_there_are_no_words_for_is_told_as_it_is(edtf: str) -> None:
    assert say(edtf, "vi") == edtf
    assert say(edtf, "en") == edtf


years = st.integers(1001, 9997)


@st.composite
def points(draw: st.DrawFn) -> str:
    year = draw(years)
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, monthrange(year, month)[1]))
    plain = draw(st.sampled_from([f"{year:04}", f"{year:04}-{month:02}", f"{year:04}-{month:02}-{day:02}"]))
    return plain + draw(st.sampled_from(["", "", "~", "?", "%"]))


@st.composite
def spans(draw: st.DrawFn) -> str:
    year = draw(years)
    doubt = draw(st.sampled_from(["", "~", "?", "%"]))
    season = draw(st.sampled_from(["21", "22", "23", "24", "33", "34", "35", "36", "40", "41"]))
    rest = draw(st.sampled_from([f"{year // 10:03}X{doubt}", f"{year // 100:02}XX{doubt}", f"{year:04}-{season}"]))
    return draw(st.sampled_from([rest, f"{year:04}-XX", f"{year:04}-05-XX", f"{year:04}-XX-XX", "XXXX"]))


def order(edtf: str) -> date:
    found = dates.read(edtf).first
    assert found is not None
    return found


@st.composite
def pairs(draw: st.DrawFn) -> str:
    ends = sorted((draw(points()), draw(points())), key=order)
    shape = draw(st.sampled_from(["{}/{}", "{}/..", "../{}", "[{},{}]", "{{{},{}}}", "[..{}]", "[{}..]", "[{}..{}]"]))
    if ".." in shape and "[" in shape:
        ends = [end.rstrip("~?%") for end in ends]
    return shape.format(*ends)


@given(points() | spans() | pairs(), st.sampled_from(["vi", "en"]))
def test_what_is_said_is_read_back(edtf: str, lang: str) -> None:
    try:
        dates.read(edtf)
    except dates.DateError:
        return

    said = say(edtf, lang)

    assert said != edtf or edtf.isdigit()
    assert read(said).edtf == edtf


@given(st.sampled_from(["đầu", "giữa", "cuối"]), spans() | points(), st.sampled_from(["vi", "en"]))
def test_parts_are_read_back_too(part: str, whole: str, lang: str) -> None:
    try:
        edtf = read(f"{part} {say(whole, 'vi')}").edtf
    except SaidError:
        return

    assert read(say(edtf, lang)).edtf == edtf


PIECES = """
khoảng trước sau từ đến năm tháng ngày mùa xuân khô thế kỷ thập niên những đầu cuối nửa giữa và hoặc trong quý không rõ
the of to before after between and century 19th 1930s may c. c1975 5 30 75 1975 1991 00 0000 9999 XX xix - / , ? ~ [ ] ( ) ..
"""
pieces = st.sampled_from(PIECES.split())


@given(st.lists(pieces, max_size=9).map(" ".join) | st.lists(pieces, max_size=6).map("".join) | st.text(max_size=40))
def test_any_text_is_a_date_or_our_error(text: str) -> None:
    try:
        found = read(text)
    except SaidError as error:
        for suggestion in error.suggestions:
            dates.read(suggestion)
        return
    days = dates.read(found.edtf)
    assert (found.first, found.last) == (days.first, days.last)
    assert len(found.edtf) <= 80
    assert read(found.edtf).edtf == found.edtf or found.edtf[4:5] == "-"
    say(found.edtf, "vi")


@given(st.text(max_size=30), st.sampled_from(["vi", "en", "", "bdq"]))
def test_any_text_is_told_somehow(text: str, lang: str) -> None:
    assert isinstance(say(text, lang), str)
