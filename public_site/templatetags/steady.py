"""`{% steady value… %}…{% endsteady %}`: a part of a page that depends on nothing but these values, the language and where the site lies.

It is rendered once for each of them and kept in this process, with the template that it stands in. Nothing that belongs to one reader may
stand within: what is kept is shown to everybody for whom the values are the same. No `{% block %}` either, which a page could not fill.
"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString

from public_site.steadying import Drawn

register = template.Library()


class Steady(Node):
    """The part, and what was rendered of it."""

    def __init__(self, nodelist: NodeList, values: Sequence[FilterExpression]) -> None:
        self.nodelist, self.values, self._drawn = nodelist, values, Drawn()

    def render(self, context: Context) -> SafeString:
        """Return it as it was rendered for the same values before; render it where it was not."""
        values = [value.resolve(context, ignore_failures=True) for value in self.values]
        return self._drawn.of(self.nodelist, context, *values)


@register.tag
def steady(parser: Parser, token: Token) -> Steady:
    """Compile the tag. Raises TemplateSyntaxError on a block within."""
    values = [parser.compile_filter(value) for value in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("A block within a steady part would be the same on every page.")
    return Steady(nodelist, values)
