"""Template filters over public_site.formatting, in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from archive.dates_as_said import say
from media_pipeline import sizes
from public_site import card_markup, formatting
from public_site.cards import Card
from public_site.page_languages import page_language

register = template.Library()


@register.filter
def number(value: float) -> str:
    """1234 as "1.234" or "1,234"."""
    return sizes.format_number(value, page_language())


@register.filter
def size(size_bytes: int) -> str:
    """Bytes as "2,4 MB" or "2.4 MB"."""
    return sizes.format_size(size_bytes, page_language())


@register.filter
def duration(duration_ms: int) -> str:
    """Milliseconds as "12:05"."""
    return formatting.format_duration(duration_ms)


@register.filter
def edtf(text: str) -> str:
    """An EDTF date in words."""
    return say(text, page_language())


@register.filter(expects_localtime=True)
def day(value: datetime.date) -> str:
    """A day, or that of a moment in the library's zone, as "14/02/2023" or "14 February 2023"."""
    return formatting.format_day(value, page_language())


@register.filter
def as_cards(shown: Sequence[Card], level: str) -> SafeString:
    """Cards as a list, their titles as headings of this level."""
    return card_markup.cards(shown, level)
