"""schema.org as JSON-LD: an item as the creative work that it is, for search engines, and for programs that follow links.

One type a node and plain texts: that is what those who read it on the web understand. What is said in several languages stands once under
`name` and `description`, in the library's language where there is one, and again under `alternateName`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archive.crosswalks import codes
from archive.crosswalks.markup import percent_encoded
from archive.crosswalks.record import Doer, Heading, Part, Record, Tie, When, Where, in_language, name_of
from archive.crosswalks.reference import one_line

Json = dict[str, Any]  # Any: JSON
MEDIA_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"
ARCHIVED = "https://schema.org/ArchiveComponent"
# What a template says is nearer than the kind.
TYPES: Mapping[str, str] = {
    "image": "ImageObject",
    "audio": "AudioObject",
    "video": "VideoObject",
    "document": "DigitalDocument",
    "ebook": "Book",
}
TYPES_OF_TEMPLATES: Mapping[str, str] = {"photograph": "Photograph", "map": "Map", "textile": "VisualArtwork"}
_MEDIA: Mapping[str, str] = {"image": "ImageObject", "audio": "AudioObject", "video": "VideoObject"}
_DOERS: Mapping[str, str] = {"person": "Person", "body": "Organization", "family": "Organization"}
# A part that has a property of its own. Everybody else is a contributor, with the part that they had.
_PARTS: Mapping[str, str] = {
    "art": "creator",
    "aut": "author",
    "com": "creator",
    "cre": "creator",
    "drt": "creator",
    "edt": "editor",
    "fmk": "creator",
    "isb": "publisher",
    "ivr": "creator",
    "pbl": "publisher",
    "pht": "creator",
    "trl": "translator",
    "vdg": "creator",
}
_TIES: Mapping[str, str] = {
    "dcterms:hasPart": "hasPart",
    "dcterms:isPartOf": "isPartOf",
    "dcterms:hasVersion": "workExample",
    "dcterms:isVersionOf": "exampleOfWork",
    "dcterms:isFormatOf": "isBasedOn",
    "dcterms:references": "citation",
    "dcterms:replaces": "isBasedOn",
}
# What may go into a page as data, so that nothing in it ends the element, opens another or a comment, or ends a line of a script.
_IN_PAGES = tuple((one, f"\\u{ord(one):04x}") for one in "<>&\u2028\u2029")


def schema_org(record: Record) -> str:
    """Return the record as a file of JSON-LD."""
    return json.dumps(work(record), ensure_ascii=False, indent=1) + "\n"


def for_pages(record: Record) -> str:
    """Return the record as the content of a `script` element of the type application/ld+json: data that no browser runs."""
    return in_page(work(record))


def website(name: str, *, home: str, search: str) -> Json:
    """Return the archive itself as one node. `home`: its address; `search`: that of the search, with `{words}` in it."""
    found = {"@type": "EntryPoint", "urlTemplate": search}
    action = {"@type": "SearchAction", "target": found}
    return {"@context": CONTEXT, "@type": "WebSite", "name": name, "url": home, "potentialAction": action}


def in_page(node: Json) -> str:
    """Return a node as the content of such an element."""
    data = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    for letter, written in _IN_PAGES:
        data = data.replace(letter, written)
    return data


def work(record: Record) -> Json:
    """Return the record as one node with what is tied to it."""
    title = next(iter(_lines([name_of(record.titles), record.identifier, record.pid])))
    others = [one.value for one in (*record.titles, *record.alternative_titles) if one.value != title]
    made: Json = {
        "@context": CONTEXT,
        "@type": _type(record),
        "@id": percent_encoded(record.lasting or record.address),
        "additionalType": ARCHIVED,
        "name": title,
        "alternateName": _several(others),
        "description": one_line(name_of(record.descriptions)),
        "url": percent_encoded(record.address),
        "identifier": _identifiers(record),
        "inLanguage": _several(tag for tag in record.languages if tag not in {"zxx", "und"}),
        "genre": one_line(name_of(record.genre)),
        "material": _several(one.value for one in record.mediums[:1]),
        "dateCreated": _date(record.created),
        "datePublished": _date(record.issued),
        "dateModified": record.changed.isoformat(),
        "temporalCoverage": _date(record.period),
        **_places(record.places),
        **_doers(record),
        "about": [_term(one) for one in (*record.peoples, *record.subjects)],
        **_terms_of_use(record),
        **_ties(record),
        "associatedMedia": [_media(part, record) for part in record.parts if part.is_public],
        "thumbnailUrl": next(
            (percent_encoded(one.picture) for one in record.parts if one.picture and one.is_public), ""
        ),
        "provider": _library(record),
    }
    return _without_empty(made)


def _type(record: Record) -> str:
    # A film of weaving is a film; a picture of a cloth shows the cloth.
    found = TYPES_OF_TEMPLATES.get(record.template) if record.kind in {"image", "document"} else None
    return found or TYPES.get(record.kind, "CreativeWork")


def _library(record: Record) -> Json:
    return {"@type": "ArchiveOrganization", "name": one_line(record.library)}


def _identifiers(record: Record) -> list[Json]:
    own = [("ARK", record.ark), ("", record.identifier)]
    return [_property(scheme, value) for scheme, value in (*own, *record.other_identifiers) if value.strip()]


def _property(scheme: str, value: str) -> Json:
    named = {"propertyID": one_line(scheme)} if scheme.strip() else {}
    return {"@type": "PropertyValue", **named, "value": one_line(value)}


def _date(when: When) -> str:
    """Return ISO 8601, or what people wrote: both are dates to schema.org, and a date that nobody knows better is no empty one."""
    return codes.calendar(when) or one_line(when.words)


def _places(places: Sequence[Where]) -> Json:
    found: dict[str, list[Json]] = {}
    for where in places:
        # Where it was made, and what it shows or tells of.
        name = "locationCreated" if where.role in {"created", "published"} else "spatialCoverage"
        found.setdefault(name, []).append(_place(where))
    return found


def _place(where: Where) -> Json:
    made: Json = {"@type": "Place", "name": one_line(name_of(where.names))}
    others = [one.value for one in where.names if one.value != name_of(where.names)]
    if others:
        made["alternateName"] = _several(others)
    if where.latitude is not None and where.longitude is not None:
        made["geo"] = {"@type": "GeoCoordinates", "latitude": where.latitude, "longitude": where.longitude}
    return made


def _doers(record: Record) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for doer in record.doers:
        if not (name := one_line(name_of(doer.names))):
            continue
        property_name = _PARTS.get(doer.role, "contributor")
        who = _doer(doer, name)
        if property_name == "contributor" and doer.part:
            who = {"@type": "Role", "roleName": one_line(doer.part), "contributor": who}
        found.setdefault(property_name, []).append(who)
    return found


def _doer(doer: Doer, name: str) -> Json:
    made: Json = {"@type": _DOERS.get(doer.kind, "Organization"), "name": name}
    if doer.kind == "person" and doer.slug:
        made |= {
            key: value
            for key, value in (("birthDate", one_line(doer.born)), ("deathDate", one_line(doer.died)))
            if value
        }
    return made


def _term(heading: Heading) -> Json:
    code = {"termCode": one_line(heading.notation)} if heading.notation else {}
    return {"@type": "DefinedTerm", "name": one_line(name_of(heading.names)), **code}


def _terms_of_use(record: Record) -> Json:
    rights = record.rights
    said = [name_of(rights.names), *in_language(rights.statements)]
    marks = [f"{mark.title.value} ({mark.community})" if mark.community else mark.title.value for mark in record.marks]
    return {
        "license": percent_encoded(rights.uri) if rights.is_link else "",
        "usageInfo": next((percent_encoded(mark.address) for mark in record.marks if mark.address), ""),
        "copyrightNotice": "; ".join(_lines([*said, *marks])),
        "copyrightHolder": [
            {"@type": "Organization", "name": one_line(one.value)} for one in rights.holders if one.value.strip()
        ],
        "creditText": "; ".join(_lines([*record.communities, *in_language(record.origin_statements), record.library])),
        "conditionsOfAccess": one_line(name_of(record.access)),
        "isAccessibleForFree": record.is_public and not record.has_closed_files,
    }


def _ties(record: Record) -> Json:
    found: dict[str, list[Json]] = {}
    for collection in record.collections:
        whole = {"@type": "Collection", "name": one_line(name_of(collection.names))}
        found.setdefault("isPartOf", []).append(whole)
    for tie in record.ties:
        if tie.dcterms in _TIES:
            found.setdefault(_TIES[tie.dcterms], []).append(_tied(tie))
    return found


def _tied(tie: Tie) -> Json:
    return {
        "@type": "CreativeWork",
        "name": one_line(name_of(tie.titles) or tie.ark),
        "url": percent_encoded(tie.address),
    }


def _media(part: Part, record: Record) -> Json:
    kind = part.media_type.partition("/")[0]
    content, media_type = part.copy, part.copy_type
    if kind == "image":
        content, media_type = (
            (f"{part.iiif_image}/full/max/0/default.jpg", "image/jpeg")
            if part.iiif_image
            else (part.picture, "image/webp")
        )
    license_address = percent_encoded(record.rights.uri) if record.rights.is_link else ""
    return _without_empty(
        {
            "@type": _MEDIA.get(kind, "MediaObject"),
            "name": one_line(name_of(part.captions) or name_of(record.titles) or record.pid),
            "url": percent_encoded(part.shown_at),
            "contentUrl": percent_encoded(content),
            "encodingFormat": media_type if content else "",
            "thumbnailUrl": percent_encoded(part.picture),
            "inLanguage": part.language,
            "uploadDate": record.published.isoformat() if kind == "video" else "",
            "license": license_address,
            "creditText": "; ".join(_lines([*record.communities, record.library])),
        }
    )


def _lines(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(line for value in values if (line := one_line(value))))


def _several(values: Iterable[str]) -> str | list[str]:
    """Return one text alone, several as a list."""
    found = _lines(values)
    return found[0] if len(found) == 1 else found


def _without_empty(made: Json) -> Json:
    """Return a node without what is not known: lists of one stand alone, "no" stays."""
    found: Json = {}
    for name, value in made.items():
        if value in ("", [], {}, None):
            continue
        found[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return found
