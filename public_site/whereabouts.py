"""Places of an item as a visitor may read them: never closer than its curator allows, with the name of the time."""

from __future__ import annotations

from dataclasses import dataclass

from archive.models import Item, ItemPlace, PlaceName

SHOWN_WHOLE = frozenset({ItemPlace.Precision.EXACT})
COARSE_KINDS = {
    ItemPlace.Precision.COMMUNE: frozenset({"commune", "ward", "town", "special_zone", "district", "province"}),
    ItemPlace.Precision.PROVINCE: frozenset({"province"}),
}


@dataclass(frozen=True)
class Whereabouts:
    """One place: what it is called today, what it was called when the item was made (empty if the same), its page."""

    name: str
    former: str
    slug: str
    role: str


def may_show(located: ItemPlace) -> bool:
    """Whether the place itself may be named: a village marked "commune only" is not, its commune would be."""
    if located.precision in SHOWN_WHOLE:
        return True
    return located.place.kind in COARSE_KINDS.get(ItemPlace.Precision(located.precision), frozenset())


def whereabouts_of(item: Item) -> list[Whereabouts]:
    """The places to show, in order. Uses the prefetched `located__place__names`."""
    shown = []
    for located in item.located.all():
        if not may_show(located):
            continue
        now = located.place.name_on(None)
        former = ""
        if item.date_last is not None:
            then = located.place.name_on(item.date_last)
            former = then if then != now else ""
        if not former:
            names = [name.text for name in located.place.names.all() if name.kind == PlaceName.NameKind.FORMER]
            former = names[-1] if names and names[-1] != now else ""
        if not former and located.precision in SHOWN_WHOLE and located.as_recorded not in ("", now):
            former = located.as_recorded
        shown.append(Whereabouts(name=now, former=former, slug=located.place.slug, role=located.get_role_display()))
    return shown
