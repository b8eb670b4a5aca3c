"""Records of the API: rows to JSON values. What a record may tell of an item's files and places is settled before it comes here.

`interop.api.shapes` says the same to the schema; a test holds every record against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from access.models import Community
from archive import addresses, progress
from archive.derived_names import STREAM_MANIFEST
from archive.labels import is_project_address
from archive.models import Agent, Collection, Item, ItemFile, Label, People, Place, PlaceName, Subject
from archive.models.authority import Authority
from archive.search import Facet
from archive.whereabouts import Whereabouts
from media_pipeline.models import Derivative

Record = dict[str, Any]  # Any: JSON
# Outputs that are reached through a service of their own, or through another file of their set.
_NOT_LISTED = frozenset({"pyramid"})
_ENTRY_FILES: Mapping[str, str] = {"hls": STREAM_MANIFEST}
_MEASURES = ("width", "height", "duration_ms")


@dataclass(frozen=True)
class Context:
    """What a record needs besides its rows. `absolute` makes an address that works from outside."""

    absolute: Callable[[str], str]
    places: Mapping[int, Sequence[Whereabouts]]
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
        "kind": item.kind,
        "titles": item.titles,
        "descriptions": item.descriptions,
        "languages": item.languages,
        "date": _dates(item),
        "peoples": [of_heading(people) for people in item.peoples.all()],
        "places": [_of_place(where) for where in context.places.get(item.pk, ())],
        "subjects": [of_heading(subject) for subject in item.subjects.all()],
        "collections": [of_heading(collection) for collection in item.collections.all()],
        "agents": [_of_agent(credit.agent, credit.role) for credit in item.credits.all()],
        "rights": {"uri": item.rights_uri or None, "statements": item.rights_statements},
        "origin_statements": item.origin_statements,
        "communities": [_of_community(community) for community in item.communities.all()],
        "labels": [_of_label(label) for label in item.labels.all()],
        "is_sample": item.is_sample,
        "published_at": _moment(item.published_at),
        "modified_at": _moment(context.datestamp(item)),
        "manifest": None,
        "files": [of_file(file, context) for file in files],
        "closed_file_count": item.file_count - len(files),  # type: ignore[attr-defined]  # annotated by described
    }


def of_file(file: ItemFile, context: Context) -> Record:
    """Return the record of a file that the viewer may see. The name it was received under stays inside: it may tell of people."""
    master, now = file.master, progress.of(file)
    has_pyramid = file.derivative("pyramid") is not None
    return {
        "pid": file.pid,
        "role": file.role,
        "kind": master.kind if master else None,
        "media_type": master.media_type if master else None,
        "size_bytes": master.size_bytes if master else None,
        "sha256": master.sha256 if master else None,
        "captions": file.captions,
        "progress": {
            "state": now.state,
            "percent": now.percent,
            "reason": now.reason or None,
            "reason_code": now.reason_code or None,
        },
        "iiif_image": context.absolute(addresses.iiif_image(file)) if has_pyramid else None,
        "derivatives": _derivatives(file, context),
    }


def of_heading(authority: Authority) -> Record:
    """Return an authority as a heading of a record: what to filter by, what it is called."""
    return {"slug": authority.slug, "names": authority.names}


def of_collection(collection: Collection) -> Record:
    """Return a collection with `item_count`, as `archive.queries.collections` reads it."""
    return {**_counted(collection), "descriptions": collection.descriptions}


def of_people(people: People) -> Record:
    """Return a people with `item_count`."""
    return _counted(people)


def of_subject(subject: Subject) -> Record:
    """Return a subject with `item_count`."""
    return {**_counted(subject), "scheme": subject.scheme}


def of_place(place: Place) -> Record:
    """Return a place with `item_count`; it is listed only where something may be shown exactly there."""
    count: int = place.item_count  # type: ignore[attr-defined]  # annotated by archive.queries
    return {
        "slug": place.slug,
        "kind": place.kind,
        "names": _place_names(place),
        "item_count": count,
        **_coordinates(place),
    }


def of_facets(facets: Sequence[Facet]) -> Record:
    """Return facets by name."""
    return {
        facet.name: [{"value": one.value, "label": one.label, "count": one.count} for one in facet.values]
        for facet in facets
    }


def _counted(authority: Authority) -> Record:
    count: int = authority.item_count  # type: ignore[attr-defined]  # annotated by archive.queries
    return {**of_heading(authority), "item_count": count}


def _dates(item: Item) -> Record | None:
    if not item.date_edtf:
        return None
    first, last = item.date_first, item.date_last
    return {
        "edtf": item.date_edtf,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }


def _of_place(where: Whereabouts) -> Record:
    place = where.place
    coordinates = _coordinates(place) if where.is_exact else {"latitude": None, "longitude": None}
    return {
        "slug": place.slug,
        "kind": place.kind,
        "names": _place_names(place),
        "role": where.role,
        "precision": where.precision,
        "as_recorded": where.as_recorded or None,
        **coordinates,
    }


def _place_names(place: Place) -> list[Record]:
    return [
        {
            "lang": name.lang,
            "value": name.text,
            "kind": name.kind,
            "from": name.valid_from.isoformat() if name.valid_from else None,
            "until": name.valid_to.isoformat() if name.valid_to else None,
        }
        for name in place.names.all()
        if name.kind != PlaceName.NameKind.HIDDEN
    ]


def _coordinates(place: Place) -> Record:
    if place.latitude is None or place.longitude is None:
        return {"latitude": None, "longitude": None}
    return {"latitude": float(place.latitude), "longitude": float(place.longitude)}


def _of_agent(agent: Agent, role: str) -> Record:
    return {"slug": agent.shown_slug or None, "names": agent.shown_names, "kind": agent.kind, "role": role}


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
    entry_file = _ENTRY_FILES.get(made.role)
    entries = [entry for entry in made.files if entry_file in (None, entry["name"])]
    if made.role == "pages" and not context.every_page:
        entries = entries[:1]
    return [
        {
            "role": made.role,
            "name": entry["name"],
            "url": context.absolute(addresses.derivative(file, made.role, entry["name"])),
            "media_type": entry["media_type"],
            # A stream's size is that of all its parts: what somebody would fetch to keep it.
            "size_bytes": made.size_bytes if entry_file else entry["size_bytes"],
            **{name: entry.get(name, made.facts.get(name)) for name in _MEASURES},
        }
        for entry in entries
    ]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
