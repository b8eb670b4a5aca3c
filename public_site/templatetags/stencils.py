"""`{% stencil name=value… with hole=value… %}…{% endstencil %}`: a part of a page that is written once for each language, with holes that
each page fills.

Within it nothing is known but what the tag names and `library`: so what is kept can tell nothing of one page to another. The values before
`with` may stand in conditions, and are few: a kind, a language; of one that is called `is_…` or `has_…` it is known whether there is any.
The part is kept for each of them. The holes are texts of one page: they are written where `{{ hole }}` stands, escaped, and no condition or
filter sees them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from html import escape

from django import template
from django.template import TemplateSyntaxError
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    VariableNode,
    render_value_in_context,
    token_kwargs,
)
from django.template.context import Context
from django.template.loader_tags import BlockNode, IncludeNode
from django.templatetags.i18n import BlockTranslateNode
from django.urls import get_urlconf
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import get_language

from public_site.steadying import of_site

register = template.Library()
KEPT_MOST = 500  # of one part
# Nothing that people write holds it: it is another one in each process.
_MARK = f"stencil{secrets.token_hex(8)}of"
_HOLES = re.compile(rf"{_MARK}(\d+)!")
_IN_QUOTES = re.compile(r""""[^"]*"|'[^']*'""")


class _Where:
    """Something to compare whose hash is known."""

    def __init__(self, what: Hashable) -> None:
        self.what, self._hash = what, hash(what)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Where) and self.what == other.what


class Stencil(Node):
    """The part, and what was written of it: the texts before, between and behind the holes, and which hole each of these is."""

    def __init__(
        self, nodelist: NodeList, values: Mapping[str, FilterExpression], holes: Mapping[str, FilterExpression]
    ) -> None:
        self.nodelist, self.holes = nodelist, tuple(holes)
        self.names = tuple(values)
        self._values = [(name, _lookup(value)) for name, value in values.items()]
        self._fillings = [_lookup(hole) for hole in holes.values()]
        self._kept: dict[Hashable, tuple[tuple[str, ...], tuple[int, ...]]] = {}

    def render(self, context: Context) -> SafeString:
        """Return the part with its holes filled."""
        values = tuple([_value(name, look(context)) for name, look in self._values])
        key = (get_language(), _where(context), values)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= KEPT_MOST:
                self._kept.clear()
            kept = self._kept[key] = self._written(context, values)
        texts, order = kept
        filled = [_filled(look(context), context) for look in self._fillings]
        pieces = [texts[0]]
        for hole, text in zip(order, texts[1:], strict=True):
            pieces += (filled[hole], text)
        return SafeString("".join(pieces))

    def _written(self, context: Context, values: tuple[object, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        marks = {name: SafeString(f"{_MARK}{number}!") for number, name in enumerate(self.holes)}
        known = {"library": context["library"], **dict(zip(self.names, values, strict=True)), **marks}
        # Of this page nothing else is known within.
        written = self.nodelist.render(context.new(known))
        pieces = _HOLES.split(written)
        return tuple(pieces[::2]), tuple(map(int, pieces[1::2]))


def _where(context: Context) -> Hashable:
    """What a part depends on besides its language and values: the same for all parts of a page."""
    found: Hashable = context.__dict__.get("stencils_lie")
    if found is None:
        found = (of_site(context), get_urlconf(), context["library"])
        context.__dict__["stencils_lie"] = found = _Where(found)
    return found


def _lookup(expression: FilterExpression) -> Callable[[Context], object]:
    """What gives a value of a page. Names behind dots, which most values are, are looked up without asking first whether each is a key."""
    path: tuple[str, ...] = getattr(expression.var, "lookups", None) or ()
    is_plain = path and not expression.filters and all(name.isidentifier() for name in path)

    def resolved(context: Context) -> object:
        return expression.resolve(context, ignore_failures=True)

    def looked_up(context: Context) -> object:
        value = context.get(path[0])
        for name in path[1:]:
            value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        return resolved(context) if callable(value) else value

    return looked_up if is_plain else resolved


def _value(name: str, value: object) -> object:
    return bool(value) if name.startswith(("is_", "has_")) else value


def _filled(value: object, context: Context) -> str:
    if isinstance(value, SafeData):
        return str(value)
    if isinstance(value, str):
        return escape(value)
    return "" if value is None else render_value_in_context(value, context)


@register.tag
def stencil(parser: Parser, token: Token) -> Stencil:
    """Compile the tag. Raises TemplateSyntaxError on a block or another template within, and on a hole that is more than written."""
    words = token.split_contents()[1:]
    before, behind = (
        (words[: words.index("with")], words[words.index("with") + 1 :]) if "with" in words else (words, [])
    )
    values, holes = token_kwargs(before, parser), token_kwargs(behind, parser)
    if before or behind:
        raise TemplateSyntaxError(f"{token.contents}: every value of a stencil has a name")
    nodelist = parser.parse(("endstencil",))
    parser.delete_first_token()
    _check(nodelist, holes)
    return Stencil(nodelist, values, holes)


def _check(nodelist: NodeList, holes: Mapping[str, FilterExpression]) -> None:
    if nodelist.get_nodes_by_type(BlockNode) or nodelist.get_nodes_by_type(IncludeNode):
        raise TemplateSyntaxError("A stencil holds neither a block nor another template.")
    for node in nodelist.get_nodes_by_type(Node):
        written = node.token.contents if node.token and not isinstance(node, TextNode) else ""
        if isinstance(node, VariableNode) and written.strip() in holes:
            continue
        if isinstance(node, BlockTranslateNode) and all(one.token in holes for one in node.extra_context.values()):
            written = "" if node.counter is None else str(node.counter.token)
        looked_at = _IN_QUOTES.sub("", written)
        if any(re.search(rf"(?<![\w.-]){re.escape(hole)}(?![\w=-])", looked_at) for hole in holes):
            raise TemplateSyntaxError(f"{written}: {', '.join(holes)} are only written in a stencil.")
