"""Finding a place by its name on a day, and by what it lies in: "Đăk Rơ Wa, thành phố Kon Tum" of 1998 is the commune of today.

What a place lies in, or lay in, or became part of, all count: records name the districts of their time, and the authority has today's units
with what they came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from archive.languages import canonical
from archive.loading.names import KEY, SHOWN_MOST, NotNamed
from archive.models import Place, PlaceName, PlaceParent, PlaceSuccession
from archive.search.folding import fold

# What stands before a name and is often left out or shortened.
_KIND_OF = re.compile(
    r"\A(xa|phuong|thi tran|thi xa|huyen|tinh|thanh pho|tp|quan|lang|thon|buon|dac khu|x|p|tt|tx|h|t) (?=\S)"
)
_STEPS_MOST = 6


class Places:
    """Every place by what it was ever called. Five queries to begin with, and one for each place that is named."""

    def __init__(self) -> None:
        self._slugs: dict[str, int] = {}
        self._times: dict[int, tuple[date | None, date | None]] = {}
        self._provinces: set[int] = set()
        listed = Place.objects.order_by("pk").values_list("pk", "slug", "kind", "valid_from", "valid_to")
        for pk, slug, kind, begins, ends in listed:
            self._slugs[slug] = pk
            self._times[pk] = (begins, ends)
            if kind == Place.PlaceKind.PROVINCE:
                self._provinces.add(pk)
        self._exact: dict[str, set[int]] = {}
        self._loose: dict[str, set[int]] = {}
        self._bare: dict[str, set[int]] = {}
        for pk, text in PlaceName.objects.order_by("pk").values_list("place_id", "text"):
            self._exact.setdefault(canonical(text).casefold(), set()).add(pk)
            self._loose.setdefault(fold(text), set()).add(pk)
            self._bare.setdefault(_bare(text), set()).add(pk)
        self._parents: dict[int, set[int]] = {}
        self._before: dict[int, set[int]] = {}
        self._after: dict[int, set[int]] = {}
        for child, parent in PlaceParent.objects.order_by().values_list("child_id", "parent_id"):
            self._parents.setdefault(child, set()).add(parent)
        for before, after in PlaceSuccession.objects.order_by().values_list("before_id", "after_id"):
            self._after.setdefault(before, set()).add(after)
            self._before.setdefault(after, set()).add(before)
        self._found: dict[int, Place] = {}
        self._said: dict[tuple[str, date | None], Place] = {}

    def find(self, said: str, day: date | None) -> Place:
        """Return the place of that name, with its names. Raises NotNamed("unknown_place", "place_elsewhere", "ambiguous")."""
        asked = (said, day)
        if asked not in self._said:
            pk = self._one(said, day)
            if pk not in self._found:
                self._found[pk] = Place.objects.prefetch_related("names").get(pk=pk)
            self._said[asked] = self._found[pk]
        return self._said[asked]

    def _one(self, said: str, day: date | None) -> int:
        if said in self._slugs:
            return self._slugs[said]
        if said.startswith(KEY) and said[1:].isdigit() and int(said[1:]) in self._times:
            return int(said[1:])
        whole = self._called(said)
        name, *around = [part.strip() for part in said.split(",")]
        keys = whole or self._called(name)
        if not keys:
            raise NotNamed("unknown_place", name=said)
        for context in () if whole else around:
            if known := self._called(context):
                keys = {pk for pk in keys if self._lies_in(pk, known)}
                if not keys:
                    raise NotNamed("place_elsewhere", name=name, context=context)
        keys = self._of_day(keys, day)
        if len(keys) > 1:
            slugs = [slug for slug, pk in self._slugs.items() if pk in keys]
            raise NotNamed("ambiguous", name=said, slugs=", ".join(sorted(slugs)[:SHOWN_MOST]))
        return next(iter(keys))

    def _called(self, name: str) -> set[int]:
        if not fold(name):
            return set()
        exact = self._exact.get(canonical(name).casefold())
        return set(exact or self._loose.get(fold(name)) or self._bare.get(_bare(name)) or ())

    def _lies_in(self, pk: int, places: set[int]) -> bool:
        """Return whether a place lies, or lay, in one of these. From what a unit was made of this does not go on to what else became of
        that, nor from a province back to those that it was made of: else every commune of today would lie in each."""
        edge = {(pk, False)}
        reached = set(edge)
        for _step in range(_STEPS_MOST):
            edge = {other for one, went_back in edge for other in self._around(one, went_back=went_back)} - reached
            if any(one in places for one, _went_back in edge):
                return True
            reached |= edge
        return False

    def _around(self, pk: int, *, went_back: bool) -> Iterator[tuple[int, bool]]:
        for parent in self._parents.get(pk, ()):
            yield parent, went_back
        if pk not in self._provinces:
            for before in self._before.get(pk, ()):
                yield before, True
        if not went_back:
            for after in self._after.get(pk, ()):
                yield after, False

    def _of_day(self, keys: Iterable[int], day: date | None) -> set[int]:
        """Return those that were there on the day, or without one, are there now; all where none or nobody knows."""
        keys = set(keys)
        if len(keys) == 1:
            return keys

        def was_there(pk: int) -> bool:
            begins, ends = self._times[pk]
            if day is None:
                return ends is None
            return (begins or date.min) <= day <= (ends or date.max)

        return {pk for pk in keys if was_there(pk)} or keys

    def called(self, place: Place) -> str:
        """Return what a table writes so that `find` finds this place whatever the day."""
        name = place.name_on(None)
        is_alone = self._exact.get(canonical(name).casefold()) == {place.pk} and name not in self._slugs
        # A comma would part it, a bracket would be read as a role.
        return name if is_alone and not name.startswith(KEY) and not re.search(r"[,()=]", name) else place.slug


def _bare(name: str) -> str:
    return _KIND_OF.sub("", fold(name))
