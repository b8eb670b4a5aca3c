"""Settings read without asking first whether they are there: Django asks at each look, and a page looks a hundred times."""

from __future__ import annotations

from django.conf import LazySettings


def read_them_quickly() -> None:
    """Let settings that were read once be found as any object's attributes are. Django's own way is there for what can be mistaken for an
    attribute of the object that stands for another; settings are in capitals, and it has none of those."""
    LazySettings.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]
