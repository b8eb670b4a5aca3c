"""Requests of OAI-PMH 2.0: arguments to a value, or an error of the protocol. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Section 4: which arguments each verb takes; (required, optional). With a resumptionToken nothing else is given.
VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
}
LENGTH_MOST = 2000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")


class OaiError(Exception):
    """An error of the protocol (section 3.6): its code and what to tell."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Asked:
    """What was asked. `from_s` and `until_s` are seconds since 1970, both inclusive."""

    verb: str
    arguments: Mapping[str, str]
    from_s: int | None = None
    until_s: int | None = None

    def argument(self, name: str) -> str:
        return self.arguments.get(name, "")


def read(given: Mapping[str, Sequence[str]]) -> Asked:
    """Return what was asked. Raises OaiError("badVerb") or ("badArgument")."""
    verbs = given.get("verb", ())
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError("badVerb", "The request needs one verb: " + ", ".join(VERBS) + ".")
    verb = verbs[0]
    required, optional = VERBS[verb]
    _check_names(verb, given, required | optional)
    arguments = {name: values[0] for name, values in given.items() if name != "verb"}
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise OaiError("badArgument", "resumptionToken is exclusive: it takes no other argument.")
        return Asked(verb, arguments)
    for name in sorted(required - set(arguments)):
        raise OaiError("badArgument", f"{verb} needs the argument {name}.")
    return Asked(verb, arguments, *_range(arguments))


def _check_names(verb: str, given: Mapping[str, Sequence[str]], known: Collection[str]) -> None:
    for name, values in given.items():
        if name == "verb":
            continue
        if name not in known:
            raise OaiError("badArgument", f"{verb} does not take this argument.")
        if len(values) != 1:
            raise OaiError("badArgument", f"The argument {name} is given more than once.")
        if not values[0] or len(values[0]) > LENGTH_MOST:
            raise OaiError("badArgument", f"The argument {name} is empty or too long.")


def _range(arguments: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Return the two ends of a selective harvest (section 2.7.1)."""
    first, last = arguments.get("from"), arguments.get("until")
    if first is not None and last is not None and len(first) != len(last):
        raise OaiError("badArgument", "from and until must have the same granularity.")
    from_s = None if first is None else _moment("from", first, is_end=False)
    until_s = None if last is None else _moment("until", last, is_end=True)
    if from_s is not None and until_s is not None and from_s > until_s:
        raise OaiError("badArgument", "from must not be later than until.")
    return from_s, until_s


def _moment(name: str, text: str, *, is_end: bool) -> int:
    """Return a moment in seconds; a day that is an end goes on to its last second."""
    try:
        if _DAY.match(text):
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            return int(day.timestamp()) + (int(timedelta(days=1).total_seconds()) - 1 if is_end else 0)
        if _SECOND.match(text):
            return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise OaiError("badArgument", f"{name} is no date of the calendar.") from error
    raise OaiError("badArgument", f"{name} must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
