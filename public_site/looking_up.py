"""Names in templates, looked up by the straight way. Django asks of each whether it is a key, an attribute or a number, and finds out that
there is none by three errors, one in another: a page asks a hundred times.

What comes out is the same; wherever it might not be, Django itself is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.base import FilterExpression, Node, Variable, VariableDoesNotExist
from django.template.context import BaseContext
from django.template.smartif import TokenBase

_NONE = object()
_of_django: Any = vars(Variable)["_resolve_lookup"]  # Any: the stubs do not know it
# They have keys, but none that is a name.
_NUMBERED = (str, tuple, list)


class QuickVariable(Variable):
    """A variable of names alone."""

    __slots__ = ()
    lookups: tuple[str, ...]  # there are some

    def _resolve_lookup(self, context: Any) -> Any:  # Any: as in Django
        if not isinstance(context, BaseContext):
            return _of_django(self, context)
        first, *behind = self.lookups
        value: Any = context.get(first, _NONE)
        if value is _NONE:
            raise VariableDoesNotExist("Failed lookup for key [%s]", (first,))
        for name in behind:
            if isinstance(value, dict):
                value = value.get(name, _NONE) if type(value) is dict else _NONE
            elif value is None:
                raise VariableDoesNotExist("Failed lookup for key [%s] in None", (name,))
            elif callable(value) or (hasattr(type(value), "__getitem__") and not isinstance(value, _NUMBERED)):
                value = _NONE
            else:
                value = _attribute(value, name)
            if value is _NONE:
                return _of_django(self, context)
        return _of_django(self, context) if callable(value) else value


def _attribute(value: object, name: str) -> Any:  # Any: as in Django
    """Return it; _NONE where there is none, or where it fails: Django knows which errors mean nothing."""
    try:
        return getattr(value, name)
    except Exception:  # noqa: BLE001  # Django asks once more, and raises what is to be raised
        return _NONE


def look_up_quickly(node: Node) -> None:
    """Let the variables of a node be looked up so, those of nodes within it aside."""
    for variable in variables(list(vars(node).values())):
        names = variable.lookups
        if type(variable) is Variable and names and all(name.isidentifier() for name in names):
            variable.__class__ = QuickVariable


def variables(value: object) -> Iterator[Variable]:
    """Give the variables of what a node holds, those of nodes within it aside."""
    if isinstance(value, Variable):
        yield value
    elif isinstance(value, FilterExpression):
        yield from variables(value.var)
        yield from variables([args for _function, args in value.filters])
    elif isinstance(value, TokenBase):
        yield from variables(list(vars(value).values()))
    elif isinstance(value, dict):
        yield from variables(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from variables(one)
