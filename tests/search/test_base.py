"""The index on the disk, alone and with what changed since, answers every question of a part as the memory does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from archive.search.folding import exact_words, fold, loose
from archive.search.index import base as base_module
from archive.search.index import columns, counting, jointly, rows, runs, storing
from archive.search.index.base import Base, open_live
from archive.search.index.building import build
from archive.search.index.counting import Facets
from archive.search.index.joined import Joined
from archive.search.index.jointly import Joint
from archive.search.index.memory import Memory
from archive.search.index.shapes import FACETS, TITLE_BEGIN, TITLE_END, Document, Field, FileText, Order, Part
from archive.search.index.storing import Reader, Strings

pytestmark = pytest.mark.pure

WORDS = (
    "kon", "Tum", "Kon-Tum", "kontum", "Bă", "ba", "Ƀok", "bok", "k'lông", "Đăk", "dak", "ꪎꪱꪥ", "ꪎꪱ", "ê̆", "a", "à", "chà", "ca", "nhà",
    "na", "—", "1975",
)  # fmt: skip
FOLDED = tuple(dict.fromkeys(word for one in WORDS for word in fold(one).split()))
IN_PHRASES = ("kon", "tum", "dak", "ꪎꪱꪥ", "a", "na")
RULES = (1, 2, 3, 4)
SIGHTS = (frozenset([1]), frozenset([2, 3]), frozenset(RULES), frozenset([9]))
VALUES = tuple("uvwxyz")
DAYS = st.none() | st.integers(10, 16)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=most).map(" ".join)


@st.composite
def documents(draw: st.DrawFn, key: int) -> Document:
    values = st.lists(st.sampled_from(VALUES), max_size=6)
    return Document(
        key=key,
        rule=draw(st.sampled_from(RULES)),
        published=draw(st.sampled_from((-1, 5, 6))),
        title_key=draw(st.sampled_from(("", "a10", "b10", "b10a10"))),
        titles=draw(st.lists(texts(3), max_size=2)),
        # The longer ones take more than one slot of positions.
        texts=draw(st.lists(texts(4) | texts(3).map(lambda text: f"{text} kon tum " * 12), max_size=2)),
        first=draw(DAYS),
        last=draw(DAYS),
        facets={"kind": draw(values), "subject": draw(values)},
        files=[
            FileText(
                key * 10 + number,
                draw(st.sampled_from(RULES)),
                "\n".join(map(fold, draw(st.lists(texts(4), max_size=2)))),
            )
            for number in range(draw(st.integers(0, 2)))
        ],
    )


@st.composite
def collections(draw: st.DrawFn) -> list[Document]:
    """Up to six documents in any order."""
    count = draw(st.integers(0, 6))
    return draw(st.permutations([draw(documents(key)) for key in range(1, count + 1)]))


@pytest.fixture(scope="module", autouse=True)
def not_forced() -> Iterator[None]:
    """Forcing to the disk is slow, and no matter of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


def opened(root: Path, some: Sequence[Document]) -> Base:
    build(some, root)
    base = open_live(root)
    assert base
    return base


def in_memory(some: Sequence[Document]) -> Memory:
    memory = Memory()
    for one in some:
        memory.add(one)
    return memory


class Told:
    """What a part answers, by keys of living documents: alike for every part with the same documents."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.living = part.under(frozenset(RULES))
        self.some = [self.living, part.under(frozenset([1])), BitMap()]

    def keys(self, found: BitMap) -> list[int]:
        return sorted(self.part.keys(list(found & self.living)).tolist())

    def words(self) -> Iterator[object]:
        part = self.part
        for word in FOLDED:
            yield [self.keys(part.words(field, word)) for field in Field]
            yield [self.keys(part.documents_at(field, part.positions(field, word))) for field in Field]
            yield [part.alike(loose(word)), part.spellings(word)]
        for one in WORDS:
            yield [self.keys(part.exact(word)) for word in exact_words(one)]
        for prefix in ("", "k", "kon", "ꪎ", "ꪎꪱ", "b", "1", "zz"):
            yield [list(part.starting(prefix)), sorted(part.bounds(prefix))]
            counts = part.bounds(prefix)
            assert all(counts[word] >= len(part.words(Field.ALL, word) & self.living) for word in counts)

    def phrases(self) -> Iterator[object]:
        part = self.part
        for first in (*IN_PHRASES, TITLE_BEGIN):
            for second in (*IN_PHRASES, TITLE_END):
                for field in Field:
                    places = part.positions(field, first).shift(1) & part.positions(field, second)
                    yield self.keys(part.documents_at(field, places))
                yield [self.keys(part.in_files((first, second), rules)) for rules in SIGHTS]
        for words in ((), *((one,) for one in IN_PHRASES), *product(IN_PHRASES, IN_PHRASES)):
            if len(words) > 1:
                yield [self.keys(part.standing(field, words, among)) for field in Field for among in self.some]
            titled = self.keys(part.titled(words))
            assert titled == self.keys(part.standing(Field.TITLE, (TITLE_BEGIN, *words, TITLE_END), self.living))
            yield titled

    def filters(self) -> Iterator[object]:
        part = self.part
        for rules in SIGHTS:
            yield self.keys(part.under(rules))
            yield [self.keys(part.in_files((word,), rules)) for word in FOLDED]
        for start in (None, 9, 12, 15, 17):
            yield [self.keys(part.dated(start, end)) for end in (None, 9, 12, 15, 17)]
        for facet in FACETS:
            yield [self.keys(part.valued(facet, value)) for value in (*VALUES, "none")]
            yield [dict(part.counts([facet], part.under(rules))[facet]) for rules in SIGHTS]
        yield self.keys(part.numbers([1, 3, 99]))

    def orders(self) -> Iterator[object]:
        part = self.part
        for rules in SIGHTS:
            for order in Order:
                arranged = part.arranged(part.under(rules), order)
                pages = [arranged.slice(start, start + 2) for start in range(len(arranged) + 2)]
                yield [[(key, part.keys([number]).tolist()) for key, number in page] for page in pages]
                yield [arranged.before(key) for page in pages for key, _number in page]
                assert [key for key, _number in arranged.slice(0, 99)] == sorted(
                    key for key, _ in arranged.slice(0, 99)
                )

    def everything(self) -> list[object]:
        return [*self.words(), *self.phrases(), *self.filters(), *self.orders()]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collections())
def test_the_base_answers_as_the_memory(root: Path, some: list[Document]) -> None:
    base = opened(root, some)

    base.verify()

    assert Told(base).everything() == Told(in_memory(some)).everything()


@st.composite
def changes(draw: st.DrawFn) -> list[Document | int | dict[int, int]]:
    """Documents that come, keys of those that go, rules that change."""
    rules = st.dictionaries(st.integers(1, 9), st.sampled_from(RULES), max_size=3)
    some: list[Document | int | dict[int, int]] = []
    for key in draw(st.lists(st.integers(1, 8), max_size=5)):
        choice: Document | int | dict[int, int] = draw(documents(key) | st.just(key) | rules)
        some.append(choice)
    return some


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collections(), changes(), st.dictionaries(st.integers(10, 89), st.sampled_from(RULES), max_size=8))
def test_base_and_changes_answer_as_the_memory(
    root: Path, some: list[Document], later: list[Document | int | dict[int, int]], file_rules: Mapping[int, int]
) -> None:
    joined, memory = Joined(opened(root, some), Memory()), in_memory(some)

    for one in later:
        if isinstance(one, Document):
            joined.add(one)
            memory.add(one)
        elif isinstance(one, int):
            joined.remove([one])
            memory.remove(one)
        else:
            joined.set_rules(one)
            memory.set_rules(one)
    joined.set_file_rules(file_rules)
    memory.set_file_rules(file_rules)

    told, right = Told(joined), Told(memory)
    # What was taken out leaves its words behind, in the base longer than in memory: no question but these tells.
    assert list(told.phrases()) == list(right.phrases())
    assert list(told.filters()) == list(right.filters())
    assert list(told.orders()) == list(right.orders())
    for word in FOLDED:
        for field in Field:
            assert told.keys(joined.words(field, word)) == right.keys(memory.words(field, word))


def test_several_runs_become_the_same_index(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [
        Document(
            key,
            key % 3 + 1,
            -key,
            f"t{key}",
            ["Kon Tum", WORDS[key % len(WORDS)]],
            ["dak bla " * (key % 20)],
            facets={"kind": [str(key)]},
            files=[FileText(key, 1, f"ba na\n{key}")],
        )
        for key in range(1, 60)
    ]
    monkeypatch.setattr(runs, "TOKENS_MOST", 60)
    base = opened(root, some)
    right = Told(in_memory(some)).everything()

    assert Told(base).everything() == right
    assert base.keys([0, 58]).tolist() == [59, 1]  # numbered from the oldest publication

    monkeypatch.setattr(base_module, "FEW", 0)  # so that words that stand together are looked for in all documents
    assert Told(base).everything() == right


def test_counts_are_the_same_whichever_way_is_cheapest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [
        Document(
            key,
            1,
            key,
            "",
            [],
            [],
            facets={
                "subject": [str(key % left) for left in range(1, 8)],  # more than there are columns for
                "place": [f"{key % 20}", f"in {key % 5}"] if key % 7 else [],
                "kind": [str(key % 3)],
                "language": [str(key % 4)] if key % 2 else [],
            },
        )
        for key in range(1, 80)
    ]
    base = opened(root, some)
    asked = base.under(frozenset([1])) - BitMap(range(0, 79, 3))
    found = {}
    for way, costs in {
        "rows": (1, 1e12, 1e12, 100),
        "columns": (1, 1e12, 1e12, 0),
        "sets": (1e12, 0, 1e12, 0),
        "joint columns": (1, 1e12, -1e12, 0),
    }.items():
        monkeypatch.setattr(counting, "DOCUMENT_NS", costs[0])
        monkeypatch.setattr(counting, "SET_NS", costs[1])
        monkeypatch.setattr(jointly, "COLUMN_NS", costs[2])
        monkeypatch.setattr(rows, "DOCUMENTS_MOST", costs[3])
        found[way] = base.counts(FACETS, asked)

    right = in_memory(some).counts(FACETS, asked)
    assert {way: counts == right for way, counts in found.items()} == dict.fromkeys(found, True)


def test_rows_have_room_for_all_layers_of_all_facets() -> None:
    assert len(FACETS) * columns.LAYERS <= max(rows._WIDTHS)


def test_facets_with_more_values_than_there_are_numbers_are_left_out_of_the_rows(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [
        Document(
            key, 1, key, "", [], [], facets={"kind": [str(key % 3)], "people": [str(key)], "place": [str(key % 5)]}
        )
        for key in range(60)
    ]
    monkeypatch.setattr(rows, "_NUMBERS_MOST", 20)
    base = opened(root, some)
    asked = base.under(frozenset([1])) - BitMap(range(0, 79, 3))

    assert base.counts(FACETS, asked) == in_memory(some).counts(FACETS, asked)
    assert {"kind", "place"} <= set(Facets(Reader(base.folder), FACETS)._rows.facets)
    assert "people" not in Facets(Reader(base.folder), FACETS)._rows.facets


def test_facets_with_few_combinations_of_values_share_a_column(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [
        Document(
            key, 1, key, "", [], [], facets={"kind": [str(key % 3)], "place": [str(key % 5)], "people": [str(key)]}
        )
        for key in range(60)
    ]
    monkeypatch.setattr(jointly, "COMBINATIONS_MOST", 15)

    joints = Joint.all_of(Reader(opened(root, some).folder), FACETS)

    assert [set(joint.facets) for joint in joints] == [{"kind", "place"}]


@given(
    st.lists(st.text("aăâbꪎ\x00z", max_size=4), max_size=200), st.lists(st.text("aăâbꪎ\x00z", max_size=5), max_size=20)
)
def test_strings_are_found_among_many_as_among_few(words: list[str], asked: list[str]) -> None:
    ordered = sorted(set(words), key=str.encode)
    raw = [word.encode() for word in ordered]
    ends = np.cumsum([0, *map(len, raw)]).astype(np.uint64)
    strings = Strings(b"before" + b"".join(raw), len(b"before"), ends)

    for word in (*words, *asked, *asked):
        assert strings.find(word) == (ordered.index(word) if word in ordered else -1)
        assert strings.before(word) == sum(one < word.encode() for one in raw)
        assert [ordered[number] for number in strings.starting(word)] == [
            one for one in ordered if one.startswith(word)
        ]


def test_what_was_looked_for_is_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_FOUND_MOST", 3)
    strings = Strings(b"ab", 0, np.array([0, 1, 2], dtype=np.uint64))

    assert [strings.find(word) for word in ("a", "b", "c", "d", "a", "b", "e", "a")] == [0, 1, -1, -1, 0, 1, -1, 0]
    assert len(strings._found) <= 3


def test_who_is_under_rules_is_the_callers_to_change(root: Path) -> None:
    base = opened(root, [Document(1, 1, 1, "", ["kon"], [])])

    base.under(frozenset([1])).clear()

    assert list(base.words(Field.ALL, "kon") & base.under(frozenset([1]))) == [0]


def test_little_memory_forgets_but_answers(root: Path) -> None:
    some = [Document(key, 1, key, "", [f"w{key}"], []) for key in range(200)]
    build(some, root)
    base = Base(root / storing.pointed(root), remembered_bytes=2_000)

    found = [list(base.words(Field.ALL, f"w{key}")) for key in [*range(200), *range(200)]]

    assert found == [[key] for key in [*range(200), *range(200)]]
    assert base._remembered.bytes <= 2_000


def test_closing_many_at_once_takes_one_step(root: Path) -> None:
    some = [Document(key, key % 5, key, "", [], []) for key in range(1_000)]
    base = opened(root, some)

    base.set_rules(dict.fromkeys(range(500), 9) | {5_000: 9})

    assert base.keys(list(base.under(frozenset(range(5))))).tolist() == list(range(500, 1_000))
    assert base.keys(list(base.under(frozenset([9])))).tolist() == list(range(500))
    base.set_rules({3: 1})
    base.remove([4, 501, 7_777])
    assert base.keys(list(base.under(frozenset([1])))).tolist() == [3, *range(506, 1_000, 5)]
    assert base.removed == 2
    assert list(base.numbers([3, 4, 501, 502])) == [3, 502]


def test_words_that_stand_nowhere_drive_nothing_out_of_memory(root: Path) -> None:
    base = opened(root, [Document(1, 1, 1, "", ["kon tum"], [])])
    base.words(Field.ALL, "kon")
    remembered = base._remembered.bytes

    for number in range(100):
        assert not base.words(Field.ALL, f"nowhere{number}")

    assert base._remembered.bytes == remembered
