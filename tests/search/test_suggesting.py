"""Suggestions and help: what is offered is the collection's own, is what the viewer would find, and tells nothing of the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.folding import exact_words, fold
from archive.search.index.helping import Helper, neighbours
from archive.search.index.memory import Memory
from archive.search.index.names import Names
from archive.search.index.planning import plan
from archive.search.index.questions import Question, Sight, read
from archive.search.index.shapes import Document, Part
from archive.search.index.suggesting import WORDS_OFFERED, Heading, Suggester, Typed, typed
from tests.search.collections_at_random import AUTHORITIES, Collection, Maker
from tests.search.parts import every_part
from tests.search.reference import Reference, is_slip

pytestmark = pytest.mark.pure

NAMES = Names(AUTHORITIES)
PUBLIC = frozenset([1])
HEADINGS = (Heading("kind", "book", ("Nhà rông",)), Heading("people", "film", ("Xơ Đăng", "Sedang")))


def memory(*documents: Document) -> Memory:
    made = Memory()
    for one in documents:
        made.add(one)
    return made


def document(key: int, title: str, text: str = "", rule: int = 1) -> Document:
    return Document(key, rule, key, title, [title], [text] if text else [], facets={"kind": ["book"]})


def suggester(part: Part, rules: tuple[int, ...] = (1,)) -> Suggester:
    return Suggester(part, Sight(frozenset(rules)), PUBLIC, NAMES)


def helper(part: Part, rules: tuple[int, ...] = (1,)) -> Helper:
    return Helper(part, Sight(frozenset(rules)), PUBLIC, NAMES)


def test_words_go_on_by_what_most_public_documents_hold_with_their_marks() -> None:
    part = memory(
        document(1, "nhà rông"), document(2, "nhà rông"), document(3, "nhà rộng"), document(4, "nhà rừng rậm")
    )

    assert suggester(part).offer("nha r").queries == ("nhà rông", "nhà rậm", "nhà rừng")
    assert suggester(part).offer("Nhà rô").queries == ("Nhà rông",)
    assert suggester(part).offer("nhà ").queries == ()
    assert suggester(part).offer("") == suggester(part).offer(" -") == suggester(Memory()).offer("a")


def test_a_slur_is_never_offered_though_the_word_is_common() -> None:
    part = memory(
        document(1, "mọi người"), document(2, "mọi"), document(3, "mới"), document(4, "Mọi"), document(5, "đỏ mọi")
    )

    assert suggester(part).offer("m").queries == ("mới",)
    assert suggester(part).offer("mọi n").queries == ("mọi người",)
    assert suggester(part).offer("đỏ m").queries == ()
    assert helper(part).did_you_mean(read("mọiq")) == "mới"


def test_titles_are_offered_newest_first() -> None:
    part = memory(
        document(1, "Nhà rông"), document(2, "Nhà sàn", "rông"), document(3, "rông nhà"), document(4, "x", "nhà rông")
    )

    assert suggester(part).offer("nha ro").items == (3, 1)
    assert suggester(part).offer("nhà ").items == (3, 2, 1)


def test_headings_are_offered_by_any_of_their_names_where_something_is_under_them() -> None:
    part = memory(document(1, "a"))

    assert suggester(part).offer("rô", HEADINGS).headings == (HEADINGS[0],)
    assert suggester(part).offer("seda", HEADINGS).headings == ()
    assert suggester(part, (2,)).offer("rô", HEADINGS).headings == ()


def test_what_is_closed_is_neither_offered_nor_counted() -> None:
    closed = [document(key, "nhà rậm", rule=2) for key in range(10, 15)]
    part = memory(document(1, "nhà rông"), document(2, "nhà rừng", rule=3), *closed)

    assert suggester(part).offer("nha r").queries == ("nhà rông",)
    # Somebody to whom more is open is offered it, behind what is public.
    assert suggester(part, (1, 3)).offer("nha r").queries == ("nhà rông", "nhà rừng")
    assert suggester(part).offer("nha r").items == (1,)
    assert helper(part).did_you_mean(read("nhà rem")) == ""
    assert helper(part, (1, 2)).did_you_mean(read("nha ram")) == ""


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("nha rog", "nha rong"),
        ("nhà rôg", "nhà rông"),
        ("nha rnog", "nha rong"),
        ("nha ronng", "nha rong"),
        ("nha rung", ""),  # a word of the collection, though of another item
        ("nhaf rong", "nha rong"),
        ("nhaf roong", "nha roong"),
        ("ddawk bla", "dak bla"),
        ("dak2 bla", "dak bla"),
        ("nhaq rog", "nha rong"),
        ("rog blaq", ""),  # each could be put right, but not in one item
        ("xyz", ""),
        ("nha rong", ""),
        ('"nha rog"', ""),
        ("nha blo", ""),  # bla is not beside nha
    ],
)
def test_a_slip_is_put_right_by_the_words_of_the_collection(query: str, meant: str) -> None:
    part = memory(document(1, "nhà rông"), document(2, "Đăk Bla"), document(3, "rừng"))

    assert helper(part).did_you_mean(read(query)) == meant


def test_several_slips_are_put_right_together_by_what_stands_side_by_side() -> None:
    common = [document(key, "dệt theo mẫu, cam chín") for key in range(10, 14)]
    part = memory(document(1, "thổ cẩm"), *common)

    assert helper(part).did_you_mean(read("thho camm")) == "tho cam"
    assert helper(part).did_you_mean(read("thho cam")) == "tho cam"
    assert helper(part).did_you_mean(read("thho")) == "theo"


def test_what_is_closed_does_not_choose_between_corrections() -> None:
    closed = [document(key, "thổ cẩm", rule=2) for key in range(20, 25)]
    part = memory(document(1, "theo cẩm nang"), *closed)

    assert helper(part).did_you_mean(read("thho camm")) == "theo cam"
    assert helper(part, (1, 2)).did_you_mean(read("thho camm")) == "theo cam"


def test_an_answer_without_hits_tells_what_would_have_some() -> None:
    part = memory(document(1, "nhà rông"), document(2, "nhà sàn"))

    told = helper(part).help(read("nhà nowhere", {"kind": "book", "people": "x"}))

    assert told.alone == (("nhà", 0), ("nowhere", 0))
    assert told.without == ()
    told = helper(part).help(read("rông", {"people": "x"}))
    assert (told.alone, told.without) == ((("rông", 0),), (("people", 1),))
    assert helper(part).help(read("nhà bếp", {"kind": "book"})).alone == (("nhà", 2), ("bếp", 0))
    assert helper(part).help(read("bếp")).alone == ()


@pytest.mark.parametrize(
    ("text", "before", "beginning"),
    [
        ("nhà rô", "nhà ", "ro"),
        ("k'lo", "", "klo"),
        ("nhà ", "nhà ", ""),
        ("a-b", "a-", "b"),
        ('"nhà r', '"nhà ', "r"),
        ("", "", ""),
        ("e\u0306\u0302", "", "e"),
    ],
)
def test_the_last_word_is_the_one_that_is_being_typed(text: str, before: str, beginning: str) -> None:
    assert (typed(text).before, typed(text).beginning) == (before, beginning)


@given(st.text("abnh", max_size=5), st.text("abnh", max_size=5))
def test_neighbours_are_one_slip_away(word: str, other: str) -> None:
    near = {one for one in neighbours(word) if one != word}

    assert (not is_slip(word, other)) or other in near


@every_part
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_offers_are_those_of_the_reference(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection, sight = maker.collection(), maker.sight()
    sight = replace(sight, rules=sight.rules | PUBLIC)
    part, reference = part_of(collection), Reference(collection.now(), AUTHORITIES)
    for _time in range(3):
        text = maker.query().replace('"', "")
        text = text[: maker.random.randint(0, len(text))]
        given = typed(text)
        before = read(given.before)

        most = maker.random.choice((1, 2, WORDS_OFFERED))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("archive.search.index.suggesting.WORDS_OFFERED", most)
            offer = Suggester(part, sight, PUBLIC, NAMES).offer(text)

        right = reference.going_on(before, given.beginning, sight, PUBLIC)[:most] if given.beginning else []
        assert list(offer.queries) == list(dict.fromkeys(_queries(reference, before, given, right, sight)))


def _queries(reference: Reference, before: Question, given: Typed, words: list[str], sight: Sight) -> list[str]:
    queries = []
    for word in words:
        if word == given.beginning:
            continue
        found = [key for key, _nearly in reference.hits(before, sight.rules, sight.granted, files=sight.files)]
        public = [key for key, _nearly in reference.hits(before, PUBLIC)]
        found = [key for key in found if word in reference.words_of([key])[0]]
        public = [key for key in public if word in reference.words_of([key])[0]]
        last = reference.spelled(word, found, public)
        if before.is_marked:
            query = f"{given.before}{last}"
        else:
            query = " ".join([*(reference.spelled(one, found, public) or one for one in before.folded), last])
        if last and not reference.is_hidden(exact_words(query)):
            queries.append(query)
    return queries


@every_part
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_corrections_are_those_of_the_reference(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection, sight = maker.collection(), maker.sight()
    part, reference = part_of(collection), Reference(collection.now(), AUTHORITIES)
    word = maker.random.choice(maker.words)
    at = maker.random.randint(0, len(word) - 1)
    slip = word[:at] + maker.random.choice(("", "q", "qq")) + word[at + 1 :]
    other = maker.random.choice(maker.words)
    question = read(maker.random.choice((slip, f"{slip} {other}")))

    meant = Helper(part, sight, PUBLIC, NAMES).did_you_mean(question)

    def total(asked: Question) -> int:
        return len(reference.hits(asked, sight.rules, sight.granted, files=sight.files))

    wrong = [unit for unit in question.units if not total(Question((unit,), is_blank=False))]
    if not wrong:
        assert meant == ""
    elif meant:
        assert plan(read(meant), part, sight, NAMES).total
    if wrong and len(question.units) == 1:
        keys, public = (
            [key for key, _nearly in reference.hits(read(""), *seen)]
            for seen in ((sight.rules, sight.granted), (PUBLIC,))
        )
        near = reference.nearest(question.folded[0], keys, public)
        # Other keyboards are no slips: what is typed on them is looked for as well.
        assert fold(meant) == near or (meant and not is_slip(question.folded[0], fold(meant)))


@every_part
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_what_is_hidden_changes_no_offer_and_no_help(part_of: Callable[[Collection], Part], seed: int) -> None:
    maker = Maker(seed)
    collection, sight = maker.collection(), maker.sight()
    sight = replace(sight, rules=sight.rules | PUBLIC)
    parts = [part_of(collection), part_of(collection.as_seen(sight))]
    for _time in range(3):
        text, question = maker.query(), maker.question()
        text = text[: maker.random.randint(0, len(text))]

        offers = [Suggester(part, sight, PUBLIC, NAMES).offer(text, HEADINGS) for part in parts]
        helps = [Helper(part, sight, PUBLIC, NAMES).help(question) for part in parts]

        assert repr(offers[0]) == repr(offers[1])
        assert repr(helps[0]) == repr(helps[1])
