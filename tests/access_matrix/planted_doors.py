"""Leaks made on purpose: changes of queries, doors, counts, caches and tombstones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from pyroaring import BitMap

import access.caching
from access.middleware import PrivateByDefaultMiddleware
from access.models import AccessRule, Community
from access.models import rule as rule_models
from access.policy import Policy, Standing, from_json
from access.requests import viewer_of
from access.viewer import Viewer
from archive import cursors, prepared, queries, relations, views, ways, whereabouts, whole_items
from archive.containment import Containment
from archive.models import Agent, Item, ItemFile, ItemPlace, Place
from archive.querysets import ItemFileQuerySet, ItemQuerySet
from archive.search import narrowing, passages
from archive.search.index.memory import Memory
from archive.search.index.planning import Answer
from interop.api import headings, records, sending
from interop.api import views as api_views
from interop.iiif.image import views as iiif_views
from public_site.views import petitions as petition_views

Patch = pytest.MonkeyPatch


def all_items_are_visible(patch: Patch) -> None:
    patch.setattr(ItemQuerySet, "visible_to", lambda rows, _viewer: rows, raising=False)


def all_files_are_visible(patch: Patch) -> None:
    patch.setattr(ItemFileQuerySet, "visible_to", lambda rows, _viewer: rows)


def a_file_is_as_open_as_its_item(patch: Patch) -> None:
    patch.setattr(
        ItemFileQuerySet, "visible_to", lambda rows, viewer: rows.filter(item__effective_rule_id__in=viewer.rule_ids)
    )


def _all_seeing(viewer: Viewer) -> Viewer:
    # Of the page's own, which may be a lazy one.
    known = {one.name: getattr(viewer, one.name) for one in fields(Viewer)}
    return Viewer(**{**known, "rule_ids": frozenset(AccessRule.objects.values_list("pk", flat=True))})


def what_is_said_is_found_whoever_may_read_it(patch: Patch) -> None:
    in_files, moments = Memory.in_files, passages.moments
    every_rule = frozenset(range(1000))
    patch.setattr(Memory, "in_files", lambda part, phrase, _rules, _granted=(): in_files(part, phrase, every_rule))
    patch.setattr(passages, "moments", lambda viewer, items, words: moments(_all_seeing(viewer), items, words))


def headings_count_every_item(patch: Patch) -> None:
    def counted(rows: QuerySet[Any], _viewer: object) -> QuerySet[Any]:
        found: QuerySet[Any] = (
            rows.annotate(item_count=Count("items", distinct=True)).filter(item_count__gt=0).order_by("slug", "pk")
        )
        return found

    tally = ways.counted
    patch.setattr(queries, "_counted", counted)
    patch.setattr(ways, "counted", lambda viewer, *facets: tally(_all_seeing(viewer), *facets))


def facets_count_every_item(patch: Patch) -> None:
    def counts(answer: Answer, facets: Sequence[str]) -> dict[str, Mapping[str, int]]:
        return answer.part.counts(facets, BitMap(range(answer.part.size)))

    patch.setattr(Answer, "counts", counts)


def the_count_of_a_list_counts_every_item(patch: Patch) -> None:
    real = api_views._list
    patch.setattr(
        api_views, "_list", lambda request, _counted, *rest, **more: real(request, Item.objects.all(), *rest, **more)
    )


def a_validator_is_made_of_everything(patch: Patch) -> None:
    real = sending.finish

    def finish(request: Any, response: Any, **more: Any) -> Any:
        real(request, response, **more)
        response["ETag"] = f'W/"{Item.objects.count()}"'

    patch.setattr(sending, "finish", finish)


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


def every_byte_may_be_kept_by_caches(patch: Patch) -> None:
    every_answer_may_be_kept_by_caches(patch)


def _may_be_kept(patch: Patch, is_meant: Callable[[HttpRequest, HttpResponse], bool]) -> None:
    real = PrivateByDefaultMiddleware.__call__

    def answer(middleware: PrivateByDefaultMiddleware, request: HttpRequest) -> HttpResponse:
        response = real(middleware, request)
        if is_meant(request, response):
            response["Cache-Control"] = "public, max-age=60"
            response.headers.pop("Vary", None)
        return response

    patch.setattr(PrivateByDefaultMiddleware, "__call__", answer)


def every_page_may_be_kept_by_caches(patch: Patch) -> None:
    _may_be_kept(patch, lambda request, response: request.path.startswith("/items/") and response.status_code == 200)


def every_list_may_be_kept_by_caches(patch: Patch) -> None:
    _may_be_kept(patch, lambda request, _response: request.path == "/api/v1/peoples/")


def every_screen_of_the_desk_may_be_kept_by_caches(patch: Patch) -> None:
    _may_be_kept(patch, lambda request, response: request.path.startswith("/admin/") and response.status_code == 200)


def that_something_is_not_there_may_be_kept_by_caches(patch: Patch) -> None:
    _may_be_kept(patch, lambda _request, response: response.status_code == 404)


def a_tie_to_what_is_hidden_is_told(patch: Patch) -> None:
    for module in (relations, whole_items):
        patch.setattr(module, "seen_items", lambda _viewer, _prefix="": Q())
    prepared.forget()


def a_name_that_must_not_be_spoken_is_told(patch: Patch) -> None:
    patch.setattr(Agent, "shown_names", property(lambda agent: agent.names))


def the_address_part_of_an_unspoken_name_is_told(patch: Patch) -> None:
    patch.setattr(Agent, "shown_slug", property(lambda agent: agent.slug))


def a_hidden_place_can_be_narrowed_to(patch: Patch) -> None:
    patch.setattr(narrowing, "_recorded_within", lambda slug: ItemPlace.objects.filter(place__slug=slug))
    patch.setattr(Containment, "counted_at", lambda places, place, _precision: (place, *places.holders(place)))


def the_note_on_rights_is_told(patch: Patch) -> None:
    real = records._rights
    patch.setattr(records, "_rights", lambda item: {**real(item), "note": item.rights_note})


def fields_of_no_template_are_told(patch: Patch) -> None:
    real = records.of_item
    patch.setattr(records, "of_item", lambda item, context: {**real(item, context), "own": item.own_values})


def old_slurs_are_told(patch: Patch) -> None:
    real = headings.of_heading
    patch.setattr(headings, "of_heading", lambda row: {**real(row), "hidden": row.hidden_variants})


def headings_beside_one_are_told_whoever_sees_something_there(patch: Patch) -> None:
    patch.setattr(queries, "_with_something", lambda rows, *_asked: rows)


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
    patch.setattr(rule_models, "_read", lambda _digest, body: from_json(json.loads(body)))


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


def the_sitemap_names_every_item(patch: Patch) -> None:
    def items(_viewer: object, _part: str = "") -> QuerySet[Item]:
        return Item.objects.order_by("pid")

    patch.setattr(queries, "sitemap_items", items)


def bytes_are_sent_to_whoever_asks(patch: Patch) -> None:
    def found(_request: HttpRequest, pid: str) -> ItemFile:
        return get_object_or_404(ItemFile.objects.select_related("item", "master", "effective_rule"), pid=pid)

    patch.setattr(views, "_file", found)


def a_suspended_item_leaves_a_tombstone_whoever_saw_it(patch: Patch) -> None:
    _tombstones_for(patch, suspended_at__isnull=False)


def a_request_can_be_made_about_what_is_hidden(patch: Patch) -> None:
    def item(request: HttpRequest, pid: str) -> Item:
        found = Item.objects.with_visible_files(viewer_of(request)).annotate(file_count=Count("files"))
        return get_object_or_404(found, pid=pid)

    patch.setattr(petition_views, "_item", item)


def a_community_that_keeps_to_itself_is_named(patch: Patch) -> None:
    patch.setattr(queries, "communities", lambda _viewer: Community.objects.order_by("name"))
