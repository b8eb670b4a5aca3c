"""Where labels and notices of Local Contexts live. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

HOSTS = frozenset({"localcontextshub.org", "localcontexts.org"})


def is_project_address(address: str) -> bool:
    """Return whether this is an address of Local Contexts: https, one of their hosts or a part of one, and nothing that hides another."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    known = any(host == one or host.endswith(f".{one}") for one in HOSTS)
    plain = parts.username is None and parts.password is None and port is None and "\\" not in address
    return parts.scheme == "https" and known and plain
