"""Where in an item the words of a search were found, as its card shows it: of what this viewer may read, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.hits import Hit
from archive.languages import LangValue
from archive.models import PlaceName
from archive.prefetched import rows_of
from archive.search import highlighting
from archive.search.called import Called
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


_PEOPLE, _PLACE, _SUBJECTS, _CONTRIBUTORS = _("People"), _("Place"), _("Subjects"), _("Contributors")
_COLLECTION, _DATE, _IDENTIFIER = _("Collection"), _("Date"), _("Identifier")
_HIDDEN = PlaceName.NameKind.HIDDEN.value


class Found(NamedTuple):
    """A field that holds words of the search, and that part of it; `lang` as of a text."""

    label: str
    parts: tuple[Part, ...]
    lang: str
    is_cut_before: bool = False
    is_cut_after: bool = False


class Field(NamedTuple):
    """What the page of an item tells in one place: what that is called, its words, and what they were taken from."""

    label: str | Promise
    value: str
    source: LangValue | Called | Text | None = None

    def text_for(self, language: str) -> Text:
        """Return it as a text for readers of a language."""
        source = self.source
        if source is None:
            return Text(self.value)
        if isinstance(source, Text):
            return source
        return name_of(source, language) if isinstance(source, Called) else titles.text_of(source, language)


class Telling:
    """What the page of an item tells of it, in the order in which it is worth showing: read as far as somebody looks."""

    def __init__(self, hit: Hit, title: Text, language: str) -> None:
        self._hit, self._title, self.language = hit, title, language
        self._first: list[Field] | None = None
        self._rest: list[Field] | None = None

    def holding(self, words: frozenset[str]) -> Iterator[Field]:
        """Yield the fields that may hold any of these folded words; each may hold none."""
        if self._first is None:
            self._first = _texts(self._hit, _FIRST, self.language, but=self._title.value)
        yield from _holding(self._first, words)
        if self._rest is None:
            self._rest = _names_and_rest(self._hit, self.language)
        yield from _holding(self._rest, words)


def _holding(fields: list[Field], words: frozenset[str]) -> list[Field]:
    return [] if highlighting.none_in([field.value for field in fields], words) else fields


def found_in(telling: Telling, in_title: frozenset[str], words: frozenset[str]) -> Found | None:
    """The field that tells most of the words that the title does not hold: where several do, the first. Where the title holds all of them,
    the description that holds any. `in_title`: those of the words that the title holds. One query for the first of a page where it is to be
    seen who had a part in it."""
    if not words:
        return None
    missing = words - in_title
    best: Field | None = None
    most, enough = 0, len(missing) * 100 + len(words)
    for field in telling.holding(words):
        held = highlighting.held_in(field.value, words)
        weight = len(held & missing) * 100 + len(held)
        if weight > most:
            best, most = field, weight
            if most == enough:
                break
    if best is None:
        return None
    text = best.text_for(telling.language)
    window = highlighting.excerpt(text.value, words, letters=LETTERS)
    return Found(str(best.label), window.parts, text.lang, window.is_cut_before, window.is_cut_after)


def holds(telling: Telling, title: Text, words: frozenset[str]) -> bool:
    """Whether what the item's page tells holds all of these folded words, together or apart."""
    missing = words - highlighting.held_in(title.value, words)
    if not missing:
        return True
    for field in telling.holding(missing):
        missing -= highlighting.held_in(field.value, missing)
        if not missing:
            return True
    return False


def _texts(hit: Hit, named: Sequence[tuple[str | Promise, str]], language: str, *, but: str = "") -> list[Field]:
    """All values of some fields, those in the page's language first; but not what the shown title says."""
    found: list[Field] = []
    for label, name in named:
        values = hit.texts(name)
        if len(values) > 1:
            values = sorted(values, key=lambda value: value["lang"] not in ("", language))
        found += [Field(label, value["value"], value) for value in values if not but or not but.endswith(value["value"])]
    return found


def _names_and_rest(hit: Hit, language: str) -> list[Field]:
    found = [Field(_PEOPLE, people.label(language), people) for people in hit.peoples]
    for where in hit.places:
        found.append(Field(_PLACE, where.name_now()))
        if where.as_recorded:
            found.append(Field(_PLACE, where.as_recorded))
        called = rows_of(where.place, "names", PlaceName)
        found += [Field(_PLACE, one.text) for one in called if one.kind != _HIDDEN]
    found += [Field(_SUBJECTS, subject.label(language), subject) for subject in hit.subjects]
    for agent in hit.agents:
        text = shown_agent(agent, language)
        found.append(Field(_CONTRIBUTORS, text.value, text))
    found += [Field(_COLLECTION, one.label(language), one) for one in hit.collections]
    found += _texts(hit, _LAST, language)
    found.append(Field(_DATE, hit.date_as_written))
    if hit.identifier:
        found.append(Field(_IDENTIFIER, hit.identifier))
    return found
