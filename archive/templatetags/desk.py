"""Filters of the desk's templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of_key(mapping: Mapping[object, object], key: object) -> object:
    """Return what a mapping holds under a key, or None."""
    return mapping.get(key)
