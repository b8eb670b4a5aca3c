"""Statements of rights by their addresses."""

from __future__ import annotations

from archive.models import RightsStatement
from archive.slugs import free_slug

OTHER = RightsStatement.Family.OTHER


def statement_of(uri: str, *, is_sample: bool = False) -> RightsStatement | None:
    """Return the statement at an address, made if nobody has used it yet; None for an empty one. One query, four for a new one."""
    uri = uri.strip()
    if not uri:
        return None
    known = RightsStatement.objects.filter(uri=uri).first()
    known = known or _merged(uri)
    if known is not None:
        return known
    slug = free_slug(RightsStatement.objects.all(), uri.partition("://")[2] or uri)
    names = [{"lang": "und", "value": uri}]
    return RightsStatement.objects.create(uri=uri, slug=slug, names=names, family=OTHER, is_sample=is_sample)


def _merged(uri: str) -> RightsStatement | None:
    """Return the statement into which the one at an address was merged. Reads the codes of all: there are dozens."""
    for one in RightsStatement.objects.exclude(codes=[]).order_by("pk"):
        if any(code["scheme"] == "uri" and code["code"] == uri for code in one.codes):
            return one
    return None
