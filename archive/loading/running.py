"""Loading a table from its first row to its last: what every door to it does. Each row is checked before it is loaded.

A table that cannot be read to its end, or whose headings are not all known, loads nothing. Killed anywhere and run again, nothing is
doubled: rows are written some hundreds at a time, each lot whole or not at all, and those that are here already are told as such.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import IntegrityError

from access import audit
from access.models import User
from archive.actions.load_rows import Loaded, Shared, load_rows
from archive.loading import beginning
from archive.loading.checking import Checker, identifiers_twice
from archive.loading.rows import Checked, Problem, Ready
from archive.models import Item, ItemFile
from archive.tables import columns, reading
from archive.tables.columns import Mapped
from archive.tables.shapes import Heading, Row

AT_ONCE = 500
# Files and publications take some fifty statements each, and nobody else writes meanwhile.
AT_ONCE_SLOW = 20


@dataclass(frozen=True)
class Outcome:
    """What became of one row. `item` is new, or, for the software alone, the one that is here; `item_refused`: why it was not published."""

    checked: Checked
    row: Row
    item: Item | None = None
    files: tuple[ItemFile, ...] = ()
    not_published: str = ""

    @property
    def status(self) -> str:
        """`ready` (only checked), `loaded`, `here` or `wrong`."""
        if self.checked.is_here:
            return "here"
        if self.checked.ready is None:
            return "wrong"
        return "loaded" if self.item is not None else "ready"


@dataclass(frozen=True)
class Wishes:
    """What is to be done with a table, and for whom. `lang`: the language of texts whose heading says none."""

    actor: User | None
    now: datetime
    folder: Path | None = None
    lang: str = "vi"
    publish: bool = False


@dataclass(frozen=True)
class Survey:
    """A whole table, looked at: its headings and what they mean, how many filled rows it has, and identifiers that several of them have."""

    heading: Heading
    mapped: Mapped
    rows: int
    twice: Mapping[str, tuple[int, int]]
    source: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the headings: then nothing is read."""
        number, cells = self.heading.number, self.heading.cells
        faults = tuple(Problem(number, cells[one.column], one.code, one.detail) for one in self.mapped.faults)
        return faults if faults or self.mapped.columns else (Problem(number, "", "no_known_heading"),)


def survey(path: Path, keep: Callable[[Row], None] = lambda _row: None) -> Survey:
    """Read a table to its end; `keep` is called with each filled row. Raises TableError, OSError."""
    heading, rows = reading.opened(path)
    mapped = columns.of(heading)
    count, twice = identifiers_twice(_kept(rows, keep), mapped)
    with path.open("rb") as file:
        source = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    return Survey(heading, mapped, count, twice, source)


def _kept(rows: Iterable[Row], keep: Callable[[Row], None]) -> Iterator[Row]:
    for row in rows:
        keep(row)
        yield row


class Run:
    """One run over the rows of a table that was surveyed."""

    def __init__(self, survey: Survey, wishes: Wishes) -> None:
        self.survey, self.wishes = survey, wishes
        actor, now = wishes.actor, wishes.now
        lookups = beginning.lookups_for(actor, folder=wishes.folder, lang=wishes.lang, now=now)
        terms = beginning.terms_for(actor, publish=wishes.publish, now=now)
        self.checker = Checker(survey.heading, survey.mapped, lookups, terms, survey.twice)
        self.shared = Shared(actor, now)

    def check(self, rows: Sequence[Row]) -> list[Outcome]:
        """Return what was found out about these rows; nothing is written but that somebody tried numbers that are not free."""
        checked = self.checker.check(rows)
        self._tell_tried(checked)
        return [Outcome(one, row) for one, row in zip(checked, rows, strict=True)]

    def load(self, rows: Sequence[Row]) -> list[Outcome]:
        """Load those of these rows that nothing is wrong with. Raises NotAllowed, ActionRefused."""
        outcomes = self.check(rows)
        ready = [one.checked.ready for one in outcomes if one.checked.ready is not None]
        loaded = {one.row: one for lot in _lots(ready, publish=self.wishes.publish) for one in self._write(lot)}
        return [self._become(one, loaded) for one in outcomes]

    def _write(self, ready: Sequence[Ready]) -> Iterator[Loaded]:
        source, publish = self.survey.source, self.wishes.publish
        try:
            yield from load_rows(ready, shared=self.shared, source=source, publish=publish)
        except (IntegrityError, OSError):
            # Somebody took a number since we looked, or a file is gone: the others are still good. What was made for them is undone.
            self.shared = Shared(self.wishes.actor, self.wishes.now)
            if len(ready) == 1:
                return
            for one in ready:
                yield from self._write([one])

    def _become(self, outcome: Outcome, loaded: Mapping[int, Loaded]) -> Outcome:
        checked = outcome.checked
        if checked.ready is None:
            return outcome
        found = loaded.get(checked.row)
        if found is None:
            problem = Problem(checked.row, "", "changed_meanwhile")
            return Outcome(Checked(checked.row, checked.identifier, problems=(problem,)), outcome.row)
        return Outcome(checked, outcome.row, found.item, found.files, found.refused)

    def _tell_tried(self, checked: Iterable[Checked]) -> None:
        """Write down that numbers were tried which something has already (docs/adr/0009), once for these rows."""
        tried = sum(one.is_here and bool(one.identifier) for one in checked)
        if tried and self.wishes.actor is not None:
            detail = {"count": tried, "table": self.survey.source}
            audit.record(
                actor=self.wishes.actor, verb="refuse_identifier", target_pid="", now=self.wishes.now, detail=detail
            )


def _lots(ready: Sequence[Ready], *, publish: bool) -> Iterator[Sequence[Ready]]:
    """Yield the rows in lots that are written at once: few where each takes long."""
    plain = [] if publish else [one for one in ready if not one.files]
    for start in range(0, len(plain), AT_ONCE):
        yield plain[start : start + AT_ONCE]
    slow = list(ready) if publish else [one for one in ready if one.files]
    lot: list[Ready] = []
    for one in slow:
        lot.append(one)
        if sum(1 + len(each.files) for each in lot) >= AT_ONCE_SLOW:
            yield lot
            lot = []
    if lot:
        yield lot


def in_lots(path: Path) -> Iterator[list[Row]]:
    """Yield the filled rows of a table below its headings, some hundreds at a time. Raises TableError, OSError."""
    _heading, rows = reading.opened(path)
    while lot := list(islice(rows, AT_ONCE)):
        yield lot
