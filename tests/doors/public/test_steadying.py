"""Templates say the same whether their constant stretches are put together or not; nothing that takes a value is among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.http import HttpRequest
from django.template import Context, Engine, Template
from django.template.base import NodeList
from django.utils import translation

from public_site.steadying import Stretch, put_together

CONSTANT = (
    "text",
    '{% translate "Items" %}',
    "{% word 'Items' %}",
    "{% url 'public_site:items' %}",
    "{% static 'img/logo.svg' %}",
    "{% blocktranslate %}Items{% endblocktranslate %}",
)
LIVELY = (
    "{{ query }}",
    "{{ query|upper }}",
    "{% translate said %}",
    '{% translate "Items" as query %}',
    "{% url where %}",
    "{% url 'public_site:people' slug %}",
    "{% url 'public_site:items' as query %}",
    "{% static file %}",
    "{% static 'img/logo.svg' as query %}",
    "{% blocktranslate with query=query %}On site: {{ query }}{% endblocktranslate %}",
    "{% csrf_token %}",
)
TOLD = {"query": "<b>", "slug": "ba-na", "said": "Items", "where": "public_site:items", "file": "img/logo.svg"}


def made(source: str) -> Template:
    return Template(f"{{% load i18n static %}}{source}", engine=Engine.get_default())


def stretches(nodes: NodeList) -> Iterator[Stretch]:
    for node in nodes:
        if isinstance(node, Stretch):
            yield node
        for name in node.child_nodelists:
            yield from stretches(getattr(node, name, NodeList()))


def said(template: Template, told: Mapping[str, Any] = TOLD, *, autoescape: bool = True) -> str:
    context = Context({**told, "csrf_token": "a secret"}, autoescape=autoescape)
    return template.render(context)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("between", ["", *LIVELY])
def test_it_is_said_as_before(between: str, language: str) -> None:
    source = "".join([*CONSTANT, between, *CONSTANT, "{% if query %}", *CONSTANT, "{% else %}x{% endif %}{{ query }}"])
    plain, together = made(source), made(source)
    put_together(together.nodelist)
    assert list(stretches(together.nodelist))

    with translation.override(language):
        for autoescape in (True, False, True):
            assert said(together, autoescape=autoescape) == said(plain, autoescape=autoescape)
        assert said(together, {**TOLD, "query": "other"}) == said(plain, {**TOLD, "query": "other"})


@pytest.mark.parametrize("lively", LIVELY)
def test_what_takes_a_value_is_in_no_stretch(lively: str) -> None:
    template = made(f"a{lively}b")

    put_together(template.nodelist)

    kept = [type(node).__name__ for one in stretches(template.nodelist) for node in one.nodes]
    assert set(kept) <= {"LoadNode", "TextNode"}


def test_each_language_has_its_own(settings: LazySettings) -> None:
    template = made('{% translate "Items" %}{% url "public_site:items" %}')
    put_together(template.nodelist)

    found = {}
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            found[language] = said(template)
    settings.LANGUAGE_COOKIE_NAME = "another"  # whatever changes: what was kept is drawn anew

    assert "/en/items/" in found["en"]
    assert found["vi"].endswith("/items/")
    assert "Items" not in found["vi"]


def test_a_page_puts_its_own_blocks_into_its_parent_each_time(rf: Any) -> None:  # Any: pytest-django's
    folder = Path(str(settings.BASE_DIR)) / "templates"
    assert (folder / "404.html").exists()
    engine = Engine.get_default()
    request: HttpRequest = rf.get("/")

    first = [engine.get_template(name).render(Context({"request": request})) for name in ("404.html", "403.html")]
    again = [engine.get_template(name).render(Context({"request": request})) for name in ("404.html", "403.html")]

    assert first == again
    assert first[0] != first[1]
