"""MODS 3.8 (Metadata Object Description Schema, Library of Congress)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from archive.crosswalks import codes
from archive.crosswalks.markup import address, element, linked, text
from archive.crosswalks.record import Doer, Record, Text, When, Where, name_of

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_OPEN = (
    f'<mods xmlns="{NAMESPACE}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{NAMESPACE} {SCHEMA}" version="3.8">'
)
_NAME_TYPES = {"person": "personal", "body": "corporate", "family": "family"}
# What a related item is to this one.
_RELATED = {
    "dcterms:isPartOf": "host",
    "dcterms:hasPart": "constituent",
    "dcterms:hasVersion": "otherVersion",
    "dcterms:isVersionOf": "otherVersion",
    "dcterms:hasFormat": "otherFormat",
    "dcterms:isFormatOf": "otherFormat",
    "dcterms:replaces": "preceding",
    "dcterms:isReplacedBy": "succeeding",
    "dcterms:references": "references",
    "dcterms:isReferencedBy": "isReferencedBy",
}


def mods(record: Record) -> str:
    """Return the record as one `mods`."""
    return f"{_OPEN}{''.join(_elements(record))}</mods>"


def _elements(record: Record) -> Iterator[str]:
    yield from _titles(record)
    for doer in record.doers:
        yield _name(doer)
    yield element("typeOfResource", codes.MODS_TYPES.get(record.kind, "text"))
    yield _each("genre", record.genre)
    yield from _origin(record)
    for tag, name in zip(record.languages, (*record.language_names, *("" for _ in record.languages)), strict=False):
        said = element("languageTerm", name, type="text") if name else ""
        code = element("languageTerm", codes.iso_639_3(tag), type="code", authority="iso639-3")
        yield f"<language>{said}{code}</language>"
    yield from _physical(record)
    yield _each("abstract", record.descriptions)
    yield _each("tableOfContents", record.contents)
    yield from _notes(record)
    yield from _subjects(record)
    for tie in record.ties:
        kind = f' type="{_RELATED[tie.dcterms]}"' if tie.dcterms in _RELATED else ""
        title = f"<titleInfo>{element('title', name_of(tie.titles) or tie.ark)}</titleInfo>"
        place = f"<location>{linked('url', tie.address)}</location>"
        number = element("identifier", tie.ark, type="ark")
        yield f'<relatedItem{kind} displayLabel="{text(tie.label)}">{title}{number}{place}</relatedItem>'
    for collection in record.collections:
        yield (
            f'<relatedItem type="host" displayLabel="collection"><titleInfo>{element("title", name_of(collection.names))}'
            "</titleInfo></relatedItem>"
        )
    yield element("identifier", record.ark, type="ark")
    if record.identifier:
        yield element("identifier", record.identifier, type="local")
    for scheme, value in record.other_identifiers:
        yield element("identifier", value, type=scheme)
    yield from _location(record)
    yield from _conditions(record)
    yield _about_the_record(record)


def _titles(record: Record) -> Iterator[str]:
    proper = record.titles[0] if record.titles else Text("", record.identifier or record.pid)
    yield _title(proper, "usage", "primary")
    for other in record.titles[1:]:
        yield _title(other, "type", "alternative" if other.lang == proper.lang else "translated")
    for other in record.alternative_titles:
        yield _title(other, "type", "alternative")


def _title(value: Text, attribute: str, said: str) -> str:
    lang = f' lang="{text(value.lang)}"' if value.lang else ""
    return f'<titleInfo {attribute}="{said}"{lang}>{element("title", value.value)}</titleInfo>'


def _name(doer: Doer) -> str:
    dates = element("namePart", f"{doer.born}-{doer.died}", type="date") if doer.born or doer.died else ""
    said = element("roleTerm", doer.part, type="text", authority="marcrelator") if doer.part else ""
    role = f"<role>{said}{element('roleTerm', doer.role, type='code', authority='marcrelator')}</role>"
    return f'<name type="{_NAME_TYPES.get(doer.kind, "corporate")}">{element("namePart", name_of(doer.names))}{dates}{role}</name>'


def _origin(record: Record) -> Iterator[str]:
    publishers = "".join(
        element("publisher", name_of(doer.names)) for doer in record.doers if doer.role in codes.PUBLISHERS
    )
    made = _places(record, "created") + _dates("dateCreated", record.created)
    issued = _places(record, "published") + publishers + _dates("dateIssued", record.issued)
    if made:
        yield f'<originInfo eventType="production">{made}</originInfo>'
    if issued:
        yield f'<originInfo eventType="publication">{issued}</originInfo>'


def _places(record: Record, role: str) -> str:
    return "".join(
        f"<place>{element('placeTerm', name_of(where.names), type='text')}</place>"
        for where in record.places
        if where.role == role
    )


def _dates(name: str, when: When) -> str:
    exact = (
        element(name, when.edtf, encoding="edtf", keyDate="yes" if name == "dateCreated" else "") if when.edtf else ""
    )
    return exact + (element(name, when.as_written) if when.as_written else "")


def _physical(record: Record) -> Iterator[str]:
    forms = _each("form", record.mediums)
    media = "".join(
        element("internetMediaType", one)
        for one in dict.fromkeys(part.media_type for part in record.parts if part.media_type)
    )
    extents = _each("extent", record.extents)
    if forms or media or extents:
        yield f"<physicalDescription>{forms}{media}{extents}</physicalDescription>"


def _notes(record: Record) -> Iterator[str]:
    for kind, values in (
        ("orthography", record.orthography_notes),
        ("origin", record.origin_statements),
        ("ownership", record.provenances),
        ("original version", record.sources),
    ):
        for value in values:
            yield element("note", value.value, type=kind, lang=value.lang)
    for extra in record.extras:
        for value in extra.values:
            yield element("note", value.value, displayLabel=extra.label, lang=value.lang)


def _subjects(record: Record) -> Iterator[str]:
    for heading in (*record.peoples, *record.subjects):
        for name in heading.names:
            yield f'<subject authority="local"{_lang(name)}>{element("topic", name.value)}</subject>'
    for where in record.places:
        yield _where(where)
    if record.period:
        dated = element("temporal", record.period.edtf, encoding="edtf") if record.period.edtf else ""
        said = element("temporal", record.period.as_written) if record.period.as_written else ""
        yield f"<subject>{dated}{said}</subject>"


def _where(where: Where) -> str:
    place = element("geographic", name_of(where.names))
    if where.latitude is not None and where.longitude is not None:
        place += f"<cartographics>{element('coordinates', f'{where.latitude}, {where.longitude}')}</cartographics>"
    return f"<subject>{place}</subject>"


def _location(record: Record) -> Iterator[str]:
    previews = [part.picture for part in record.parts if part.picture][:1]
    shown = linked("url", record.address, usage="primary display", access="object in context")
    yield f"<location>{shown}{''.join(linked('url', one, access='preview') for one in previews)}</location>"


def _conditions(record: Record) -> Iterator[str]:
    rights = record.rights
    for value in (*rights.names, *rights.statements):
        href = f' xlink:href="{address(rights.uri)}"' if rights.is_link and value in rights.names else ""
        yield f'<accessCondition type="use and reproduction"{href}{_lang(value)}>{text(value.value)}</accessCondition>'
    if rights.uri and not rights.names:
        yield linked("accessCondition", rights.uri, type="use and reproduction")
    for value in record.access:
        yield element("accessCondition", value.value, type="restriction on access", lang=value.lang)
    for mark in record.marks:
        href = f' xlink:href="{address(mark.address)}"' if mark.address else ""
        said = f"{mark.title.value} ({mark.community})" if mark.community else mark.title.value
        yield f'<accessCondition type="local contexts {text(mark.kind)}"{href}{_lang(mark.title)}>{text(said)}</accessCondition>'


def _about_the_record(record: Record) -> str:
    changed = record.changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"<recordInfo>{element('recordContentSource', record.library)}"
        f"{element('recordCreationDate', record.published.date().isoformat(), encoding='w3cdtf')}"
        f"{element('recordChangeDate', changed, encoding='w3cdtf')}{element('recordIdentifier', record.pid)}"
        f"<languageOfCataloging>{element('languageTerm', 'vie', type='code', authority='iso639-3')}</languageOfCataloging></recordInfo>"
    )


def _each(name: str, values: tuple[Text, ...]) -> str:
    return "".join(element(name, value.value, lang=value.lang) for value in values)


def _lang(value: Text) -> str:
    return f' lang="{text(value.lang)}"' if value.lang else ""
