"""What has been made of a file, by role: the newest set of each, with addresses that a page can link to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from archive import addresses, stills
from archive.derived_names import PICTURE_ROLES, picture_name
from archive.models import ItemFile


@dataclass(frozen=True)
class Output:
    """One file of a set. Width and height are px, 0 where the file is no picture; `page` is 0 where it is of none."""

    file: ItemFile = field(repr=False, compare=False)
    role: str
    name: str
    media_type: str
    size_bytes: int
    width: int = 0
    height: int = 0
    page: int = 0

    @property
    def address(self) -> str:
        """Its address, made when it is asked for: a document has a thousand pages, and one of them is shown."""
        return addresses.derivative(self.file, self.role, self.name)

    @property
    def download_address(self) -> str:
        """The address of a copy to take away, with credit and rights written into it."""
        return addresses.download(self.file, self.role, self.name)


@dataclass(frozen=True)
class Rendition:
    """One set of files of one role."""

    role: str
    outputs: tuple[Output, ...]
    facts: Mapping[str, object] = field(default_factory=dict)

    def named(self, name: str) -> Output | None:
        """The file of that name, None when the set has none."""
        return next((output for output in self.outputs if output.name == name), None)

    def number(self, fact: str) -> int:
        """A whole number among the facts; 0 when it is missing or something else."""
        value = self.facts.get(fact)
        return int(value) if isinstance(value, int | float) else 0


def renditions_of(file: ItemFile, *, roles: Collection[str] | None = None) -> dict[str, Rendition]:
    """The newest version of each role, or of these roles. Uses the prefetched `master.derivatives`."""
    return {
        role: Rendition(
            role=role,
            outputs=tuple(
                Output(
                    file=file,
                    role=role,
                    name=str(entry["name"]),
                    media_type=str(entry.get("media_type", "")),
                    size_bytes=_number(entry, "size_bytes"),
                    width=_number(entry, "width"),
                    height=_number(entry, "height"),
                    page=_number(entry, "page"),
                )
                for entry in stills.shown_entries(file, derivative)
            ),
            facts=derivative.facts,
        )
        for role, derivative in file.newest_derivatives().items()
        if roles is None or role in roles
    }


def _number(entry: Mapping[str, object], name: str) -> int:
    value = entry.get(name)
    return int(value) if isinstance(value, int | float) else 0


def picture_of(file: ItemFile, long_edge_px: int) -> Output | None:
    """The still picture of a file at about this size; nothing else that was made of it is looked at."""
    return picture(renditions_of(file, roles=PICTURE_ROLES), long_edge_px)


def _names(file: ItemFile, long_edge_px: int) -> tuple[str, ...]:
    """What a still of this size may be called: only one of them is among the files that are shown."""
    return (picture_name(long_edge_px), picture_name(long_edge_px, file.poster_choice or 0))


def picture(renditions: Mapping[str, Rendition], long_edge_px: int) -> Output | None:
    """The still picture of a file at about this size, of a film that of the still that stands for it; of a small master the largest that
    there is."""
    for role in PICTURE_ROLES:
        made = renditions.get(role)
        if made is None:
            continue
        exact = next((one for one in made.outputs if one.name in _names(one.file, long_edge_px)), None)
        if exact is not None:
            return exact
        sized = sorted((output for output in made.outputs if output.width), key=lambda output: output.width)
        if sized:
            return sized[-1]
    return None
