"""Tables that somebody brought to the desk: kept in a folder of their own, checked and then loaded in steps that the page asks for.

A step takes a second or two, so that no request is cut off and a person sees how far it is. Two steps never run at once, and a step that
was killed is taken again from where it began: what it loaded is then here already.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from access.models import User
from archive.loading.rows import Problem
from archive.loading.running import AT_ONCE, Outcome, Run, Survey, Wishes, survey
from archive.tables import columns
from archive.tables.shapes import Heading, Row, TableError

ROWS_MOST = 20_000
STEP_S = 2.0
KEPT_FOR = timedelta(days=7)
TOKEN = re.compile(r"[0-9a-f]{16}\Z")
PROBLEMS_SHOWN = 200

Phase = Literal["headings", "check", "checked", "load", "loaded"]


class Busy(Exception):
    """Another step of this table is running."""


@dataclass
class State:
    """How far a table is. `at`: the byte of the kept rows at which the next step begins; `counts`: rows by their status."""

    name: str
    folder: str
    number: int
    headings: list[str]
    rows: int
    source: str
    phase: Phase = "check"
    at: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    twice: dict[str, tuple[int, int]] = field(default_factory=dict)
    alike: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return sum(self.counts.values())

    @property
    def is_going(self) -> bool:
        return self.phase in {"check", "load"}


class DeskRun:
    """One table of one person, below `root`."""

    def __init__(self, root: Path, user: User, token: str) -> None:
        self.user, self.token = user, token
        self.place = root / str(user.pk) / token
        self._state = self.place / "state.json"
        self._rows = self.place / "rows.jsonl"
        self._told = self.place / "told.jsonl"

    @property
    def is_there(self) -> bool:
        return bool(TOKEN.match(self.token)) and self._state.is_file()

    def state(self) -> State:
        return State(**json.loads(self._state.read_text("utf-8")))

    def survey(self, state: State) -> Survey:
        heading = Heading(state.number, tuple(state.headings))
        twice = {identifier: (first, second) for identifier, (first, second) in state.twice.items()}
        return Survey(heading, columns.of(heading), state.rows, twice, state.source)

    def begin_loading(self) -> None:
        """Go on from the check to the load. Nothing happens to what is not checked."""
        with self._alone():
            state = self.state()
            if state.phase == "checked":
                state.phase, state.at, state.counts, state.alike = "load", 0, {}, {}
                self._told.unlink(missing_ok=True)
                self._write(state)

    def step(self, *, folder: Path | None, now: datetime) -> State:
        """Check or load some rows more. Raises Busy, NotAllowed, ActionRefused."""
        with self._alone():
            state = self.state()
            if not state.is_going:
                return state
            run = Run(self.survey(state), Wishes(self.user, now, folder))
            run.checker.alike = Counter(state.alike)
            until = time.monotonic() + STEP_S
            while True:
                rows, state.at = self._next(state.at)
                outcomes = run.load(rows) if state.phase == "load" else run.check(rows)
                self._tell(outcomes)
                counts = Counter(state.counts)
                counts.update(one.status for one in outcomes)
                state.counts = dict(counts)
                if len(rows) < AT_ONCE:
                    state.phase = "loaded" if state.phase == "load" else "checked"
                # In one file with where it is: a step that is killed and taken again counts from the same beginning.
                state.alike = dict(run.checker.alike)
                self._write(state)
                if not state.is_going or time.monotonic() > until:
                    return state

    def _next(self, at: int) -> tuple[list[Row], int]:
        """Return the rows from a byte on, and the byte behind the last of them."""
        found: list[Row] = []
        with self._rows.open("rb") as file:
            file.seek(at)
            while len(found) < AT_ONCE and (line := file.readline()):
                number, cells = json.loads(line)
                found.append(Row(number, tuple(cells)))
            return found, file.tell()

    def _tell(self, outcomes: Iterable[Outcome]) -> None:
        with self._told.open("a", encoding="utf-8") as file:
            for one in outcomes:
                told: dict[str, Any] = {"row": one.checked.row, "status": one.status}  # Any: JSON
                if one.checked.problems:
                    told["problems"] = [asdict(problem) for problem in one.checked.problems]
                file.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")

    def told(self) -> Iterator[tuple[int, str, list[Problem]]]:
        """Yield number, status and what is wrong of every row that was looked at, once each."""
        seen: set[int] = set()
        if not self._told.exists():
            return
        with self._told.open(encoding="utf-8") as file:
            for line in file:
                told = json.loads(line)
                if told["row"] not in seen:
                    seen.add(told["row"])
                    yield told["row"], told["status"], [Problem(**one) for one in told.get("problems", [])]

    def wrong_rows(self) -> Iterator[tuple[Row, list[Problem]]]:
        """Yield the rows that have something wrong, whole, with what it is."""
        wrong = {row: problems for row, status, problems in self.told() if status == "wrong"}
        with self._rows.open(encoding="utf-8") as file:
            for line in file:
                number, cells = json.loads(line)
                if number in wrong:
                    yield Row(number, tuple(cells)), wrong[number]

    def _write(self, state: State) -> None:
        aside = self._state.with_suffix(".new")
        aside.write_text(json.dumps(asdict(state), ensure_ascii=False), "utf-8")
        aside.replace(self._state)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.place / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy from error
            yield

    def forget(self) -> None:
        shutil.rmtree(self.place, ignore_errors=True)


def begin(root: Path, user: User, table: Path, *, name: str, folder: str) -> DeskRun:
    """Keep a table that was brought, read to its end. Raises TableError, OSError; then nothing is kept."""
    run = DeskRun(root, user, secrets.token_hex(8))
    run.place.mkdir(mode=0o700, parents=True)
    try:
        with run._rows.open("w", encoding="utf-8", errors="surrogatepass") as kept:
            count = 0

            def keep(row: Row) -> None:
                nonlocal count
                count += 1
                if count > ROWS_MOST:
                    raise TableError("too_many_for_page", row=row.number, most=ROWS_MOST)
                kept.write(json.dumps([row.number, row.cells]) + "\n")

            found = survey(table, keep)
        phase: Phase = "headings" if found.problems else "check"
        twice = dict(found.twice)
        heading = found.heading
        run._write(
            State(name, folder, heading.number, list(heading.cells), found.rows, found.source, phase, twice=twice)
        )
    except BaseException:
        run.forget()
        raise
    return run


def root() -> Path:
    """Return the folder of all tables."""
    return Path(settings.INCOMING_DIR) / "tables"


def forget_old(*, now: datetime) -> None:
    """Remove the tables that nobody went on with for a week, whosever they are."""
    for one in list(root().glob("*/*/")):
        with contextlib.suppress(FileNotFoundError):  # somebody else removed it meanwhile
            if one.stat().st_mtime < (now - KEPT_FOR).timestamp():
                shutil.rmtree(one, ignore_errors=True)


def folders(root: Path) -> list[str]:
    """Return the folders of files that lie ready on the server: those right below `root`, links left out."""
    if not root.is_dir():
        return []
    return sorted(one.name for one in root.iterdir() if one.is_dir() and not one.is_symlink())
