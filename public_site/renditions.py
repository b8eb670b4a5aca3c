"""What has been made of a file, by role: the newest set of each, with addresses that a page can link to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from archive import addresses
from archive.derived_names import PICTURE_ROLES, picture_name
from archive.models import ItemFile


@dataclass(frozen=True)
class Output:
    """One file of a set. Width and height are px, 0 where the file is no picture."""

    file: ItemFile = field(repr=False, compare=False)
    role: str
    name: str
    media_type: str
    size_bytes: int
    width: int = 0
    height: int = 0

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
                    name=entry["name"],
                    media_type=entry.get("media_type", ""),
                    size_bytes=entry.get("size_bytes", 0),
                    width=entry.get("width", 0),
                    height=entry.get("height", 0),
                )
                for entry in derivative.files
            ),
            facts=derivative.facts,
        )
        for role, derivative in file.newest_derivatives().items()
        if roles is None or role in roles
    }


def picture_of(file: ItemFile, long_edge_px: int) -> Output | None:
    """The still picture of a file at about this size; nothing else that was made of it is looked at."""
    return picture(renditions_of(file, roles=PICTURE_ROLES), long_edge_px)


def picture(renditions: Mapping[str, Rendition], long_edge_px: int) -> Output | None:
    """The still picture of a file at about this size; of a small master the largest that there is."""
    for role in PICTURE_ROLES:
        made = renditions.get(role)
        if made is None:
            continue
        exact = made.named(picture_name(long_edge_px))
        if exact is not None:
            return exact
        sized = sorted((output for output in made.outputs if output.width), key=lambda output: output.width)
        if sized:
            return sized[-1]
    return None
