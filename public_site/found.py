"""Where in an item the words of a search were found, as its card shows it: of what this viewer may read, and no other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.hits import Hit
from archive.languages import LangValue
from archive.models import PlaceName
from archive.prefetched import rows_of
from archive.search import highlighting
from archive.search.called import Called
from archive.search.highlighting import Part, Place, Sought
from archive.whereabouts import Whereabouts
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


_PLAIN = Text("")  # in the page's own language, or in none
_HIDDEN = PlaceName.NameKind.HIDDEN.value


class Found(NamedTuple):
    """A field that holds words of the search, and that part of it; `lang` as of a text."""

    label: str
    parts: tuple[Part, ...]
    lang: str
    is_cut_before: bool = False
    is_cut_after: bool = False


# What the page of an item tells in one place: what that is called, its words, and what they were taken from.
Field = tuple[str | Promise, str, "LangValue | Called | Text"]


def found_in(hit: Hit, title: str, language: str, in_title: Collection[str], sought: Sought) -> Found | None:
    """The field that tells most of the words that the title does not hold: where several do, the first. Where the title holds all of them,
    the description that holds any. `title`: as it is shown; `in_title`: those of the words that it holds. One query for the first of a page
    where it is to be seen who had a part in it."""
    missing = sought.words.keys() - in_title
    best: tuple[Field, list[Place]] | None = None
    most, enough = 0, len(missing) * 100 + len(sought.words)
    for fields in _fields_of(hit, title, language, sought):
        for field in fields:
            places = highlighting.places_of(field[1], sought)
            if not places:
                continue
            held = {folded for folded, _start, _end in places}
            weight = len(held & missing) * 100 + len(held)
            if weight > most:
                best, most = (field, places), weight
                if most == enough:
                    return _shown(*best, language)
    return _shown(*best, language) if best else None


def holds(hit: Hit, title: str, language: str, words: frozenset[str]) -> bool:
    """Whether what the item's page tells holds all of these folded words, together or apart."""
    missing = words - highlighting.held_in(title, words)
    if not missing:
        return True
    for fields in _fields_of(hit, title, language, highlighting.sought(missing)):
        for _label, value, _source in fields:
            missing -= highlighting.held_in(value, missing)
            if not missing:
                return True
    return False


def _shown(field: Field, places: list[Place], language: str) -> Found:
    label, value, source = field
    parts, is_cut_before, is_cut_after, _held = highlighting.window(value, places, letters=LETTERS)
    return Found(str(label), parts, _lang(source, language), is_cut_before, is_cut_after)


def _fields_of(hit: Hit, title: str, language: str, sought: Sought) -> Iterator[Iterable[Field]]:
    """What the page of an item tells of it, in the order in which it is worth showing, without what certainly holds none of the words: read
    as far as somebody looks."""
    yield _texts(hit, _FIRST, language, but=title)
    # Most hold none of them: one look at all names at once.
    if not highlighting.none_in(_names(hit, language), sought):
        yield _named(hit, language)


def _texts(hit: Hit, named: Sequence[tuple[str | Promise, str]], language: str, *, but: str = "") -> list[Field]:
    """All values of some fields, those in the page's language first; but not what the shown title says."""
    found: list[Field] = []
    for label, name in named:
        values = hit.texts(name)
        if not values:
            continue
        if len(values) > 1:
            values = sorted(values, key=lambda value: value["lang"] not in ("", language))
        for one in values:
            text = one["value"]
            if not text or not but.endswith(text):
                found.append((label, text, one))
    return found


def _names(hit: Hit, language: str) -> list[str]:
    """The words of `_named`, in any order."""
    found = [one.label(language) for one in (*hit.peoples, *hit.subjects, *hit.collections)]
    for where in hit.places:
        found += _called(where)
    if hit.agents:
        found += [shown_agent(agent, language).value for agent in hit.agents]
    found += [one["value"] for _label, name in _LAST for one in hit.texts(name)]
    found += (hit.date_as_written, hit.identifier or "")
    return found


def _named(hit: Hit, language: str) -> Iterator[Field]:
    for people in hit.peoples:
        yield _("People"), people.label(language), people
    for where in hit.places:
        for text in _called(where):
            yield _("Place"), text, _PLAIN
    for subject in hit.subjects:
        yield _("Subjects"), subject.label(language), subject
    for agent in hit.agents:
        name = shown_agent(agent, language)
        yield _("Contributors"), name.value, name
    for one in hit.collections:
        yield _("Collection"), one.label(language), one
    yield from _texts(hit, _LAST, language)
    yield _("Date"), hit.date_as_written, _PLAIN
    yield _("Identifier"), hit.identifier or "", _PLAIN


def _called(where: Whereabouts) -> list[str]:
    """What the place of an item is called today, was called by those who recorded it, and any other name of it that may be told."""
    now = where.name_now()
    others = [one.text for one in rows_of(where.place, "names", PlaceName) if one.kind != _HIDDEN and one.text != now]
    return [now, where.as_recorded, *others] if where.as_recorded else [now, *others]


def _lang(source: LangValue | Called | Text, language: str) -> str:
    """The `lang` of a text from there."""
    if isinstance(source, Called):
        return name_of(source, language).lang
    return source.lang if isinstance(source, Text) else titles.text_of(source, language).lang
