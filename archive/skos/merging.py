"""Taking concepts into our subjects: added and brought up to date, never emptied; each change by the action that keeps its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from access.models import User
from archive import languages
from archive.actions.save_authority import save_authority
from archive.languages import LangValue
from archive.models import Subject
from archive.skos.concepts import BASE, SCHEME_BASE, Concept
from archive.slugs import free_slug

LOCAL = "local"
REASON = "SKOS"


@dataclass
class Report:
    """What became of the concepts, by what each is called."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # address, code: "unnamed", "cycle"


@dataclass(frozen=True)
class _Place:
    """Where concepts go: `base` is what addresses of ours begin with, `scheme` the one given for all (empty: as the file says)."""

    base: str
    scheme: str

    def scheme_of(self, concept: Concept) -> str:
        own = concept.scheme.removeprefix(SCHEME_BASE) if concept.scheme.startswith(SCHEME_BASE) else ""
        named = self.scheme or own or concept.scheme.rstrip("/#").rpartition("/")[2].rpartition("#")[2]
        return (named or LOCAL)[:40]


def take_in(
    concepts: Sequence[Concept], *, actor: User | None, now: datetime, base: str = BASE, scheme: str = ""
) -> Report:
    """Take concepts in, in one transaction; a second time changes nothing. Raises NotAllowed.

    A concept is one of ours by its address, by an exact match, or by its scheme with its notation or its name. A name that the file has
    otherwise becomes the name, and the old one another form.
    """
    report, known = Report(), {}
    place = _Place(base, scheme)
    with transaction.atomic():
        for concept in concepts:
            if not concept.names:
                report.skipped.append((concept.uri, "unnamed"))
                continue
            known[concept.uri] = _take(concept, place, report, actor=actor, now=now)
        for concept in concepts:
            if concept.uri in known:
                _tie(concept, known, report, actor=actor, now=now)
    report.unchanged = [name for name in report.unchanged if name not in report.changed]
    return report


def _take(concept: Concept, place: _Place, report: Report, *, actor: User | None, now: datetime) -> Subject:
    scheme = place.scheme_of(concept)
    subject = _ours(concept, place, scheme)
    if subject is None:
        subject = Subject(scheme=scheme, slug=_free(concept, place))
        report_to = report.made
    else:
        report_to = report.changed
    before = _columns(subject)
    _merge(subject, concept, is_ours=concept.uri.startswith(place.base))
    if subject.pk is not None and _columns(subject) == before:
        report.unchanged.append(str(subject))
        return subject
    save_authority(subject, save=subject.save, read_version=None, actor=actor, now=now, reason=REASON)
    report_to.append(str(subject))
    return subject


def _ours(concept: Concept, place: _Place, scheme: str) -> Subject | None:
    if concept.uri.startswith(place.base):
        found = Subject.objects.filter(slug=concept.uri.removeprefix(place.base)).first()
        if found is not None:
            return found
    # JSON is searched the same way in no two databases: thesauri that were matched are few.
    for subject in Subject.objects.filter(scheme=scheme).exclude(matches=[]).order_by("pk"):
        if {"relation": "exactMatch", "uri": concept.uri} in subject.matches:
            return subject
    own = Subject.objects.filter(scheme=scheme)
    if concept.notation:
        return own.filter(notation=concept.notation).order_by("pk").first()
    named = (value for value in concept.names)
    return next((one for value in named for one in own.order_by("pk") if value in one.names), None)


def _free(concept: Concept, place: _Place) -> str:
    own = concept.uri.removeprefix(place.base) if concept.uri.startswith(place.base) else ""
    return free_slug(Subject.objects.all(), own or languages.pick_text(concept.names, "vi"))


def _columns(subject: Subject) -> tuple[object, ...]:
    names = ("names", "variants", "hidden_variants", "notes", "notation", "matches")
    return tuple(list(value) if isinstance(value := getattr(subject, name), list) else value for name in names)


def _merge(subject: Subject, concept: Concept, *, is_ours: bool) -> None:
    """Write into a subject what a concept says more, or otherwise."""
    displaced: list[LangValue] = []
    names = list(subject.names)
    for value in concept.names:
        at = next((number for number, one in enumerate(names) if one["lang"] == value["lang"]), None)
        if at is None:
            names.append(value)
        elif names[at] != value:
            displaced.append(names[at])
            names[at] = value
    subject.names = names
    others = [value for value in subject.variants if value not in names]
    subject.variants = _with(others, [value for value in (*displaced, *concept.variants) if value not in names])
    subject.hidden_variants = _with(subject.hidden_variants, concept.hidden)
    subject.notes = _with(subject.notes, concept.notes)
    subject.notation = concept.notation[:40] or subject.notation
    matches = [{"relation": relation, "uri": uri} for relation, uri in concept.matches]
    if not is_ours and concept.uri.startswith(("https://", "http://")):
        matches.append({"relation": "exactMatch", "uri": concept.uri})
    subject.matches = [*subject.matches, *(one for one in matches if one not in subject.matches)]


def _with(held: Sequence[LangValue], more: Sequence[LangValue]) -> list[LangValue]:
    values = list(held)
    for value in more:
        if value not in values:
            values.append(value)
    return values


def _tie(concept: Concept, known: Mapping[str, Subject], report: Report, *, actor: User | None, now: datetime) -> None:
    """Add the ties of a concept that are not there yet; one that would put a subject above itself is left out."""
    subject = known[concept.uri]
    above = {known[uri].pk: known[uri] for uri in concept.broader if uri in known}
    beside = {known[uri].pk: known[uri] for uri in concept.related if uri in known}
    for pk in [*subject.broader.values_list("pk", flat=True), subject.pk]:
        above.pop(pk, None)
    for pk in [*subject.related.values_list("pk", flat=True), subject.pk]:
        beside.pop(pk, None)
    for pk in [pk for pk in above if _reaches(pk, subject.pk)]:
        report.skipped.append((concept.uri, "cycle"))
        del above[pk]
    if not (above or beside):
        return

    def save() -> None:
        subject.broader.add(*above.values())
        subject.related.add(*beside.values())

    save_authority(subject, save=save, read_version=None, actor=actor, now=now, reason=REASON)
    if str(subject) not in (*report.made, *report.changed):
        report.changed.append(str(subject))


def _reaches(start: int, goal: int) -> bool:
    """Return whether a subject lies below another, by any way. A query a level."""
    seen, edge = {start}, {start}
    while edge:
        edge = set(Subject.objects.filter(narrower__in=edge).values_list("pk", flat=True)) - seen
        if goal in edge:
            return True
        seen |= edge
    return False
