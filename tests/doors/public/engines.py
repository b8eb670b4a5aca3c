"""Engines of templates from memory: as the site draws them, and as Django does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import Engine, Template
from django.template.loaders.locmem import Loader as FromMemory

from public_site.steadying import put_together


class PuttingTogether(FromMemory):
    """Templates as the site loads them."""

    def get_template(self, template_name: str, skip: object = None) -> Template:
        found = super().get_template(template_name, skip)  # type: ignore[arg-type]  # handed on
        put_together(found.nodelist)
        return found


def engine(templates: Mapping[str, str], *, quick: bool, **options: Any) -> Engine:  # Any: Django's own
    """Return an engine of these templates, `quick` as the site has it."""
    kind = PuttingTogether if quick else FromMemory
    loader = (f"{kind.__module__}.{kind.__qualname__}", templates)
    return Engine(loaders=[("django.template.loaders.cached.Loader", [loader])], **options)


def made(page: str, of: Engine) -> Template:
    """Return a page of an engine, put together where its templates are."""
    template = Template(page, engine=of)
    if isinstance(of.template_loaders[0].loaders[0], PuttingTogether):  # type: ignore[attr-defined]  # a cached loader
        put_together(template.nodelist)
    return template
