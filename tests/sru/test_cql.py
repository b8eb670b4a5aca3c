"""CQL: what is written is read again as the same, and nothing that anybody types raises anything but CqlError."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.sru import contexts, cql, meaning, wire
from interop.sru.cql import Both, Clause, CqlError, Modifier, Query, Scoped, SortKey, parse, write
from interop.sru.found import days_of

pytestmark = pytest.mark.pure
SIGNS = 'ab Đ*?^/()=<>.\\" \n'
RAW = st.lists(
    st.one_of(st.sampled_from(["\\" + one for one in SIGNS]), st.sampled_from("abĐ*?^/()=<>. \n")), max_size=6
).map("".join)
NAME = st.one_of(st.sampled_from(["dc.title", "and", "sortBy", "x", "any"]), RAW)
LOWER = NAME.map(str.lower)
COMPARE = st.sampled_from(["=", "==", "<>", "<", ">", "<=", ">="])
MODIFIERS = st.lists(st.one_of(st.builds(Modifier, LOWER), st.builds(Modifier, LOWER, COMPARE, NAME)), max_size=2).map(
    tuple
)
RELATION = st.one_of(COMPARE, st.sampled_from(["any", "all", "exact", "scr", "within", "adj"]))
CLAUSE = st.builds(Clause, NAME, RELATION, NAME, MODIFIERS)
NODE: st.SearchStrategy[cql.Node] = st.recursive(
    CLAUSE,
    lambda inner: st.one_of(
        st.builds(Both, st.sampled_from(sorted(cql.BOOLEANS)), inner, inner, MODIFIERS),
        st.builds(Scoped, NAME, NAME, inner),
    ),
    max_leaves=6,
)
QUERY = st.builds(Query, NODE, st.lists(st.builds(SortKey, NAME, MODIFIERS), max_size=2).map(tuple))


@settings(max_examples=150, deadline=None)
@given(QUERY)
def test_what_is_written_is_read_as_the_same(query: Query) -> None:
    assert parse(write(query)) == query


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(["and", "(", ")", ">", "=", '"', "/", "x", "\\", "sortBy", " "])).map("".join),
    )
)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except CqlError:
        return

    assert parse(write(found)) == found


INDEX = st.one_of(st.sampled_from(sorted(contexts.INDEXES)), NAME)
ASKED = st.builds(
    Clause,
    INDEX,
    RELATION,
    st.one_of(RAW, st.sampled_from(["1990 2000", "-5000", "y170000002", "2012~", "XXXX"])),
    MODIFIERS,
)


@settings(max_examples=300, deadline=None)
@given(ASKED)
def test_whatever_is_asked_means_something_or_is_a_diagnostic_with_a_title(clause: Clause) -> None:
    try:
        asked = meaning.meant(clause, {})
        if asked.index.way is contexts.Way.DATE:
            first, last = days_of(asked.raw, is_span=asked.relation == "within")
            assert first <= last
        asked.fits(["Nhà rông", clause.term])
    except CqlError as error:
        told = error.code

        assert told in wire.MESSAGES  # of many that may be told


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("gong", Clause(cql.SERVER_CHOICE, "=", "gong")),
        ('"nhà rông"', Clause(cql.SERVER_CHOICE, "=", "nhà rông")),
        ("dc.title ANY/ignoreCase x", Clause("dc.title", "any", "x", (Modifier("ignorecase"),))),
        ("dc.title = and", Clause("dc.title", "=", "and")),
        (
            "a OR b not c",
            Both(
                "not",
                Both("or", Clause(cql.SERVER_CHOICE, "=", "a"), Clause(cql.SERVER_CHOICE, "=", "b")),
                Clause(cql.SERVER_CHOICE, "=", "c"),
            ),
        ),
        ('> d = "u" d.title == x', Scoped("d", "u", Clause("d.title", "==", "x"))),
        (">u title<>x", Scoped("", "u", Clause("title", "<>", "x"))),
    ],
)
def test_queries_are_read_as_the_grammar_has_them(text: str, tree: cql.Node) -> None:
    assert parse(text).root == tree


def test_the_order_is_read() -> None:
    assert parse("a sortBy dc.date/sort.descending dc.title").sort == (
        SortKey("dc.date", (Modifier("sort.descending"),)),
        SortKey("dc.title"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "((",
        "a b",
        "a and",
        "and a",
        "dc.title=((",
        '"a',
        "a)",
        "(a sortBy b)",
        "a sortBy",
        "a=/x",
        ">",
        "a /x b",
    ],
)
def test_what_is_no_query_is_refused_with_10(text: str) -> None:
    with pytest.raises(CqlError) as refused:
        parse(text)

    assert refused.value.code == 10


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 4001, 12), (" and ".join(["x"] * 62), 38), ("(" * 31 + "x" + ")" * 31, 38), (">a " * 31 + "x", 38)],
)
def test_what_is_too_much_is_refused(text: str, code: int) -> None:
    with pytest.raises(CqlError) as refused:
        parse(text)

    assert refused.value.code == code
