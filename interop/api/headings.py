"""Records of authorities: rows to JSON values. Hidden forms (slurs of old sources) are in none of them, nor what the viewer may not know.

What lies beside or below an authority is listed only where the viewer may see something under it; what lies above is part of what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from archive.models import Agent, Collection, People, Place, PlaceCode, PlaceName, PlaceSuccession, Subject
from archive.models.authority import Authority
from archive.place_history import History, Path
from archive.search import Facet
from archive.whereabouts import Whereabouts

Record = dict[str, Any]  # Any: JSON
_WEB = ("https://", "http://")


def of_heading(authority: Authority) -> Record:
    """Return an authority as a heading of a record: what to filter by, what it is called."""
    return {"slug": authority.slug, "names": authority.names}


def of_people_of_item(people: People) -> Record:
    """Return a people as a heading, with its codes and what it is a branch of: lists that exchange peoples do so by name and scheme."""
    return {**of_heading(people), "codes": people.codes, "parent": _above(people.parent)}


def of_subject_of_item(subject: Subject) -> Record:
    """Return a subject as a heading, with the scheme that it is of."""
    return {**of_heading(subject), "scheme": subject.scheme, "notation": subject.notation or None}


def of_collection(collection: Collection) -> Record:
    """Return a collection as `archive.queries.whole_collections` reads it."""
    return {
        **_whole(collection),
        "descriptions": collection.descriptions,
        "parent": _above(collection.parent),
        "parts": _headings(collection.parts.all()),
    }


def of_agent(agent: Agent) -> Record:
    """Return a person or body as `archive.queries.agents` reads it: none whose name must not be spoken."""
    return {
        **_whole(agent),
        "kind": agent.kind,
        "born": agent.born_edtf or None,
        "died": agent.died_edtf or None,
    }


def of_people(people: People) -> Record:
    """Return a people as `archive.queries.whole_peoples` reads it."""
    return {
        **_whole(people),
        "languages": people.languages,
        "parent": _above(people.parent),
        "branches": _headings(people.branches.all()),
    }


def of_subject(subject: Subject) -> Record:
    """Return a subject as `archive.queries.whole_subjects` reads it."""
    return {
        **_whole(subject),
        "scheme": subject.scheme,
        "notation": subject.notation or None,
        "broader": _headings(subject.broader.all()),
        "narrower": _headings(subject.narrower.all()),
        "related": _headings(subject.related.all()),
        "matches": [one for one in subject.matches if str(one.get("uri", "")).startswith(_WEB)],
    }


def of_place(place: Place, histories: Mapping[int, History]) -> Record:
    """Return a place as `archive.queries.whole_places` reads it; it is listed only where it may be told as it is, and
    something counts for it (archive/containment.py)."""
    return {
        **_place(place),
        "notes": place.notes,
        "codes": [_of_code(code) for code in place.codes.all()],
        "exists_from": _day(place.valid_from),
        "exists_until": _day(place.valid_to),
        "item_count": _count(place),
        **_coordinates(place),
        **_sides(histories.get(place.pk)),
        "predecessors": [_of_change(one, one.before) for one in place.predecessors.all()],
        "successors": [_of_change(one, one.after) for one in place.successors.all()],
    }


def of_place_of_item(where: Whereabouts, history: History | None) -> Record:
    """Return a place of an item, as closely as it may be told."""
    coordinates = _coordinates(where.place) if where.is_exact else {"latitude": None, "longitude": None}
    return {
        **_place(where.place),
        "role": where.role,
        "precision": where.precision,
        "as_recorded": where.as_recorded or None,
        **coordinates,
        **_sides(history),
    }


def of_facets(facets: Sequence[Facet]) -> Record:
    """Return facets by name."""
    return {
        facet.name: [{"value": one.value, "label": one.label, "count": one.count} for one in facet.values]
        for facet in facets
    }


def _whole(authority: Authority) -> Record:
    return {
        **of_heading(authority),
        "variants": authority.variants,
        "notes": authority.notes,
        "codes": authority.codes,
        "item_count": _count(authority),
    }


def _count(row: Authority | Place) -> int:
    count: int = row.item_count  # type: ignore[union-attr]  # annotated by archive.queries
    return count


def _above(authority: Authority | None) -> Record | None:
    return None if authority is None else of_heading(authority)


def _headings(authorities: Iterable[Authority]) -> list[Record]:
    return [of_heading(one) for one in authorities]


def _place(place: Place) -> Record:
    return {"slug": place.slug, "kind": place.kind, "names": _place_names(place)}


def _place_names(place: Place) -> list[Record]:
    return [
        {
            "lang": name.lang,
            "value": name.text,
            "kind": name.kind,
            "from": _day(name.valid_from),
            "until": _day(name.valid_to),
        }
        for name in place.names.all()
        if name.kind != PlaceName.NameKind.HIDDEN
    ]


def _of_code(code: PlaceCode) -> Record:
    return {"scheme": code.scheme, "code": code.code, "from": _day(code.valid_from), "until": _day(code.valid_to)}


def _of_change(change: PlaceSuccession, other: Place) -> Record:
    return {
        "place": _place(other),
        "on": _day(change.on_date),
        "kind": change.kind,
        "is_partial": change.is_partial,
        "legal_basis": change.legal_basis or None,
    }


def _sides(history: History | None) -> Record:
    """Return where a place lies today and lay before the units changed: lists of places, the nearest first."""
    if history is None:
        return {"now": [], "before": [], "changed_on": None}
    return {
        "now": [_path(path) for path in history.now],
        "before": _path(history.before),
        "changed_on": _day(history.changed_on),
    }


def _path(path: Path) -> list[Record]:
    return [_place(place) for place in path]


def _coordinates(place: Place) -> Record:
    if place.latitude is None or place.longitude is None:
        return {"latitude": None, "longitude": None}
    return {"latitude": float(place.latitude), "longitude": float(place.longitude)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
