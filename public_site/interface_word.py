"""One of the site's own words as a node of a template: within a frame in the community's language, and marked as that."""

from __future__ import annotations

from django.template.base import FilterExpression, Node
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from archive import interface_words
from archive.interface_languages import framed


class Word(Node):
    """One word, written there or given by a view."""

    def __init__(self, key: FilterExpression) -> None:
        self.key = key

    def render(self, context: Context) -> SafeString:
        """Return it in the language of the page, or of the frame."""
        key = str(self.key.resolve(context, ignore_failures=True) or "")
        if code := framed():
            word = interface_words.offered().get(code, {}).get(key, "")
            if word:
                return format_html('<span lang="{}">{}</span>', code, word)
        return conditional_escape(gettext(key) if key else "")
