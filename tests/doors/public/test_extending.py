"""Pages that are put into their parents once say what they say to Django, which does it each time."""

from __future__ import annotations

import pytest
from django.template import Context, Engine
from django.template.base import NodeList

from public_site.extending import Apart, Extends, NotInPlace, whole
from public_site.included import Included
from public_site.steadying import Stretch
from tests.doors.public import engines

pytestmark = pytest.mark.pure
TEMPLATES = {
    "base.html": (
        "<{% block head %}base{% endblock %}|{{ a }}{% if a %}{% block within %}if {{ b }}{% endblock %}{% endif %}|"
        "{% block outer %}o{% block inner %}i{% endblock %}o{% endblock %}|{{ c }}{% block foot %}{{ c }}{% endblock %}>"
    ),
    "middle.html": "{% extends 'base.html' %}{% block head %}middle{% endblock %}{% block foot %}foot {{ a }}{% endblock %}",
    "up.html": "{% extends 'base.html' %}{% block head %}{{ block.super }} up{% endblock %}",
    "plain.html": "[{{ a }}]",
    "sets.html": "{% load i18n %}{% translate 'Items' as c %}{{ c }}",
    "itself.html": "{{ a }}{% if b %}{% with b='' %}{% include 'itself.html' %}{% endwith %}{% endif %}",
}
HEAD = "{% block head %}page {{ a }}{% endblock %}"
PAGES = (
    "{% extends 'base.html' %}",
    "{% extends 'base.html' %}" + HEAD,
    "{% extends 'middle.html' %}",
    "{% extends 'middle.html' %}" + HEAD,
    "{% extends 'middle.html' %}not said" + HEAD + "{{ a }}",
    "{% extends 'base.html' %}{% block within %}page {{ a }}{% endblock %}",
    "{% extends 'base.html' %}{% block inner %}page{% endblock %}",
    "{% extends 'base.html' %}{% block outer %}page{% endblock %}",
    "{% extends 'base.html' %}{% block outer %}page {% block inner %}own{% endblock %}{% block more %}more{% endblock %}{% endblock %}",
    "{% extends 'base.html' %}{% block outer %}[{% block inner %}own{% endblock %}]{% endblock %}{% block nowhere %}x{% endblock %}",
    "{% extends 'base.html' %}{% load i18n %}{% block head %}{% translate 'Items' as c %}{{ c }}{% endblock %}",
    "{% extends 'base.html' %}{% load i18n %}{% block head %}{% if a %}{% translate 'Items' as c %}{% endif %}{{ c }}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% for c in many %}{{ c }}{% cycle 'x' 'y' as b %}{% endfor %}{{ b }}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% with c='w' %}{% include 'plain.html' %}{{ c }}{% endwith %}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% include 'middle.html' %}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% include 'plain.html' %}{% include 'plain.html' with a=b %}{{ a }}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% include 'plain.html' with a=b only %}{% include name %}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{% include 'sets.html' %}{% include 'itself.html' %}{{ c }}{% endblock %}",
    "{% extends 'base.html' %}{% block head %}{{ block.super }} page{% endblock %}",
    "{% extends 'base.html' %}{% block outer %}{% if block.super %}{{ block.super|upper }}{% endif %}{% endblock %}",
    "{% extends 'up.html' %}{% block foot %}page{% endblock %}",
    "{% extends 'up.html' %}" + HEAD,
    "{% extends name %}" + HEAD,
    "{% extends 'BASE.html'|lower %}" + HEAD,
    "{% autoescape off %}{{ a }}{% endautoescape %}",
)


def engine(*, quick: bool, debug: bool = False) -> Engine:
    builtins = ["public_site.templatetags.words"] if quick else []
    return engines.engine(
        TEMPLATES, quick=quick, debug=debug, libraries={"i18n": "django.templatetags.i18n"}, builtins=builtins
    )


def outcome(page: str, *, quick: bool, debug: bool) -> list[str]:
    template = engines.made(page, engine(quick=quick, debug=debug))
    told = {"a": "<a>", "b": "b", "c": "c", "many": ["m", "n"], "name": "base.html"}
    # The second time it is put together already, and a value may be another.
    return [template.render(Context({**told, **more})) for more in ({}, {}, {"a": ""}, {"name": "middle.html"}, {})]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("debug", [False, True])
def test_a_page_is_drawn_as_django_draws_it(page: str, *, debug: bool) -> None:
    assert outcome(page, quick=True, debug=debug) == outcome(page, quick=False, debug=debug)


def put_in_place(page: str) -> NodeList:
    of = engine(quick=True)
    (node,) = engines.made(page, of).nodelist
    assert isinstance(node, Extends)
    return whole(node, of)


def test_what_is_constant_is_put_together_across_the_borders_of_blocks() -> None:
    word = "{% load i18n %}{% block head %}{% translate 'Items' %}{% endblock %}"

    first = put_in_place("{% extends 'base.html' %}" + word)[0]

    assert isinstance(first, Stretch)
    assert [type(node).__name__ for node in first.nodes] == ["TextNode", "TranslateNode", "TextNode"]


def test_what_a_block_sets_is_kept_apart() -> None:
    sets = "{% extends 'base.html' %}{% load i18n %}{% block head %}{% translate 'Items' as c %}{% endblock %}"

    assert [type(node) for node in put_in_place(sets)].count(Apart) == 1
    assert Apart not in [type(node) for node in put_in_place("{% extends 'middle.html' %}" + HEAD)]


def test_what_is_included_with_nothing_given_has_no_border_either() -> None:
    def included(name: str) -> int:
        page = "{% extends 'base.html' %}{% block head %}{% include 'NAME' %}{% endblock %}".replace("NAME", name)
        return [type(node) for node in put_in_place(page)].count(Included)

    assert (included("plain.html"), included("sets.html")) == (0, 1)


@pytest.mark.parametrize(
    "page",
    [
        "{% extends 'base.html' %}{% block head %}{% if a %}{{ block.super }}{% endif %}{% endblock %}",
        "{% extends 'up.html' %}",
        "{% extends name %}",
    ],
)
def test_what_might_say_something_else_is_left_to_django(page: str) -> None:
    with pytest.raises(NotInPlace):
        put_in_place(page)
