"""Leaks made on purpose: changes of what is kept ready, and of what is told of changes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from django.db.models import Exists

from access.models import AccessRule
from access.viewer import Viewer
from archive import queries
from archive.models import Item
from interop.api import prepared
from interop.oai import activities, preparing
from interop.oai.models import HarvestWaiting


def a_record_is_kept_ready_as_staff_see_it(patch: pytest.MonkeyPatch) -> None:
    def make(viewer: Viewer, items: Sequence[Item]) -> Mapping[int, Mapping[int, bytes]]:
        seeing = replace(viewer, rule_ids=frozenset(AccessRule.objects.values_list("pk", flat=True)))
        rows = queries.described(seeing, Item.objects.filter(pk__in=[item.pk for item in items]))
        return prepared.make(seeing, list(rows))

    patch.setattr(preparing, "others", [preparing.Other(mark=prepared.mark, make=make)])


def what_changed_since_is_told_as_it_was_kept(patch: pytest.MonkeyPatch) -> None:
    real = prepared._query

    @functools.cache
    def query(keys: int) -> str:
        return real(keys).partition("AND NOT EXISTS")[0]

    patch.setattr(prepared, "_query", query)


def a_record_that_changed_since_is_told_as_it_was_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(prepared, "Exists", lambda _waiting: Exists(HarvestWaiting.objects.none()))


def what_never_was_open_is_told_of_as_an_activity(patch: pytest.MonkeyPatch) -> None:
    real = activities.tell

    def tell(keys: Sequence[int], seen: Mapping[int, tuple[str, str]], *, now_s: int) -> None:
        pids = dict(Item.objects.filter(pk__in=set(keys) - set(seen)).values_list("pk", "pid"))
        real(keys, {**seen, **{key: (pid, "") for key, pid in pids.items()}}, now_s=now_s)

    patch.setattr(activities, "tell", tell)
