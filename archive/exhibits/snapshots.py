"""The whole of an exhibit as plain JSON, and back.

{"fields": {column: value}, "access": policy, "state", "cover": pid or None, "pages": [{"slug", "titles", "blocks": [{"kind", "texts",
"sources", "start_ms", "end_ms", "pieces": [{"item": pid} or {"place": slug}, "captions"]}]}]}.
"""

from __future__ import annotations

from typing import Any

from access import policy
from archive.models import Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item, Place

Snapshot = dict[str, Any]  # Any: JSON
FIELDS = ("slug", "titles", "summaries", "position")
OF_BLOCK = ("kind", "texts", "sources", "start_ms", "end_ms")


def of(exhibit: Exhibit) -> Snapshot:
    """Return the snapshot of an exhibit as the database has it. Five queries."""
    pages = exhibit.pages.order_by("position", "pk").prefetch_related("blocks__pieces__item", "blocks__pieces__place")
    return {
        "fields": {name: getattr(exhibit, name) for name in FIELDS},
        "access": policy.to_json(exhibit.chosen_rule.policy),
        "state": exhibit.state,
        "cover": exhibit.cover.pid if exhibit.cover else None,
        "is_binned": exhibit.binned_at is not None,
        "pages": [
            {"slug": page.slug, "titles": page.titles, "blocks": [_of_block(one) for one in page.blocks.all()]}
            for page in pages
        ],
    }


def _of_block(block: ExhibitBlock) -> Snapshot:
    return {
        **{name: getattr(block, name) for name in OF_BLOCK},
        "pieces": [
            {
                **({"item": one.item.pid} if one.item else {"place": one.place.slug if one.place else ""}),
                "captions": one.captions,
            }
            for one in block.pieces.all()
        ],
    }


def write_back(exhibit: Exhibit, taken: Snapshot) -> None:
    """Let the words and pages of an exhibit be as a snapshot has them; who may see it, its address and where it stands stay as they are
    now. A thing that is gone since stays away, with its caption. Call in the transaction of the change."""
    exhibit.titles = taken["fields"]["titles"]
    exhibit.summaries = taken["fields"]["summaries"]
    exhibit.position = taken["fields"]["position"]
    exhibit.cover = Item.objects.filter(pid=taken["cover"]).first() if taken["cover"] else None
    exhibit.pages.all().delete()
    pieces = [one for page in taken["pages"] for block in page["blocks"] for one in block["pieces"]]
    items = dict(Item.objects.filter(pid__in=[one.get("item", "") for one in pieces]).values_list("pid", "pk"))
    places = dict(Place.objects.filter(slug__in=[one.get("place", "") for one in pieces]).values_list("slug", "pk"))
    for number, page in enumerate(taken["pages"]):
        made = ExhibitPage.objects.create(exhibit=exhibit, slug=page["slug"], titles=page["titles"], position=number)
        for place, block in enumerate(page["blocks"]):
            row = ExhibitBlock.objects.create(page=made, position=place, **{name: block[name] for name in OF_BLOCK})
            for at, one in enumerate(block["pieces"]):
                item, where = items.get(one.get("item", "")), places.get(one.get("place", ""))
                if item is not None or where is not None:
                    ExhibitPiece.objects.create(
                        block=row, item_id=item, place_id=where, captions=one["captions"], position=at
                    )
