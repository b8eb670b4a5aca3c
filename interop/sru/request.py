"""Requests of SRU 1.1, 1.2 (Library of Congress) and 2.0 (OASIS searchRetrieve part 3): text to a value, or a diagnostic. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

VERSIONS = ("1.1", "1.2", "2.0")
RECORDS_A_PAGE, RECORDS_MOST = 10, 100
UNSUPPORTED_OPERATION, UNSUPPORTED_VERSION, BAD_VALUE, MISSING, UNSUPPORTED_PARAMETER = 4, 5, 6, 7, 8
UNSUPPORTED_QUERY_TYPE, UNKNOWN_SCHEMA, UNSUPPORTED_PACKING, NO_XPATH, NO_STYLESHEETS = 11, 66, 71, 72, 110
EXPLAIN, SEARCH = "explain", "searchRetrieve"
# What may be asked and changes nothing: there are no result sets, and answers have one media type.
_WITHOUT_EFFECT = frozenset({"resultSetTTL", "httpAccept", "responseType", "renderedBy", "extraRequestData"})
_OLD = frozenset({"version", "operation", "recordPacking", "stylesheet", "recordXPath", "sortKeys"})
_NEW = frozenset({"version", "operation", "recordPacking", "recordXMLEscaping", "queryType", "sortKeys", "stylesheet"})
_SEARCH = frozenset({"query", "startRecord", "maximumRecords", "recordSchema"})


class SruError(Exception):
    """A diagnostic that is the whole answer: info:srw/diagnostic/1/`code`."""

    def __init__(self, code: int, details: str = "") -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Asked:
    """One request. `start` counts from 1. `schema` is as it was written, empty where none was."""

    version: str
    operation: str = EXPLAIN
    query: str = ""
    start: int = 1
    most: int = RECORDS_A_PAGE
    schema: str = ""
    is_string: bool = False
    sort_keys: str = ""
    echoed: Sequence[tuple[str, str]] = field(default=())


def version_of(given: Mapping[str, Sequence[str]]) -> str:
    """Return the version to answer in, whatever else is wrong. Without one it is 2.0, which knows of no such parameter, or 1.2 where an
    operation is named, which 2.0 does not know of either."""
    said = (given.get("version") or [""])[0]
    if said in VERSIONS:
        return said
    return "1.2" if said or given.get("operation") else "2.0"


def operation_of(given: Mapping[str, Sequence[str]]) -> str:
    """Return the operation that is meant, as it is written; in 2.0 a query says that it is a search (section 4.1)."""
    said = (given.get("operation") or [""])[0]
    if said:
        return said
    if given.get("scanClause"):
        return "scan"
    searches = _SEARCH | {"queryType", "recordXMLEscaping", "sortKeys"}
    return SEARCH if searches.intersection(given) else EXPLAIN


def read(given: Mapping[str, Sequence[str]]) -> Asked:
    """Return what is asked. Raises SruError."""
    version, operation = version_of(given), operation_of(given)
    said = (given.get("version") or [""])[0]
    if said and said not in VERSIONS:
        raise SruError(UNSUPPORTED_VERSION, max(VERSIONS) if said > max(VERSIONS) else "1.2")
    if operation not in (EXPLAIN, SEARCH):
        raise SruError(UNSUPPORTED_OPERATION, operation)
    known = _SEARCH | _WITHOUT_EFFECT | (_NEW if version == "2.0" else _OLD)
    for name, values in given.items():
        if name not in known and not name.startswith("x-"):
            raise SruError(UNSUPPORTED_PARAMETER, name)
        if len(values) > 1 and not name.startswith("x-"):
            raise SruError(BAD_VALUE, name)
        # No text of XML, and none that PostgreSQL could be asked for.
        if any("\0" in value for value in values):
            raise SruError(BAD_VALUE, name)
    one = {name: values[0] for name, values in given.items() if values}
    if one.get("stylesheet"):
        raise SruError(NO_STYLESHEETS)
    if one.get("recordXPath"):
        raise SruError(NO_XPATH)
    if operation == EXPLAIN:
        return Asked(version, is_string=_is_string(version, one))
    return _search(version, one)


def _search(version: str, one: Mapping[str, str]) -> Asked:
    if one.get("queryType", "cql") not in ("cql", "searchTerms"):
        raise SruError(UNSUPPORTED_QUERY_TYPE, one["queryType"])
    if not one.get("query", "").strip():
        raise SruError(MISSING, "query")
    query = one["query"]
    if one.get("queryType") == "searchTerms":
        # Section 4.3.2: a list of words; here they are one term.
        plain = query.replace("\\", " ").replace('"', " ")
        query = f'cql.serverChoice all "{plain}"'
    return Asked(
        version=version,
        operation=SEARCH,
        query=query,
        start=_number(one, "startRecord", least=1, default=1),
        most=min(_number(one, "maximumRecords", least=0, default=RECORDS_A_PAGE), RECORDS_MOST),
        schema=one.get("recordSchema", ""),
        is_string=_is_string(version, one),
        sort_keys=one.get("sortKeys", "").strip(),
        echoed=tuple(one.items()),
    )


def _is_string(version: str, one: Mapping[str, str]) -> bool:
    """Return whether records are to be escaped: recordPacking of 1.x, recordXMLEscaping of 2.0, where recordPacking is another thing."""
    if version == "2.0":
        if one.get("recordPacking", "packed") not in ("packed", "unpacked"):
            raise SruError(BAD_VALUE, "recordPacking")
        said = one.get("recordXMLEscaping", "xml")
    else:
        said = one.get("recordPacking", "xml")
    if said not in ("xml", "string"):
        raise SruError(UNSUPPORTED_PACKING, said)
    return said == "string"


def _number(one: Mapping[str, str], name: str, *, least: int, default: int) -> int:
    said = one.get(name, "").strip()
    if not said:
        return default
    if not (said.isascii() and said.isdecimal()) or len(said) > 9 or int(said) < least:
        raise SruError(BAD_VALUE, name)
    return int(said)
