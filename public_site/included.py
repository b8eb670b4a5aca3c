"""Templates within templates, drawn in place: Django gives each a state of its own, which takes longer than most of them."""

from __future__ import annotations

from typing import Any

from django.template import Template
from django.template.base import NodeList
from django.template.context import Context
from django.template.defaulttags import CycleNode, IfChangedNode, ResetCycleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

# What keeps something in that state.
STATEFUL = (BlockNode, ExtendsNode, CycleNode, ResetCycleNode, IfChangedNode)


class Included(IncludeNode):
    """Django's own, but that a template of a written name that keeps no state is looked for once, and drawn as if it stood here."""

    def __init__(self, tag: Any) -> None:  # Any: the stubs know no attributes of Django's own
        super().__init__(tag.template, extra_context=tag.extra_context, isolated_context=tag.isolated_context)
        self.token, self.origin = tag.token, tag.origin
        self._drawn: NodeList | None = None
        self._is_asked = tag.isolated_context or not isinstance(tag.template.var, str) or bool(tag.template.filters)

    def render(self, context: Context) -> Any:  # Any: as in Django
        """Return the other template drawn with what is known here; what it sets is not known behind it."""
        within: Any = context.template
        nodes = self.in_place(within.engine)
        if nodes is None:
            return super().render(context)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        with context.push(**values):
            return nodes.render(context)

    def in_place(self, engine: Any) -> NodeList | None:  # Any: as above
        """Return what is drawn here; None where Django draws it. To be asked when it is drawn, and not before: a template may stand within
        itself."""
        if self._is_asked:
            return self._drawn
        self._is_asked = True
        if engine.debug:
            # Its page of errors shows lines of the template whose state this is.
            return None
        found: Template = engine.get_template(self.template.var)
        if not any(found.nodelist.get_nodes_by_type(one) for one in STATEFUL):
            self._drawn = found.nodelist
        return self._drawn
