"""What is known of an item as labels and values in both languages of the interface, whoever asks in whichever.

It tells what the record of the REST API tells, and nothing that this leaves out: names that must not be spoken, places that are kept back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from archive import own_fields, vocabularies
from archive.dates_as_said import say
from archive.languages import LangValue
from archive.models import Item, ItemPlace
from archive.own_fields import Own
from archive.whereabouts import Whereabouts
from interop.iiif.presentation.values import NO_LANGUAGE, Texts

Pair = tuple[Texts, Texts]
LANGUAGES = ("vi", "en")
_UNKNOWN = frozenset({"und", "zxx", ""})
# Section 3.1, rights: a URI of Creative Commons or RightsStatements.org, in the form that these publish: http.
_RIGHTS = re.compile(r"https?://(creativecommons\.org/(?:licenses|publicdomain)/|rightsstatements\.org/vocab/)(\S+)")


def texts_of(values: Iterable[LangValue]) -> Texts:
    """Return values in their languages, in order."""
    found: dict[str, list[str]] = {}
    for one in values:
        found.setdefault(NO_LANGUAGE if one["lang"] in _UNKNOWN else one["lang"], []).append(one["value"])
    return found


def said(text: Callable[[], str]) -> Texts:
    """Return what a text of the interface is in each of its languages."""
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            if value := text():
                found[language] = [value]
    return found


def title(item: Item) -> Texts:
    """Return what an item is called: it is never without a label."""
    return texts_of(item.titles) or {NO_LANGUAGE: [item.identifier or item.pid]}


def rights_uri(item: Item) -> str:
    """Return the statement of rights, where it is one that IIIF allows; the others stand among what is required."""
    uri = item.rights.uri if item.rights is not None else ""
    allowed = _RIGHTS.fullmatch(uri)
    return f"http://{allowed[1]}{allowed[2]}" if allowed else ""


def attribution(item: Item) -> Pair:
    """Return what viewers have to show: the library, by whose leave, whose it is, what its community says. Their words stay as they are.

    A viewer shows the values of one language alone. So each has all of it: what is not said in that language stands in another.
    """
    statement = item.rights.names if item.rights is not None else []
    told: list[Sequence[LangValue]] = [
        _bare(str(settings.LIBRARY_NAME)),
        *(statement, item.rights_statements, item.rights_holders, item.origin_statements),
    ]
    for community in item.communities.all():
        told += [_bare(community.name), community.statements]
    told += [[{"lang": label.language, "value": label.title}] for label in item.labels.all()]
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        values = [one for values in told for one in _readable(values, language)]
        found[language] = list(dict.fromkeys(values))
    return said(lambda: _("Attribution")), found


def _readable(values: Sequence[LangValue], language: str) -> list[str]:
    others = set(LANGUAGES) - {language} if any(one["lang"] == language for one in values) else set()
    return [one["value"] for one in values if one["lang"] not in others]


def metadata(item: Item, places: Sequence[Whereabouts]) -> tuple[Pair, ...]:
    """Return the entries beside an item read by `archive.queries.item`, in the order of its page. No query."""
    return tuple(pair for pair in _entries(item, places) if pair[1])


def _entries(item: Item, places: Sequence[Whereabouts]) -> Iterator[Pair]:
    yield said(lambda: _("Kind")), said(lambda: capfirst(item.get_kind_display()))
    yield said(lambda: _("Other titles")), texts_of(item.alternative_titles)
    yield said(lambda: _("People")), _named(people.names or _bare(people.slug) for people in item.peoples.all())
    for role in ItemPlace.PlaceRole:
        names = [one.name_now() for one in places if one.role == role]
        yield said(partial(_place_label, role)), {NO_LANGUAGE: names} if names else {}
    for label, edtf, written in (
        (lambda: _("Date"), item.date_edtf, item.date_as_written),
        (lambda: _("Published"), item.issued_edtf, item.issued_as_written),
        (lambda: _("Time that it is about"), item.period_edtf, item.period_as_written),
    ):
        yield said(label), _date(edtf, written)
    yield from _credits(item)
    yield (
        said(lambda: _("Language")),
        said(lambda: capfirst(", ".join(vocabularies.language(tag) for tag in item.languages))),
    )
    for own in own_fields.of_item(item):
        yield said(partial(_own_label, own)), _own(own)
    for label, values in (
        (lambda: _("Extent"), item.extents),
        (lambda: _("Medium"), item.mediums),
        (lambda: _("Contents"), item.contents),
    ):
        yield said(label), texts_of(values)
    yield said(lambda: _("Subjects")), _named(one.names or _bare(one.slug) for one in item.subjects.all())
    yield said(lambda: _("Collection")), _named(one.names or _bare(one.slug) for one in item.collections.all())
    for label, values in (
        (lambda: _("History of keeping"), item.provenances),
        (lambda: _("Source"), item.sources),
        (lambda: _("Note on spelling"), item.orthography_notes),
    ):
        yield said(label), texts_of(values)
    numbers = [item.identifier or "", *(f"{one['scheme']} {one['value']}" for one in item.other_identifiers)]
    yield said(lambda: _("Identifier")), {NO_LANGUAGE: [one for one in numbers if one]} if any(numbers) else {}


def _bare(slug: str) -> list[LangValue]:
    return [{"lang": "und", "value": slug}]


def _named(rows: Iterable[Sequence[LangValue]]) -> Texts:
    return texts_of(value for names in rows for value in names)


def _place_label(role: str) -> str:
    labels = {
        ItemPlace.PlaceRole.CREATED: _("Place"),
        ItemPlace.PlaceRole.DEPICTED: _("Place shown"),
        ItemPlace.PlaceRole.SUBJECT: _("Place that it is about"),
        ItemPlace.PlaceRole.PUBLISHED: _("Place of publication"),
    }
    return labels[ItemPlace.PlaceRole(role)]


def _date(edtf: str, as_written: str) -> Texts:
    found = {language: [capfirst(say(edtf, language))] for language in LANGUAGES if edtf and say(edtf, language)}
    return {**found, **({"vi": [as_written]} if as_written else {})}


def _credits(item: Item) -> Iterator[Pair]:
    """Yield an entry for each part that people took, in order. Where a name must not be spoken what stands instead, or nothing."""
    roles = dict.fromkeys(credit.role for credit in item.credits.all())
    for role in roles:
        agents = [credit.agent for credit in item.credits.all() if credit.role == role]
        names = _named(agent.shown_names or ([] if agent.name_is_withheld else _bare(agent.slug)) for agent in agents)
        yield said(partial(_part, role)), names


def _part(role: str) -> str:
    return capfirst(vocabularies.relator(role))


def _own_label(own: Own) -> str:
    return own.label


def _own(own: Own) -> Texts:
    if own.field.form == "text":
        return texts_of(own.texts)
    if own.field.check == "edtf":
        return _date(str(own.value), "")
    return said(lambda: f"{own.named} {own.field.unit}".strip() if own.named else "")
