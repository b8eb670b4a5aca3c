"""The picture that stands for an item where nobody is asked who they are, and nobody can have read a warning: previews of links, feeds,
sitemaps."""

from __future__ import annotations

from archive.models import Item
from public_site import cautions, renditions
from public_site.renditions import Output

SHARE_PX = 1280  # what previews of links and search engines ask for


def open_picture(item: Item, long_edge_px: int = SHARE_PX) -> Output | None:
    """Return the first picture that everybody may see for good, of an item read with its `visible_files`; None where a warning stands
    before it. No query where derivatives are prefetched."""
    if cautions.is_warned_of(item):
        return None
    for file in item.visible_files:  # type: ignore[attr-defined]  # prefetched by queries.pictured, set by whole_item
        picture = renditions.picture_of(file, long_edge_px) if file.effective_rule.policy.is_public else None
        if picture is not None:
            return picture
    return None
