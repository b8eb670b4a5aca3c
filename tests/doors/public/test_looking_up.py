"""Names in templates mean what they mean to Django, however they are looked up."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import TextChoices
from django.http import HttpRequest, QueryDict
from django.template import Context, Engine, RequestContext, Template
from django.template.base import Node, NodeList, Variable
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from public_site.looking_up import QuickVariable
from public_site.steadying import put_together

pytestmark = pytest.mark.pure
# What is not there is told, and errors of templates are not caught.
ENGINE = Engine(string_if_invalid="(nothing of %s)", builtins=["django.templatetags.i18n"])


class Pair(NamedTuple):
    name: str
    other: int


class Kind(TextChoices):
    NAME = "n", "A name"


class Thing:
    name = "Kon <Rờ> & co"
    nothing = None

    def __str__(self) -> str:
        return "a thing"

    @property
    def lacks(self) -> str:
        raise AttributeError("within")

    @property
    def silent(self) -> str:
        raise ObjectDoesNotExist

    @property
    def loud(self) -> str:
        raise ValueError("told to everybody")

    def method(self) -> str:
        return "called"

    def wants(self, more: str) -> str:
        return more

    def removes(self) -> str:
        return "removed"

    removes.alters_data = True  # type: ignore[attr-defined]  # as Django marks what templates may not call

    def fails(self) -> str:
        raise ObjectDoesNotExist


class Both(Thing):
    """Has a key and an attribute of the same name: the key comes first."""

    def __getitem__(self, key: str) -> str:
        if key == "name":
            return "the key"
        raise KeyError(key)


class Loud(dict[str, str]):
    """A mapping with a way of its own."""

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key).upper()


class Open:
    def __getattr__(self, name: str) -> str:
        if name == "name":
            return "made up"
        raise AttributeError(name)


class Uncalled:
    do_not_call_in_templates = True
    name = "of who is not called"

    def __call__(self) -> str:
        return "called"


class Called(Uncalled):
    do_not_call_in_templates = False


class Listed(list[str]):
    name = "of a list"


class Form(forms.Form):
    name = forms.CharField(label="Name", initial="<b>")


VALUES: dict[str, Callable[[], Any]] = {
    "dict": lambda: {"name": "of a dict", "method": lambda: "called", "nothing": None},
    "empty dict": dict,
    "dict of dicts": lambda: {"name": {"name": "deep", "other": Thing()}},
    "ordered": lambda: OrderedDict(name="of a dict"),
    "loud": lambda: Loud(name="of a dict"),
    "with defaults": lambda: defaultdict(lambda: "default"),
    "query": lambda: QueryDict("name=a&name=b"),
    "thing": Thing,
    "class": lambda: Thing,
    "both": Both,
    "open": Open,
    "uncalled": Uncalled,
    "called": Called,
    "kinds": lambda: Kind,
    "kind": lambda: Kind.NAME,
    "list": lambda: ["a", "b"],
    "list with a name": lambda: Listed(["a"]),
    "pair": lambda: Pair("of a pair", 2),
    "text": lambda: "<text>",
    "safe": lambda: mark_safe("<b>"),  # written here
    "lazy": lambda: lazystr("<lazy>"),
    "later": lambda: SimpleLazyObject(Thing),
    "number": lambda: 1234.5,
    "none": lambda: None,
    "form": Form,
    "function": lambda: lambda: Thing(),
    "function that fails": lambda: Thing().fails,
}
NAMES = (
    "name", "other", "nothing", "lacks", "silent", "loud", "method", "wants", "removes", "fails", "items", "count", "upper", "NAME",
    "label",
    "0", "do_not_call_in_templates", "name.name", "name.other", "name.other.name", "nothing.name", "method.upper", "name.0", "lacks.name",
)  # fmt: skip
WAYS = (
    "{{{{ {0} }}}}",
    "{{{{ {0}|default:'-' }}}}",
    "{{{{ missing|default:{0} }}}}",
    "{{% if {0} and not missing %}}yes{{% else %}}no{{% endif %}}",
    "{{% if {0} == 'of a dict' %}}yes{{% endif %}}",
    "{{% for one in {0} %}}{{{{ one }}}},{{{{ forloop.counter }}}};{{% empty %}}-{{% endfor %}}",
    "{{% with one={0} %}}{{{{ one }}}}{{{{ one.name }}}}{{% endwith %}}",
    "{{% blocktranslate with one={0} %}}On {{{{ one }}}}{{% endblocktranslate %}}",
)


def outcome(template: Template, context: Context) -> str:
    try:
        # Where a value lies in memory is no part of it.
        return re.sub("0x[0-9a-f]+", "0x", template.render(context))
    except Exception as error:  # noqa: BLE001  # which one is compared
        return f"{type(error).__name__}: {error}"


def quick(source: str) -> Template:
    template = Template(source, engine=ENGINE)
    put_together(template.nodelist)
    return template


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", VALUES)
def test_what_is_looked_up_quickly_is_what_django_finds(value: str, way: str) -> None:
    for name in ("", *NAMES):
        source = way.format(f"value.{name}" if name else "value")
        # One each: looking may change a value.
        found, wanted = (Context({"value": VALUES[value]()}) for _each in range(2))

        assert outcome(quick(source), found) == outcome(Template(source, engine=ENGINE), wanted), source


@given(
    st.recursive(
        st.none() | st.integers() | st.text("a<&") | st.builds(Thing) | st.just(Both()),
        lambda inner: st.dictionaries(st.sampled_from(["a", "name", "items"]), inner) | st.lists(inner, max_size=2),
    ),
    st.lists(st.sampled_from(["a", "name", "items", "0", "method", "silent"]), max_size=4),
)
def test_however_values_lie_within_each_other(value: object, names: list[str]) -> None:
    source = f"{{{{ {'.'.join(['value', *names])} }}}}"
    told = {"value": value}

    assert outcome(quick(source), Context(told)) == outcome(Template(source, engine=ENGINE), Context(told))


@pytest.mark.parametrize(
    "name", ["request", "request.path", "request.missing", "autoescape", "template_name", "push", "missing"]
)
def test_what_a_context_has_of_its_own_is_no_more_found_than_by_django(name: str) -> None:
    request = HttpRequest()
    request.path = "/vi/"
    source = f"{{{{ {name} }}}}"
    plain = Template(source, engine=ENGINE)

    for context in (Context({}), RequestContext(request, {})):
        assert outcome(quick(source), context) == outcome(plain, context)


def test_quick_variables_are_used_where_there_are_names_alone() -> None:
    def kinds(source: str) -> list[type[Variable]]:
        found: list[type[Variable]] = []
        for node in nodes_of(quick(source).nodelist):
            expression = getattr(node, "filter_expression", None)
            if expression is not None:
                found.append(type(expression.var))
        return found

    assert kinds("{{ a }}{{ a.b }}{% if a %}{{ a.b.c }}{% endif %}") == [QuickVariable] * 3
    assert kinds("{{ a.0 }}") == [Variable]


def nodes_of(nodes: NodeList) -> list[Node]:
    return [one for node in nodes for one in node.get_nodes_by_type(Node)]
