"""Where in an item the words of a search were found, as its card shows it: of what this viewer may read, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.languages import LangValue
from archive.models import Item, PlaceName
from archive.search import highlighting
from archive.search.highlighting import Part
from archive.whereabouts import Whereabouts
from public_site import titles
from public_site.facts import name_of, shown_agent
from public_site.titles import Text

LETTERS = 150  # of a text that are shown


@dataclass(frozen=True)
class Found:
    """A field that holds words of the search, and that part of it; `lang` as of a text."""

    label: str
    parts: tuple[Part, ...]
    lang: str
    is_cut_before: bool = False
    is_cut_after: bool = False


def found_in(
    item: Item, places: Sequence[Whereabouts], title: Text, words: frozenset[str], language: str
) -> Found | None:
    """The field that tells most of the words that the title does not hold: where several do, the first. Where the title holds all of them,
    the description that holds any. No query for an item of `archive.queries.described_items`."""
    if not words:
        return None
    in_title = highlighting.held_in(title.value, words)
    missing = words - in_title
    best: Found | None = None
    most = 0
    for label, text in _told(item, places, title, language):
        held = highlighting.held_in(text.value, words)
        weight = len(held & missing) * 100 + len(held)
        if weight > most:
            window = highlighting.excerpt(text.value, words, letters=LETTERS)
            best = Found(str(label), window.parts, text.lang, window.is_cut_before, window.is_cut_after)
            most = weight
    return best


def holds(item: Item, places: Sequence[Whereabouts], title: Text, words: frozenset[str], language: str) -> bool:
    """Whether what the item's page tells holds all of these folded words, together or apart."""
    missing = words - highlighting.held_in(title.value, words)
    for _label, text in _told(item, places, title, language):
        if not missing:
            return True
        missing -= highlighting.held_in(text.value, missing)
    return not missing


def _told(
    item: Item, places: Sequence[Whereabouts], title: Text, language: str
) -> Iterator[tuple[str | Promise, Text]]:
    """What the item's page tells of it, in the order in which it is worth showing."""
    for label, values in (
        (_("Title"), item.titles),
        (_("Other titles"), item.alternative_titles),
        (_("Description"), item.descriptions),
        (_("Contents"), item.contents),
    ):
        for text in _texts(values, language):
            if not title.value.endswith(text.value):
                yield label, text
    yield from _named(_("People"), (name_of(people, language) for people in item.peoples.all()))
    for where in places:
        yield _("Place"), Text(where.name_now())
        if where.as_recorded:
            yield _("Place"), Text(where.as_recorded)
        for name in where.place.names.all():
            if name.kind != PlaceName.NameKind.HIDDEN:
                yield _("Place"), Text(name.text)
    yield from _named(_("Subjects"), (name_of(subject, language) for subject in item.subjects.all()))
    yield from _named(_("Contributors"), (shown_agent(credit.agent, language) for credit in item.credits.all()))
    yield from _named(_("Collection"), (name_of(one, language) for one in item.collections.all()))
    for label, values in (
        (_("Source"), item.sources),
        (_("History of keeping"), item.provenances),
        (_("Medium"), item.mediums),
        (_("Extent"), item.extents),
        (_("Origin"), item.origin_statements),
    ):
        for text in _texts(values, language):
            yield label, text
    yield _("Date"), Text(item.date_as_written)
    yield _("Identifier"), Text(item.identifier or "")


def _texts(values: Sequence[LangValue], language: str) -> list[Text]:
    """All values, those in the page's language first."""
    return sorted((titles.text_of(value, language) for value in values), key=lambda text: bool(text.lang))


def _named(label: str | Promise, names: Iterable[Text]) -> Iterator[tuple[str | Promise, Text]]:
    for name in names:
        yield label, name
