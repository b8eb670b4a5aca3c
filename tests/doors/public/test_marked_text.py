"""Texts of exhibits: a few marks, and nothing else of what was typed becomes HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from public_site.marked_text import to_html

pytestmark = pytest.mark.pure
ALLOWED = {"p", "br", "ul", "ol", "li", "em", "strong", "a", "div"}


def test_marks_become_paragraphs_lists_emphasis_and_links() -> None:
    made = to_html("Một *hai* **ba**\nbốn\n\n- a\n- b\n1. c\n\n[xem](/items/x/) [ngoài](https://example.org/a?b=1)")

    assert made == (
        "<p>Một <em>hai</em> <strong>ba</strong><br>bốn</p>\n<ul><li>a</li><li>b</li></ul>\n<ol><li>c</li></ol>\n"
        '<p><a href="/items/x/">xem</a> <a href="https://example.org/a?b=1" rel="noopener noreferrer">ngoài</a></p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//elsewhere.example/)",
        "[x](/\\elsewhere.example/)",
        "[x](https://u@elsewhere.example/)",
        '[x](/a"onclick="b)',
        "5 * 3 * 2",
    ],
)
def test_what_is_no_mark_is_shown_as_it_was_typed(text: str) -> None:
    tree = html.fromstring(f"<div>{to_html(text)}</div>")

    assert tree.text_content() in {text, "x"}
    assert {one.tag for one in tree.iter()} <= {"div", "p", "a"}
    assert all(set(one.attrib) <= {"href"} and one.get("href", "/a").startswith("/a") for one in tree.iter("a"))


@given(st.text(alphabet="ab*[]()<>/\\:\"'-1. \nhtps&#", max_size=120))
def test_no_text_makes_anything_but_these_elements(text: str) -> None:
    tree = html.fromstring(f"<div>{to_html(text)}</div>")

    assert {one.tag for one in tree.iter()} <= ALLOWED
    assert all(set(one.attrib) <= {"href", "rel"} for one in tree.iter())
    for link in tree.iter("a"):
        assert link.get("href", "").startswith(("/", "http://", "https://"))
        assert not link.get("href", "").startswith(("//", "/\\"))
