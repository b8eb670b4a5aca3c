"""The names of places, read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from access.viewer import Viewer
from archive.models import Place, PlaceName
from archive.prepared import Key, Prepared, has_kept, keep


def _names(places: Sequence[Key], _viewer: Viewer | None) -> QuerySet[PlaceName]:
    return PlaceName.objects.filter(place__in=places).order_by("place_id", "valid_from", "pk")


_NAMES = Prepared(_names)


def name_places(places: Iterable[Place]) -> None:
    """Read the names of those places that came without, as if they had been prefetched. One query at most."""
    nameless = [place for place in places if not has_kept(place, "names")]
    names: dict[int, list[PlaceName]] = {place.pk: [] for place in nameless}
    for name in _NAMES.rows(list(names)):
        names[name.place_id].append(name)
    for place in nameless:
        keep(place, "names", names[place.pk], PlaceName)
