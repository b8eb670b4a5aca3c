"""Every address of the running project, and the classification that each must have."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.conf.urls.i18n import LocalePrefixPattern
from django.urls import URLPattern, URLResolver, get_resolver

DOORS_FILE = Path(__file__).with_name("doors.toml")
KINDS = frozenset(
    {"public-static", "object", "listing", "tombstones", "aggregate", "bytes", "write", "staff", "auth", "machine"}
)
NGINX_FILE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
LOCATION_KINDS = frozenset({"application", "public-static", "internal", "closed"})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Door:
    """One classified group of routes. `addresses` are how tests go through it: {item} and {file} stand for pids, {item_pk} and
    its like for keys of rows, `holds` the planted words that whoever may see the thing finds there."""

    routes: tuple[str, ...]
    kind: str
    methods: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    variations: tuple[str, ...] = ()
    shows: str = ""
    open_to: str = ""
    tombstone: bool = False
    holds: tuple[str, ...] = ()
    holds_of_file: tuple[str, ...] = ()
    reason: str = ""
    unknown: tuple[str, ...] = field(default=())

    @property
    def all_addresses(self) -> tuple[str, ...]:
        return (*self.addresses, *self.variations, *self.unknown)

    def covers(self, route: str) -> bool:
        return any(fnmatchcase(route, pattern) for pattern in self.routes)


@dataclass(frozen=True)
class Location:
    """One classified group of nginx's locations. `addresses`: {bucket} and {key} stand for where a stored file lies."""

    matches: tuple[str, ...]
    kind: str
    addresses: tuple[str, ...]
    reason: str = ""


def routes() -> list[str]:
    """Return every route of the project, once. Pages in English are the same views below /en/."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], prefix: str) -> Iterator[str]:  # Any: patterns and resolvers
    for pattern in patterns:
        own = "" if isinstance(pattern.pattern, LocalePrefixPattern) else str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + own)
        elif isinstance(pattern, URLPattern):
            yield prefix + own


def doors() -> list[Door]:
    """Return the doors of doors.toml. Raises TypeError for a field that nobody reads."""
    return [Door(**one) for one in _listed("door")]


def locations() -> list[Location]:
    """Return the classified locations. Raises TypeError as `doors` does."""
    return [Location(**one) for one in _listed("location")]


def locations_of(kind: str) -> list[Location]:
    """Return the locations of one kind."""
    return [location for location in locations() if location.kind == kind]


def nginx_locations() -> list[str]:
    """Return every location of deploy/nginx.conf, by the words after `location`, nested ones too."""
    directives = re.sub(r"#.*", "", NGINX_FILE.read_text())
    return [found.strip() for found in re.findall(r"\blocation\s+([^{;]+?)\s*\{", directives)]


def _listed(table: str) -> list[dict[str, Any]]:  # Any: the fields of a door or a location
    with DOORS_FILE.open("rb") as file:
        listed = tomllib.load(file)[table]
    return [{name: tuple(value) if isinstance(value, list) else value for name, value in one.items()} for one in listed]


def doors_of(*kinds: str) -> list[Door]:
    """Return the doors of some kinds."""
    return [door for door in doors() if door.kind in kinds]
