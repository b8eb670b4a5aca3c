"""What a recipe is: a frozen value that says what is made of a file, by which processor, within which limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

Lane = Literal["quick", "heavy", "solo"]
Scalar = int | float | str | bool

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one run may use. The sandbox holds the child to it.

    `memory_bytes` is address space of one process, `file_bytes` the size of one written file, `output_bytes` of all of
    them together. `programs` allows the child to start another program (ffmpeg); without it no second process can be made.
    """

    memory_bytes: int = 3072 * MEBIBYTE
    cpu_s: int = 60
    wall_s: int = 180
    file_bytes: int = 256 * MEBIBYTE
    output_bytes: int = 256 * MEBIBYTE
    output_files: int = 16
    open_files: int = 256
    programs: bool = False


@dataclass(frozen=True)
class Recipe:
    """One kind of output: change what comes out, raise `version`.

    `settings` carry their units in their names. `kinds` are those of `formats.py`. `source_role` names the derivative of the same master
    whose first file is read instead of the master; such work is queued when that is published, and planned by its facts, too.
    `is_extra`: a master can be shown without it, and is ready though it failed.
    """

    role: str
    version: int
    processor: str
    lane: Lane
    kinds: frozenset[str]
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    limits: Limits = Limits()
    source_role: str = ""
    is_extra: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def within(self, limits: Limits) -> "Recipe":
        """Return the same recipe with other limits: they depend on the file's length, the output does not."""
        return replace(self, limits=limits)
