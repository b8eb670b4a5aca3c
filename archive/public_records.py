"""Items as plain records for crosswalks: what one viewer may see of them, in the library's own language where a word of ours is needed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from access.models import Community
from access.viewer import Viewer
from archive import addresses, dates, own_fields, queries, relations, stills, vocabularies, whereabouts
from archive.companions import is_companion
from archive.crosswalks import codes
from archive.crosswalks.record import (
    Doer,
    Extra,
    Heading,
    Mark,
    Part,
    Record,
    Rights,
    Text,
    Tie,
    When,
    Where,
)
from archive.derived_names import PICTURE_ROLES
from archive.item_templates import TEMPLATES
from archive.labels import is_project_address
from archive.languages import LangValue
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemKind,
    Label,
    People,
    PlaceName,
    Subject,
)
from archive.own_fields import Own
from archive.prefetched import rows_of
from archive.whereabouts import Whereabouts

PICTURE_PX = 400
# Copies of films and sounds, the one that more programs play first.
PLAYED = (("mp4", "video/"), ("audio", "audio/"))


def of_items(viewer: Viewer, items: Iterable[Item], *, base: str) -> list[Record]:
    """Return the records of items read by `archive.queries.carried` for this viewer. `base` goes before every path: the site's address, or
    the mark of `archive.crosswalks.markup` that is replaced by it later. Two queries, and those of `whereabouts.of_items`."""
    items = list(items)
    places, ties = whereabouts.of_items(items), relations.of_items(viewer, items)
    with translation.override(settings.LANGUAGE_CODE):
        return [
            _record(
                viewer,
                item,
                places.get(item.pk, ()),
                ties.get(item.pk, ()),
                base=base,
                is_closed=_closed_count(item) > 0,
            )
            for item in items
        ]


def of_item(
    viewer: Viewer,
    item: Item,
    *,
    base: str,
    has_closed_files: bool,
    places: Sequence[Whereabouts] | None = None,
    ties: Sequence[relations.Tie] | None = None,
) -> Record:
    """Return the record of one item read by `archive.queries.item` for this viewer, as `of_items` does, and besides what of it is open
    to everybody. What was read already of `places` and `ties` is not read again."""
    if places is None:
        places = whereabouts.of_items([item]).get(item.pk, ())
    if ties is None:
        ties = relations.of_items(viewer, [item]).get(item.pk, ())
    with translation.override(settings.LANGUAGE_CODE):
        record = _record(viewer, item, places, ties, base=base, is_closed=has_closed_files)
    files: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    is_public = item.effective_rule.policy.is_public
    parts = tuple(
        replace(part, is_public=is_public and _is_public(file, item))
        for part, file in zip(record.parts, files, strict=True)
    )
    return replace(record, is_public=is_public, parts=parts)


def _is_public(file: ItemFile, item: Item) -> bool:
    return file.effective_rule_id == item.effective_rule_id or file.effective_rule.policy.is_public


def _closed_count(item: Item) -> int:
    files: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    seen = sum(1 for file in files if not is_companion(file))
    return int(item.file_count) - seen  # type: ignore[attr-defined]  # annotated by carried


def _record(
    viewer: Viewer,
    item: Item,
    places: Sequence[Whereabouts],
    ties: Sequence[relations.Tie],
    *,
    base: str,
    is_closed: bool,
) -> Record:
    files: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    address = base + addresses.stable_item(item)
    return Record(
        pid=item.pid,
        ark=addresses.ark(item),
        address=address,
        kind=item.kind,
        template=item.template,
        genre=_genre(item.template, item.kind),
        published=item.published_at or item.created_at,
        changed=queries.datestamp(viewer, item),
        library=settings.LIBRARY_NAME,
        titles=_texts(item.titles),
        identifier=item.identifier or "",
        other_identifiers=tuple(
            (str(one.get("scheme", "")), str(one.get("value", ""))) for one in item.other_identifiers
        ),
        alternative_titles=_texts(item.alternative_titles),
        descriptions=_texts(item.descriptions),
        contents=_texts(item.contents),
        extents=_texts(item.extents),
        mediums=_texts(item.mediums),
        provenances=_texts(item.provenances),
        sources=_texts(item.sources),
        orthography_notes=_texts(item.orthography_notes),
        origin_statements=_texts(item.origin_statements),
        languages=tuple(str(tag) for tag in item.languages),
        language_names=tuple(vocabularies.language(str(tag)) for tag in item.languages),
        created=_when(item.date_edtf, item.date_as_written),
        issued=_when(item.issued_edtf, item.issued_as_written),
        period=_when(item.period_edtf, item.period_as_written),
        peoples=tuple(_heading(one) for one in rows_of(item, "peoples", People)),
        subjects=tuple(_heading(one) for one in rows_of(item, "subjects", Subject)),
        collections=tuple(_heading(one) for one in rows_of(item, "collections", Collection)),
        places=tuple(_where(one) for one in places),
        doers=tuple(_doer(one.agent, one.role) for one in rows_of(item, "credits", ItemAgent) if one.agent.shown_names),
        rights=_rights(item),
        communities=tuple(community.name for community in rows_of(item, "communities", Community)),
        marks=tuple(_mark(label) for label in rows_of(item, "labels", Label)),
        ties=tuple(_tie(tie, base) for tie in ties),
        extras=tuple(_extra(own) for own in own_fields.of_item(item)),
        parts=tuple(_part(file, address, base) for file in files),
        access=_access(is_closed=is_closed),
        has_closed_files=is_closed,
        lasting=f"{base}/{addresses.ark(item)}",
    )


def _texts(values: Iterable[LangValue]) -> tuple[Text, ...]:
    return tuple(Text(value["lang"], value["value"]) for value in values)


@functools.cache
def _genre(template_key: str, kind: str) -> tuple[Text, ...]:
    template = TEMPLATES.get(template_key)
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(Text(code, str(template.name if template else ItemKind(kind).label)))
    return tuple(found)


@functools.cache
def _access(*, is_closed: bool) -> tuple[Text, ...]:
    """Say in each language whether everything of an item is open to whoever asked. How many files are closed its page says already."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said = (
                _(
                    "The description is open; some files are not open to everybody. The page of the item says how to ask."
                )
                if is_closed
                else _("Open to everybody.")
            )
            found.append(Text(code, said))
    return tuple(found)


def _when(edtf: str, as_written: str) -> When:
    try:
        days = dates.read(edtf)
    except dates.DateError:
        days = dates.DateRange(None, None)
    return When(edtf, as_written, days.first, days.last)


def _heading(authority: People | Subject | Collection) -> Heading:
    names = _texts(authority.names) or (Text("", authority.slug),)
    if isinstance(authority, Subject):
        return Heading(authority.slug, names, scheme=authority.scheme, notation=authority.notation)
    if isinstance(authority, People) and authority.parent is not None:
        return Heading(authority.slug, names, above=_texts(authority.parent.names))
    return Heading(authority.slug, names)


def _where(where: Whereabouts) -> Where:
    place = where.place
    now = where.name_now()
    # Today's name first; then what its own people call it.
    names = [
        Text(name.lang, name.text)
        for name in rows_of(place, "names", PlaceName)
        if name.text == now and name.kind != PlaceName.NameKind.HIDDEN
    ]
    names += [
        Text(name.lang, name.text)
        for name in rows_of(place, "names", PlaceName)
        if name.kind == PlaceName.NameKind.ENDONYM
    ]
    is_known = where.is_exact and place.latitude is not None and place.longitude is not None
    return Where(
        slug=place.slug,
        names=tuple(dict.fromkeys(names)) or (Text("", now),),
        role=where.role,
        as_recorded=where.as_recorded,
        latitude=float(place.latitude) if is_known and place.latitude is not None else None,
        longitude=float(place.longitude) if is_known and place.longitude is not None else None,
    )


def _doer(agent: Agent, role: str) -> Doer:
    told = not agent.name_is_withheld
    return Doer(
        slug=agent.shown_slug,
        names=_texts(agent.shown_names),
        kind=agent.kind,
        role=role,
        part=vocabularies.relator(role),
        born=agent.born_edtf if told else "",
        died=agent.died_edtf if told else "",
    )


def _rights(item: Item) -> Rights:
    statement = item.rights
    return Rights(
        uri="" if statement is None else statement.uri,
        names=() if statement is None else _texts(statement.names),
        notes=() if statement is None else _texts(statement.notes),
        family="" if statement is None else statement.family,
        statements=_texts(item.rights_statements),
        holders=_texts(item.rights_holders),
    )


def _mark(label: Any) -> Mark:  # Any: archive.models.Label, prefetched
    is_theirs = is_project_address(label.project_address)
    community = "" if label.community is None else label.community.name
    return Mark(label.kind, Text(label.language, label.title), community, label.project_address if is_theirs else "")


def _tie(tie: relations.Tie, base: str) -> Tie:
    other = tie.other
    return Tie(tie.dcterms, tie.label, base + addresses.stable_item(other), addresses.ark(other), _texts(other.titles))


def _extra(own: Own) -> Extra:
    if own.field.form == "text":
        values = tuple(Text(text["lang"], text["value"]) for text in own.texts)
    elif own.field.check == "language":
        values = (Text("", codes.iso_639_3(str(own.value))),)
    else:
        unit = str(own.field.unit)
        values = (Text("", f"{own.named} {unit}" if unit else own.named),)
    return Extra(own.field.dcterms, str(own.label), values)


def _part(file: ItemFile, address: str, base: str) -> Part:
    master = file.master
    tiles = file.derivative("pyramid") is not None
    copy, copy_type = _copy(file, base)
    return Part(
        pid=file.pid,
        role=file.role,
        media_type=master.media_type if master else "",
        shown_at=f"{address}?file={file.pid}",
        picture=_picture(file, base),
        iiif_image=base + addresses.iiif_image(file) if tiles else "",
        size_bytes=master.size_bytes if master else None,
        language=file.language,
        captions=_texts(file.captions),
        copy=copy,
        copy_type=copy_type,
    )


def _copy(file: ItemFile, base: str) -> tuple[str, str]:
    """Return the address and the media type of a copy to play, of what was read with the file; empty where there is none."""
    for role, media in PLAYED:
        made = file.derivative(role)
        for entry in () if made is None else made.files:
            media_type = str(entry["media_type"])
            if media_type.startswith(media) and media_type != "video/iso.segment":
                return base + addresses.derivative(file, role, str(entry["name"])), media_type
    return "", ""


def _picture(file: ItemFile, base: str) -> str:
    """Return the address of the still picture nearest above `PICTURE_PX`, or of the largest; empty where there is none."""
    for role in PICTURE_ROLES:
        made = file.derivative(role)
        entries = [] if made is None else [one for one in stills.shown_entries(file, made) if one.get("width")]
        if entries:
            large = [one for one in entries if max(one["width"], one["height"]) >= PICTURE_PX]
            chosen = min(large, key=_area) if large else max(entries, key=_area)
            return base + addresses.derivative(file, role, str(chosen["name"]))
    return ""


def _area(entry: Any) -> int:  # Any: an entry of a derivative's files
    return int(entry["width"]) * int(entry["height"])
