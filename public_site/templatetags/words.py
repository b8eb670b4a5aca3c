"""`{% word "Items" %}`: one of the site's own words, as `{% translate %}` has it; within a frame in the community's language, and marked
as that. `{% word title %}` has it from a view, in English.

For the content of elements alone: within an attribute nothing can say its language, so that `{% translate %}` writes Vietnamese there. The
title of a page, which has a language but no elements, is written through `{% titled %}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from django import template
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils import translation
from django.utils.safestring import SafeString

from archive import interface_words
from archive.interface_languages import FRAMED, base_language, framed
from archive.interface_words import KEYS, OWN_NAME
from public_site.extending import extends
from public_site.interface_word import Word
from public_site.page_languages import in_language

register = template.Library()
MARKED = re.compile(r'<span lang="([a-z]+)">([^<]*)</span>')
# Here, since these are the tags that every template has: Django's own, made faster.
register.tag("extends", extends)


@dataclass(frozen=True)
class Tongue:
    """A language that the page can be read in beside Vietnamese and English: its code, what it calls itself, where."""

    code: str
    name: str
    address: str


@register.tag
def word(parser: Parser, token: Token) -> Word:
    """Compile the tag. Raises TemplateSyntaxError for what is written there and not on the list that communities fill."""
    parts = token.split_contents()
    written = parts[1] if len(parts) == 2 else '""'
    if written[0] in "\"'" and written[1:-1] not in KEYS:
        raise TemplateSyntaxError(f"{token.contents}: not one of archive.interface_words")
    return Word(parser.compile_filter(written))


class Titled(Node):
    """The title of a page."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the element. A title that begins with a word of the frame is in its language: what follows there is the library's name. A
        word that stands further behind is Vietnamese, as the title is."""
        inner = self.nodelist.render(context)
        if not framed():
            return SafeString(f"<title>{inner}</title>")
        if first := MARKED.match(inner):
            text = MARKED.sub(r"\2", inner)
            return SafeString(f'<title lang="{first[1]}">{text}</title>')
        with translation.override(base_language()):
            return SafeString(f"<title>{self.nodelist.render(context)}</title>")


@register.tag
def titled(parser: Parser, token: Token) -> Titled:  # noqa: ARG001  # as Django calls it
    """Compile the tag, which holds the block that pages fill."""
    nodelist = parser.parse(("endtitled",))
    parser.delete_first_token()
    return Titled(nodelist)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """Links to the same page in other languages; an error page leads to the front page, so that it never repeats an address."""
    elsewhere = str(context.get("other_language_url") or "")
    code, name = ("vi", "Tiếng Việt") if context.get("LANGUAGE_CODE") == "en" else ("en", "English")
    front = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
    links = [Tongue(code, name, elsewhere or front), *tongues(elsewhere)]
    return SafeString(
        " ".join(
            f'<a lang="{one.code}" hreflang="{one.code}" href="{escape(one.address)}">{escape(one.name)}</a>'
            for one in links
        )
    )


@register.simple_tag(takes_context=True)
def known_by(context: Context) -> SafeString:
    """Links that say by which addresses a page is known, of one that is in several languages; nothing of any other."""
    alternates = context.get("alternates")
    if not alternates:
        return SafeString()
    links = [f'<link rel="canonical" href="{escape(context["canonical"])}">']
    links += [
        f'<link rel="alternate" hreflang="{code}" href="{escape(address)}">'
        for code, address in [*alternates.items(), ("x-default", alternates["vi"])]
    ]
    return SafeString("\n".join(links))


def tongues(other_language_url: str) -> list[Tongue]:
    """The other languages that this page is offered in, by the address of the page in one of them; of a page without one, of the front
    page."""
    offered = interface_words.offered()
    if not offered:
        return []
    path, mark, query = (other_language_url or "/").partition("?")
    found = [
        Tongue(code, offered[code].get(OWN_NAME, code), f"{in_language(path, code)}{mark}{query}")
        for code in FRAMED
        if code in offered and code != framed()
    ]
    if framed():
        home = settings.LANGUAGE_CODE
        found.insert(0, Tongue(home, "Tiếng Việt", f"{in_language(path, home)}{mark}{query}"))
    return found


@register.simple_tag
def page_lang() -> str:
    """The `lang` of the page as a whole."""
    return base_language()
