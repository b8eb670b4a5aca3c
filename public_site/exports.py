"""The formats in which the reference or the record of an item is taken away: by the ending of its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from archive.crosswalks import bibtex, csl, marc, marc_exchange, ris, schema_org
from archive.crosswalks.record import Record
from archive.crosswalks.reference import Reference, reference

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Export:
    """One format. `name` is a name, in every language the same; `write` takes the record and the language of the reader."""

    name: str
    media_type: str
    write: Callable[[Record, str], bytes]
    is_text: bool = True


def _of_reference(write: Callable[[Reference], str]) -> Callable[[Record, str], bytes]:
    return lambda record, language: write(reference(record, language)).encode()


EXPORTS: Mapping[str, Export] = {
    "ris": Export("RIS", ris.MEDIA_TYPE, _of_reference(ris.ris)),
    "bib": Export("BibTeX", bibtex.MEDIA_TYPE, _of_reference(bibtex.bibtex)),
    "json": Export("CSL-JSON", csl.MEDIA_TYPE, _of_reference(csl.csl_json)),
    "mrc": Export(
        "MARC 21",
        marc_exchange.MEDIA_TYPE,
        lambda record, _language: marc_exchange.iso_2709(marc.marcxml(record)),
        is_text=False,
    ),
    "xml": Export(
        "MARCXML", "application/marcxml+xml", lambda record, _language: f"{XML}{marc.marcxml(record)}\n".encode()
    ),
    "jsonld": Export(
        "schema.org", schema_org.MEDIA_TYPE, lambda record, _language: schema_org.schema_org(record).encode()
    ),
}


# Those in which several references make one file, as programs that keep references take them in.
SEVERAL: Mapping[str, Callable[[Sequence[Reference]], str]] = {
    "ris": lambda references: "".join(map(ris.ris, references)),
    "bib": lambda references: "\n".join(map(bibtex.bibtex, references)),
    "json": csl.csl_json_of,
}
