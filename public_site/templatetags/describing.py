"""What is known of something, written into pages."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from public_site import parts

register = template.Library()


@register.filter
def entries(facts: Iterable[parts.Fact]) -> SafeString:
    """Facts as entries of a `dl`."""
    return parts.html_of(facts)
