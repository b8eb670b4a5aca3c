"""What a content search finds: words, what stands around them, and the part of a canvas. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A part of a canvas: a box in px, or a span in seconds; the whole of it where both are missing."""

    canvas: str
    box: tuple[int, int, int, int] | None = None
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Hit:
    """One place where the words stand, with what stands around it. Several targets where a line end parts it."""

    key: str
    before: str
    match: str
    after: str
    language: str
    targets: tuple[Target, ...]
