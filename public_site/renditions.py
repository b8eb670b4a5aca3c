"""What has been made of a file, by role: the newest set of each, with addresses that a page can link to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive import addresses
from archive.models import ItemFile


@dataclass(frozen=True)
class Output:
    """One file of a set. Width and height are px, 0 where the file is no picture."""

    name: str
    address: str
    media_type: str
    size_bytes: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Rendition:
    """One set of files of one role."""

    role: str
    outputs: tuple[Output, ...]
    facts: Mapping[str, object] = field(default_factory=dict)

    def named(self, name: str) -> Output | None:
        """The file of that name, None when the set has none."""
        return next((output for output in self.outputs if output.name == name), None)

    def below(self, folder: str) -> tuple[Output, ...]:
        """The files whose name begins with the folder's."""
        return tuple(output for output in self.outputs if output.name.startswith(f"{folder}/"))

    def number(self, fact: str) -> int:
        """A whole number among the facts; 0 when it is missing or something else."""
        value = self.facts.get(fact)
        return int(value) if isinstance(value, int | float) else 0


def renditions_of(file: ItemFile) -> dict[str, Rendition]:
    """The newest version of each role. Uses the prefetched `master.derivatives`."""
    found: dict[str, Rendition] = {}
    if file.master is None:
        return found
    for derivative in sorted(file.master.derivatives.all(), key=lambda one: (one.version, one.pk)):
        outputs = tuple(
            Output(
                name=entry["name"],
                address=addresses.derivative(file, derivative.role, entry["name"]),
                media_type=entry.get("media_type", ""),
                size_bytes=entry.get("size_bytes", 0),
                width=entry.get("width", 0),
                height=entry.get("height", 0),
            )
            for entry in derivative.files
        )
        found[derivative.role] = Rendition(role=derivative.role, outputs=outputs, facts=derivative.facts)
    return found


PICTURE_ROLES = ("thumbnail", "poster")


def picture(renditions: Mapping[str, Rendition], long_edge_px: int) -> Output | None:
    """The still picture of a file at about this size; of a small master the largest that there is."""
    for role in PICTURE_ROLES:
        made = renditions.get(role)
        if made is None:
            continue
        exact = made.named(f"{long_edge_px}.webp")
        if exact is not None:
            return exact
        sized = sorted((output for output in made.outputs if output.width), key=lambda output: output.width)
        if sized:
            return sized[-1]
    return None
