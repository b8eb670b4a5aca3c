"""The schemas of records, by every name that clients know them by. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.crosswalks import dublin_core, marc, mods
from archive.crosswalks.record import Record


@dataclass(frozen=True)
class Schema:
    """One record schema. `identifier` stands in answers; `location` is where its definition is."""

    name: str
    title: str
    identifier: str
    location: str
    write: Callable[[Record], str]
    others: tuple[str, ...] = ()


SCHEMAS: Mapping[str, Schema] = {
    one.name: one
    for one in (
        Schema(
            "marcxml",
            "MARC 21 in XML",
            "info:srw/schema/1/marcxml-v1.1",
            marc.SCHEMA,
            marc.marcxml,
            (marc.NAMESPACE, "info:srw/schema/1/marcxml-v1.0", "info:srw/schema/1/marcxml", "marc21", "marc"),
        ),
        Schema(
            "dc",
            "Dublin Core",
            "info:srw/schema/1/dc-v1.1",
            dublin_core.SRW_DC_SCHEMA,
            dublin_core.srw_dc,
            ("info:srw/schema/1/dc-schema", "info:srw/schema/1/dc", "http://purl.org/dc/elements/1.1/", "oai_dc"),
        ),
        Schema(
            "mods",
            "MODS 3.8",
            "info:srw/schema/1/mods-v3.8",
            mods.SCHEMA,
            mods.mods,
            (
                mods.NAMESPACE,
                "info:srw/schema/1/mods",
                *(f"info:srw/schema/1/mods-v3.{minor}" for minor in range(8)),
            ),
        ),
    )
}
DEFAULT = SCHEMAS["marcxml"]
_BY_NAME = {name: one for one in SCHEMAS.values() for name in (one.name, one.identifier, one.location, *one.others)}


def find(name: str) -> Schema | None:
    """Return the schema that a client means, the default one for an empty name."""
    return _BY_NAME.get(name) or _BY_NAME.get(name.lower()) if name else DEFAULT
