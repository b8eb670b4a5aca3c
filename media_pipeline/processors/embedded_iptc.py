"""IPTC-IIM: the datasets of record 2. Source: IPTC Information Interchange Model 4.2, chapters 3 and 6."""

import struct
from collections.abc import Iterator

from media_pipeline.processors.embedded import Said
from media_pipeline.processors.text_encoding import decode

_NAMES = {
    5: "ObjectName",
    25: "Keywords",
    40: "SpecialInstructions",
    55: "DateCreated",
    80: "By-line",
    85: "By-lineTitle",
    90: "City",
    92: "Sub-location",
    95: "Province-State",
    101: "Country-PrimaryLocationName",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    118: "Contact",
    120: "Caption-Abstract",
    122: "Writer-Editor",
    135: "LanguageIdentifier",
}
_DATASETS_AT_MOST = 500
_MARKER = 0x1C


def iptc(block: bytes) -> Iterator[Said]:
    """Yield the values of the datasets that have a name here."""
    at = 0
    for _ in range(_DATASETS_AT_MOST):
        while at < len(block) and block[at] == 0:
            at += 1
        if at + 5 > len(block) or block[at] != _MARKER:
            return
        record, dataset, size = struct.unpack_from(">BBH", block, at + 1)
        if size & 0x8000:  # extended: longer than any value that we keep
            return
        content = block[at + 5 : at + 5 + size]
        if record == 2 and dataset in _NAMES:
            yield Said("IPTC", _NAMES[dataset], decode(content)[0])
        at += 5 + size
