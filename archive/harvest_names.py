"""Under which names records stand (OAI identifier format, section 2.1): `oai:<domain>:<pid>`."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings

# A place that is nobody's (RFC 6761): where the archive does not know under which name it stands.
NOWHERE = "nha-rong.localhost"
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+\Z")


def namespace() -> str:
    """Return the domain under which identifiers stand."""
    host = urlsplit(settings.BASE_URL).hostname or "" if settings.BASE_URL else ""
    return host if _DOMAIN.match(host) and not _is_number(host) else NOWHERE


def record_path(pid: str, prefix: str) -> str:
    """Return the path and query at which the record of an item is told in a format, if everybody may see it."""
    identifier = f"oai:{namespace()}:{pid}"
    return f"/oai?{urlencode({'verb': 'GetRecord', 'identifier': identifier, 'metadataPrefix': prefix}, safe=':')}"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
