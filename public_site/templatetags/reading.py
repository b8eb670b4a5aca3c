"""Template filters over public_site.formatting, in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from archive.dates_as_said import say
from media_pipeline import sizes
from public_site import formatting
from public_site.page_languages import page_language
from public_site.sifting import Choice

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


@register.filter
def day(value: datetime.date) -> str:
    """A day as "14/02/2023" or "14 February 2023"."""
    return formatting.format_day(value, page_language())


@register.filter
def choices(values: Iterable[Choice]) -> SafeString:
    """The values of a filter as entries of a list. Written here and not in a template of its own: a page of results has two hundred."""
    language, removal = page_language(), escape(_("remove this filter"))
    entries = []
    for one in values:
        current, off = "", ""
        if one.is_chosen:
            current = ' aria-current="true"'
            off = f' <span aria-hidden="true">✕</span><span class="unseen">{removal}</span>'
        link = f'<a href="{escape(one.address)}"{current}>{escape(one.label)}{off}</a>'
        entries.append(f"<li>{link} <small>{escape(sizes.format_number(one.count, language))}</small></li>")
    return SafeString("".join(entries))
