"""What differs between two snapshots of a record, field by field, as people read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from archive.history.snapshots import Snapshot, differing, parts_of

Row = Mapping[str, Any]  # Any: JSON
Mark = Literal["same", "added", "removed", "changed", "moved"]
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing word by word takes the product of both lengths; beyond this the middle that differs is shown as a whole.
MOST_PAIRS = 4_000_000

# By what a row of a list is the same row in another snapshot. What is not here is the same only if all of it is.
KEYS: Mapping[str, tuple[str, ...]] = {
    "peoples": ("key",),
    "subjects": ("key",),
    "collections": ("key",),
    "communities": ("key",),
    "labels": ("key",),
    "broader": ("key",),
    "related": ("key",),
    "credits": ("agent", "role"),
    "located": ("place", "role"),
    "relations": ("other", "kind"),
    "files": ("pid",),
}
# What the software keeps of a row beside what people say of it.
UNSAID = frozenset({"name", "position", "sha256"})


@dataclass(frozen=True)
class Piece:
    """A run of words of one text: in both, only in the later one, or only in the earlier one."""

    text: str
    mark: Mark


@dataclass(frozen=True)
class TextChange:
    """One text in one language (empty: of none)."""

    lang: str
    pieces: tuple[Piece, ...]
    mark: Mark


@dataclass(frozen=True)
class RowChange:
    """One row of a list. `before` or `after` is None where it was not there; `columns` names what changed in it."""

    mark: Mark
    before: Row | None
    after: Row | None
    columns: tuple[str, ...] = ()

    @property
    def row(self) -> Row:
        return self.after if self.after is not None else self.before or {}


@dataclass(frozen=True)
class Change:
    """One field that differs: as texts by language, as rows of a list, or as one value before and after."""

    name: str
    before: Any = None  # Any: JSON
    after: Any = None  # Any: JSON
    texts: tuple[TextChange, ...] = ()
    rows: tuple[RowChange, ...] = field(default=())


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what differs, in the order of the later snapshot."""
    old, new = parts_of(before), parts_of(after)
    return [_change(name, old.get(name), new.get(name)) for name in differing(before, after)]


def _change(name: str, before: Any, after: Any) -> Change:  # Any: JSON
    if _is_texts(before) and _is_texts(after) and (before or after):
        return Change(name, before, after, texts=_texts(before or [], after or []))
    if isinstance(before or after, list) and all(isinstance(one, dict) for one in [*(before or []), *(after or [])]):
        return Change(name, before, after, rows=rows(name, before or [], after or []))
    if isinstance(before or "", str) and isinstance(after or "", str):
        text = TextChange("", words(before or "", after or ""), _mark(before, after))
        return Change(name, before, after, texts=(text,))
    return Change(name, before, after)


def _is_texts(value: Any) -> bool:  # Any: JSON
    return value is None or (
        isinstance(value, list) and all(isinstance(one, dict) and set(one) == {"lang", "value"} for one in value)
    )


def _texts(before: Sequence[Row], after: Sequence[Row]) -> tuple[TextChange, ...]:
    """Return each text beside the one in the same language, the first beside the first."""
    found: list[TextChange] = []
    for lang in dict.fromkeys(one["lang"] for one in [*after, *before]):
        old = [str(one["value"]) for one in before if one["lang"] == lang]
        new = [str(one["value"]) for one in after if one["lang"] == lang]
        for place in range(max(len(old), len(new))):
            was = old[place] if place < len(old) else None
            is_now = new[place] if place < len(new) else None
            found.append(TextChange(lang, words(was or "", is_now or ""), _mark(was, is_now)))
    return tuple(found)


def _mark(before: object, after: object) -> Mark:
    if not before:
        return "added"
    if not after:
        return "removed"
    return "same" if before == after else "changed"


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Return one text as runs of words that stayed, went and came. What is the same at both ends is not compared word by word."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [("same", old[:head])]
    if len(middle_old) * len(middle_new) > MOST_PAIRS:
        pieces += [("removed", middle_old), ("added", middle_new)]
    else:
        # Spaces and what else is in every line are no landmarks: with them a text of 600 words that was written anew took 25 s.
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, middle_old, middle_new, autojunk=True).get_opcodes():
            if tag == "equal":
                pieces.append(("same", middle_old[i1:i2]))
            else:
                pieces += [("removed", middle_old[i1:i2]), ("added", middle_new[j1:j2])]
    pieces.append(("same", old[len(old) - tail :]))
    return _joined(pieces)


def _joined(pieces: Sequence[tuple[str, Sequence[str]]]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for mark, tokens in pieces:
        text = "".join(tokens)
        if not text:
            continue
        if joined and joined[-1].mark == mark:
            joined[-1] = Piece(joined[-1].text + text, joined[-1].mark)
        else:
            joined.append(Piece(text, mark))  # type: ignore[arg-type]  # one of the three above
    return tuple(joined)


def key_of_row(name: str, row: Row) -> Hashable:
    """Return by what a row of a list is known in other snapshots."""
    columns = KEYS.get(name)
    if columns is None:
        return tuple((column, _hashable(row[column])) for column in sorted(row) if column not in {"position"})
    return tuple(str(row.get(column)) for column in columns)


def _hashable(value: object) -> Hashable:
    return repr(value)


def rows(name: str, before: Sequence[Row], after: Sequence[Row]) -> tuple[RowChange, ...]:
    """Return the rows of a list that differ: the later ones in their order, then those that are gone."""
    old = {key_of_row(name, row): row for row in before}
    new = {key_of_row(name, row): row for row in after}
    stayed = _in_order([key for key in old if key in new], [key for key in new if key in old])
    found: list[RowChange] = []
    for key, row in new.items():
        if key not in old:
            found.append(RowChange("added", None, row))
            continue
        columns = said_otherwise(old[key], row)
        if columns:
            found.append(RowChange("changed", old[key], row, columns))
        elif key not in stayed:
            found.append(RowChange("moved", old[key], row))
    found += [RowChange("removed", row, None) for key, row in old.items() if key not in new]
    return tuple(found)


def said_otherwise(before: Row, after: Row) -> tuple[str, ...]:
    """Return the columns of a row in which it says something else than before."""
    names = dict.fromkeys([*after, *before])
    return tuple(
        name for name in names if name not in UNSAID and (before.get(name) or None) != (after.get(name) or None)
    )


def _in_order(before: Sequence[Hashable], after: Sequence[Hashable]) -> frozenset[Hashable]:
    """Return the most rows whose order among each other is the same in both: the others were moved."""
    blocks = SequenceMatcher(None, list(before), list(after), autojunk=False).get_matching_blocks()
    return frozenset(after[block.b + offset] for block in blocks for offset in range(block.size))
