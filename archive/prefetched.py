"""What was read with a row, without the manager and the queryset that Django makes each time that somebody looks: a page looks dozens of
times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def rows_of(owner: Model, name: str, model: type[M]) -> Sequence[M]:  # noqa: ARG001  # the model says what comes back
    """Return the rows of a relation as `owner.<name>.all()` gives them. No query where they were prefetched, or laid there by
    `archive.prepared.keep`; else one."""
    kept: Any = owner.__dict__.get("_prefetched_objects_cache", {}).get(name)  # Any: Django's own
    found: Sequence[M] | None = None if kept is None else getattr(kept, "_result_cache", None)
    return list(getattr(owner, name).all()) if found is None else found
