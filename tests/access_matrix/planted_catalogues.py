"""Leaks made on purpose: changes of the door for catalogues that search (SRU)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from pyroaring import BitMap

from access.models import AccessRule
from access.viewer import Viewer
from archive.models import Item
from interop.sru import found, records, views
from interop.sru.cql import Both, Node
from interop.sru.request import Asked


def a_catalogue_is_answered_by_every_rule(patch: pytest.MonkeyPatch) -> None:
    real = views.visitor

    def all_seeing(*, now: datetime) -> Viewer:
        return replace(real(now=now), rule_ids=frozenset(AccessRule.objects.values_list("pk", flat=True)))

    patch.setattr(views, "visitor", all_seeing)


def a_catalogue_is_told_how_many_there_are(patch: pytest.MonkeyPatch) -> None:
    real = records.search

    def search(viewer: Viewer, asked: Asked, *, base: str) -> records.Page:
        return replace(real(viewer, asked, base=base), total=Item.objects.count())

    patch.setattr(records, "search", search)


def what_a_query_does_not_find_is_taken_from_everything(patch: pytest.MonkeyPatch) -> None:
    real = found.Found._joined

    def joined(self: found.Found, node: Both, prefixes: dict[str, str]) -> BitMap:
        if node.operator != "not":
            return real(self, node, prefixes)
        right: Node = node.right
        every = frozenset(AccessRule.objects.values_list("pk", flat=True))
        return self._part.under(every) - self.of(right, prefixes)

    patch.setattr(found.Found, "_joined", joined)
