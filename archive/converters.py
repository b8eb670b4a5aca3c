"""Path converters."""

from access.identifiers import PID_PATTERN


class PidConverter:
    """The shape of a pid. A wrong check character is simply not found: it tells no more than any other unknown pid."""

    regex = PID_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
