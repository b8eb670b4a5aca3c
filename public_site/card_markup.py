"""Cards as HTML. Written here and not in a template: a page has two dozen of the same shape, and the engine of templates takes longer over
them than the search over a million items. Every text goes through `escape`; a test holds each of them to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from archive import addresses
from archive.hits import Picture
from archive.search.highlighting import Excerpt, Part
from public_site.cards import Card, Said
from public_site.found import Found

FROM_WIDTH = "48em"  # of the window: there the large picture stands


@dataclass(frozen=True)
class _Site:
    """What is the same for all cards: the level of their titles, and what gives addresses."""

    level: str
    page_of: Callable[[str], str]
    picture_of: Callable[[str, str, str], str]


def cards(shown: Sequence[Card], level: str) -> SafeString:
    """A list of cards, the titles as headings of a level ("h2"). The first picture is on the screen at once, so it is not waited with."""
    if not shown:
        return SafeString()
    site = _Site(level, addresses.items_of(), addresses.derivatives_of())
    entries = [_card(card, site, "lazy" if place else "eager") for place, card in enumerate(shown)]
    return SafeString('<ul class="cards">\n' + "\n".join(entries) + "\n</ul>")


def parts(shown: Iterable[Part]) -> str:
    """A text with the words of a search marked."""
    return "".join(f"<mark>{escape(part.text)}</mark>" if part.is_marked else escape(part.text) for part in shown)


def _card(card: Card, site: _Site, loading: str) -> str:
    level, page = site.level, escape(site.page_of(card.pid))
    icon = f'<svg class="icon" aria-hidden="true"><use href="#i-{escape(card.kind)}"/></svg>'
    title = parts(card.title_parts) if card.title_parts else escape(card.title.value)
    label = card.kind_label[:1].upper() + card.kind_label[1:]
    details = "".join(f" · {escape(detail)}" for detail in card.details)
    return (
        f'<li class="card">{_picture(card, site, icon, loading)}<div>'
        f'<{level}><a href="{page}"{_lang(card.title.lang)}>{title}</a></{level}>'
        f'<p><span class="kind">{icon}{escape(label)}</span>{details}</p>'
        f"{_found(card.found) if card.found else ''}{_said(card.said, page) if card.said else ''}</div></li>"
    )


def _picture(card: Card, site: _Site, icon: str, loading: str) -> str:
    if card.small is None:
        return f'<div class="card-pic swatch">{icon}</div>'
    wide = ""
    if card.large is not None:
        wide = f'<source media="(min-width: {FROM_WIDTH})" srcset="{_address(card.large, site)}"{_size(card.large)}>'
    small = f'<img src="{_address(card.small, site)}"{_size(card.small)} alt="" loading="{loading}" decoding="async">'
    return f'<div class="card-pic"><picture>{wide}{small}</picture></div>'


def _address(picture: Picture, site: _Site) -> str:
    return escape(site.picture_of(picture.file_pid, picture.role, picture.name))


def _size(picture: Picture) -> str:
    return f' width="{picture.width}" height="{picture.height}"'


def _found(found: Found) -> str:
    return f'<p class="found">{escape(found.label)}: <span{_lang(found.lang)}>{_excerpt(found)}</span></p>'


def _said(said: Said, page: str) -> str:
    link = f'<a href="{page}?{escape(said.query)}">{escape(said.label)}</a>'
    return f'<p class="said-at">{link} <span{_lang(said.lang)}>{_excerpt(said.words)}</span></p>'


def _excerpt(excerpt: Found | Excerpt) -> str:
    before, after = "… " if excerpt.is_cut_before else "", " …" if excerpt.is_cut_after else ""
    return f"{before}{parts(excerpt.parts)}{after}"


def _lang(tag: str) -> str:
    return f' lang="{escape(tag)}"' if tag else ""
