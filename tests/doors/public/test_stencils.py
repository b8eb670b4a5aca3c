"""Parts of pages that are written once: holes are filled and escaped, and nothing of one page stays for the next."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import SafeString

from public_site.context import library

HOSTILE = "<b a='1' b=\"2\">&"
ESCAPED = "&lt;b a=&#x27;1&#x27; b=&quot;2&quot;&gt;&amp;"


def drawn(part: Template, **context: object) -> str:
    return part.render(Context({**library(), **context}))


def test_each_page_fills_the_holes_and_every_text_is_escaped() -> None:
    part = Template(
        "{% load stencils %}{% stencil with one=title two=page.number %}<p>{{ one }}|{{ two }}|{{ one }}</p>{% endstencil %}"
    )

    assert drawn(part, title="A", page={"number": 1}) == "<p>A|1|A</p>"
    assert drawn(part, title=HOSTILE, page={"number": None}) == f"<p>{ESCAPED}||{ESCAPED}</p>"
    assert drawn(part, title=SafeString("<i>"), page={}) == "<p><i>||<i></p>"


def test_values_before_the_holes_may_stand_in_conditions() -> None:
    part = Template(
        "{% load stencils %}{% stencil kind=kind has_more=more with one=title %}"
        '{% if kind == "image" %}picture{% endif %}{{ kind }}{% if has_more %}+{% endif %}{{ one }}{% endstencil %}'
    )

    given = [
        drawn(part, kind=kind, more=more, title="A") for kind, more in (("image", [1]), ("audio", []), ("image", [2]))
    ]

    assert given == ["pictureimage+A", "audioA", "pictureimage+A"]
    assert drawn(part, kind=HOSTILE, more=None, title="A") == f"{ESCAPED}A"


def test_of_a_page_nothing_is_known_within_but_what_is_named() -> None:
    part = Template(
        "{% load stencils %}{% stencil with one=title %}{{ secret }}{{ item.pid }}{{ one }}{% endstencil %}"
    )

    assert drawn(part, title="A", secret="hidden", item={"pid": "p1"}) == "A"
    assert drawn(part, title="B") == "B"


def test_a_part_is_written_anew_for_each_language() -> None:
    part = Template(
        '{% load stencils i18n %}{% stencil with one=title %}{% translate "Close" %} {{ one }}{% endstencil %}'
    )

    given = []
    for code in ("vi", "en", "vi"):
        with translation.override(code):
            given.append(drawn(part, title="A"))

    assert given == ["Đóng A", "Close A", "Đóng A"]


def test_a_hole_may_stand_in_a_translated_sentence() -> None:
    part = Template(
        "{% load stencils i18n %}{% stencil with amount=size %}{% blocktranslate with size=amount %}Larger picture ({{ size }})"
        "{% endblocktranslate %}{% endstencil %}"
    )

    with translation.override("en"):
        assert [drawn(part, size=size) for size in ("1 MB", "<2>")] == [
            "Larger picture (1 MB)",
            "Larger picture (&lt;2&gt;)",
        ]


@pytest.mark.parametrize(
    "within",
    [
        "{% if one %}x{% endif %}",
        "{{ one|upper }}",
        "{{ one.two }}",
        "{% for x in one %}{% endfor %}",
        '{% include "404.html" %}',
        "{% block a %}{% endblock %}",
        "{% blocktranslate with size=one|upper %}{{ size }}{% endblocktranslate %}",
    ],
)
def test_what_would_be_kept_of_one_page_is_refused(within: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% load stencils i18n %}}{{% stencil with one=title %}}{within}{{% endstencil %}}")


def test_values_without_a_name_are_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load stencils %}{% stencil kind with one=title %}{% endstencil %}")
