"""Titles and other values in languages, as pages write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from django.conf import settings

from archive import languages
from archive.languages import LangValue

# One word for every language, unless the title already carries a mark of its own.
SAMPLE_MARK = "[Mẫu]"
KNOWN_MARKS = (SAMPLE_MARK, "[Sample]")
PAGE_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class Titled(Protocol):
    """An item, or what a list knows of one."""

    @property
    def titles(self) -> Sequence[LangValue]: ...
    @property
    def is_sample(self) -> bool: ...
    def title_in(self, lang: str) -> str: ...


class Text(NamedTuple):
    """A text and the `lang` attribute it needs: empty when it is in the page's own language."""

    value: str
    lang: str = ""


def text_of(value: LangValue, page_language: str) -> Text:
    """The value with its language told apart from the page's."""
    return Text(value["value"], "" if value["lang"] == page_language else value["lang"])


def picked(values: Sequence[LangValue], page_language: str) -> Text | None:
    """The value for this reader, None when there is none."""
    if values and values[0]["lang"] == page_language:
        return Text(values[0]["value"])
    value = languages.pick(values, page_language)
    return text_of(value, page_language) if value else None


def others(values: Sequence[LangValue], page_language: str) -> list[Text]:
    """All values but the picked one, in their order."""
    chosen = languages.pick(values, page_language)
    return [text_of(value, page_language) for value in values if value is not chosen]


def for_reader(values: Sequence[LangValue], page_language: str) -> list[Text]:
    """What a reader of this page is told: the values in its language, and those in languages that no page is written in, which say what
    no other does. Where nothing is in the page's language, all of them."""
    own = [value for value in values if value["lang"].partition("-")[0] == page_language]
    kept = [value for value in values if value in own or value["lang"].partition("-")[0] not in PAGE_LANGUAGES]
    return [text_of(value, page_language) for value in (kept if own else values)]


def marked_title(item: Titled, page_language: str) -> Text:
    """The item's title; that of a sample says so first."""
    title = picked(item.titles, page_language) or Text(item.title_in(page_language))
    if not item.is_sample or title.value.startswith(KNOWN_MARKS):
        return title
    return Text(f"{SAMPLE_MARK} {title.value}", title.lang)
