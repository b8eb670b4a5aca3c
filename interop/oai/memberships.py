"""What is kept of items beside their records: which saved searches find them, and which partners were told of them."""

from __future__ import annotations

from collections.abc import Collection

from archive import queries
from interop.oai import sets
from interop.oai.models import HarvestPartnerRecord, HarvestSearchHit


def specs_of(keys: Collection[int]) -> dict[int, list[str]]:
    """Return the setSpecs of searches by item. One query."""
    shown = queries.saved_searches().order_by().values("slug")
    hits = HarvestSearchHit.objects.filter(item_key__in=keys, slug__in=shown).order_by("slug")
    found: dict[int, list[str]] = {}
    for key, slug in hits.values_list("item_key", "slug"):
        found.setdefault(key, []).append(f"{sets.SEARCH}:{slug}")
    return found


def shown_specs() -> set[str]:
    """Return the setSpecs of the searches that are shown to readers now. One query."""
    return {f"{sets.SEARCH}:{slug}" for slug in queries.saved_searches().values_list("slug", flat=True)}


def touch_partners(keys: Collection[int], *, now_s: int) -> None:
    """Note that something which these items' records tell has changed: to every partner that was told of one it is news. One query."""
    known = HarvestPartnerRecord.objects.filter(item_key__in=keys, is_deleted=False, changed_s__lt=now_s)
    known.update(changed_s=now_s)
