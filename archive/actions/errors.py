"""What can go wrong in an action; translated once, at the edge."""

from __future__ import annotations

from access.actions.errors import ActionRefused, NotAllowed

__all__ = ["ActionRefused", "NotAllowed", "StaleVersion"]


class StaleVersion(ActionRefused):
    """Somebody else saved the record since it was read; nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__("stale_version")
