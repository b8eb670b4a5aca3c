"""Records of the API: rows to JSON values. What a record may tell of an item's files and places is settled before it comes here.

`interop.api.shapes` says the same to the schema; a test holds every record against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from access.models import Community
from archive import addresses, dates, own_fields, progress, stills
from archive.companions import is_companion, recording_of
from archive.derived_names import BOOK, CAPTIONS, SEGMENTS, STREAM_MANIFEST
from archive.item_templates import TEMPLATES
from archive.labels import is_project_address
from archive.models import Agent, Item, ItemFile, Label
from archive.own_fields import Own
from archive.place_history import History
from archive.relations import Tie
from archive.search import Moment
from archive.whereabouts import Whereabouts
from interop.api.headings import Record, of_heading, of_people_of_item, of_place_of_item, of_subject_of_item
from media_pipeline.models import Derivative

# What an item says of itself in any number of languages, each under the name of its column.
TEXTS = (
    "titles", "alternative_titles", "descriptions", "contents", "extents", "mediums", "provenances", "sources",
    "orthography_notes",
)  # fmt: skip
# Outputs that are reached through a service of their own, or through another file of their set.
_NOT_LISTED = frozenset({"pyramid"})
_ENTRY_FILES: Mapping[str, str] = {"hls": STREAM_MANIFEST, "chapters": BOOK}
_MEASURES = ("width", "height", "duration_ms")


@dataclass(frozen=True)
class Context:
    """What a record needs besides its rows. `absolute` makes an address that works from outside."""

    absolute: Callable[[str], str]
    places: Mapping[int, Sequence[Whereabouts]]
    histories: Mapping[int, History]  # of those places, by their primary keys
    ties: Mapping[int, Sequence[Tie]]
    datestamp: Callable[[Item], datetime]
    every_page: bool = False


def of_item(item: Item, context: Context) -> Record:
    """Return the record of an item read by `archive.queries.described`. No query."""
    files: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    return {
        "pid": item.pid,
        "ark": addresses.ark(item),
        "url": context.absolute(addresses.stable_item(item)),
        "identifier": item.identifier,
        "other_identifiers": item.other_identifiers,
        "kind": item.kind,
        "template": _template(item),
        **{name: getattr(item, name) for name in TEXTS},
        "own_fields": [_own(own) for own in own_fields.of_item(item)],
        "languages": item.languages,
        "date": _dates(item.date_edtf, item.date_as_written),
        "issued": _dates(item.issued_edtf, item.issued_as_written),
        "period": _dates(item.period_edtf, item.period_as_written),
        "peoples": [of_people_of_item(people) for people in item.peoples.all()],
        "places": [
            of_place_of_item(where, context.histories.get(where.place.pk)) for where in context.places.get(item.pk, ())
        ],
        "subjects": [of_subject_of_item(subject) for subject in item.subjects.all()],
        "collections": [of_heading(collection) for collection in item.collections.all()],
        "agents": [_of_agent(credit.agent, credit.role) for credit in item.credits.all()],
        "rights": _rights(item),
        "origin_statements": item.origin_statements,
        "relations": [_of_tie(tie, context) for tie in context.ties.get(item.pk, ())],
        "communities": [_of_community(community) for community in item.communities.all()],
        "labels": [_of_label(label) for label in item.labels.all()],
        "is_sample": item.is_sample,
        "published_at": _moment(item.published_at),
        "modified_at": _moment(context.datestamp(item)),
        "manifest": context.absolute(addresses.iiif_manifest(item)),
        "files": [of_file(file, context, files) for file in files],
        "closed_file_count": item.file_count - sum(1 for file in files if not is_companion(file)),  # type: ignore[attr-defined]  # annotated by described
    }


def of_file(file: ItemFile, context: Context, files: Sequence[ItemFile]) -> Record:
    """Return the record of a file that the viewer may see, among all that they may of its item. The name it was received under stays
    inside: it may tell of people."""
    master, now = file.master, progress.of(file)
    recording = recording_of(file, files) if is_companion(file) else None
    has_pyramid = file.derivative("pyramid") is not None
    return {
        "pid": file.pid,
        "role": file.role,
        "label": file.label or None,
        "kind": master.kind if master else None,
        "media_type": master.media_type if master else None,
        "puid": (master.puid or None) if master else None,
        "size_bytes": master.size_bytes if master else None,
        "sha256": master.sha256 if master else None,
        "captions": file.captions,
        "language": file.language or None,
        "beside": None if recording is None else recording.pid,
        "segments": _segments(file, context),
        "progress": {
            "state": now.state,
            "percent": now.percent,
            "reason": now.reason or None,
            "reason_code": now.reason_code or None,
        },
        "iiif_image": context.absolute(addresses.iiif_image(file)) if has_pyramid else None,
        "derivatives": _derivatives(file, context),
    }


def of_moment(item: Item, moment: Moment, absolute: Callable[[str], str]) -> Record:
    """Return the record of where in the files of an item the words of a search are."""
    mark = f"#s{moment.number}" if moment.kind == "segment" else ""
    return {
        "item": item.pid,
        "file": moment.file_pid,
        "kind": moment.kind,
        "number": moment.number,
        "segment": moment.number if moment.kind == "segment" else None,
        "start_ms": moment.start_ms,
        "language": moment.language or None,
        "text": moment.text,
        "url": absolute(f"{addresses.stable_item(item)}?{moment.query}{mark}"),
    }


def _segments(file: ItemFile, context: Context) -> str | None:
    made = file.derivative(CAPTIONS)
    has_some = made is not None and any(entry["name"] == SEGMENTS for entry in made.files)
    return context.absolute(addresses.derivative(file, CAPTIONS, SEGMENTS)) if has_some else None


def _dates(edtf: str, as_written: str) -> Record | None:
    if not (edtf or as_written):
        return None
    try:
        days = dates.read(edtf)
    except dates.DateError:
        days = dates.DateRange(None, None)
    return {
        "edtf": edtf or None,
        "as_written": as_written or None,
        "first": days.first.isoformat() if days.first else None,
        "last": days.last.isoformat() if days.last else None,
    }


def _template(item: Item) -> Record | None:
    template = TEMPLATES.get(item.template)
    return None if template is None else {"key": template.key, "name": str(template.name)}


def _own(own: Own) -> Record:
    return {
        "key": own.field.key,
        "label": own.label,
        "dcterms": own.field.dcterms,
        "form": own.field.form,
        "texts": list(own.texts),
        "value": own.value,
        "named": own.named or None,
        "unit": str(own.field.unit) or None,
    }


def _rights(item: Item) -> Record:
    statement = item.rights
    return {
        "uri": None if statement is None else statement.uri,
        "names": [] if statement is None else statement.names,
        "notes": [] if statement is None else statement.notes,
        "family": None if statement is None else statement.family,
        "statements": item.rights_statements,
        "holders": item.rights_holders,
    }


def _of_tie(tie: Tie, context: Context) -> Record:
    other = tie.other
    return {
        "kind": tie.kind,
        "is_inverse": tie.is_inverse,
        "dcterms": tie.dcterms,
        "label": tie.label,
        "notes": tie.notes,
        "item": {
            "pid": other.pid,
            "url": context.absolute(addresses.stable_item(other)),
            "kind": other.kind,
            "titles": other.titles,
        },
    }


def _of_agent(agent: Agent, role: str) -> Record:
    # Where the name must not be spoken, nothing that would lead to it is told either.
    told = not agent.name_is_withheld
    return {
        "slug": agent.shown_slug or None,
        "names": agent.shown_names,
        "variants": agent.variants if told else [],
        "notes": agent.notes if told else [],
        "codes": agent.codes if told else [],
        "kind": agent.kind,
        "role": role,
        "born": (agent.born_edtf or None) if told else None,
        "died": (agent.died_edtf or None) if told else None,
    }


def _of_community(community: Community) -> Record:
    return {"pid": community.pid, "name": community.name, "statements": community.statements}


def _of_label(label: Label) -> Record:
    # A row that was not written by our form leads nowhere.
    is_theirs = is_project_address(label.project_address)
    return {
        "kind": label.kind,
        "title": label.title,
        "lang": label.language,
        "community": None if label.community is None else label.community.pid,
        "project_url": label.project_address if is_theirs else None,
    }


def _derivatives(file: ItemFile, context: Context) -> list[Record]:
    newest = file.newest_derivatives()
    return [
        record
        for role in sorted(newest)
        if role not in _NOT_LISTED
        for record in _files_of(file, newest[role], context)
    ]


def _files_of(file: ItemFile, made: Derivative, context: Context) -> list[Record]:
    entries = list(stills.shown_entries(file, made))
    entry_file = _ENTRY_FILES.get(made.role)
    if led_in := [entry for entry in entries if entry["name"] == entry_file]:
        entries = led_in
    if made.role == "pages" and not context.every_page:
        entries = entries[:1]
    return [
        {
            "role": made.role,
            "name": entry["name"],
            "url": context.absolute(addresses.derivative(file, made.role, entry["name"])),
            "media_type": entry["media_type"],
            # A stream's size is that of all its parts: what somebody would fetch to keep it.
            "size_bytes": made.size_bytes if led_in else entry["size_bytes"],
            **{name: entry.get(name, made.facts.get(name)) for name in _MEASURES},
        }
        for entry in entries
    ]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
