"""CSL-JSON (Citation Style Language 1.0.2, schema csl-data): what Zotero, Mendeley, Pandoc and citation processors read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from archive.crosswalks.reference import Dated, Name, Reference
from archive.crosswalks.ris import notes

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
TYPES: Mapping[str, str] = {
    "image": "graphic",
    "audio": "song",
    "video": "motion_picture",
    "document": "document",
    "ebook": "book",
}
# By template and kind: a film about a map is a film.
TYPES_OF_TEMPLATES: Mapping[tuple[str, str], str] = {
    ("map", "image"): "map",
    ("map", "document"): "map",
    ("oral_history", "audio"): "interview",
    ("oral_history", "video"): "interview",
    ("oral_history", "document"): "interview",
}
# Variables of names, by the part that somebody had. Whoever leads is the author to every style.
_VARIABLES: Mapping[str, str] = {
    "com": "compiler",
    "cur": "curator",
    "drt": "director",
    "edt": "editor",
    "fmk": "director",
    "ill": "illustrator",
    "ivr": "interviewer",
    "mus": "performer",
    "nrt": "narrator",
    "prf": "performer",
    "sng": "performer",
    "trl": "translator",
    "vdg": "director",
}
Json = dict[str, Any]  # Any: JSON


def csl_json(reference: Reference) -> str:
    """Return the reference as a file of one item."""
    return csl_json_of([reference])


def csl_json_of(references: Sequence[Reference]) -> str:
    """Return references as a file of an array of items, in their order."""
    return json.dumps([csl(one) for one in references], ensure_ascii=False, indent=1) + "\n"


def csl(reference: Reference) -> Json:
    """Return the reference as one item of CSL."""
    made: Json = {"id": reference.key, "type": _type(reference), "title": reference.title}
    made |= _people(reference)
    if reference.dated:
        made["issued"] = _date(reference.dated)
    values = (
        ("publisher", ", ".join(reference.publishers)),
        ("publisher-place", reference.place),
        ("genre", reference.genre),
        ("dimensions", reference.extent),
        ("archive", reference.archive),
        ("archive_collection", reference.collection),
        ("archive_location", reference.number),
        ("ISBN", reference.isbn),
        ("language", reference.languages[0] if reference.languages else ""),
        ("keyword", ", ".join(reference.keywords)),
        ("abstract", reference.abstract),
        ("note", "\n".join(notes(reference))),
        ("URL", reference.address),
    )
    return made | {name: value for name, value in values if value}


def _type(reference: Reference) -> str:
    if found := TYPES_OF_TEMPLATES.get((reference.template, reference.kind)):
        return found
    return "book" if reference.kind == "document" and reference.is_published else TYPES.get(reference.kind, "document")


def _people(reference: Reference) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    if reference.leads:
        found["author"] = _literal(reference.leads)
    for one in reference.followers:
        found.setdefault(_VARIABLES.get(one.role, "contributor"), []).extend(_literal([one]))
    return found


def _literal(names: Sequence[Name]) -> list[Json]:
    # Without "family" and "given" no style takes a name apart or turns it round.
    return [{"literal": one.name} for one in names]


def _date(when: Dated) -> Json:
    parts = [list(one) for one in (when.start, when.end) if one]
    # A range without a beginning is none to CSL.
    made: Json = {"date-parts": parts} if when.start else {"literal": when.words or f"–{when.end[0]:04}"}
    return made | ({"circa": True} if when.is_about else {})
