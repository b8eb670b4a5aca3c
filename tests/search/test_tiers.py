"""What finds what, and in which order: one small collection, by the tiers of docs/reference/search.md."""

from __future__ import annotations

import unicodedata

import pytest

from archive.search.index.matching import parted
from archive.search.index.memory import Memory
from archive.search.index.names import Names
from archive.search.index.planning import plan
from archive.search.index.questions import Sight, read
from archive.search.index.shapes import Document, FileText

pytestmark = pytest.mark.pure

NAMES = Names(
    [
        (["Xơ Đăng", "Sedang", "Xê Đăng"], ["Mọi Đỏ"]),
        (["Co", "Cua", "Trầu"], ["Mọi"]),
        (["Kon Plông", "Mọi"], []),
        (["Hrê", "Chăm Rê"], []),
        (["Ia O"], []),
    ]
)
# By key: titles and texts. The highest key is the newest.
TEXTS = {
    1: (["Nhà rông ở Kon Tum"], ["làng Xơ Đăng"]),
    2: (["Nhà rông"], ["Kontum"]),
    3: (["Nha rong"], ["Mỹ Sơn, kỹ thuật"]),
    4: (["Rông và nhà"], ["trong một nhà rộng"]),
    5: (["Sử thi"], ["rông bên nhà; Hơmon, ꪁꪲ"]),
    6: (["Cồng"], ["k'lông pút và Ét Đông ê̆ Kiơm"]),
    7: (["Người Co"], ["chữ co, Chăm Rê"]),
    8: (["Có một người"], ["mọi nơi, Gié-Triêng, Bah Nar 1975"]),
    9: (["Đăk Bla"], ["Ƀok, hoà bình, char, Kon Plông"]),
    10: (["ꪁꪳ"], ["thuý, goong, T'rưng, xoang, Đăk Hà, Kon Tum"]),
    12: (["Suối"], ["tộc co"]),
    11: (["đak"], ["đất nước, Ê Đê, Bana, Ia O, ba na ba"]),
}


@pytest.fixture(scope="module")
def memory() -> Memory:
    made = Memory()
    for key, (titles, texts) in TEXTS.items():
        files = [FileText(100, 2, "tiếng nói\ncủa rừng"), FileText(101, 3, "rung")] if key == 5 else []
        files = [FileText(one.key, one.rule, _folded(one.folded)) for one in files]
        made.add(Document(key, 1, key, titles[0], titles, texts, files=files))
    return made


def _folded(text: str) -> str:
    return "\n".join(read(line).folded and " ".join(read(line).folded) for line in text.split("\n"))


def found(memory: Memory, query: str, rules: tuple[int, ...] = (1, 2)) -> list[int]:
    answer = plan(read(query), memory, Sight(frozenset(rules)), NAMES)
    return memory.keys([hit.number for hit in answer.page(None, 0, 50)]).tolist()


@pytest.mark.parametrize(
    ("query", "right"),
    [
        # Marks first; then the title that equals, holds together, holds all; together anywhere; anywhere.
        ("nhà rông", [2, 1, 4, 5, 3]),
        ("nha rong", [3, 2, 1, 4, 5]),
        ("NHÀ RÔNG", [2, 1, 4, 5, 3]),
        ("kontum", [2, 1, 10]),
        ("kon tum", [1, 10, 2]),
        ("bahnar", [8]),
        ("banaba", [11]),
        ("ba na", [11]),
        ("hơ mon", [5]),
        ("hoà bình", [9]),
        ("hòa bình", [9]),
        ("thúy", [10]),
        ("dak bla", [9]),
        ("đắk", [11, 9, 10]),
        ("đak", [11, 9, 10]),
        ("bok", [9]),
        ("bok kiom", []),
        ("klông pút", [6]),
        ("giẻ triêng", [8]),
        ("e\u0306\u0302", [6, 11]),
        ("trung", [10]),
        ("xoăng", [10]),
        ("mĩ sơn", [3]),
        ("kĩ thuật", [3]),
        ("gong", [10]),
        ("ét đoong", [6]),
        ("čar", [9]),
        ("ꪁꪲ", [5]),
        ("ꪁꪳ", [10]),
        # Other names, each way; a name of one word with its marks; slurs only find, and only as they are written.
        ("sedang", [1]),
        ("xê đăng", [1]),
        ("cua", [5, 7, 12]),
        ("hre", [7]),
        ("hrê", [7]),
        ("hrẽ", []),
        ("trầu", [7, 12]),
        ("mọi đỏ", [1]),
        ("mọi", [8, 7, 12]),
        ("moi", [8]),
        ("kon plong", [9]),
        ("iao", [11]),
        # Words of files, where they may be read; quotes.
        ("rừng", [5]),
        ('"tiếng nói của"', []),
        ('"tiếng nói"', [5]),
        ('"nhà rông"', [2, 1, 4, 3]),
        ('"rông nhà"', []),
        ('"kon" tum', [1, 10]),
        ('"kon tum"', [1, 10]),
        ('"xê" đăng', []),
        ('người "một người"', [8]),
        ("nowhere", []),
        ("nhà nowhere", []),
        ("?!", []),
        ("", [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_a_query_finds_these_in_this_order(memory: Memory, query: str, right: list[int]) -> None:
    assert found(memory, query) == right
    assert found(memory, unicodedata.normalize("NFD", query)) == right


def test_words_of_a_file_are_found_only_by_who_may_read_it(memory: Memory) -> None:
    assert found(memory, "tiếng", (1,)) == []
    assert found(memory, "rung", (1, 3)) == [5]
    assert found(memory, "rung", (1,)) == []


def test_nothing_found_only_nearly_is_told_apart(memory: Memory) -> None:
    page = plan(read("mi son"), memory, Sight(frozenset([1])), NAMES).page(None, 0, 9)

    assert [hit.is_approximate for hit in page] == [True]


def test_words_for_highlighting_are_those_that_found_something(memory: Memory) -> None:
    def runs(query: str) -> set[tuple[str, ...]]:
        return set(plan(read(query), memory, Sight(frozenset([1])), NAMES).matched_runs())

    assert runs("kontum") == {("kontum",), ("kon", "tum")}
    assert runs("sedang") == {("sedang",), ("xo", "dang")}
    assert runs("mi") == {("mi",), ("my",)}


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("kontum", {("ko", "ntum"), ("kon", "tum"), ("kont", "um"), ("k", "ontum"), ("kontu", "m")}),
        ("rong", {("r", "ong"), ("ron", "g")}),
        ("trai", {("t", "rai")}),
        ("dakbla", {("d", "akbla"), ("da", "kbla"), ("dak", "bla"), ("dakb", "la"), ("dakbl", "a")}),
        (
            "banaba",
            {("b", "anaba"), ("ba", "naba"), ("ban", "aba"), ("bana", "ba"), ("banab", "a"), ("ba", "na", "ba")},
        ),
        ("1975", set()),
        ("a", set()),
        ("ꪁꪲꪁ", {("ꪁ", "ꪲꪁ"), ("ꪁꪲ", "ꪁ")}),
        ("a" * 30, set()),
    ],
)
def test_a_word_is_taken_apart_into_what_may_be_syllables(word: str, ways: set[tuple[str, ...]]) -> None:
    assert set(parted(word)) == ways
