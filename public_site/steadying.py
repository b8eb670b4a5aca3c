"""Templates whose constant stretches are drawn once: text, words in the page's language, addresses without arguments, static files.

A page draws a hundred such pieces, and each costs Django's engine about as much as a line of a card. Neighbours among them are put together
when a template is loaded; what they say depends on the language, the words of the communities and where the site lies, and is kept in this
process for those. Nothing of a reader or of a work can stand in one: what takes a value, a variable or a filter is left as it is, but for
how templates within templates are drawn (`included.py`) and how names are looked up (`looking_up.py`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template import Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType, Variable
from django.template.context import Context
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loader_tags import IncludeNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from archive import interface_words
from public_site.included import Included
from public_site.interface_word import Word
from public_site.looking_up import look_up_quickly

KEPT_MOST = 200  # of one part
_settings = [0]  # counts how often a setting was changed, which happens in tests only


@receiver(setting_changed, dispatch_uid="public_site.steadying")
def _forget(**_facts: object) -> None:
    _settings[0] += 1


def surroundings(context: Context) -> tuple[Hashable, ...]:
    """Return all that constants of a template depend on."""
    return get_language(), context.autoescape, of_site(context)


def of_site(context: Context) -> Hashable:
    """Return what of it is the same for all of a page: the words of communities, where the site lies, its settings."""
    found: tuple[Hashable, ...] | None = getattr(context, "of_site", None)
    if found is None:
        found = (interface_words.number(), get_script_prefix(), _settings[0])
        # The same as long as a page is drawn, and asked for dozens of times meanwhile. The language is not: tags may change it.
        context.of_site = found  # type: ignore[attr-defined]  # Django's context is open to attributes
    return found


class Drawn:
    """What was drawn of one part of a template, by what it depends on."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, SafeString] = {}

    def of(self, nodes: NodeList, context: Context, *values: Hashable) -> SafeString:
        """Return the part as it was drawn for these values under the same surroundings; draw it where it was not."""
        key = (*surroundings(context), *values)
        found = self._kept.get(key)
        if found is None:
            found = nodes.render(context)
            if len(self._kept) >= KEPT_MOST:
                self._kept.clear()
            self._kept[key] = found
        return found


class Stretch(Node):
    """Neighbours that are constant, and what was drawn of them."""

    child_nodelists = ()

    def __init__(self, nodes: NodeList) -> None:
        self.nodes, self._drawn = nodes, Drawn()
        self.token, self.origin = nodes[0].token, nodes[0].origin

    def render(self, context: Context) -> SafeString:
        """Return it as it was drawn before, or draw it."""
        return self._drawn.of(self.nodes, context)


class _Steadied(BaseLoader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:  # Any: as in Django
        """Return the template with its stretches put together, before anybody else has it."""
        template = super().get_template(template_name, skip)
        put_together(template.nodelist)
        return template


class Loader(CachedLoader, _Steadied):
    """Django's cached loader, of templates with stretches."""


def put_together(nodes: NodeList) -> None:
    """Put neighbours together that are constant, in this list and in all below it."""
    made: list[Node] = []
    for node in nodes:
        look_up_quickly(node)
        if type(node) is IncludeNode:
            made.append(Included(node))
            continue
        if not is_constant(node):
            for below in _below(node):
                put_together(below)
        made.append(node)
    nodes[:] = join(made)


def join(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes with neighbours put together that are constant."""
    made: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Stretch):
            run += node.nodes
        elif is_constant(node):
            run.append(node)
        else:
            made += [*_stretch(run), node]
            run = []
    return [*made, *_stretch(run)]


def _stretch(run: list[Node]) -> list[Node]:
    # A text alone is as fast by itself.
    return [Stretch(NodeList(run))] if any(type(node) is not TextNode for node in run) else run


def _below(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodelist for _condition, nodelist in node.conditions_nodelists]
    found = (getattr(node, name, None) for name in node.child_nodelists)
    return [one for one in found if isinstance(one, NodeList)]


def is_constant(node: Node) -> bool:
    """Return whether what a node says depends on the surroundings alone."""
    if isinstance(node, TextNode | LoadNode | CommentNode):
        return True
    if type(node) is Word:
        return _is_literal(node.key)
    if type(node) is StaticNode:
        return node.varname is None and _is_literal(node.path)
    if type(node) is URLNode:
        return not (node.asvar or node.args or node.kwargs) and _is_literal(node.view_name)
    if type(node) is TranslateNode:
        return not (node.asvar or node.message_context) and _is_literal(node.filter_expression)
    if type(node) is BlockTranslateNode:
        taken = (node.extra_context, node.plural, node.countervar, node.counter, node.message_context, node.asvar)
        return not any(taken) and all(token.token_type is TokenType.TEXT for token in node.singular)
    return False


def _is_literal(value: FilterExpression) -> bool:
    of = value.var
    return not value.filters and (isinstance(of, str) or (isinstance(of, Variable) and of.lookups is None))
