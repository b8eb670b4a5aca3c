"""The one filter of visibility, for every queryset of things that carry an effective rule."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from access.viewer import Viewer

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows with an `effective_rule`. The only way from a door to them is `visible_to`."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rows whose effective rule this viewer satisfies: one indexed column, compared with a list of integers."""
        return self.filter(effective_rule_id__in=viewer.rule_ids)
