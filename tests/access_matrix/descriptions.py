"""Words planted in every field of the full description, in what headings say of themselves, and in ties between items."""

from __future__ import annotations

from typing import Any

from archive.languages import of
from archive.models import Agent, Collection, Item, ItemAgent, ItemRelation, People, Subject
from tests.access_matrix.planted import word
from tests.access_matrix.world import make_item

# Whoever sees the record reads them, on its page and in the API.
OF_RECORD = (
    "alternative", "contents", "extent", "medium", "provenance", "source", "spelling", "own text", "own plain", "holder",
    "number elsewhere", "date written", "issued written", "period written", "tie", "stands for",
)  # fmt: skip
# Of headings that only it has.
OF_HEADINGS = ("variant", "heading note")
# At no door but the desk's, whoever asks: what must not be spoken, slurs of old sources, a field that no template has any more.
UNTOLD = ("unspoken", "slur", "relic")
# For staff who see the record, at the desk.
OF_STAFF = ("rights note",)
HUB = "matrix-hub"


def columns(kind: str) -> dict[str, Any]:  # Any: values of many columns
    """Return the columns of the item of a kind, each with a word of its own."""

    def said(name: str) -> list[Any]:  # Any: values in a language
        return list(of(vi=word(kind, name)))

    return {
        "template": "gong_recording",
        "own_values": {
            "set_name": said("own text"), "equipment": word(kind, "own plain"), "no_longer": word(kind, "relic"),
        },
        "alternative_titles": said("alternative"),
        "contents": said("contents"),
        "extents": said("extent"),
        "mediums": said("medium"),
        "provenances": said("provenance"),
        "sources": said("source"),
        "orthography_notes": said("spelling"),
        "rights_holders": said("holder"),
        "other_identifiers": [{"scheme": "isbn", "value": word(kind, "number elsewhere")}],
        "date_as_written": word(kind, "date written"),
        "issued_as_written": word(kind, "issued written"),
        "period_as_written": word(kind, "period written"),
        "rights_note": word(kind, "rights note"),
    }  # fmt: skip


def hub() -> Item:
    """Return the item that everybody sees and to which every other is tied: its page names those that its reader sees."""
    return Item.objects.filter(identifier=HUB).first() or make_item("Mục lục chung", identifier=HUB)


def tie(item: Item, kind: str) -> None:
    """Tie the item to the one that everybody sees, as a part of it, and let somebody have part in it who must not be named."""
    ItemRelation.objects.create(item=hub(), other=item, kind="part", notes=of(vi=word(kind, "tie")), position=item.pk)
    unspoken = Agent.objects.create(
        slug=word(kind, "unspoken"),
        names=of(vi=word(kind, "unspoken")),
        variants=of(vi=word(kind, "unspoken")),
        notes=of(vi=word(kind, "unspoken")),
        name_is_withheld=True,
        shown_as=of(vi=word(kind, "stands for")),
        withheld_note=word(kind, "unspoken"),
    )
    ItemAgent.objects.create(item=item, agent=unspoken, role="nrt")


def describe_heading(own: People | Subject | Collection, shared: People | Subject | Collection, kind: str) -> None:
    """Let a heading of an item's own say all of itself, and lie beside or below one that all items have."""
    own.variants, own.notes = of(vi=word(kind, "variant")), of(vi=word(kind, "heading note"))
    own.hidden_variants = of(vi=word(kind, "slur"))
    if isinstance(own, Subject) and isinstance(shared, Subject):
        own.related.add(shared)
        own.broader.add(shared)
    else:
        own.parent = shared  # type: ignore[union-attr, assignment]  # of the same model
    own.save()
