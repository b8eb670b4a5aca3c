"""Europeana Data Model: one ProvidedCHO, a WebResource for each view, what they are called, and the Aggregation that ties them.

Europeana takes a fixed list of statements of rights (EDM, edm:rights); what we have besides is put under the nearest of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.crosswalks import codes
from archive.crosswalks.markup import address, each, element, resource
from archive.crosswalks.record import Doer, Heading, Part, Record, Where

SCHEMA = "http://www.europeana.eu/schemas/edm/EDM.xsd"
NAMESPACE = "http://www.europeana.eu/schemas/edm/"
_OPEN = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:edm="http://www.europeana.eu/schemas/edm/" '
    'xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:skos="http://www.w3.org/2004/02/skos/core#" '
    'xmlns:wgs84_pos="http://www.w3.org/2003/01/geo/wgs84_pos#">'
)
NOT_EVALUATED = "http://rightsstatements.org/vocab/CNE/1.0/"
# Folklore is nobody's copyright, and the law asks for more than nothing (Law on Intellectual Property, article 23).
OTHER_LEGAL_RESTRICTIONS = "http://rightsstatements.org/vocab/NoC-OKLR/1.0/"
IN_COPYRIGHT = "http://rightsstatements.org/vocab/InC/1.0/"
_FAMILIES = {"folklore": OTHER_LEGAL_RESTRICTIONS}
# What Europeana has no statement for, under the nearest that allows no more.
_NEAREST = {
    "http://rightsstatements.org/vocab/InC-RUU/1.0/": IN_COPYRIGHT,
    "http://rightsstatements.org/vocab/InC-NC/1.0/": IN_COPYRIGHT,
    "http://rightsstatements.org/vocab/NKC/1.0/": NOT_EVALUATED,
    "http://rightsstatements.org/vocab/UND/1.0/": NOT_EVALUATED,
    "http://rightsstatements.org/vocab/NoC-US/1.0/": NOT_EVALUATED,
    "http://rightsstatements.org/vocab/NoC-CR/1.0/": OTHER_LEGAL_RESTRICTIONS,
}
# Properties of ProvidedCHO that templates may fill.
_LITERALS = frozenset(
    {"dcterms:created", "dcterms:extent", "dcterms:issued", "dcterms:medium", "dcterms:provenance", "dcterms:spatial",
     "dcterms:tableOfContents", "dcterms:temporal", "dcterms:alternative"}
)  # fmt: skip


def edm(record: Record) -> str:
    """Return the record as RDF/XML."""
    return f"{_OPEN}{''.join(_classes(record))}</rdf:RDF>"


def _classes(record: Record) -> Iterator[str]:
    yield f'<edm:ProvidedCHO rdf:about="{address(_about(record))}">{"".join(_thing(record))}</edm:ProvidedCHO>'
    for part in _views(record):
        yield _web_resource(record, part)
    for number, where in enumerate(record.places):
        yield _place(record, number, where)
    for number, heading in enumerate((*record.peoples, *record.subjects)):
        yield _concept(record, number, heading)
    for number, doer in enumerate(record.doers):
        yield _agent(record, number, doer)
    yield from _aggregation(record)


def _thing(record: Record) -> Iterator[str]:
    for number, doer in enumerate(record.doers):
        part = (
            "publisher"
            if doer.role in codes.PUBLISHERS
            else "creator"
            if doer.role in codes.CREATORS
            else "contributor"
        )
        yield resource(f"dc:{part}", f"{_about(record)}-agent-{number}")
    yield each("dc:title", record.titles)
    yield each("dcterms:alternative", record.alternative_titles)
    yield each("dc:description", (*record.descriptions, *record.origin_statements, *record.orthography_notes))
    yield each("dcterms:tableOfContents", record.contents)
    yield element("dc:identifier", record.ark)
    if record.identifier:
        yield element("dc:identifier", record.identifier)
    for _scheme, value in record.other_identifiers:
        yield element("dc:identifier", value)
    for tag in record.languages or ("zxx",):
        yield element("dc:language", tag)
    for number in range(len(record.peoples) + len(record.subjects)):
        yield resource("dc:subject", f"{_about(record)}-subject-{number}")
    yield element("dc:type", codes.DCMI_TYPES.get(record.kind, "Text"))
    yield each("dc:type", record.genre)
    yield each("dc:source", record.sources)
    yield each("dcterms:extent", record.extents)
    yield each("dcterms:medium", record.mediums)
    yield each("dcterms:provenance", record.provenances)
    for name, when in (("created", record.created), ("issued", record.issued), ("temporal", record.period)):
        for said in dict.fromkeys(one for one in (when.edtf, when.as_written) if one):
            yield element(f"dcterms:{name}", said)
    for number in range(len(record.places)):
        yield resource("dcterms:spatial", f"{_about(record)}-place-{number}")
    for collection in record.collections:
        yield each("dcterms:isPartOf", collection.names)
    for tie in record.ties:
        yield resource(tie.dcterms if tie.dcterms != "dcterms:relation" else "dc:relation", tie.address)
    for extra in record.extras:
        name = extra.dcterms if extra.dcterms in _LITERALS else "dc:description"
        yield each(name, (value._replace(value=f"{extra.label}: {value.value}") for value in extra.values))
    yield each("dc:rights", (*record.rights.names, *record.rights.statements, *record.rights.holders))
    for mark in record.marks:
        yield element(
            "dc:rights",
            f"{mark.title.value} ({mark.community})" if mark.community else mark.title.value,
            xml_lang=mark.title.lang,
        )
    yield element("edm:type", codes.EDM_TYPES.get(record.kind, "TEXT"))


def _views(record: Record) -> list[Part]:
    return [part for part in record.parts if part.shown_at]


def _web_resource(record: Record, part: Part) -> str:
    media = element("dc:format", part.media_type) if part.media_type else ""
    words = each("dc:description", part.captions)
    return (
        f'<edm:WebResource rdf:about="{address(part.picture or part.shown_at)}">{words}{media}'
        f"{resource('edm:rights', rights_for_europeana(record))}</edm:WebResource>"
    )


def _place(record: Record, number: int, where: Where) -> str:
    point = ""
    if where.latitude is not None and where.longitude is not None:
        point = element("wgs84_pos:lat", str(where.latitude)) + element("wgs84_pos:long", str(where.longitude))
    recorded = element("skos:note", where.as_recorded) if where.as_recorded else ""
    names = _labels(where.names)
    return f'<edm:Place rdf:about="{address(f"{_about(record)}-place-{number}")}">{point}{names}{recorded}</edm:Place>'


def _concept(record: Record, number: int, heading: Heading) -> str:
    note = element("skos:notation", heading.notation) if heading.notation else ""
    return f'<skos:Concept rdf:about="{address(f"{_about(record)}-subject-{number}")}">{_labels(heading.names)}{note}</skos:Concept>'


def _agent(record: Record, number: int, doer: Doer) -> str:
    return f'<edm:Agent rdf:about="{address(f"{_about(record)}-agent-{number}")}">{_labels(doer.names)}</edm:Agent>'


def _labels(names: tuple[tuple[str, str], ...]) -> str:
    """Return one preferred label a language (SKOS, section 5.4), the others as alternative ones."""
    preferred: dict[str, str] = {}
    others = []
    for lang, value in names:
        if lang in preferred:
            others.append((lang, value))
        else:
            preferred[lang] = value
    return "".join(element("skos:prefLabel", value, xml_lang=lang) for lang, value in preferred.items()) + "".join(
        element("skos:altLabel", value, xml_lang=lang) for lang, value in others
    )


def _aggregation(record: Record) -> Iterator[str]:
    pictures = list(dict.fromkeys(part.picture for part in _views(record) if part.picture))
    views = list(dict.fromkeys(part.picture or part.shown_at for part in _views(record)))
    yield f'<ore:Aggregation rdf:about="{address(_about(record))}-aggregation">'
    yield resource("edm:aggregatedCHO", _about(record))
    yield element("edm:dataProvider", record.library)
    for one in views[1:]:
        yield resource("edm:hasView", one)
    yield resource("edm:isShownAt", record.address)
    # Without an open file its page is all there is to see.
    yield resource("edm:isShownBy", views[0] if views else record.address)
    if pictures:
        yield resource("edm:object", pictures[0])
    yield element("edm:provider", record.library)
    yield resource("edm:rights", rights_for_europeana(record))
    yield "</ore:Aggregation>"


def _about(record: Record) -> str:
    # A fragment of its page: what is described is the thing, not the page.
    return f"{record.address}#thing"


def rights_for_europeana(record: Record) -> str:
    """Return the statement that Europeana is told: one of its list."""
    if record.rights.family in {"rs", "cc"} and record.rights.is_link:
        uri = record.rights.uri.replace("https://", "http://", 1)
        return _NEAREST.get(uri, uri)
    return _FAMILIES.get(record.rights.family, NOT_EVALUATED)
