"""A small schema of our own: on what terms an item may be used, and what its communities ask. For harvesters that keep access and use
apart from description; `docs/reference/rights-format.md` says what each element means."""

from __future__ import annotations

from collections.abc import Iterator

from archive.crosswalks.markup import address, attributed, each, element, linked
from archive.crosswalks.record import Record

NAMESPACE = "urn:uuid:6f1b0c52-8c0e-4d57-9a33-5d2f1f0e7a64"  # the same in every archive, and nobody's address
SCHEMA_PATH = "/oai/rights.xsd"


def rights(record: Record, schema: str) -> str:
    """Return the rights of an item. `schema` is where the schema lies."""
    return (
        f'<rights xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{NAMESPACE} {address(schema)}">{"".join(_elements(record))}</rights>'
    )


def _elements(record: Record) -> Iterator[str]:
    yield element("identifier", record.ark)
    yield linked("item", record.address)
    said = record.rights
    if said.uri or said.names:
        uri = f' uri="{address(said.uri)}"' if said.uri else ""
        family = attributed({"family": said.family})
        yield f"<statement{uri}{family}>{each('name', said.names)}{each('note', said.notes)}</statement>"
    yield each("terms", said.statements)
    yield each("holder", said.holders)
    yield each("origin", record.origin_statements)
    yield f'<files seen="{len(record.parts)}" closed="{"true" if record.has_closed_files else "false"}"/>'
    yield each("access", record.access)
    for name in record.communities:
        yield element("community", name)
    for mark in record.marks:
        link = f' uri="{address(mark.address)}"' if mark.address else ""
        whose = attributed({"community": mark.community})
        yield f'<label kind="{mark.kind}"{link}{whose}>{each("name", (mark.title,))}</label>'
