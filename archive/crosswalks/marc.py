"""MARC 21 in XML (MARC 21 slim).

Fields and positions are those of the MARC 21 Format for Bibliographic Data; relators and sources of terms those of its code lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC

from archive.crosswalks import codes, marc_fixed
from archive.crosswalks.markup import address, text
from archive.crosswalks.record import Doer, Heading, Record, Text, Tie, name_of

NAMESPACE = "http://www.loc.gov/MARC21/slim"
SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_OPEN = (
    f'<record xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{NAMESPACE} {SCHEMA}" type="Bibliographic">'
)
# Subfields whose values are addresses.
_LINKS = frozenset({"856u", "540u", "787u", "773u", "774u", "775u", "776u", "530u", "780u", "785u"})
_ENDS = (".", "?", "!", ")", "]", "-")
# What links two records, and which field of linking entries says so (76X-78X).
_LINKING = {
    "dcterms:isPartOf": "773",
    "dcterms:hasPart": "774",
    "dcterms:hasFormat": "776",
    "dcterms:isFormatOf": "776",
    "dcterms:hasVersion": "775",
    "dcterms:isVersionOf": "775",
    "dcterms:replaces": "780",
    "dcterms:isReplacedBy": "785",
}
_ISBN = re.compile(r"[0-9]{9}[0-9X]\Z|97[89][0-9]{10}\Z")
_NOTES = {"dcterms:tableOfContents": "505", "dcterms:extent": "300", "dcterms:accessRights": "506"}

Subfield = tuple[str, str]


def marcxml(record: Record) -> str:
    """Return the record as one MARC 21 slim `record`. Fields in the order of their numbers, as far as others expect it."""
    kind = codes.marc_type(record)
    fixed = (
        f"<leader>{marc_fixed.leader(kind)}</leader>",
        _control("001", record.pid),
        _control("005", record.changed.astimezone(UTC).strftime("%Y%m%d%H%M%S.0")),
        _control("007", "cr |n|||||||||"),
        _control("008", marc_fixed.general(record, kind)),
    )
    fields = sorted(_fields(record, kind), key=lambda field: field[0][0])
    return f"{_OPEN}{''.join(fixed)}{''.join(written for _tag, written in fields)}</record>"


def _fields(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (tag, field). They are put in order by hundreds, as cataloguers do: within a block the order is ours."""
    yield from _numbers(record)
    yield from _languages(record)
    main, others = _entries(record.doers)
    if main is not None:
        yield _entry(main, is_main=True)
    yield from _titles(record, has_main=main is not None)
    yield from _made(record)
    yield from _physical(record, kind)
    for collection in record.collections:
        yield _field("490", "1 ", ("a", name_of(collection.names)))
        yield _field("830", " 0", ("a", _stopped(name_of(collection.names))))
    yield from _notes(record)
    yield from _terms(record)
    for doer in others:
        yield _entry(doer, is_main=False)
    for where in record.places:
        if where.role in {"created", "published"}:
            code = "pup" if where.role == "published" else "prp"
            yield _field("751", "  ", ("a", name_of(where.names)), ("4", code))
    for tie in record.ties:
        yield _tie(tie)
    yield from _locations(record)


def _numbers(record: Record) -> Iterator[tuple[str, str]]:
    yield _field("024", "7 ", ("a", record.ark), ("2", "ark"))
    if record.identifier:
        yield _field("024", "8 ", ("a", record.identifier))
    for scheme, value in record.other_identifiers:
        if scheme.lower() == "isbn":
            yield _field("020", "  ", ("a", _bare(value)) if is_isbn(value) else ("z", value))
        else:
            yield _field("024", "8 ", ("a", value), *([("q", scheme)] if scheme else []))
    for where in record.places:
        if where.latitude is not None and where.longitude is not None:
            east, north = _degrees(where.longitude, "EW"), _degrees(where.latitude, "NS")
            yield _field("034", "0 ", ("a", "a"), ("d", east), ("e", east), ("f", north), ("g", north))
    yield _field("040", "  ", ("a", record.library), ("b", "vie"), ("e", "rda"), ("c", record.library))
    yield _field("043", "  ", ("a", "a-vt---"))


def _languages(record: Record) -> Iterator[tuple[str, str]]:
    found = [codes.iso_639_3(tag) for tag in record.languages]
    if found:
        # Second indicator 7: the source of the codes stands in $2. MARC's own list has families only for the highlands.
        yield _field("041", "07", *(("a", code) for code in dict.fromkeys(found)), ("2", "iso639-3"))


def _titles(record: Record, *, has_main: bool) -> Iterator[tuple[str, str]]:
    proper, *parallel = record.titles or (Text("", record.identifier or record.pid),)
    yield _field("245", f"{int(has_main)}0", ("a", _stopped(proper.value)))
    for other in parallel:
        # Another title in the same language is a variant, in another language a parallel one.
        yield _field("246", "31" if other.lang != proper.lang else "3 ", ("a", other.value))
    for other in record.alternative_titles:
        yield _field("246", "3 ", ("a", other.value))


def _made(record: Record) -> Iterator[tuple[str, str]]:
    publishers = [name_of(doer.names) for doer in record.doers if doer.role in codes.PUBLISHERS]
    for indicator, when, role, names in (
        ("0", record.created, "created", []),
        ("1", record.issued, "published", publishers),
    ):
        places = [name_of(where.names) for where in record.places if where.role == role]
        subfields = [("a", place) for place in places] + [("b", name) for name in names]
        if when:
            subfields.append(("c", when.words))
        if subfields:
            yield _field("264", f" {indicator}", *subfields)


def _physical(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    extents = [value.value for value in record.extents[:1]]
    mediums = [value.value for value in record.mediums[:1]]
    count = len([part for part in record.parts if part.role in {"main", "detail"}])
    if not extents:
        extents = [f"{count} online resource{'' if count == 1 else 's'}" if count else "1 online resource"]
    yield _field("300", "  ", ("a", extents[0]), *(("b", medium) for medium in mediums))
    term, code = codes.RDA_CONTENTS[kind]
    yield _field("336", "  ", ("a", term), ("b", code), ("2", "rdacontent"))
    yield _field("337", "  ", ("a", "computer"), ("b", "c"), ("2", "rdamedia"))
    yield _field("338", "  ", ("a", "online resource"), ("b", "cr"), ("2", "rdacarrier"))
    for media_type in dict.fromkeys(part.media_type for part in record.parts if part.media_type):
        yield _field("347", "  ", ("b", media_type))


def _notes(record: Record) -> Iterator[tuple[str, str]]:
    for value in (*record.orthography_notes, *record.origin_statements):
        yield _field("500", "  ", ("a", value.value))
    for value in record.sources:
        yield _field("534", "  ", ("p", "Source:"), ("n", value.value))
    for value in record.contents:
        yield _field("505", "0 ", ("a", value.value))
    for extra in record.extras:
        tag = _NOTES.get(extra.dcterms, "500")
        tag = "500" if tag == "300" else tag
        for value in extra.values:
            yield _field(tag, "0 " if tag == "505" else "  ", ("a", f"{extra.label}: {value.value}"))
    # Catalogued in Vietnamese (040 $b): what the library says of itself is said in that language.
    if record.access:
        yield _field("506", "1 " if record.has_closed_files else "0 ", ("a", name_of(record.access)))
    if record.created:
        yield _field("518", "  ", ("d", record.created.words))
    for value in record.descriptions:
        yield _field("520", "  ", ("a", value.value))
    yield from _rights(record)
    if record.language_names:
        yield _field("546", "  ", ("a", "; ".join(record.language_names)))
    for value in record.provenances:
        yield _field("561", "1 ", ("a", value.value))


def _rights(record: Record) -> Iterator[tuple[str, str]]:
    rights = record.rights
    words = [value.value for value in rights.names[:1]] + [value.value for value in rights.statements]
    words += [name for name in (rights.uri,) if name and not words and not rights.is_link]
    if words or rights.is_link:
        link = [("u", rights.uri)] if rights.is_link else []
        yield _field("540", "  ", *([("a", "; ".join(words))] if words else []), *link)
    for holder in rights.holders:
        yield _field("542", "1 ", ("d", holder.value))
    for mark in record.marks:
        said = f"{mark.title.value} ({mark.community})" if mark.community else mark.title.value
        yield _field("540", "  ", ("a", said), *([("u", mark.address)] if mark.address else []))


def _terms(record: Record) -> Iterator[tuple[str, str]]:
    for heading in record.peoples:
        yield _term("650", heading, "local")
    for heading in record.subjects:
        yield _term("650", heading, "local")
    if record.period:
        yield _field("648", " 7", ("a", record.period.words), ("2", "local"))
    for where in record.places:
        yield _field("651", " 7", ("a", name_of(where.names)), ("2", "local"))
    for value in record.genre[:1]:
        yield _field("655", " 7", ("a", value.value), ("2", "local"))


def _term(tag: str, heading: Heading, source: str) -> tuple[str, str]:
    return _field(tag, " 7", ("a", name_of(heading.names)), ("2", source))


def _entries(doers: Iterable[Doer]) -> tuple[Doer | None, list[Doer]]:
    """Return who is the main entry, and the others. A name that is withheld is told in words and makes no entry that others index first."""
    doers = [doer for doer in doers if doer.role not in codes.PUBLISHERS or doer.kind != "body"]
    main = next((doer for doer in doers if doer.role in codes.CREATORS and doer.slug), None)
    return main, [doer for doer in doers if doer is not main]


def _entry(doer: Doer, *, is_main: bool) -> tuple[str, str]:
    name = name_of(doer.names)
    is_body = doer.kind == "body"
    tag = ("110" if is_body else "100") if is_main else ("710" if is_body else "700")
    # Vietnamese and highland names are entered as they are said: forename first (0); families (3); bodies in direct order (2).
    indicators = "2 " if is_body else ("3 " if doer.kind == "family" else "0 ")
    dates = f"{doer.born}-{doer.died}" if (doer.born or doer.died) and not is_body else ""
    subfields = [("a", name + ("," if dates or doer.part else ""))]
    if dates:
        subfields.append(("d", dates + ("," if doer.part else "")))
    if doer.part:
        subfields.append(("e", _stopped(doer.part)))
    return _field(tag, indicators, *subfields, ("4", doer.role))


def _tie(tie: Tie) -> tuple[str, str]:
    tag = _LINKING.get(tie.dcterms, "787")
    label = [("i", f"{tie.label}:")]
    indicators = "00" if tag in {"780", "785"} else ("0 " if tag in {"773", "774"} else "08")
    return _field(tag, indicators, *label, ("t", name_of(tie.titles) or tie.ark), ("o", tie.ark), *_tie_link(tag, tie))


def _tie_link(tag: str, tie: Tie) -> list[Subfield]:
    return [("u", tie.address)] if tag == "787" else []


def _locations(record: Record) -> Iterator[tuple[str, str]]:
    terms = name_of(record.rights.names) or record.rights.uri
    note = [("z", terms)] if terms else []
    yield _field("856", "40", ("u", record.address), *note)
    for part in record.parts:
        if part.picture:
            yield _field("856", "42", ("3", "Thumbnail"), ("u", part.picture), ("q", "image/webp"))
            break


def _degrees(value: float, letters: str) -> str:
    """Return decimal degrees with their hemisphere, as field 034 allows: E108.0123."""
    return f"{letters[0] if value >= 0 else letters[1]}{abs(value):08.4f}"


def _bare(value: str) -> str:
    return value.replace("-", "").replace(" ", "").upper()


def is_isbn(value: str) -> bool:
    """Return whether a number is an ISBN, of ten or thirteen digits, whose last one fits (ISO 2108)."""
    plain = _bare(value)
    if not _ISBN.match(plain):
        return False
    digits = [10 if digit == "X" else int(digit) for digit in plain]
    if len(digits) == 10:
        return sum((10 - place) * digit for place, digit in enumerate(digits)) % 11 == 0
    return sum((3 if place % 2 else 1) * digit for place, digit in enumerate(digits)) % 10 == 0


def _stopped(value: str) -> str:
    """Return a text with the full stop that a field ends with."""
    value = value.rstrip()
    return value if value.endswith(_ENDS[:3]) else f"{value}."


def _control(tag: str, value: str) -> str:
    return f'<controlfield tag="{tag}">{text(value)}</controlfield>'


def _field(tag: str, indicators: str, *subfields: Subfield) -> tuple[str, str]:
    """Return a data field; subfields without a value are left out, and line breaks, which MARC has none of, are blanks."""
    written = "".join(
        f'<subfield code="{code}">{address(value) if tag + code in _LINKS else text(" ".join(value.split()))}</subfield>'
        for code, value in subfields
        if value.strip()
    )
    return (
        tag,
        f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">{written}</datafield>'
        if written
        else "",
    )
