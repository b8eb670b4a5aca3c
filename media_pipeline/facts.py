"""What is known of a master after the first look, and the check that what the child reported is sound."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from media_pipeline import reasons
from media_pipeline.formats import FORMATS, KINDS
from media_pipeline.processors import ProcessorError

_TECHNICAL_LETTERS_AT_MOST = 20_000
_EMBEDDED_AT_MOST, _EMBEDDED_LETTERS_AT_MOST = 250, 100_000
_EMBEDDED_NAMES = {"source", "name", "value"}
_MOST = 1e300  # JSON of a child may hold Infinity, NaN and integers that no float holds
_PUID = re.compile(r"(?:(?:x-)?fmt/[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Facts:
    """What a file is. `reason` is empty when it can be shown, else a code of `reasons.py`.

    `puid` is the format's identifier in the PRONOM registry, empty when it has none.
    `embedded` is what the file says of itself, a list of {"source", "name", "value"}: not to be believed, and not for the public.
    `technical` is JSON: numbers and words of its kind, lengths in milliseconds, sizes in pixels (or points for PDF).
    """

    kind: str
    extension: str
    media_type: str
    format_name: str
    reason: str
    detail: str
    technical: Mapping[str, object]
    puid: str = ""
    embedded: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def from_json(cls, answer: Mapping[str, object]) -> "Facts":
        """Build from what `processors/identify.py` reports. Raises ProcessorError (bad_output) for what it can not have
        meant.
        """
        kind, extension, reason = answer.get("kind"), answer.get("extension"), answer.get("reason")
        detail, technical = answer.get("detail"), answer.get("technical")
        if not (isinstance(kind, str) and kind in KINDS and isinstance(extension, str) and extension in FORMATS):
            raise ProcessorError(reasons.BAD_OUTPUT, "Unknown kind or extension.")
        if not isinstance(technical, dict) or len(json.dumps(technical)) > _TECHNICAL_LETTERS_AT_MOST:
            raise ProcessorError(reasons.BAD_OUTPUT, "Technical facts are missing or too long.")
        if not isinstance(reason, str) or (reason and reason not in reasons.ALL):
            raise ProcessorError(reasons.BAD_OUTPUT, "Unknown reason.")
        puid = answer.get("puid", "")
        if not (isinstance(puid, str) and _PUID.fullmatch(puid)):
            raise ProcessorError(reasons.BAD_OUTPUT, "Not an identifier of PRONOM.")
        known = FORMATS[extension]
        return cls(
            kind,
            extension,
            known.media_type,
            known.name,
            reason,
            str(detail)[:2000],
            MappingProxyType(technical),
            puid,
            _embedded(answer.get("embedded", [])),
        )

    def to_json(self) -> dict[str, object]:
        """Return plain values that `from_json` takes back."""
        return {
            "kind": self.kind,
            "extension": self.extension,
            "reason": self.reason,
            "detail": self.detail,
            "technical": dict(self.technical),
            "puid": self.puid,
            "embedded": [dict(one) for one in self.embedded],
        }

    def number(self, name: str) -> float:
        """Return a technical fact as a number, 0 when it is absent, none, or endless."""
        value = self.technical.get(name)
        return float(value) if isinstance(value, int | float) and -_MOST <= value <= _MOST else 0.0


def _embedded(told: object) -> tuple[Mapping[str, str], ...]:
    """Return the values as they were told. Raises ProcessorError (bad_output) for anything but plain ones within the bounds."""
    if not isinstance(told, list) or len(told) > _EMBEDDED_AT_MOST:
        raise ProcessorError(reasons.BAD_OUTPUT, "What the file says of itself is no list, or too long a one.")
    for one in told:
        if (
            not isinstance(one, dict)
            or one.keys() != _EMBEDDED_NAMES
            or not all(isinstance(value, str) for value in one.values())
        ):
            raise ProcessorError(reasons.BAD_OUTPUT, "What the file says of itself is not plain.")
        if any("\x00" in value for value in one.values()):  # PostgreSQL keeps no such text
            raise ProcessorError(reasons.BAD_OUTPUT, "What the file says of itself holds a zero byte.")
    if sum(len(value) for one in told for value in one.values()) > _EMBEDDED_LETTERS_AT_MOST:
        raise ProcessorError(reasons.BAD_OUTPUT, "What the file says of itself is too long.")
    return tuple(MappingProxyType(one) for one in told)
