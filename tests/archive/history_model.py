"""What an archive of a few items and headings should be, in plain values: held against the real one after each deed of several people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

PEOPLE, AGENT = "people", "agent"


@dataclass(frozen=True)
class Described:
    """All that an item says in this model. `files`: pids in their order."""

    title: str
    note: str = ""
    peoples: frozenset[int] = frozenset()
    agents: frozenset[int] = frozenset()
    files: tuple[str, ...] = ()
    state: str = "draft"
    is_binned: bool = False
    is_open: bool = False

    def ties(self, kind: str) -> frozenset[int]:
        return self.peoples if kind == PEOPLE else self.agents

    def tied(self, kind: str, keys: Iterable[int]) -> Described:
        keys = frozenset(keys)
        return replace(self, peoples=keys) if kind == PEOPLE else replace(self, agents=keys)


@dataclass
class ItemStory:
    """One item: what it is, and what it was after each change, the first one first."""

    told: list[Described]

    @property
    def now(self) -> Described:
        return self.told[-1]

    def becomes(self, described: Described) -> bool:
        """Write down what it is now; returns whether that is something else than before."""
        if described == self.now:
            return False
        self.told.append(described)
        return True


@dataclass
class Heading:
    """One people or agent: its name, and the other names that it has by merges."""

    name: str
    others: frozenset[str] = frozenset()


@dataclass
class Model:
    """The whole of it. `merged`: which heading each one that is gone became; `deleted`: what those were that were deleted."""

    items: dict[str, ItemStory] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)  # pids deleted for good, and the number of their last revision
    headings: dict[str, dict[int, Heading]] = field(default_factory=lambda: {PEOPLE: {}, AGENT: {}})
    merged: dict[str, dict[int, int]] = field(default_factory=lambda: {PEOPLE: {}, AGENT: {}})
    deleted: dict[str, dict[int, Heading]] = field(default_factory=lambda: {PEOPLE: {}, AGENT: {}})
    was_shown: set[str] = field(default_factory=set)

    def uses(self, kind: str, key: int) -> bool:
        return any(key in story.now.ties(kind) for story in self.items.values())

    def present(self, kind: str, keys: Iterable[int]) -> frozenset[int]:
        """Return under which keys these are there today; those that are gone are left out."""
        found = set()
        for key in keys:
            while key in self.merged[kind]:
                key = self.merged[kind][key]  # follows a chain
            if key in self.headings[kind]:
                found.add(key)
        return frozenset(found)

    def merge(self, kind: str, goes: int, stays: int) -> None:
        one, other = self.headings[kind].pop(goes), self.headings[kind][stays]
        other.others = (other.others | {one.name} | one.others) - {other.name}
        self.merged[kind][goes] = stays
        for story in self.items.values():
            if goes in (ties := story.now.ties(kind)):
                story.becomes(story.now.tied(kind, (ties - {goes}) | {stays}))

    def restored(self, pid: str, number: int, parts: Iterable[str] | None, attachable: Mapping[str, bool]) -> Described:
        """Return what an item is after a restore: what is described of it as it was, with headings as they are today, and files that were
        added since after those that were there."""
        story = self.items[pid]
        was, now = story.told[number - 1], story.now
        chosen = {"titles", "descriptions", "peoples", "credits", "files"} if parts is None else set(parts)
        if "titles" in chosen:
            now = replace(now, title=was.title)
        if "descriptions" in chosen:
            now = replace(now, note=was.note)
        if "peoples" in chosen and was.peoples != now.peoples:
            now = now.tied(PEOPLE, self.present(PEOPLE, was.peoples))
        if "credits" in chosen and was.agents != now.agents:
            now = now.tied(AGENT, self.present(AGENT, was.agents))
        if "files" in chosen and was.files != now.files:
            back = [one for one in was.files if one in now.files or attachable[one]]
            now = replace(now, files=(*back, *(one for one in now.files if one not in back)))
        return now
