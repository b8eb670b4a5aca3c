"""What is said of a people, a subject, a collection or a place on its page, above the works: entries like those beside a work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from access.models import Community
from access.viewer import Viewer
from archive import place_history, queries, vocabularies, ways
from archive.languages import LangValue
from archive.models import Agent, Collection, People, Place, PlaceName, Subject
from archive.models.authority import Authority
from media_pipeline.sizes import format_number
from public_site import titles
from public_site.facts import life, name_of
from public_site.page_languages import page_language
from public_site.parts import Fact, Line, Part, fact, joined, lines_of, of_text
from public_site.place_lines import day_of, told


def of_people(people: People, viewer: Viewer, language: str) -> list[Fact]:
    """The entries of a people read by `archive.queries.whole_peoples`. One query more for what it is a branch of."""
    return [
        *_above(_("Branch of"), people.parent, "people", viewer, language),
        *fact(_("Branches"), _links(people.branches.all(), "people", language)),
        *_forms(people, language),
        *fact(_("Language"), [_languages(people.languages)]),
        *_codes(people),
        *_notes(people.notes, language),
    ]


def of_subject(subject: Subject, viewer: Viewer, language: str) -> list[Fact]:
    """The entries of a subject read by `archive.ways.subject`. One query more for which of the broader ones have a page."""
    broader = list(subject.broader.all())
    keys = [one.pk for one in broader]
    paged = set(queries.subjects(viewer).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    above = [
        (of_text(name_of(one, language), reverse("public_site:subject", args=[one.slug]) if one.pk in paged else ""),)
        for one in broader
    ]
    return [
        *fact(_("Broader"), above),
        *fact(_("Narrower"), _links(subject.narrower.all(), "subject", language)),
        *fact(_("Related"), _links(subject.related.all(), "subject", language)),
        *_forms(subject, language),
        *fact(_("Number in a classification"), [(Part(subject.notation),)] if subject.notation else []),
        *_codes(subject),
        *_notes(subject.notes, language),
    ]


def of_agent(agent: Agent, language: str) -> list[Fact]:
    """The entries of a person, a family or a body that may be named. No query."""
    lived = life(agent, language)
    return [
        *fact(_("Kind"), [(Part(capfirst(agent.get_kind_display())), *lived)]),
        *_forms(agent, language),
        *_codes(agent),
        *_notes(agent.notes, language),
    ]


def of_communities(communities: Iterable[tuple[Community, int]]) -> list[Fact]:
    """Whose works are among the items of a page: communities of which the viewer may know, each with how many of theirs."""
    lines = [
        (
            Part(one.name, href=reverse("public_site:community", args=[one.pid])),
            Part(f" {format_number(count, page_language())}", is_quiet=True),
        )
        for one, count in communities
    ]
    return fact(_("Entrusted by"), lines)


def of_collection(collection: Collection, viewer: Viewer, language: str) -> list[Fact]:
    """The entries of a collection read by `archive.queries.whole_collections`. One query more for what it is part of."""
    return [
        *_above(_("Part of"), collection.parent, "collection", viewer, language),
        *fact(_("Parts"), _links(collection.parts.all(), "collection", language)),
        *_forms(collection, language),
        *_codes(collection),
        *_notes(collection.notes, language),
    ]


def of_place(place: Place, viewer: Viewer, language: str) -> list[Fact]:
    """The entries of a place read by `archive.queries.whole_places`. Seven queries at most for what is around it."""
    history = place_history.of_places([place])[place.pk]
    line = told(place, history, language)
    changes = [*place.predecessors.all(), *place.successors.all()]
    others = {one.before_id for one in changes} | {one.after_id for one in changes}
    paged = dict(ways.told_places(viewer, others).values_list("pk", "slug")) if changes else {}

    def change(on: date, other: Place, law: str, *, is_partial: bool) -> Line:
        href = reverse("public_site:place", args=[other.slug]) if other.pk in paged else ""
        named = other.named_on(None)
        name = Part(named.text if named else other.slug, _other(named.lang if named else language, language), href)
        notes = [day_of(on, language), *([_("a part of it")] if is_partial else []), *([law] if law else [])]
        return name, Part(f" ({'; '.join(notes)})", is_quiet=True)

    return [
        *fact(_("Where it lies"), [line] if len(line) > 1 else []),
        *fact(
            _("Names"), [_name(name, language) for name in place.names.all() if name.kind != PlaceName.NameKind.HIDDEN]
        ),
        *fact(
            _("Made of"),
            [
                change(one.on_date, one.before, one.legal_basis, is_partial=one.is_partial)
                for one in place.predecessors.all()
            ],
        ),
        *fact(
            _("Became"),
            [
                change(one.on_date, one.after, one.legal_basis, is_partial=one.is_partial)
                for one in place.successors.all()
            ],
        ),
        *fact(
            _("Codes"),
            [
                (Part(f"{one.scheme} {one.code}"), *_days(one.valid_from, one.valid_to, language))
                for one in place.codes.all()
            ],
        ),
        *_notes(place.notes, language),
    ]


def _links(rows: Iterable[Authority], pattern: str, language: str) -> list[Line]:
    return [(of_text(name_of(row, language), reverse(f"public_site:{pattern}", args=[row.slug])),) for row in rows]


def _above(label: str, row: Authority | None, pattern: str, viewer: Viewer, language: str) -> list[Fact]:
    """What an authority lies under; linked where it has a page of its own for this viewer."""
    if row is None:
        return []
    seen = queries.peoples(viewer) if isinstance(row, People) else queries.collections(viewer)
    href = reverse(f"public_site:{pattern}", args=[row.slug]) if seen.filter(pk=row.pk).exists() else ""
    return fact(label, [(of_text(name_of(row, language), href),)])


def _forms(authority: Authority, language: str) -> list[Fact]:
    forms = [of_text(titles.text_of(value, language)) for value in authority.variants]
    return fact(_("Other forms"), [tuple(joined(forms))] if forms else [])


def _languages(tags: Iterable[str]) -> Line:
    names = ", ".join(vocabularies.language(tag) for tag in tags)
    return (Part(capfirst(names)),) if names else ()


def _codes(authority: Authority) -> list[Fact]:
    """Codes with their list and its version: lists disagree."""
    return fact(
        _("Codes"),
        [
            (
                Part(f"{one['scheme']} {one['code']}"),
                *([Part(f" ({one['version']})", is_quiet=True)] if one["version"] else []),
            )
            for one in authority.codes
        ],
    )


def _notes(values: Sequence[LangValue], language: str) -> list[Fact]:
    return fact(_("Note"), lines_of(titles.for_reader(values, language)))


def _name(name: PlaceName, language: str) -> Line:
    kind = [] if name.kind == PlaceName.NameKind.OFFICIAL else [Part(f" ({name.get_kind_display()})", is_quiet=True)]
    return (Part(name.text, _other(name.lang, language)), *kind, *_days(name.valid_from, name.valid_to, language))


def _days(begins: date | None, ends: date | None, language: str) -> Line:
    said = [_("from %(day)s") % {"day": day_of(begins, language)}] if begins else []
    said += [_("until %(day)s") % {"day": day_of(ends, language)}] if ends else []
    return (Part(f" ({', '.join(said)})", is_quiet=True),) if said else ()


def _other(tag: str, language: str) -> str:
    return "" if tag == language else tag
