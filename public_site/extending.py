"""Templates that extend others, put together once: what a page fills in stands where its parents have the blocks for it.

Django looks for the blocks of each parent with every page, and gives each a state of its own. Here the whole page is one list of nodes, in
which constant neighbours are put together across the borders of blocks, too. A template is drawn Django's way where that might say
something else: where a block repeats its parent's, where a parent is named by a value, and where the parts of a page are looked at.
Templates that are included do not look at the block that they stand in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django.template import Template
from django.template.base import Node, NodeList, Parser, TextNode, Token, VariableNode
from django.template.context import Context
from django.template.defaulttags import IfNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode, do_extends
from django.utils.safestring import SafeString

from public_site.included import Included
from public_site.looking_up import variables
from public_site.steadying import Stretch, join

# What sets nothing that could be looked up behind it, beside what is constant.
_SET_NOTHING = frozenset({TextNode, VariableNode, Stretch, Included})


class NotInPlace(Exception):
    """A template that is to be drawn Django's way."""


class Apart(Node):
    """What a page fills into a block and may set names in: they are not known behind it."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.token, self.origin = nodelist[0].token, nodelist[0].origin

    def render(self, context: Context) -> SafeString:
        """Return what it says."""
        with context.push():
            return self.nodelist.render(context)


class Extends(ExtendsNode):
    """Django's own, of a page that is put together once."""

    def __init__(self, nodelist: NodeList, parent_name: Any) -> None:  # Any: as Django calls it
        super().__init__(nodelist, parent_name)
        self._whole: NodeList | None = None
        self._is_asked = False

    def render(self, context: Context) -> Any:  # Any: as in Django
        """Return the parent with these blocks in place of its own."""
        drawing: Any = context.render_context
        if BLOCK_CONTEXT_KEY not in drawing:
            if not self._is_asked:
                self._put_in_place(context)
            if self._whole is not None:
                return self._whole.render(context)
        parent: Any = self.get_parent(context)
        blocks = drawing.setdefault(BLOCK_CONTEXT_KEY, BlockContext())
        blocks.add_blocks(self.blocks)
        own = getattr(parent, "own_blocks", None)
        if own is None:
            own = parent.own_blocks = _own_blocks(parent)
        blocks.add_blocks(own)
        with drawing.push_state(parent, isolated_context=False):
            return parent._render(context)

    def _put_in_place(self, context: Context) -> None:
        engine: Any = context.template.engine  # type: ignore[union-attr]  # bound: it is being drawn
        try:
            # The page of an error shows lines of the template that they stand in.
            self._whole = None if engine.debug else whole(self, engine)
        except NotInPlace:
            self._whole = None
        self._is_asked = True


def extends(parser: Parser, token: Token) -> Extends:
    """Compile the tag as Django does."""
    made = do_extends(parser, token)
    return Extends(made.nodelist, made.parent_name)


def whole(node: Any, engine: Any) -> NodeList:  # Any: the stubs know no attributes of Django's own
    """Return all of a page in one list. Raises NotInPlace."""
    filled: dict[str, BlockNode] = {}
    seen: set[str] = set()
    while True:
        # What a page fills in comes before what its parents do.
        filled = node.blocks | filled
        name = node.parent_name.var
        # By the same name another template may be meant, of an app that comes after.
        if not isinstance(name, str) or node.parent_name.filters or name in seen or name == node.origin.template_name:
            raise NotInPlace
        seen.add(name)
        parent = engine.get_template(name)
        above = next((one for one in parent.nodelist if not isinstance(one, TextNode)), None)
        if not isinstance(above, ExtendsNode):
            break
        node = above
    placed = _in_place(parent.nodelist, filled)
    return NodeList(join(one for node in placed for one in _without_borders(node, engine)))


def _without_borders(node: Node, engine: Any) -> Sequence[Node]:  # Any: as above
    """Return what a template within the page holds, if it is given nothing and sets nothing; else the node."""
    if type(node) is Included and not node.extra_context:
        within = node.in_place(engine)
        if within is not None and all(map(_sets_nothing, within)):
            return within
    return [node]


def _in_place(nodes: Sequence[Node], filled: Mapping[str, BlockNode]) -> list[Node]:
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, BlockNode):
            block = filled.get(node.name, node)
            if _asks_for_parent(block.nodelist):
                raise NotInPlace
            inner = _in_place(block.nodelist, filled)
            made += inner if all(map(_sets_nothing, inner)) else [Apart(NodeList(join(inner)))]
        elif node.get_nodes_by_type(BlockNode):
            made.append(_with_blocks(node, filled))
        else:
            made.append(node)
    return made


def _asks_for_parent(nodes: NodeList) -> bool:
    """Whether something in a block looks at the block: at what its parent says there."""
    values = [value for node in nodes.get_nodes_by_type(Node) for value in vars(node).values()]
    return any(one.lookups and one.lookups[0] == "block" for one in variables(values))


def _with_blocks(node: Node, filled: Mapping[str, BlockNode]) -> Node:
    """Return a node that holds blocks with what is filled into them; the one that other pages have, too, stays as it is."""
    made: Any = copy(node)
    if isinstance(node, IfNode):
        made.conditions_nodelists = [
            (condition, NodeList(join(_in_place(below, filled)))) for condition, below in node.conditions_nodelists
        ]
        return made  # type: ignore[no-any-return]
    for name in node.child_nodelists:
        below = getattr(node, name, None)
        if below is not None:
            setattr(made, name, NodeList(join(_in_place(below, filled))))
    if made.get_nodes_by_type(BlockNode):
        raise NotInPlace
    return made  # type: ignore[no-any-return]


def _sets_nothing(node: Node) -> bool:
    if isinstance(node, IfNode):
        return all(_sets_nothing(one) for _condition, below in node.conditions_nodelists for one in below)
    return type(node) in _SET_NOTHING


def _own_blocks(parent: Template) -> dict[str | None, Node]:
    """Return the blocks of a template that extends no other; of another none: it adds them itself."""
    first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
    if first is None or isinstance(first, ExtendsNode):
        return {}
    return {getattr(node, "name", None): node for node in parent.nodelist.get_nodes_by_type(BlockNode)}
