"""Two people changed one record: what each of them changed, and where both did. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.history.comparing import KEYS, Row, key_of_row, said_otherwise
from archive.history.snapshots import compared

Value = Any  # JSON
Choice = Literal["mine", "theirs"]
# Ties that stand in no order.
SETS = frozenset({"peoples", "subjects", "collections", "communities", "labels", "broader", "related"})
# Lists whose rows are told apart, so that two people may each change another one.
ROWS = frozenset({"credits", "located", "relations", "files"})
# Fields within one field: a person changes one of them.
NESTED = frozenset({"own_values"})


@dataclass(frozen=True)
class Conflict:
    """What both changed, each to something else: a field, or one row of a list. `key` names it among the choices of a person."""

    key: str
    name: str
    before: Value
    theirs: Value
    mine: Value


@dataclass(frozen=True)
class Outcome:
    """`values`: what shall stand in each field where it is not what the other person saved; `taken`: the fields in which only the other one
    changed something; `open`: what somebody has to choose first."""

    values: Mapping[str, Value] = field(default_factory=dict)
    taken: tuple[str, ...] = ()
    open: tuple[Conflict, ...] = ()


def weigh(
    before: Mapping[str, Value] | None,
    theirs: Mapping[str, Value],
    mine: Mapping[str, Value],
    choices: Mapping[str, str],
) -> Outcome:
    """Weigh what somebody is about to save against what was saved since they read the record. `before` is what they read; None: nobody
    knows any more, and all that differs has to be chosen."""
    values: dict[str, Value] = {}
    taken: list[str] = []
    conflicts: list[Conflict] = []
    for name, own in mine.items():
        there = theirs.get(name)
        if same(name, own, there):
            continue
        if before is not None and same(name, own, before.get(name)):
            taken.append(name)
        elif before is not None and same(name, there, before.get(name)):
            values[name] = own
        elif name in ROWS:
            merged, touched, still = _rows(name, (before or {}).get(name) or [], there or [], own or [], choices)
            conflicts += still
            taken += [name] if touched else []
            values[name] = merged
        elif name in NESTED and before is not None:
            nested = weigh(before.get(name) or {}, there or {}, own or {}, {})
            if nested.open:
                conflicts += _one(name, before.get(name), there, own, choices, values)
            else:
                values[name] = {**(there or {}), **nested.values}
                taken += [name] if nested.taken else []
        else:
            conflicts += _one(name, None if before is None else before.get(name), there, own, choices, values)
    return Outcome(values, tuple(taken), tuple(conflicts))


def _one(
    name: str, before: Value, theirs: Value, mine: Value, choices: Mapping[str, str], values: dict[str, Value]
) -> list[Conflict]:
    chosen = choices.get(name)
    if chosen == "mine":
        values[name] = mine
    return [] if chosen in {"mine", "theirs"} else [Conflict(name, name, before, theirs, mine)]


def same(name: str, first: Value, second: Value) -> bool:
    """Return whether a field says the same twice."""
    if name in SETS and all(isinstance(one, dict) for one in [*(first or []), *(second or [])]):
        return {one["key"] for one in first or []} == {one["key"] for one in second or []}
    return bool(compared(first) == compared(second))


def choice_key(name: str, row: Row) -> str:
    """Return what a choice about one row of a list is called."""
    return ":".join([name, *(str(row.get(column)) for column in KEYS[name])])


def _rows(
    name: str, before: Sequence[Row], theirs: Sequence[Row], mine: Sequence[Row], choices: Mapping[str, str]
) -> tuple[list[Row], bool, list[Conflict]]:
    """Return the rows of both in their order, whether the other person changed any, and what of them has to be chosen."""
    was, there, own = ({key_of_row(name, row): row for row in rows} for rows in (before, theirs, mine))
    merged: list[Row] = []
    conflicts: list[Conflict] = []
    touched = False
    for key in dict.fromkeys([*own, *there]):
        old, other, ours = was.get(key), there.get(key), own.get(key)
        if _says_same(ours, other):
            row = _placed(old, other, ours)
        elif _says_same(ours, old):
            row, touched = other, True
        elif _says_same(other, old):
            row = ours
        else:
            choice = choice_key(name, ours or other or {})
            chosen = choices.get(choice)
            row = other if chosen == "theirs" else ours
            if chosen not in {"mine", "theirs"}:
                conflicts.append(Conflict(choice, name, old, other, ours))
        if row is not None:
            merged.append(row)
    merged.sort(key=lambda row: row.get("position") or 0)
    return merged, touched or any(key not in there for key in was), conflicts


def _says_same(first: Row | None, second: Row | None) -> bool:
    if first is None or second is None:
        return first is second
    return not said_otherwise(first, second)


def _placed(old: Row | None, theirs: Row | None, mine: Row | None) -> Row | None:
    """Return a row at the place to which somebody moved it: mine, where both did."""
    if mine is None or theirs is None:
        return mine
    stayed = old is not None and old.get("position") == mine.get("position")
    return theirs if stayed else mine
