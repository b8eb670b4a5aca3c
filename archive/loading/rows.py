"""What becomes of one row: ready to be loaded, here already, or wrong in so many places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from access.models import Community
from access.policy import Policy
from archive.actions.create_item import Description
from archive.models import Agent, Collection, People, Place, Subject


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `column` is the heading, empty for the row as a whole; `code` one of archive.tables.sentences."""

    row: int
    column: str
    code: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class NamedPlace:
    """A place as a row names it."""

    place: Place
    role: str
    precision: str
    as_recorded: str = ""


@dataclass(frozen=True)
class NamedFile:
    """A file of the folder. `name` is what the item calls it; `language` is of subtitles and transcripts, empty where nobody says it."""

    path: Path
    name: str
    role: str
    language: str = ""


@dataclass(frozen=True)
class Ready:
    """A row that nothing is wrong with. `pid` is what its item will be called; `day` the first that its date may mean."""

    row: int
    pid: str
    description: Description
    access: Policy
    first: date | None = None
    last: date | None = None
    peoples: tuple[People, ...] = ()
    subjects: tuple[Subject, ...] = ()
    collections: tuple[Collection, ...] = ()
    communities: tuple[Community, ...] = ()
    credits: tuple[tuple[Agent, str], ...] = ()
    located: tuple[NamedPlace, ...] = ()
    files: tuple[NamedFile, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What was found out about one row. Exactly one of `ready`, `is_here` and a problem."""

    row: int
    identifier: str = ""
    ready: Ready | None = None
    is_here: bool = False
    problems: tuple[Problem, ...] = ()
