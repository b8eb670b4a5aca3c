"""Template filters over public_site.formatting, in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString

from archive.dates_as_said import say
from media_pipeline import sizes
from public_site import card_markup, formatting, sift_markup
from public_site.cards import Card
from public_site.forms import SiftForm
from public_site.histogram import Histogram
from public_site.page_languages import page_language
from public_site.plotting import Dot, Plot
from public_site.sifting import Chip, Choice, Filter

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


@register.filter
def as_filters(shown: Iterable[Filter]) -> SafeString:
    """Filters with their values as lists of links."""
    return sift_markup.filters(shown)


@register.filter
def as_bars(histogram: Histogram) -> SafeString:
    """Hits by decade as a drawing."""
    return sift_markup.bars(histogram)


@register.filter
def as_dots(plot: Plot) -> SafeString:
    """Places of hits as a drawing."""
    return sift_markup.dots(plot)


@register.filter
def as_entries(shown: Sequence[Dot]) -> SafeString:
    """Places of hits as entries of a list."""
    return sift_markup.listed(shown)


@register.filter
def as_orders(choices: Iterable[Choice]) -> SafeString:
    """Orders of a list as entries with links."""
    return sift_markup.orders(choices)


@register.filter
def as_chips(shown: Iterable[Chip]) -> SafeString:
    """Filters that are set as entries with links."""
    return sift_markup.chips(shown)


@register.filter
def with_years(kept: Mapping[str, str], form: SiftForm) -> SafeString:
    """The fields for years, with what else is asked."""
    return sift_markup.years(form, kept)
