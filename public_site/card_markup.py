"""Cards as HTML. Written here and not in a template: a page has two dozen of the same shape, and the engine of templates takes longer over
them than the search over a million items. Every text goes through `escape`; a test holds each of them to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from archive import addresses
from archive.hits import Picture
from archive.search.highlighting import Excerpt, Part
from public_site.cards import Card, Said
from public_site.found import Found

FROM_WIDTH = "48em"  # of the window: there the large picture stands
KEPT_MOST = 500  # labels, kinds and languages that are kept in memory, escaped
_label = lru_cache(maxsize=KEPT_MOST)(escape)


@dataclass(frozen=True)
class _Site:
    """What is the same for all cards: the level of their titles, and what gives addresses. `around`: of pictures by role and name, what
    stands before the file's pid and after it, escaped."""

    level: str
    page_of: Callable[[str], str]
    picture_of: Callable[[str, str, str], str]
    around: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


def cards(shown: Sequence[Card], level: str) -> SafeString:
    """A list of cards, the titles as headings of a level ("h2"). The first picture is on the screen at once, so it is not waited with."""
    if not shown:
        return SafeString()
    site = _Site(level, addresses.items_of(), addresses.derivatives_of())
    entries = [_card(card, site, "lazy" if place else "eager") for place, card in enumerate(shown)]
    return SafeString('<ul class="cards">\n' + "\n".join(entries) + "\n</ul>")


def parts(shown: Iterable[Part]) -> str:
    """A text with the words of a search marked."""
    return "".join([f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in shown])


def _card(card: Card, site: _Site, loading: str) -> str:
    level, page, kind = site.level, escape(site.page_of(card.pid)), _kind(card.kind, card.kind_label)
    title = parts(card.title_parts) if card.title_parts else escape(card.title.value)
    details = escape(" · ".join(("", *card.details)))
    return (
        f'<li class="card">{_picture(card, site, loading)}<div>'
        f'<{level}><a href="{page}"{_lang(card.title.lang)}>{title}</a></{level}>'
        f"<p>{kind}{details}</p>"
        f"{_found(card.found) if card.found else ''}{_said(card.said, page) if card.said else ''}</div></li>"
    )


def _icon(kind: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{_label(kind)}"/></svg>'


@lru_cache(maxsize=KEPT_MOST)
def _kind(kind: str, label: str) -> str:
    return f'<span class="kind">{_icon(kind)}{escape(label[:1].upper() + label[1:])}</span>'


def _picture(card: Card, site: _Site, loading: str) -> str:
    if card.small is None:
        return f'<div class="card-pic swatch">{_icon(card.kind)}</div>'
    wide = ""
    if card.large is not None:
        wide = f'<source media="(min-width: {FROM_WIDTH})" srcset="{_address(card.large, site)}"{_size(card.large)}>'
    small = f'<img src="{_address(card.small, site)}"{_size(card.small)} alt="" loading="{loading}" decoding="async">'
    return f'<div class="card-pic"><picture>{wide}{small}</picture></div>'


def _address(picture: Picture, site: _Site) -> str:
    key = picture.role, picture.name
    around = site.around.get(key)
    if around is None:
        before, _placeholder, after = escape(site.picture_of(addresses.PLACEHOLDER, *key)).partition(
            addresses.PLACEHOLDER
        )
        around = site.around[key] = before, after
    before, after = around
    return f"{before}{_pid(picture.file_pid)}{after}"


def _pid(pid: str) -> str:
    return pid if pid.isalnum() else escape(pid)


def _size(picture: Picture) -> str:
    return f' width="{picture.width}" height="{picture.height}"'


def _found(found: Found) -> str:
    return f'<p class="found">{_label(found.label)}: <span{_lang(found.lang)}>{_excerpt(found)}</span></p>'


def _said(said: Said, page: str) -> str:
    link = f'<a href="{page}?{escape(said.query)}">{_label(said.label)}</a>'
    return f'<p class="said-at">{link} <span{_lang(said.lang)}>{_excerpt(said.words)}</span></p>'


def _excerpt(excerpt: Found | Excerpt) -> str:
    before, after = "… " if excerpt.is_cut_before else "", " …" if excerpt.is_cut_after else ""
    return f"{before}{parts(excerpt.parts)}{after}"


def _lang(tag: str) -> str:
    return f' lang="{_label(tag)}"' if tag else ""
