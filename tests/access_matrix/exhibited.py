"""Exhibits of the matrix: one that everybody may see, with every thing in it, and one of each thing's own under the same rule as it."""

from __future__ import annotations

from access.models import AccessRule
from archive.languages import of
from archive.models import BlockKind, Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item, ItemPlace
from tests.access_matrix.kinds import Kind
from tests.access_matrix.planted import word
from tests.access_matrix.world import NOW

SHARED = "matrix-exhibit"
# Words of the blocks in the exhibit that everybody sees, and of the exhibit of the thing's own: whoever sees the thing may read them.
OF_ITS_BLOCKS = ("exhibit caption", "exhibit excerpt", "exhibit source", "exhibit map")
OF_ITS_OWN = ("exhibit", "exhibit title", "exhibit summary", "exhibit page", "exhibit text")
_ALONE = (BlockKind.ITEM, BlockKind.RECORDING, BlockKind.EXCERPT)
_TOGETHER = (BlockKind.GALLERY, BlockKind.TIME_LINE)


def shared() -> Exhibit:
    """Return the exhibit that everybody may see."""
    public = AccessRule.objects.public()
    found, is_new = Exhibit.objects.get_or_create(
        slug=SHARED,
        defaults={
            "titles": of(vi="Trưng bày chung"),
            "state": "published",
            "chosen_rule": public,
            "effective_rule": public,
            "changed_at": NOW,
            "published_at": NOW,
        },
    )
    if is_new:
        page = ExhibitPage.objects.create(exhibit=found, slug="chung", titles=of(vi="Trang chung"))
        for position, kind in enumerate((BlockKind.TEXT, *_TOGETHER, BlockKind.MAP)):
            ExhibitBlock.objects.create(page=page, kind=kind, texts=of(vi="Lời chung"), position=position)
    return found


def exhibit(item: Item, kind: Kind) -> None:
    """Put an item into the exhibit that everybody may see, by itself and with the others, and make one of its own."""

    def said(name: str) -> list[dict[str, str]]:
        return [{"lang": "vi", "value": word(kind.name, name)}]

    common = shared()
    together = ExhibitBlock.objects.filter(page__exhibit=common, page__slug="chung")
    for block in together.filter(kind__in=_TOGETHER):
        ExhibitPiece.objects.create(block=block, item=item, captions=said("exhibit caption"), position=item.pk)
    for located in ItemPlace.objects.filter(item=item, precision="hidden"):
        ExhibitPiece.objects.create(
            block=together.get(kind=BlockKind.MAP), place=located.place, captions=said("exhibit map")
        )
    page = ExhibitPage.objects.create(exhibit=common, slug=f"p{item.pk}", titles=of(vi="Trang"), position=item.pk)
    for position, one in enumerate(_ALONE):
        block = ExhibitBlock.objects.create(
            page=page,
            kind=one,
            texts=said("exhibit excerpt"),
            sources=said("exhibit source"),
            start_ms=0 if one == BlockKind.RECORDING else None,
            end_ms=9 if one == BlockKind.RECORDING else None,
            position=position,
        )
        ExhibitPiece.objects.create(block=block, item=item, captions=said("exhibit caption"))
    item.refresh_from_db()
    own = Exhibit.objects.create(
        slug=word(kind.name, "exhibit"),
        titles=said("exhibit title"),
        summaries=said("exhibit summary"),
        state="published",
        chosen_rule_id=item.effective_rule_id,
        effective_rule_id=item.effective_rule_id,
        cover=item,
        changed_at=NOW,
        published_at=NOW,
    )
    for slug in ("x", "y"):
        leaf = ExhibitPage.objects.create(exhibit=own, slug=slug, titles=said("exhibit page"), position=ord(slug))
        ExhibitBlock.objects.create(page=leaf, kind=BlockKind.TEXT, texts=said("exhibit text"))
