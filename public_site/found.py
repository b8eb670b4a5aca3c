"""Where in an item the words of a search were found, as its card shows it: of what this viewer may read, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.hits import Hit
from archive.languages import LangValue
from archive.models import PlaceName
from archive.search import highlighting
from archive.search.highlighting import Part
from public_site import titles
from public_site.facts import name_of, shown_agent
from public_site.titles import Text

LETTERS = 150  # of a text that are shown
# Texts that are told before names, and after: what they are called, and `archive.hits.TEXTS`.
_FIRST = (
    (_("Title"), "titles"),
    (_("Other titles"), "alternative_titles"),
    (_("Description"), "descriptions"),
    (_("Contents"), "contents"),
)
_LAST = (
    (_("Source"), "sources"),
    (_("History of keeping"), "provenances"),
    (_("Medium"), "mediums"),
    (_("Extent"), "extents"),
    (_("Origin"), "origin_statements"),
)


@dataclass(frozen=True)
class Found:
    """A field that holds words of the search, and that part of it; `lang` as of a text."""

    label: str
    parts: tuple[Part, ...]
    lang: str
    is_cut_before: bool = False
    is_cut_after: bool = False


class Telling:
    """What the page of an item tells of it, in the order in which it is worth showing: read as far as somebody looks."""

    def __init__(self, hit: Hit, title: Text, language: str) -> None:
        self._rest = _told(hit, title, language)
        self._begun: list[tuple[str | Promise, Text]] = []

    def __iter__(self) -> Iterator[tuple[str | Promise, Text]]:
        yield from self._begun
        for one in self._rest:
            self._begun.append(one)
            yield one


def found_in(telling: Telling, title: Text, words: frozenset[str]) -> Found | None:
    """The field that tells most of the words that the title does not hold: where several do, the first. Where the title holds all of them,
    the description that holds any. One query for the first of a page where it is to be seen who had a part in it."""
    if not words:
        return None
    in_title = highlighting.held_in(title.value, words)
    missing = words - in_title
    best: tuple[str | Promise, Text] | None = None
    most, enough = 0, len(missing) * 100 + len(words)
    for label, text in telling:
        held = highlighting.held_in(text.value, words)
        weight = len(held & missing) * 100 + len(held)
        if weight > most:
            best, most = (label, text), weight
            if most == enough:
                break
    if best is None:
        return None
    label, text = best
    window = highlighting.excerpt(text.value, words, letters=LETTERS)
    return Found(str(label), window.parts, text.lang, window.is_cut_before, window.is_cut_after)


def holds(telling: Telling, title: Text, words: frozenset[str]) -> bool:
    """Whether what the item's page tells holds all of these folded words, together or apart."""
    missing = words - highlighting.held_in(title.value, words)
    if not missing:
        return True
    for _label, text in telling:
        missing -= highlighting.held_in(text.value, missing)
        if not missing:
            return True
    return False


def _told(hit: Hit, title: Text, language: str) -> Iterator[tuple[str | Promise, Text]]:
    for label, name in _FIRST:
        for text in _texts(hit.texts(name), language):
            if not title.value.endswith(text.value):
                yield label, text
    yield from _named(_("People"), (name_of(people, language) for people in hit.peoples))
    for where in hit.places:
        yield _("Place"), Text(where.name_now())
        if where.as_recorded:
            yield _("Place"), Text(where.as_recorded)
        for called in where.place.names.all():
            if called.kind != PlaceName.NameKind.HIDDEN:
                yield _("Place"), Text(called.text)
    yield from _named(_("Subjects"), (name_of(subject, language) for subject in hit.subjects))
    yield from _named(_("Contributors"), (shown_agent(agent, language) for agent in hit.agents))
    yield from _named(_("Collection"), (name_of(one, language) for one in hit.collections))
    for label, name in _LAST:
        for text in _texts(hit.texts(name), language):
            yield label, text
    yield _("Date"), Text(hit.date_as_written)
    yield _("Identifier"), Text(hit.identifier or "")


def _texts(values: Sequence[LangValue], language: str) -> list[Text]:
    """All values, those in the page's language first."""
    found = [titles.text_of(value, language) for value in values]
    if len(found) > 1:
        found.sort(key=lambda text: bool(text.lang))
    return found


def _named(label: str | Promise, names: Iterable[Text]) -> Iterator[tuple[str | Promise, Text]]:
    for name in names:
        yield label, name
