"""MARC 21 as ISO 2709, in UTF-8: the file that Koha, Libol and other library systems take in. Made of what `marc` writes as XML.

The format counts in bytes: 9,999 of a field and 99,999 of a record. A text that is longer is cut between two letters and ends in "…";
if the whole is still too long, its notes (5XX) go from the last one on, and then whatever stands last.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from archive.crosswalks.marc import NAMESPACE

MEDIA_TYPE = "application/marc"
_SUBFIELD, _FIELD_END, _RECORD_END = "\x1f", "\x1e", "\x1d"
_FIELD_MOST, _RECORD_MOST = 9_999, 99_999
_LEADER_LENGTH, _ENTRY_LENGTH = 24, 12
_CUT = "…"

Field = tuple[str, bytes]


def iso_2709(marcxml: str) -> bytes:
    """Return a record that `marc.marcxml` wrote in the form in which files are exchanged."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(marcxml.encode(), parser)
    leader = root.findtext(f"{{{NAMESPACE}}}leader") or ""
    fields = list(_fields(root))
    while _length(fields) > _RECORD_MOST:
        notes = [place for place, (tag, _content) in enumerate(fields) if tag.startswith("5")]
        del fields[notes[-1] if notes else -1]
    directory, start = [], 0
    for tag, content in fields:
        directory.append(f"{tag}{len(content):04}{start:05}".encode())
        start += len(content)
    base = _LEADER_LENGTH + _ENTRY_LENGTH * len(fields) + 1
    head = f"{_length(fields):05}{leader[5:12]}{base:05}{leader[17:]}".encode()
    return b"".join(
        [head, *directory, _FIELD_END.encode(), *(content for _tag, content in fields), _RECORD_END.encode()]
    )


def _length(fields: list[Field]) -> int:
    return _LEADER_LENGTH + sum(_ENTRY_LENGTH + len(content) for _tag, content in fields) + 2


def _fields(root: etree._Element) -> Iterator[Field]:
    for one in root:
        tag = one.get("tag")
        if tag is None:
            continue
        subfields = [(sub.get("code", ""), sub.text or "") for sub in one]
        if subfields:
            yield tag, _data(f"{one.get('ind1', ' ')}{one.get('ind2', ' ')}", subfields)
        else:
            yield tag, f"{one.text or ''}{_FIELD_END}".encode()


def _data(indicators: str, subfields: list[tuple[str, str]]) -> bytes:
    """Return a field; the longest of its texts is cut where it is too long."""
    content = _written(indicators, subfields)
    while (over := len(content) - _FIELD_MOST) > 0:
        place = max(range(len(subfields)), key=lambda one: len(subfields[one][1].encode()))
        code, text = subfields[place]
        kept = text.encode()[: -(over + len(_CUT.encode()))].decode(errors="ignore")
        subfields[place] = (code, f"{kept}{_CUT}" if kept else "")
        if not kept:
            del subfields[place]
        content = _written(indicators, subfields)
    return content


def _written(indicators: str, subfields: list[tuple[str, str]]) -> bytes:
    inside = "".join(f"{_SUBFIELD}{code}{text}" for code, text in subfields)
    return f"{indicators}{inside}{_FIELD_END}".encode()
