"""Answers of SRU 1.1, 1.2 and 2.0: values to bytes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.crosswalks.markup import text
from interop.sru.request import EXPLAIN, SEARCH, Asked

EXPLAIN_SCHEMA = "http://explain.z3950.org/dtd/2.0/"
_OLD, _OLD_DIAGNOSTIC = "http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"
_NEW, _NEW_DIAGNOSTIC = (
    "http://docs.oasis-open.org/ns/search-ws/sruResponse",
    "http://docs.oasis-open.org/ns/search-ws/diagnostic",
)
# Titles of the list of diagnostics (info:srw/diagnostic/1), of those that we give.
MESSAGES: Mapping[int, str] = {
    1: "General system error",
    2: "System temporarily unavailable",
    4: "Unsupported operation",
    5: "Unsupported version",
    6: "Unsupported parameter value",
    7: "Mandatory parameter not supplied",
    8: "Unsupported parameter",
    10: "Query syntax error",
    11: "Unsupported query type",
    12: "Too many characters in query",
    15: "Unsupported context set",
    16: "Unsupported index",
    19: "Unsupported relation",
    20: "Unsupported relation modifier",
    22: "Unsupported combination of relation and index",
    23: "Too many characters in term",
    27: "Empty term unsupported",
    28: "Masking character not supported",
    29: "Masked words too short",
    30: "Too many masking characters in term",
    31: "Anchoring character not supported",
    32: "Anchoring character in unsupported position",
    36: "Term in invalid format for index or relation",
    38: "Too many boolean operators in query",
    39: "Proximity not supported",
    46: "Unsupported boolean modifier",
    49: "Masking character in unsupported position",
    61: "First record position out of range",
    66: "Unknown schema for retrieval",
    71: "Unsupported record packing",
    72: "XPath retrieval unsupported",
    82: "Unsupported sort sequence",
    84: "Too many sort keys to sort",
    88: "Unsupported path for sort",
    110: "Stylesheets not supported",
}


@dataclass(frozen=True)
class Diagnostic:
    """One fault of a request."""

    code: int
    details: str = ""


@dataclass(frozen=True)
class Written:
    """One record as it goes out: `xml` in the schema of this identifier, under the name by which it is asked for again."""

    pid: str
    xml: str


def found(asked: Asked, records: Iterable[Written], *, schema: str, total: int, following: int | None) -> bytes:
    """Return the records of a search."""
    each = [
        _record(asked, schema, one.xml, position=number, identifier=one.pid)
        for number, one in enumerate(records, start=asked.start)
    ]
    parts = [_version(asked.version), f"<numberOfRecords>{total}</numberOfRecords>"]
    parts.append(f"<records>{''.join(each)}</records>" if each else "")
    parts.append(f"<nextRecordPosition>{following}</nextRecordPosition>" if following is not None else "")
    parts.append(_echoed(asked.version, asked.echoed))
    parts.append(
        "<resultCountPrecision>info:srw/vocabulary/resultCountPrecision/1/exact</resultCountPrecision>"
        if _is_new(asked.version)
        else ""
    )
    return _answer(asked.version, SEARCH, parts)


def explained(asked: Asked, xml: str) -> bytes:
    """Return the description of this server."""
    return _answer(asked.version, EXPLAIN, [_version(asked.version), _record(asked, EXPLAIN_SCHEMA, xml)])


def refused(
    version: str, operation: str, faults: Sequence[Diagnostic], echoed: Sequence[tuple[str, str]] = ()
) -> bytes:
    """Return the answer to a request that could not be fulfilled; an operation that we do not know is answered as an explain (1.2: 4)."""
    diagnostics = "".join(_diagnostic(version, one) for one in faults)
    if operation == SEARCH:
        parts = [_version(version), "<numberOfRecords>0</numberOfRecords>", _echoed(version, echoed)]
    elif operation == "scan":
        parts = [_version(version)]
    else:
        operation, parts = EXPLAIN, [_version(version)]
    return _answer(version, operation, [*parts, f"<diagnostics>{diagnostics}</diagnostics>"])


def _is_new(version: str) -> bool:
    return version == "2.0"


def _version(version: str) -> str:
    return f"<version>{version}</version>"


def _answer(version: str, operation: str, parts: Iterable[str]) -> bytes:
    namespace = _NEW if _is_new(version) else _OLD
    name = f"{operation}Response"
    body = "".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{namespace}">{body}</{name}>'.encode()


def _record(asked: Asked, schema: str, xml: str, *, position: int = 0, identifier: str = "") -> str:
    packing = "recordXMLEscaping" if _is_new(asked.version) else "recordPacking"
    data = text(xml) if asked.is_string else xml
    known = f"<recordIdentifier>{text(identifier)}</recordIdentifier>" if identifier and asked.version != "1.1" else ""
    place = f"<recordPosition>{position}</recordPosition>" if position else ""
    return (
        f"<record><recordSchema>{text(schema)}</recordSchema><{packing}>{'string' if asked.is_string else 'xml'}</{packing}>"
        f"<recordData>{data}</recordData>{known}{place}</record>"
    )


def _diagnostic(version: str, fault: Diagnostic) -> str:
    namespace = _NEW_DIAGNOSTIC if _is_new(version) else _OLD_DIAGNOSTIC
    details = f"<details>{text(fault.details)}</details>" if fault.details else ""
    message = text(MESSAGES[fault.code])
    return (
        f'<diagnostic xmlns="{namespace}"><uri>info:srw/diagnostic/1/{fault.code}</uri>{details}'
        f"<message>{message}</message></diagnostic>"
    )


def _echoed(version: str, given: Sequence[tuple[str, str]]) -> str:
    """Return the request as it was understood, in the order of the schema; 2.0 keeps what it does not name out."""
    one = dict(given)
    if not one.get("query"):
        return ""
    packing = "recordXMLEscaping" if _is_new(version) else "recordPacking"
    names = ("query", "startRecord", "maximumRecords", packing, "recordSchema")
    told = "".join(f"<{name}>{text(one[name])}</{name}>" for name in names if one.get(name))
    return f"<echoedSearchRetrieveRequest>{_version(version)}{told}</echoedSearchRetrieveRequest>"
