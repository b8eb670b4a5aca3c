"""What is told of a run: one JSON line a row for programs, and for people the table once more, with what is wrong beside each row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from archive.actions.errors import ActionRefused
from archive.admin import sentences as action_sentences
from archive.loading.rows import Problem
from archive.loading.running import Outcome, Survey
from archive.tables import cells, sentences, writing
from archive.tables.shapes import TableError

TABLES = frozenset({".csv", ".xlsx"})


def line_of(outcome: Outcome) -> dict[str, object]:
    """Return what a program reads of one row."""
    return {
        "row": outcome.checked.row,
        "identifier": outcome.checked.identifier or None,
        "status": outcome.status,
        "pid": outcome.item.pid if outcome.item is not None else None,
        "item_state": outcome.item.state if outcome.item is not None else None,
        "not_published": outcome.not_published or None,
        "files": [file.original_name for file in outcome.files],
        "problems": [said(problem) for problem in outcome.checked.problems],
    }


def said(problem: Problem) -> dict[str, object]:
    """Return one thing wrong, in codes and in the active language."""
    text = sentences.of_cell(problem.code, problem.detail)
    return {"row": problem.row, "column": problem.column or None, "code": problem.code, "text": text}


def beside(problem: Problem) -> str:
    """Return one thing wrong as it stands beside its row."""
    text = sentences.of_cell(problem.code, problem.detail)
    return f"{problem.column}: {text}" if problem.column else text


def sentence(problem: Problem) -> str:
    """Return one thing wrong as a line for people."""
    return sentences.in_row(problem.row, problem.column, sentences.of_cell(problem.code, problem.detail))


class Lines:
    """A report of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("w", encoding="utf-8")

    def begin(self, survey: Survey) -> None:
        for problem in survey.problems:
            line = {"row": problem.row, "status": "wrong", "problems": [said(problem)]}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._file.write(json.dumps(line_of(outcome), ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class Table:
    """The table itself, with two columns more. Their headings begin with #, so that it can be corrected and loaded as it is."""

    def __init__(self, path: Path) -> None:
        self._copy = writing.copy_at(path)
        self._width = 0

    def begin(self, survey: Survey) -> None:
        self._width = len(survey.heading.cells)
        more = [f"# {_('Result')}", f"# {_('What to correct')}"]
        self._copy.add([*survey.heading.cells, *more])
        if survey.problems:
            told = "\n".join(sentence(problem) for problem in survey.problems)
            self._copy.add([*[""] * self._width, status_label("wrong"), told])

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            told = [beside(problem) for problem in outcome.checked.problems]
            if outcome.not_published:
                told.append(action_sentences.sentence(ActionRefused(outcome.not_published)))
            kept = [cells.plain(cell) for cell in outcome.row.cells[: self._width]]
            kept += [""] * (self._width - len(kept))
            row = [*kept, status_label(outcome.status), "\n".join(told)]
            try:
                self._copy.add(row)
            except TableError:
                self._copy.add([cell[: writing.XLSX_CHARS_MOST - 1] for cell in row])

    def close(self) -> None:
        self._copy.close()


Report = Lines | Table


def at(path: Path) -> Report:
    """Return the report that a file's name asks for. Raises OSError."""
    return Table(path) if path.suffix.lower() in TABLES else Lines(path)


def status_label(status: str) -> str:
    """Return a row's status for people."""
    return {
        "ready": _("right"),
        "loaded": _("loaded"),
        "here": _("here already"),
        "wrong": _("to be corrected"),
    }.get(status, status)
