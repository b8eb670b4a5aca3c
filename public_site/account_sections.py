"""What other parts show on a reader's own page. A part adds a function when its views load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Section:
    """One section: its template, included with this context below the name `section`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)  # Any: a template's


# Each is asked with the request of a signed-in reader, and answers a section or None.
SECTIONS: list[Callable[[HttpRequest], Section | None]] = []


def sections_of(request: HttpRequest) -> list[Section]:
    """Return the sections that have something to say to this reader."""
    return [section for make in SECTIONS if (section := make(request)) is not None]
