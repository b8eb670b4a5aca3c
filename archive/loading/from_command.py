"""A table loaded from the command line: the run, its files, and what is said meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive import ingest, progress
from archive.actions.errors import ActionRefused
from archive.admin import sentences as action_sentences
from archive.ingest import Arrival
from archive.loading import report
from archive.loading.running import Outcome, Run, Survey, Wishes, in_lots, survey
from archive.tables import sentences
from archive.tables.shapes import TableError
from media_pipeline.messages import sentence

# On the screen; the report has all of them.
SHOWN_MOST = 50


class Out(Protocol):
    """Where lines for people go."""

    def write(self, text: str) -> object: ...


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    table: Path
    folder: Path | None = None
    report: Path | None = None
    lang: str = "vi"
    check: bool = False
    publish: bool = False
    wait: bool = False


def load(asked: Asked, out: Out) -> str:
    """Check or load a table; return why the command failed, empty where every row came to be here and every file to its end."""
    try:
        found = survey(asked.table)
        with ExitStack() as stack:
            reports = [] if asked.report is None else [stack.enter_context(closing(report.at(asked.report)))]
            for one in reports:
                one.begin(found)
            if found.problems:
                for problem in found.problems:
                    out.write(report.sentence(problem))
                return _("Nothing was read: correct the headings first.")
            telling = _Telling(found, out)
            arrivals: list[Arrival] = []
            for outcomes in _run(asked, found):
                for one in reports:
                    one.add(outcomes)
                telling.tell(outcomes)
                arrivals += _stored(outcomes)
    except TableError as error:
        return sentences.of_file(error)
    except OSError as error:
        return _("%(path)s cannot be read or written: %(why)s.") % {"path": error.filename, "why": error.strerror}
    return _ended(asked, telling, arrivals, out)


def _run(asked: Asked, found: Survey) -> Iterator[list[Outcome]]:
    wishes = Wishes(None, timezone.now(), asked.folder, asked.lang, asked.publish)
    run = Run(found, wishes)
    for rows in in_lots(asked.table):
        yield run.check(rows) if asked.check else run.load(rows)


class _Telling:
    """Says what becomes of the rows, and counts."""

    def __init__(self, found: Survey, out: Out) -> None:
        self.found, self.out = found, out
        self.counts: Counter[str] = Counter()
        self.shown = 0

    def tell(self, outcomes: Iterable[Outcome]) -> None:
        for one in outcomes:
            self.counts[one.status] += 1
            for problem in one.checked.problems:
                self._show(report.sentence(problem))
            if one.not_published:
                self.counts["unpublished"] += 1
                why = action_sentences.sentence(ActionRefused(one.not_published))
                self._show(sentences.in_row(one.checked.row, "", why))
        done = sum(self.counts[status] for status in ("ready", "loaded", "here", "wrong"))
        self.out.write(_("%(done)s of %(all)s rows.") % {"done": done, "all": self.found.rows})

    def _show(self, text: str) -> None:
        self.shown += 1
        if self.shown <= SHOWN_MOST:
            self.out.write(text)
        elif self.shown == SHOWN_MOST + 1:
            self.out.write(_("There is more that is wrong; the report has all of it (--report)."))


def _stored(outcomes: Iterable[Outcome]) -> list[Arrival]:
    """Store the files of new items at once, so that the medium they lie on may be taken away when the command is done."""
    arrivals = []
    for outcome in outcomes:
        for file in outcome.files:
            arrival = ingest.settle(file)
            arrivals.append(arrival)
    return arrivals


def _ended(asked: Asked, telling: _Telling, arrivals: list[Arrival], out: Out) -> str:
    counts = telling.counts
    out.write(
        _("Right: %(ready)s. Loaded: %(loaded)s. Here already: %(here)s. To be corrected: %(wrong)s.")
        % {"ready": counts["ready"], "loaded": counts["loaded"], "here": counts["here"], "wrong": counts["wrong"]}
    )
    unfinished = len(arrivals)
    if asked.wait:
        for done in ingest.wait_for(arrivals):
            unfinished -= len(done)
            for arrival in done:
                if arrival.file is not None and (code := progress.of(arrival.file).reason_code):
                    out.write(f"{arrival.path}: {sentence(code)}")
        if unfinished:
            return _("%(count)s files are not finished.") % {"count": unfinished}
    if counts["wrong"] or counts["unpublished"]:
        left = counts["wrong"] + counts["unpublished"]
        return ngettext("%(count)s row is left.", "%(count)s rows are left.", left) % {"count": left}
    return ""
