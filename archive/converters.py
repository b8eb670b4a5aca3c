"""Path converters."""

from access.identifiers import PID_PATTERN


class PidConverter:
    """The shape of a pid. A wrong check character is simply not found: it tells no more than any other unknown pid."""

    regex = PID_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ListCodeConverter:
    """The code of a reader's list, as it is shown or as people write it."""

    regex = r"[A-Za-z2-9]{4}-?[A-Za-z2-9]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
