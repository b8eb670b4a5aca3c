"""Parts of public addresses: made of names that may be shown, and never telling one that may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from access import identifiers
from archive.languages import LangValue
from archive.models import Place, PlaceName
from archive.search.folding import fold

SHORTEST_TELLING = 3


def free_slug(rows: QuerySet[Any], name: str) -> str:  # Any: any model with a slug
    """Return a part made from a name that no row has yet; of no name an opaque one."""
    base = slugify(fold(name))[:70] or identifiers.new_pid()
    slug, number = base, 1
    while rows.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def of_place(place: Place, *, keep: str) -> str:
    """Return the address part that a place should have: `keep` unless it is empty or tells a hidden name. Two queries, or one a clash."""
    names = list(PlaceName.objects.filter(place=place))
    hidden = [slugify(fold(name.text)) for name in names if name.kind == PlaceName.NameKind.HIDDEN]
    shown = [name for name in names if name.kind != PlaceName.NameKind.HIDDEN]
    if keep and not tells(keep, hidden, [slugify(fold(name.text)) for name in shown]):
        return keep
    shown.sort(key=lambda name: (name.kind != PlaceName.NameKind.OFFICIAL, name.pk))
    # A shown name that holds a hidden one ("Suối Yang Sri", "Yang Sri") is shown already.
    return free_slug(Place.objects.exclude(pk=place.pk), shown[0].text if shown else "")


def tells(slug: str, hidden: Sequence[str], shown: Sequence[str]) -> bool:
    """Return whether an address part holds a hidden name that no shown name holds as well. All of them as `slugify` leaves them."""
    return any(
        len(name) >= SHORTEST_TELLING and name in slug and not any(name in other for other in shown) for name in hidden
    )


def stands_for(slug: str, names: Sequence[LangValue]) -> bool:
    """Return whether an address part was made of one of these names."""
    made = [slugify(fold(name["value"]))[:70] for name in names]
    return any(one and slug.startswith(one) for one in made)
