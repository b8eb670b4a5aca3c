"""The formats of records, each with the number under which it is kept. A number is never given to another format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.crosswalks import dublin_core, edm, marc, mods, rights_record
from archive.crosswalks.markup import BASE
from archive.crosswalks.record import Record

# To be raised when a crosswalk says the same record otherwise, or bodies are kept otherwise: they are made anew, and harvesters hear of
# what differs.
VERSION = 2


@dataclass(frozen=True)
class Format:
    """One metadata format: OAI-PMH 2.0, section 3.4. `schema` may begin with `BASE`."""

    number: int
    prefix: str
    schema: str
    namespace: str
    write: Callable[[Record], str]


FORMATS: Mapping[str, Format] = {
    one.prefix: one
    for one in (
        Format(1, "oai_dc", dublin_core.OAI_DC_SCHEMA, dublin_core.OAI_DC, dublin_core.oai_dc),
        Format(2, "oai_dcterms", dublin_core.OAI_DCTERMS_SCHEMA, dublin_core.OAI_DCTERMS, dublin_core.oai_dcterms),
        Format(3, "marcxml", marc.SCHEMA, marc.NAMESPACE, marc.marcxml),
        Format(4, "mods", mods.SCHEMA, mods.NAMESPACE, mods.mods),
        Format(5, "edm", edm.SCHEMA, edm.NAMESPACE, edm.edm),
        Format(
            6,
            "rights",
            f"{BASE}{rights_record.SCHEMA_PATH}",
            rights_record.NAMESPACE,
            lambda record: rights_record.rights(record, f"{BASE}{rights_record.SCHEMA_PATH}"),
        ),
    )
}


def made_by(*settings: str) -> str:
    """Return the mark of what makes records: the crosswalks and the settings that stand in every record."""
    return hashlib.sha256("\n".join((str(VERSION), *settings)).encode()).hexdigest()[:16]
