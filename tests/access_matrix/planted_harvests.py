"""Leaks made on purpose: changes of the door for harvesters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from access.models import AccessRule
from access.viewer import Viewer
from interop.oai import listing, preparing, views
from interop.oai.models import HarvestRecord


def a_harvest_is_made_with_every_rule(patch: pytest.MonkeyPatch) -> None:
    real = views.visitor

    def all_seeing(*, now: datetime) -> Viewer:
        return replace(real(now=now), rule_ids=frozenset(AccessRule.objects.values_list("pk", flat=True)))

    patch.setattr(views, "visitor", all_seeing)


def what_never_was_open_is_announced_as_deleted(patch: pytest.MonkeyPatch) -> None:
    real = preparing._write

    def write(keys: list[int], made: dict[int, preparing.Made], *, asked_s: int, now_s: int) -> None:
        real(keys, made, asked_s=asked_s, now_s=now_s)
        hidden = preparing.Item.objects.filter(pk__in=set(keys) - set(made)).values_list("pk", "pid")
        HarvestRecord.objects.bulk_create(
            [HarvestRecord(item_key=pk, pid=pid, changed_s=now_s, is_deleted=True) for pk, pid in hidden],
            ignore_conflicts=True,
        )

    patch.setattr(preparing, "_write", write)


def a_harvest_counts_every_item(patch: pytest.MonkeyPatch) -> None:
    real = listing.begin
    patch.setattr(listing, "RECORDS_A_PAGE", 1)
    patch.setattr(
        listing,
        "begin",
        lambda asked, *, now: replace(real(asked, now=now), total=preparing.Item.objects.count()),
    )
