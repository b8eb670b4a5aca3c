"""Templates within templates say what they say to Django, whether they are drawn in place or not."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.base import NodeList

from public_site.included import Included
from tests.doors.public import engines

pytestmark = pytest.mark.pure
TEMPLATES = {
    "plain.html": "[{{ a }} {{ b }}]",
    "sets.html": "{% with b='inner' %}{{ b }}{% endwith %}",
    "tree.html": "{{ node.name }}{% for node in node.below %}({% include 'tree.html' %}){% endfor %}",
    "cycle.html": "{% for one in many %}{% cycle 'x' 'y' %}{% endfor %}{% cycle 'p' 'q' as turn %}",
    "changed.html": "{% for one in many %}{% ifchanged one %}{{ one }}{% endifchanged %}{% endfor %}",
    "base.html": "<{% block middle %}base{% endblock %}>",
    "child.html": "{% extends 'base.html' %}{% block middle %}child {{ a }}{% endblock %}",
    "around.html": "{% include 'cycle.html' %}{% include 'child.html' %}",
    "folder/near.html": "{% include './beside.html' %}{% include '../plain.html' %}",
    "folder/beside.html": "beside {{ a }}",
    "leaf.html": "{% block middle %}leaf{% endblock %}",
    "bare.html": "{% extends 'base.html' %}",
    "broken.html": "{{ a.loud }}",
}
PAGES = (
    "{% include 'plain.html' %}",
    "{% include 'plain.html' with b='given' %}{{ b }}",
    "{% include 'plain.html' with b='given' only %}",
    "{% include 'plain.html' with b=a a=b %}",
    "{% include 'sets.html' %}{{ b }}",
    "{% include name %}",
    "{% include names %}",
    "{% include name|upper|lower %}",
    "{% include template %}",
    "{% include missing %}",
    "{% include 'nowhere.html' %}",
    "{% include 'tree.html' %}",
    "{% for one in many %}{% include 'cycle.html' %}{% endfor %}",
    "{% for one in many %}{% include 'changed.html' %}{% endfor %}",
    "{% include 'child.html' %}{% include 'child.html' %}",
    "{% for one in many %}{% include 'around.html' %}{% endfor %}",
    "{% for a in many %}{% include 'plain.html' %}{% endfor %}{{ a }}",
    "{% include 'folder/near.html' %}",
    "{% autoescape off %}{% include 'plain.html' %}{% endautoescape %}",
    "{% extends 'base.html' %}{% block middle %}{% include 'child.html' %}{{ block.super }}{% endblock %}",
    "{% include 'PLAIN.html'|lower %}",
    "{% extends 'base.html' %}{% block middle %}own {% include 'leaf.html' %}{% endblock %}",
    "{% extends 'child.html' %}{% block middle %}{% for a in many %}{% include 'bare.html' %}{% endfor %}{% endblock %}",
    "{% include 'broken.html' %}",
)


class Loud:
    @property
    def loud(self) -> str:
        raise ValueError("loud")


def engine(*, quick: bool, debug: bool = False) -> Engine:
    return engines.engine(TEMPLATES, quick=quick, debug=debug)


def told(of: Engine) -> dict[str, object]:
    tree = {"name": "1", "below": [{"name": "2", "below": []}, {"name": "3", "below": [{"name": "4", "below": []}]}]}
    return {
        "a": "<a>",
        "b": "b",
        "many": ["m", "m", "n"],
        "name": "plain.html",
        "names": ["nowhere.html", "plain.html"],
        "template": of.get_template("plain.html"),
        "node": tree,
    }


def outcome(of: Engine, page: str, **more: object) -> str:
    template = engines.made(page, of)
    drawn: list[str] = []
    for _time in range(3):  # the second and third time in place
        try:
            drawn.append(template.render(Context({**told(of), **more})))
        except (TemplateDoesNotExist, ValueError) as error:
            drawn.append(f"{type(error).__name__}: {error}")
    return "\n".join(drawn)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("debug", [False, True])
def test_a_page_is_drawn_as_django_draws_it(page: str, *, debug: bool) -> None:
    more = {"a": Loud()} if "broken" in page else {}

    assert outcome(engine(quick=True, debug=debug), page, **more) == outcome(
        engine(quick=False, debug=debug), page, **more
    )


def included(nodes: NodeList) -> Included:
    (found,) = nodes.get_nodes_by_type(Included)
    assert isinstance(found, Included)
    return found


@pytest.mark.parametrize(
    ("page", "is_in_place"),
    [
        ("{% include 'plain.html' %}", True),
        ("{% include 'around.html' %}", True),
        ("{% include 'cycle.html' %}", False),
        ("{% include 'child.html' %}", False),
        ("{% include 'changed.html' %}", False),
        ("{% include 'plain.html' only %}", False),
        ("{% include name %}", False),
    ],
)
def test_what_keeps_no_state_is_drawn_in_place(page: str, *, is_in_place: bool) -> None:
    of = engine(quick=True)
    template = engines.made(page, of)

    template.render(Context(told(of)))

    assert (included(template.nodelist)._drawn is not None) is is_in_place


def test_lines_of_an_error_are_those_of_the_template_where_it_happened() -> None:
    of = engine(quick=True, debug=True)
    template = engines.made("line one\n{% include 'broken.html' %}", of)

    with pytest.raises(ValueError, match="loud") as raised:
        template.render(Context({"a": Loud()}))

    assert raised.value.template_debug["name"].endswith("broken.html")  # type: ignore[attr-defined]  # as Django lays it there
