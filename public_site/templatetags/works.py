"""Parts of the page of a work, written into templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString

from public_site import work_markup
from public_site.belonging import Mark, Owner
from public_site.citing import Style
from public_site.stages import Stage
from public_site.titles import Text
from public_site.views.item import Near, Ties

register = template.Library()


@register.filter
def as_heading(title: Text, others: Iterable[Text]) -> SafeString:
    """The title of a work with its other titles."""
    return work_markup.heading(title, others)


@register.filter
def as_prose(texts: Iterable[Text]) -> SafeString:
    """Texts as paragraphs."""
    return work_markup.prose(texts)


@register.filter
def as_still(stage: Stage, about: str) -> SafeString:
    """The still picture of a file."""
    return work_markup.still(stage.picture, stage.wide, about)


@register.filter
def as_crumbs(gathered: Iterable[tuple[Text, str]]) -> SafeString:
    """Collections on the way to the page."""
    return work_markup.crumbs(gathered)


@register.filter
def as_ties(shown: Iterable[Ties]) -> SafeString:
    """Works that a work is tied to."""
    return work_markup.ties(shown)


@register.filter
def as_works(shown: Iterable[Near]) -> SafeString:
    """Works with their kinds."""
    return work_markup.works(shown)


@register.filter
def as_owners(shown: Iterable[Owner]) -> SafeString:
    """Communities with what they say."""
    return work_markup.owners(shown)


@register.filter
def as_marks(shown: Sequence[Mark]) -> SafeString:
    """Labels and notices."""
    return work_markup.marks(shown)


@register.filter
def as_styles(shown: Iterable[Style]) -> SafeString:
    """Citations by style."""
    return work_markup.styles(shown)
