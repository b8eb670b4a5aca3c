"""An item as somebody else would find it, as far as the one who asks may see it: never more than both may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access.models import AccessRule
from access.policy import Policy, Standing
from access.viewer import Viewer
from archive import queries, visibility
from archive.models import Item, ItemFile, ItemState
from archive.models.file import COMPANION_ROLES
from archive.queries import WayIn

# Who may be looked as; members of a protocol are called by its pid.
VISITOR, READER, ON_SITE = "visitor", "reader", "on_site"
STANDINGS: Mapping[str, Standing] = {
    VISITOR: Standing(),
    READER: Standing(is_registered=True),
    ON_SITE: Standing(is_on_site=True),
}


@dataclass(frozen=True)
class Found:
    """What the other one would find. `item` has `visible_files` of both; None: for them it is not there.

    `viewer` has the standing of the other one, and of the rules those that both satisfy: what the page names besides is asked for with it.
    `way_in` is empty where nothing of it is closed to them.
    """

    viewer: Viewer
    item: Item | None
    way_in: WayIn | str = ""


def standing_of_member(protocol: str) -> Standing:
    """Return the standing of a member of one protocol and of nothing else."""
    return Standing(is_registered=True, protocols=frozenset({protocol}))


def look(own: Viewer, pid: str, standing: Standing, *, as_published: bool) -> Found:
    """Return what somebody of this standing would find; `as_published`: if the item were published as it is now.

    Seventeen queries. Raises queries.NotVisible for what the one who asks may not see, sights.SightNotRecorded.
    """
    viewer = other_viewer(own, standing)
    item = queries.item(own, pid)
    opened = as_published and item.state != ItemState.PUBLISHED and item.suspended_at is None
    policy = item.chosen_rule.policy if opened else item.effective_rule.policy
    if not policy.permits(standing, now=own.decided_at):
        return Found(viewer, None)
    rules = _rules_of(item, policy if opened else None)
    seen = [file for file in _visible(item) if rules[file.pk].permits(standing, now=own.decided_at)]
    shown = {file.pk for file in seen}
    beside = set(ItemFile.objects.filter(item=item, role__in=COMPANION_ROLES).values_list("pk", flat=True))
    closed = [rule for pk, rule in rules.items() if pk not in shown | beside]
    item.visible_files = seen  # type: ignore[attr-defined]  # as with_visible_files sets it
    if opened:
        # Of this page only: nothing is saved.
        item.state = ItemState.PUBLISHED
    return Found(viewer, item, queries.way_through(viewer, closed) if closed else "")


def other_viewer(own: Viewer, standing: Standing) -> Viewer:
    """Return a viewer of that standing who has no grants, and satisfies no rule that the one who asks does not. One query."""
    met = {pk for pk, rule in AccessRule.objects.policies().items() if rule.permits(standing, now=own.decided_at)}
    return Viewer(
        standing=standing,
        rule_ids=own.rule_ids & met,
        decided_at=own.decided_at,
        opened_at=own.opened_at,
        shut_rule_ids=own.shut_rule_ids,
    )


def _rules_of(item: Item, would_be: Policy | None) -> dict[int, Policy]:
    """Return the effective policy of each file by its key; `would_be`: the item's, if it were published. One query."""
    rows = ItemFile.objects.filter(item=item).select_related("chosen_rule", "effective_rule", "master")
    files = list(rows.order_by("position", "pk"))
    if would_be is not None:
        return visibility.of_files(files, would_be)
    return {file.pk: file.effective_rule.policy for file in files}


def _visible(item: Item) -> list[ItemFile]:
    files: list[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    return files
