"""Answers of which parts were JSON already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework.renderers import JSONRenderer

from interop.api import prepared


@dataclass(frozen=True)
class Ready:
    """An answer as bytes of JSON."""

    body: bytes


class ReadyRenderer(JSONRenderer):
    """JSON, of values and of what is JSON already."""

    def render(
        self,
        data: Any,  # Any: DRF's
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,  # Any: as above
    ) -> bytes:
        if isinstance(data, Ready):
            return data.body
        made: bytes = super().render(data, accepted_media_type, renderer_context)
        return made


def with_results(head: Mapping[str, object], name: str, parts: Sequence[bytes]) -> Ready:
    """Return an object of the members of `head`, one at least, and of a last one that lists what is JSON already."""
    began = prepared.rendered(head)[:-1]
    return Ready(b"".join((began, b',"', name.encode(), b'":[', b",".join(parts), b"]}")))
