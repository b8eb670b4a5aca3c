"""Dublin Core: unqualified as oai_dc (OAI-PMH 2.0, section 4.1) and qualified as DCMI Metadata Terms (TCVN 7980-2:2024, ISO 15836-2)."""

from __future__ import annotations

from collections.abc import Iterator

from archive.crosswalks import codes
from archive.crosswalks.markup import each, element, linked
from archive.crosswalks.record import Record, Text, name_of

XSI = "http://www.w3.org/2001/XMLSchema-instance"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
OAI_DCTERMS = "http://www.openarchives.org/OAI/2.0/oai_dcterms/"
OAI_DCTERMS_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dcterms.xsd"
_DC_OPEN = (
    f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="{XSI}" '
    f'xsi:schemaLocation="{OAI_DC} {OAI_DC_SCHEMA}">'
)
SRW_DC = "info:srw/schema/1/dc-schema"
SRW_DC_SCHEMA = "http://www.loc.gov/standards/sru/recordSchemas/dc-schema.xsd"
_SRW_OPEN = (
    f'<srw_dc:dc xmlns:srw_dc="{SRW_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="{XSI}" '
    f'xsi:schemaLocation="{SRW_DC} {SRW_DC_SCHEMA}">'
)
_TERMS_OPEN = (
    f'<oai_dcterms:dcterms xmlns:oai_dcterms="{OAI_DCTERMS}" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="{XSI}" '
    f'xsi:schemaLocation="{OAI_DCTERMS} {OAI_DCTERMS_SCHEMA}">'
)
# Refinements that oai_dc has no element for, and the element that each refines ("dumbing down").
DUMBED_DOWN = {
    "dcterms:alternative": "dc:title",
    "dcterms:tableOfContents": "dc:description",
    "dcterms:abstract": "dc:description",
    "dcterms:created": "dc:date",
    "dcterms:issued": "dc:date",
    "dcterms:extent": "dc:format",
    "dcterms:medium": "dc:format",
    "dcterms:spatial": "dc:coverage",
    "dcterms:temporal": "dc:coverage",
    "dcterms:accessRights": "dc:rights",
    "dcterms:rightsHolder": "dc:rights",
    "dcterms:provenance": "dc:description",
    "dcterms:instructionalMethod": "dc:description",
    "dcterms:audience": "dc:description",
}
_DC_ELEMENTS = frozenset(
    [
        "title",
        "creator",
        "subject",
        "description",
        "publisher",
        "contributor",
        "date",
        "type",
        "format",
        "identifier",
        "source",
        "language",
        "relation",
        "coverage",
        "rights",
    ]
)


def oai_dc(record: Record) -> str:
    """Return the record in fifteen elements."""
    return f"{_DC_OPEN}{''.join(_simple(record))}</oai_dc:dc>"


def srw_dc(record: Record) -> str:
    """Return the record in the same fifteen elements, as SRU has them (info:srw/schema/1/dc-v1.1)."""
    return f"{_SRW_OPEN}{''.join(_simple(record))}</srw_dc:dc>"


def oai_dcterms(record: Record) -> str:
    """Return the record in DCMI Metadata Terms, with the encoding schemes of its values."""
    return f"{_TERMS_OPEN}{''.join(_qualified(record))}</oai_dcterms:dcterms>"


def _simple(record: Record) -> Iterator[str]:
    yield each("dc:title", (*record.titles, *record.alternative_titles))
    for doer in record.doers:
        yield element(f"dc:{_part(doer.role)}", name_of(doer.names))
    for heading in (*record.peoples, *record.subjects):
        yield each("dc:subject", heading.names)
    yield each("dc:description", (*record.descriptions, *record.contents, *record.origin_statements))
    for when in (record.created, record.issued):
        if day := codes.calendar(when):
            yield element("dc:date", day)
    yield element("dc:type", codes.DCMI_TYPES.get(record.kind, "Text"))
    for media_type in _media_types(record):
        yield element("dc:format", media_type)
    yield each("dc:format", record.extents)
    yield linked("dc:identifier", record.address)
    yield element("dc:identifier", record.ark)
    if record.identifier:
        yield element("dc:identifier", record.identifier)
    for scheme, value in record.other_identifiers:
        yield element("dc:identifier", f"{scheme}:{value}" if scheme else value)
    yield each("dc:source", record.sources)
    for tag in record.languages:
        yield element("dc:language", codes.iso_639_3(tag))
    for tie in record.ties:
        yield linked("dc:relation", tie.address)
    for collection in record.collections:
        yield element("dc:relation", name_of(collection.names))
    for where in record.places:
        yield each("dc:coverage", where.names[:2])
    if record.period:
        yield element("dc:coverage", record.period.words)
    for extra in record.extras:
        yield _extra(extra.label, _dumb(extra.dcterms), extra.values)
    yield from _rights(record, "dc:rights", "dc:rights", "dc:rights")


def _qualified(record: Record) -> Iterator[str]:
    yield each("dcterms:title", record.titles)
    yield each("dcterms:alternative", record.alternative_titles)
    for doer in record.doers:
        yield element(f"dcterms:{_part(doer.role)}", name_of(doer.names))
    for heading in (*record.peoples, *record.subjects):
        yield each("dcterms:subject", heading.names)
    yield each("dcterms:description", (*record.descriptions, *record.origin_statements, *record.orthography_notes))
    yield each("dcterms:tableOfContents", record.contents)
    for name, when in (("created", record.created), ("issued", record.issued), ("temporal", record.period)):
        if when.edtf:
            yield element(f"dcterms:{name}", when.edtf, xsi_type="dcterms:EDTF")
        if when.as_written:
            yield element(f"dcterms:{name}", when.as_written)
    # When it came to readers, and when its record changed last.
    yield element("dcterms:available", record.published.date().isoformat(), xsi_type="dcterms:W3CDTF")
    yield element("dcterms:modified", record.changed.date().isoformat(), xsi_type="dcterms:W3CDTF")
    yield element("dcterms:type", codes.DCMI_TYPES.get(record.kind, "Text"), xsi_type="dcterms:DCMIType")
    yield each("dcterms:type", record.genre)
    for media_type in _media_types(record):
        yield element("dcterms:format", media_type, xsi_type="dcterms:IMT")
    yield each("dcterms:extent", record.extents)
    yield each("dcterms:medium", record.mediums)
    yield linked("dcterms:identifier", record.address, xsi_type="dcterms:URI")
    yield element("dcterms:identifier", record.ark, xsi_type="dcterms:URI")
    if record.identifier:
        yield element("dcterms:identifier", record.identifier)
    for scheme, value in record.other_identifiers:
        yield element("dcterms:identifier", f"{scheme}:{value}" if scheme else value)
    yield each("dcterms:source", record.sources)
    yield each("dcterms:provenance", record.provenances)
    for tag in record.languages:
        yield element("dcterms:language", codes.iso_639_3(tag), xsi_type="dcterms:ISO639-3")
    for tie in record.ties:
        yield linked(tie.dcterms, tie.address, xsi_type="dcterms:URI")
    for collection in record.collections:
        yield each("dcterms:isPartOf", collection.names)
    yield from _spatial(record)
    for extra in record.extras:
        yield _extra(extra.label, extra.dcterms, extra.values)
    named = "dcterms:license" if record.rights.family == "cc" else "dcterms:rights"
    yield from _rights(record, named, "dcterms:rights", "dcterms:accessRights")
    yield each("dcterms:rightsHolder", record.rights.holders)


def _spatial(record: Record) -> Iterator[str]:
    for where in record.places:
        yield each("dcterms:spatial", where.names)
        if where.as_recorded:
            yield element("dcterms:spatial", where.as_recorded)
        if where.latitude is not None and where.longitude is not None:
            point = f"name={name_of(where.names)}; north={where.latitude}; east={where.longitude}; units=signed decimal degrees"
            yield element("dcterms:spatial", point, xsi_type="dcterms:Point")


def _rights(record: Record, address: str, statement: str, access: str) -> Iterator[str]:
    rights = record.rights
    if rights.uri:
        is_simple = address.startswith("dc:")
        yield linked(address, rights.uri) if is_simple else linked(address, rights.uri, xsi_type="dcterms:URI")
    yield each(statement, (*rights.names, *rights.statements))
    if address == "dc:rights":
        yield each("dc:rights", rights.holders)
    for mark in record.marks:
        yield element(
            access,
            f"{mark.title.value} ({mark.community})" if mark.community else mark.title.value,
            xml_lang=mark.title.lang,
        )
        if mark.address:
            yield linked(access, mark.address)
    yield each(access, record.access)


def _extra(label: str, name: str, values: tuple[Text, ...]) -> str:
    """Return a field of a template. What has no property of its own says in words what it is."""
    if name in {"dcterms:description", "dc:description"}:
        return each(name, (Text(value.lang, f"{label}: {value.value}") for value in values))
    return each(name, values)


def _dumb(name: str) -> str:
    """Return the element of unqualified Dublin Core that a property refines."""
    own = name.partition(":")[2]
    return f"dc:{own}" if own in _DC_ELEMENTS else DUMBED_DOWN.get(name, "dc:description")


def _part(role: str) -> str:
    if role in codes.PUBLISHERS:
        return "publisher"
    return "creator" if role in codes.CREATORS else "contributor"


def _media_types(record: Record) -> list[str]:
    return list(dict.fromkeys(part.media_type for part in record.parts if part.media_type))


def set_description(names: tuple[Text, ...], descriptions: tuple[Text, ...]) -> str:
    """Return what a set is, as OAI-PMH describes sets: a Dublin Core of it."""
    return f"{_DC_OPEN}{each('dc:title', names)}{each('dc:description', descriptions)}</oai_dc:dc>"
