"""`{% word "Items" %}`: one of the site's own words, as `{% translate %}` has it; within a frame in the community's language, and marked
as that.

For the content of elements alone: within an attribute nothing can say its language, so that `{% translate %}` writes Vietnamese there.
"""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from archive import interface_words
from archive.interface_languages import FRAMED, base_language, framed
from archive.interface_words import KEYS, OWN_NAME
from public_site.page_languages import in_language

register = template.Library()


@dataclass(frozen=True)
class Tongue:
    """A language that the page can be read in beside Vietnamese and English: its code, what it calls itself, where."""

    code: str
    name: str
    address: str


class Word(Node):
    """One word."""

    def __init__(self, key: str) -> None:
        self.key = key

    def render(self, context: Context) -> SafeString:  # noqa: ARG002  # as Django calls it
        """Return it in the language of the page, or of the frame."""
        if code := framed():
            word = interface_words.offered().get(code, {}).get(self.key, "")
            if word:
                return format_html('<span lang="{}">{}</span>', code, word)
        return conditional_escape(gettext(self.key))


@register.tag
def word(parser: Parser, token: Token) -> Word:  # noqa: ARG001  # as Django calls it
    """Compile the tag. Raises TemplateSyntaxError for what is not on the list that communities fill."""
    parts = token.split_contents()
    key = parts[1][1:-1] if len(parts) == 2 else ""
    if key not in KEYS:
        raise TemplateSyntaxError(f"{token.contents}: not one of archive.interface_words")
    return Word(key)


@register.simple_tag
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
