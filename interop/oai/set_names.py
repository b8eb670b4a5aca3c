"""What sets are called: in Vietnamese, with the English name beside it, and in both languages in their descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from archive import languages, queries, vocabularies
from archive.crosswalks.dublin_core import set_description
from archive.crosswalks.record import Text
from archive.languages import LangValue
from archive.models import Collection, ItemKind, People
from interop.oai import sets


def of(specs: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (setSpec, name, description in XML) of sets. Three queries."""
    slugs = {
        root: {spec.rpartition(":")[2] for spec in specs if spec.startswith(f"{root}:")}
        for root in (sets.PEOPLE, sets.COLLECTION)
    }
    searches = {one.slug: one for one in queries.saved_searches()}
    peoples = {one.slug: one for one in People.objects.filter(slug__in=slugs[sets.PEOPLE])}
    collections = {one.slug: one for one in Collection.objects.filter(slug__in=slugs[sets.COLLECTION])}
    for spec in specs:
        root, _colon, rest = spec.partition(":")
        last = rest.rpartition(":")[2]
        people, collection, saved = peoples.get(last), collections.get(last), searches.get(last)
        described: Iterable[LangValue] = ()
        if root == sets.PEOPLE and people is not None:
            names, described = people.names, people.notes
        elif root == sets.COLLECTION and collection is not None:
            names, described = collection.names, collection.descriptions
        elif root == sets.SEARCH and saved is not None:
            names, described = saved.names, saved.notes
        else:
            names = []
        titles = tuple(Text(code, _title(root, last, names, code)) for code, _name in settings.LANGUAGES)
        words = dict.fromkeys(one.value for one in titles)
        yield (
            spec,
            " / ".join(words),
            set_description(titles, tuple(Text(one["lang"], one["value"]) for one in described)),
        )


def of_partner(spec: str, name: str) -> tuple[str, str, str]:
    """Return the same of a partner's own set."""
    titles = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            titles.append(Text(code, _("Open to %(name)s and not to everybody") % {"name": name}))
    words = dict.fromkeys(one.value for one in titles)
    return spec, " / ".join(words), set_description(tuple(titles), ())


def _title(root: str, last: str, names: Sequence[LangValue], code: str) -> str:
    with translation.override(code):
        name = languages.pick_text(names, code) or last
        if root == sets.PEOPLE:
            return _("People: %(name)s") % {"name": name}
        if root == sets.COLLECTION:
            return _("Collection: %(name)s") % {"name": name}
        if root == sets.SEARCH:
            return _("Search: %(name)s") % {"name": name}
        if root == sets.KIND:
            return _("Kind: %(name)s") % {"name": ItemKind(last).label if last in ItemKind.values else last}
        return _("Language: %(name)s") % {"name": vocabularies.language(last)}
