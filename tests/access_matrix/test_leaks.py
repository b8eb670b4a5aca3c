"""The matrix is a net: leaks are made on purpose, one at a time, and each must be caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

import access.caching
from access.models import AccessRule
from access.policy import Policy, Standing, from_json
from access.requests import viewer_of
from archive import cursors, queries, views, whereabouts
from archive.models import Item, ItemFile, ItemPlace, Place
from archive.querysets import ItemFileQuerySet, ItemQuerySet
from archive.search import engine
from interop.api import views as api_views
from interop.iiif.image import views as iiif_views
from tests.access_matrix import people, things
from tests.access_matrix.test_lists import list_faults, split
from tests.access_matrix.test_objects import object_faults

pytestmark = pytest.mark.django_db
Patch = pytest.MonkeyPatch
# A list of each kind is enough here; the whole matrix goes through all of them.
LISTS = ("/api/v1/items/?page_size=1&count=true", "/api/v1/search/", "/api/v1/peoples/", "/items/", "/sitemap.xml")
FEW = frozenset(
    {
        "public",
        "registered",
        "staff",
        "draft",
        "embargoed",
        "opened",
        "closed_file",
        "hidden_place",
        "tampered_rule",
        "withdrawn_public",
        "withdrawn_never_public",
    }
)


def all_items_are_visible(patch: Patch) -> None:
    patch.setattr(ItemQuerySet, "visible_to", lambda rows, _viewer: rows, raising=False)


def all_files_are_visible(patch: Patch) -> None:
    patch.setattr(ItemFileQuerySet, "visible_to", lambda rows, _viewer: rows)


def a_file_is_as_open_as_its_item(patch: Patch) -> None:
    patch.setattr(
        ItemFileQuerySet, "visible_to", lambda rows, viewer: rows.filter(item__effective_rule_id__in=viewer.rule_ids)
    )


def headings_count_every_item(patch: Patch) -> None:
    def counted(rows: QuerySet[Any], _viewer: object) -> QuerySet[Any]:
        return rows.annotate(item_count=Count("items", distinct=True)).filter(item_count__gt=0).order_by("slug", "pk")

    patch.setattr(queries, "_counted", counted)


def facets_count_every_item(patch: Patch) -> None:
    real = engine._facet
    patch.setattr(engine, "_facet", lambda name, _items: real(name, Item.objects.all()))


def the_count_of_a_list_counts_every_item(patch: Patch) -> None:
    real = api_views._list
    patch.setattr(
        api_views, "_list", lambda request, _counted, *rest, **more: real(request, Item.objects.all(), *rest, **more)
    )


def a_validator_is_made_of_everything(patch: Patch) -> None:
    real = api_views._validate

    def validate(request: Any, response: Any) -> Any:
        real(request, response)
        response["ETag"] = f'W/"{Item.objects.count()}"'

    patch.setattr(api_views, "_validate", validate)


def a_cursor_tells_how_many_there_are(patch: Patch) -> None:
    real = cursors.write
    patch.setattr(cursors, "write", lambda position, **more: real([*position, Item.objects.count()], **more))


def a_closed_file_is_forbidden_instead_of_unknown(patch: Patch) -> None:
    def found(request: HttpRequest, pid: str) -> ItemFile:
        try:
            return queries.file(viewer_of(request), pid)
        except queries.NotVisible as error:
            if ItemFile.objects.filter(pid=pid).exists():
                raise PermissionDenied from error
            raise Http404 from error

    patch.setattr(views, "_file", found)


def every_answer_may_be_kept_by_caches(patch: Patch) -> None:
    def cacheable(response: Any, **_rule: object) -> Any:
        response["Cache-Control"] = "public, max-age=60"
        return response

    patch.setattr(access.caching, "publicly_cacheable", cacheable)
    patch.setattr(views, "publicly_cacheable", cacheable)
    patch.setattr(iiif_views, "publicly_cacheable", cacheable)


def hidden_places_are_shown(patch: Patch) -> None:
    def shown(row: ItemPlace, _around: object) -> Place:
        return row.place

    patch.setattr(whereabouts, "_shown_place", shown)


def dates_of_rules_are_forgotten(patch: Patch) -> None:
    real = Policy.permits

    def permits(rule: Policy, standing: Standing, *, now: object) -> bool:
        return real(Policy(rule.clauses), standing, now=timezone.now())

    patch.setattr(Policy, "permits", permits)


def a_rules_seal_is_not_looked_at(patch: Patch) -> None:
    patch.setattr(AccessRule, "policy", property(lambda rule: from_json(rule.body)))


def _tombstones_for(patch: Patch, **rows: object) -> None:
    def tombstone(pid: str) -> queries.Tombstone | None:
        item = Item.objects.filter(pid=pid, **rows).first()
        return None if item is None else queries.Tombstone(item.pid, item.identifier, timezone.localdate())

    patch.setattr(queries, "tombstone", tombstone)


def whatever_is_withdrawn_leaves_a_tombstone(patch: Patch) -> None:
    _tombstones_for(patch, state="withdrawn")


def whatever_is_closed_leaves_a_tombstone(patch: Patch) -> None:
    _tombstones_for(patch)


def a_tombstone_tells_the_title(patch: Patch) -> None:
    real = queries.tombstone

    def tombstone(pid: str) -> queries.Tombstone | None:
        left = real(pid)
        return left and replace(left, identifier=Item.objects.get(pid=pid).title_in("vi"))

    patch.setattr(queries, "tombstone", tombstone)


def the_state_of_an_item_is_forgotten(patch: Patch) -> None:
    def visible(rows: QuerySet[Any], viewer: Any) -> QuerySet[Any]:
        return rows.filter(chosen_rule_id__in=viewer.rule_ids)

    patch.setattr(ItemQuerySet, "visible_to", visible)


LEAKS: list[Callable[[Patch], None]] = [
    all_items_are_visible,
    all_files_are_visible,
    a_file_is_as_open_as_its_item,
    headings_count_every_item,
    facets_count_every_item,
    the_count_of_a_list_counts_every_item,
    a_validator_is_made_of_everything,
    a_cursor_tells_how_many_there_are,
    a_closed_file_is_forbidden_instead_of_unknown,
    every_answer_may_be_kept_by_caches,
    hidden_places_are_shown,
    dates_of_rules_are_forgotten,
    whatever_is_withdrawn_leaves_a_tombstone,
    whatever_is_closed_leaves_a_tombstone,
    a_tombstone_tells_the_title,
    a_rules_seal_is_not_looked_at,
    the_state_of_an_item_is_forgotten,
]


@pytest.mark.parametrize("leak", [None, *LEAKS], ids=lambda leak: leak.__name__ if leak else "none")
def test_a_leak_made_on_purpose_is_caught(
    monkeypatch: Patch, tmp_path: Path, leak: Callable[[Patch], None] | None
) -> None:
    seen, hidden = ([kind for kind in group if kind.name in FEW] for group in split(people.VISITOR))
    client = people.clients()[people.VISITOR]
    if leak is not None:
        leak(monkeypatch)

    caught = (
        bool(list_faults(client, tmp_path, seen, hidden, only=LISTS))
        or bool(object_faults(client, people.VISITOR, made := [things.remake(kind) for kind in (*seen, *hidden)]))
        or any(is_kept(client.get(f"/files/{thing.file.pid}/thumbnail/480.webp"), thing) for thing in made)
    )

    assert caught == (leak is not None)


def is_kept(response: Any, thing: things.Thing) -> bool:
    """Return whether a cache might keep an answer about something that is not wholly public."""
    return thing.kind.name not in {"public", "hidden_place"} and response["Cache-Control"] != "private, no-store"
