"""What one authority becomes when another is merged into it: the names of that one are other forms of this one, hidden forms stay hidden,
and where the two disagree on how much readers learn, the stricter holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.languages import LangValue
from archive.models import Agent, Collection, People, Place, PlaceName, RightsStatement, Subject

HIDDEN = PlaceName.NameKind.HIDDEN
# Which names of the one that stays give way to a hidden form of the other.
YIELDING = frozenset({PlaceName.NameKind.VARIANT, PlaceName.NameKind.FORMER})


def join(goes: Any, stays: Any) -> None:  # Any: one of six models
    """Write into `stays`, in memory, what `goes` adds to it; of a place also its names in the database, before its rows are led over."""
    stays.notes = with_missing(stays.notes, goes.notes)
    stays.is_sample = stays.is_sample and goes.is_sample
    if isinstance(stays, Place):
        _join_place(goes, stays)
        return
    hidden = without(goes.hidden_variants, stays.hidden_variants)
    stays.hidden_variants = [*stays.hidden_variants, *hidden]
    unspoken = {one["value"] for one in stays.hidden_variants}
    shown = [one for one in [*stays.variants, *goes.names, *goes.variants] if one["value"] not in unspoken]
    stays.variants = without(_once(shown), stays.names)
    stays.codes = _once([*stays.codes, *goes.codes])
    if isinstance(stays, Agent):
        _join_agent(goes, stays)
    elif isinstance(stays, People):
        stays.languages = list(dict.fromkeys([*stays.languages, *goes.languages]))
        _join_parent(goes, stays)
    elif isinstance(stays, Subject):
        stays.notation = stays.notation or goes.notation
        stays.matches = _once([*stays.matches, *goes.matches])
    elif isinstance(stays, Collection):
        stays.descriptions = with_missing(stays.descriptions, goes.descriptions)
        _join_parent(goes, stays)
    elif isinstance(stays, RightsStatement):
        stays.requires_origin = stays.requires_origin or goes.requires_origin
        stays.codes = _once([*stays.codes, {"scheme": "uri", "version": "", "code": goes.uri}])


def _join_agent(goes: Agent, stays: Agent) -> None:
    stays.born_edtf = stays.born_edtf or goes.born_edtf
    stays.died_edtf = stays.died_edtf or goes.died_edtf
    stays.name_is_withheld = stays.name_is_withheld or goes.name_is_withheld
    stays.shown_as = stays.shown_as or goes.shown_as
    stays.withheld_note = joined_text(stays.withheld_note, goes.withheld_note)


def _join_parent(goes: Any, stays: Any) -> None:  # Any: a people or a collection
    if stays.parent_id == goes.pk:
        stays.parent_id = None
    if stays.parent_id is None and goes.parent_id != stays.pk:
        stays.parent_id = goes.parent_id


def _join_place(goes: Place, stays: Place) -> None:
    if stays.latitude is None or stays.longitude is None:
        stays.latitude, stays.longitude = goes.latitude, goes.longitude
    stays.valid_from, stays.valid_to = stays.valid_from or goes.valid_from, stays.valid_to or goes.valid_to
    stays.precision = stricter(stays.precision, goes.precision)
    names = PlaceName.objects.filter(place__in=[goes.pk, stays.pk])
    hidden = {name.text for name in names if name.kind == HIDDEN}
    names.filter(text__in=hidden, kind__in=YIELDING).update(kind=HIDDEN)
    theirs = PlaceName.objects.filter(place=goes.pk)
    theirs.filter(text__in=hidden).update(kind=HIDDEN)
    theirs.filter(kind=PlaceName.NameKind.OFFICIAL).update(kind=PlaceName.NameKind.VARIANT)


def stricter(first: str, second: str) -> str:
    """Return the precision that tells readers less."""
    return max(first, second, key=list(Place.Precision.values).index)


def joined_text(first: str, second: str, *, limit: int | None = None) -> str:
    """Return both texts, each once."""
    texts = list(dict.fromkeys(text for text in (first, second) if text))
    return "; ".join(texts)[:limit]


def with_missing(own: Sequence[LangValue], others: Sequence[LangValue]) -> list[LangValue]:
    """Return the own texts, and those of the other in languages that have none."""
    langs = {one["lang"] for one in own}
    return [*own, *(one for one in others if one["lang"] not in langs)]


def without(values: Sequence[LangValue], known: Sequence[LangValue]) -> list[LangValue]:
    """Return the values that are not among those that are known."""
    return [one for one in values if one not in known]


def _once(values: Sequence[Any]) -> list[Any]:  # Any: JSON
    found: list[Any] = []  # Any: as above
    for one in values:
        if one not in found:
            found.append(one)
    return found
