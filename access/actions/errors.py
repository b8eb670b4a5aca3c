"""What can go wrong in an action; said to people once, at the edge."""

from __future__ import annotations


class ActionRefused(Exception):
    """An action cannot be done; `code` says why, `archive.admin.sentences` says it to people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAllowed(ActionRefused):
    """The person lacks the right to do this."""

    def __init__(self) -> None:
        super().__init__("not_allowed")
