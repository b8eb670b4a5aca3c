"""What is known of a work, as entries beside it: each field with its label, each text in its language, nothing that is empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from archive import own_fields, vocabularies
from archive.dates_as_said import say
from archive.item_templates import TEMPLATES
from archive.languages import LangValue
from archive.models import Agent, Collection, Item, ItemAgent, ItemKind, ItemPlace, People, Subject
from archive.models.authority import Authority
from archive.own_fields import Own
from archive.place_history import History
from archive.prefetched import rows_of
from archive.whereabouts import Whereabouts
from media_pipeline.sizes import format_number
from public_site import titles, ways
from public_site.page_languages import page_language
from public_site.parts import Fact, Line, Part, fact, joined, lines_of, of_text
from public_site.place_lines import line_of
from public_site.titles import Text

_WEB = ("https://", "http://")
_SCHEMES = {"isbn": "ISBN", "issn": "ISSN", "doi": "DOI", "ismn": "ISMN"}
_MADE_UP_NAME = "und"  # the name of a statement that was made from its address alone


@dataclass(frozen=True)
class Credit:
    """Who did what."""

    role: str
    names: tuple[Text, ...]
    lines: tuple[Line, ...]


def of_item(item: Item, language: str, shown: Sequence[Whereabouts], histories: Mapping[int, History]) -> list[Fact]:
    """The entries of an item read by `archive.queries.item`, in order; `shown` are its places, with what lay around them. No query."""
    return [
        *_kind(item),
        *_texts(gettext_lazy("Other titles"), item.alternative_titles, language, every=True),
        *fact(gettext_lazy("People"), [people_line(people, language) for people in rows_of(item, "peoples", People)]),
        *_places(item, language, shown, histories),
        *fact(gettext_lazy("Date"), [date_line(item.date_edtf, item.date_as_written, language)]),
        *fact(gettext_lazy("Published"), [date_line(item.issued_edtf, item.issued_as_written, language)]),
        *fact(gettext_lazy("Time that it is about"), [date_line(item.period_edtf, item.period_as_written, language)]),
        *[Fact(capfirst(credit.role), credit.lines) for credit in credits_of(item, language)],
        *fact(gettext_lazy("Language"), [_languages(item)]),
        *[one for own in own_fields.of_item(item) for one in _own(own, language)],
        *_texts(gettext_lazy("Extent"), item.extents, language),
        *_texts(gettext_lazy("Medium"), item.mediums, language),
        *fact(
            gettext_lazy("Subjects"),
            _linked(rows_of(item, "subjects", Subject), language, f"{ways.to('items')}?subject="),
        ),
        *fact(
            gettext_lazy("Collection"),
            _linked(rows_of(item, "collections", Collection), language, ways.to("collections")),
        ),
        *_texts(gettext_lazy("Origin"), item.origin_statements, language, every=True),
        *_rights(item, language),
        *_texts(gettext_lazy("Holder of the rights"), item.rights_holders, language),
        *_texts(gettext_lazy("History of keeping"), item.provenances, language),
        *_texts(gettext_lazy("Source"), item.sources, language),
        *_texts(gettext_lazy("Note on spelling"), item.orthography_notes, language),
        *_identifiers(item),
    ]


def kind_name(item: Item) -> str:
    """What kind of work it is, in the active language: as `get_kind_display`, which makes a table of all kinds each time."""
    return str(ItemKind(item.kind).label)


def _kind(item: Item) -> list[Fact]:
    kind, template = capfirst(kind_name(item)), TEMPLATES.get(item.template)
    link, name = Part(kind, href=f"{ways.to('items')}?kind={item.kind}"), str(template.name) if template else ""
    # An e-book is described as an e-book.
    return fact(gettext_lazy("Kind"), [(link, Part(" · "), Part(name)) if name not in {"", kind} else (link,)])


def _texts(label: object, values: Sequence[LangValue], language: str, *, every: bool = False) -> list[Fact]:
    """A text in languages: what this reader can use; `every`: all of it, since no value stands for another."""
    told = [titles.text_of(value, language) for value in values] if every else titles.for_reader(values, language)
    return fact(label, lines_of(told))


class Named(Protocol):
    """An authority, or what is kept of one."""

    @property
    def names(self) -> Sequence[LangValue]: ...
    @property
    def slug(self) -> str: ...


def name_of(authority: Named, language: str) -> Text:
    """What an authority is called on a page."""
    return titles.picked(authority.names, language) or Text(authority.slug)


def _linked(rows: Iterable[Authority], language: str, base: str) -> list[Line]:
    ending = "" if "?" in base else "/"
    return [(of_text(name_of(row, language), f"{base}{row.slug}{ending}"),) for row in rows]


def people_line(people: People, language: str) -> Line:
    """A people with its page; of a branch also of what."""
    line = [of_text(name_of(people, language), ways.to("people", people.slug))]
    if people.parent is not None:
        line.append(Part(" (" + _("branch of") + " ", is_quiet=True))
        line += [of_text(name_of(people.parent, language), is_quiet=True), Part(")", is_quiet=True)]
    return tuple(line)


def _places(item: Item, language: str, shown: Sequence[Whereabouts], histories: Mapping[int, History]) -> list[Fact]:
    labels: Mapping[str, object] = {
        ItemPlace.PlaceRole.CREATED: gettext_lazy("Place"),
        ItemPlace.PlaceRole.DEPICTED: gettext_lazy("Place shown"),
        ItemPlace.PlaceRole.SUBJECT: gettext_lazy("Place that it is about"),
        ItemPlace.PlaceRole.PUBLISHED: gettext_lazy("Place of publication"),
    }
    facts = []
    for role, label in labels.items():
        lines = [
            line_of(one, histories.get(one.place.pk, History((), ())), item.date_last, language)
            for one in shown
            if one.role == role
        ]
        facts += fact(label, lines)
    return facts


def date_line(edtf: str, as_written: str, language: str) -> Line:
    """A date as it was written; for readers of another language first as they would say it. Empty where there is none."""
    said = capfirst(say(edtf, language)) if edtf else ""
    if not as_written or not said:
        return (Part(as_written or said),) if as_written or said else ()
    if language == "vi":
        return (Part(as_written),)
    return (Part(said), Part(" ("), Part(as_written, _MADE_UP_NAME, is_quiet=True), Part(")"))


def shown_agent(agent: Agent, language: str) -> Text:
    """Return what an agent is called on a page; where their name must not be spoken and nothing stands instead, that it is withheld."""
    return titles.picked(agent.shown_names, language) or Text(agent.shown_slug or _("name not spoken by custom"))


def credits_of(item: Item, language: str) -> list[Credit]:
    """The parts of people, one entry a role, in order. Uses the prefetched `credits__agent`."""
    found: dict[str, list[Agent]] = {}
    for credit in rows_of(item, "credits", ItemAgent):
        found.setdefault(credit.role, []).append(credit.agent)
    return [
        Credit(
            vocabularies.relator(role),
            tuple(shown_agent(agent, language) for agent in agents),
            tuple((_linked_agent(agent, language), *life(agent, language)) for agent in agents),
        )
        for role, agents in found.items()
    ]


def _linked_agent(agent: Agent, language: str) -> Part:
    """An agent with the page of theirs; who must not be named has none."""
    href = ways.to("agent", agent.shown_slug) if agent.shown_slug else ""
    return of_text(shown_agent(agent, language), href)


def life(agent: Agent, language: str) -> Line:
    """When somebody lived. Of who must not be named nothing is told by which they could be."""
    if agent.name_is_withheld or not (agent.born_edtf or agent.died_edtf):
        return ()
    born, died = (say(day, language) if not day.isdigit() else day for day in (agent.born_edtf, agent.died_edtf))
    if agent.kind == Agent.AgentKind.PERSON and not died:
        return (Part(" (" + pgettext("person", "born %(date)s") % {"date": born} + ")", is_quiet=True),)
    return (Part(f" ({born}–{died})", is_quiet=True),)


def _languages(item: Item) -> Line:
    names = [vocabularies.language(tag) for tag in item.languages]
    return (Part(capfirst(", ".join(names))),) if names else ()


def _own(own: Own, language: str) -> list[Fact]:
    if own.field.form == "text":
        return _texts(own.label, own.texts, language)
    if own.field.check == "edtf":
        return fact(own.label, [date_line(own.named, "", language)])
    said = own.named
    if isinstance(own.value, int | float):
        said = format_number(own.value, language, decimals=0 if own.field.whole else 2)
    unit = str(own.field.unit)
    gap = "" if unit == "°" else "\u00a0"
    return fact(own.label, [(Part(f"{said}{gap}{unit}" if unit else said),)])


def _rights(item: Item, language: str) -> list[Fact]:
    """The statement of rights in words, linked where its address leads anywhere (a tag: URI does not), and what is said besides."""
    statement = item.rights
    lines: list[Line] = []
    if statement is not None:
        href = statement.uri if statement.uri.startswith(_WEB) else ""
        name = name_of(statement, language)
        said = Text(_("Terms of use")) if name.lang == _MADE_UP_NAME and href else name
        lines.append((of_text(said, href, rel="license" if href else ""),))
        lines += [(of_text(text, is_quiet=True),) for text in titles.for_reader(statement.notes, language)]
    lines += lines_of(titles.text_of(value, language) for value in item.rights_statements)
    return fact(gettext_lazy("Rights"), lines)


def _identifiers(item: Item) -> list[Fact]:
    others = [
        (Part(f"{_SCHEMES.get(one['scheme'].casefold(), one['scheme'])} {one['value']}"),)
        for one in item.other_identifiers
    ]
    return fact(gettext_lazy("Identifier"), [*([(Part(item.identifier),)] if item.identifier else []), *others])


def related_names(rows: Iterable[Authority], addresses: Mapping[str, str]) -> Line:
    """The names of authorities in one line, each linked where it has a page: `addresses` by address part."""
    language = page_language()
    return tuple(joined([of_text(name_of(row, language), addresses.get(row.slug, "")) for row in rows], " · "))
