"""Statements of rights by their addresses."""

from __future__ import annotations

from archive.models import RightsStatement
from archive.slugs import free_slug

OTHER = RightsStatement.Family.OTHER


def statement_of(uri: str, *, is_sample: bool = False) -> RightsStatement | None:
    """Return the statement at an address, made if nobody has used it yet; None for an empty one. One query, three for a new one."""
    uri = uri.strip()
    if not uri:
        return None
    known = RightsStatement.objects.filter(uri=uri).first()
    if known is not None:
        return known
    slug = free_slug(RightsStatement.objects.all(), uri.partition("://")[2] or uri)
    names = [{"lang": "und", "value": uri}]
    return RightsStatement.objects.create(uri=uri, slug=slug, names=names, family=OTHER, is_sample=is_sample)
