"""What an entry of the log changed, in words: rules described, roles and states named, moments as the library's clock has them.

An app adds the names and values of its own when its screens load, and says which changes are not for the reader of an entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import AccessRule, AuditEntry, Petition, Protocol
from access.models.rule import describe
from access.roles import CommunityRole, ProtocolRole
from access.viewer import Viewer

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAMES: dict[str, StrPromise | str] = {
    "account": gettext_lazy("account"),
    "closed": gettext_lazy("closed"),
    "communities": gettext_lazy("communities"),
    "community": gettext_lazy("community"),
    "community_role": gettext_lazy("role in the community"),
    "idle_minutes": gettext_lazy("minutes until who is idle is signed out"),
    "is_blocked": gettext_lazy("blocked"),
    "is_locked": gettext_lazy("locked"),
    "is_open": gettext_lazy("open"),
    "open_to": gettext_lazy("open to"),
    "opened": gettext_lazy("opened"),
    "page_is_open": gettext_lazy("page open to everybody"),
    "part_of": gettext_lazy("part of"),
    "protocol": gettext_lazy("protocol"),
    "protocol_role": gettext_lazy("role in the protocol"),
    "role": gettext_lazy("role"),
    "roles": gettext_lazy("roles"),
    "rule": gettext_lazy("who may see it"),
    "state": gettext_lazy("state"),
    "suspended_at": gettext_lazy("hidden since"),
    "until": gettext_lazy("until"),
    "valid_until": gettext_lazy("until"),
    "withdrawn_at": gettext_lazy("withdrawn"),
}
# Codes by the key under which they stand, and their words.
VALUES: dict[str, dict[str, StrPromise | str]] = {
    "role": {choice.value: choice.label for choice in (*CommunityRole, *ProtocolRole)},
    "state": {choice.value: choice.label for choice in Petition.State},
}
VALUES |= dict.fromkeys(("roles", "community_role", "protocol_role"), VALUES["role"])
# The same in another form, for who reads the table without this software.
LEFT_OUT = {"words"}
# Given a viewer and entries, the keys of those whose change this viewer must not read: it tells of a part that is closed to them.
HIDDEN: list[Callable[[Viewer, Collection[AuditEntry]], set[int]]] = []
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Change:
    """One thing that changed; empty: there was none, or there is none now."""

    name: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        words = {"name": self.name, "before": self.before or "–", "after": self.after or "–"}
        if not self.before:
            return _("%(name)s: %(after)s") % words
        return _("%(name)s: %(before)s → %(after)s") % words


def of_entries(viewer: Viewer, entries: Iterable[AuditEntry]) -> dict[int, list[Change]]:
    """Return what each entry changed, by its key. Two queries, and one for each app where an entry is about a part of something."""
    listed = [entry for entry in entries if isinstance(entry.before, dict) or isinstance(entry.after, dict)]
    hidden = hidden_of(viewer, listed)
    shown = [entry for entry in listed if entry.pk not in hidden]
    rules = _rules(viewer, shown)
    return {entry.pk: _changes(entry, rules) for entry in shown}


def hidden_of(viewer: Viewer, entries: Collection[AuditEntry]) -> set[int]:
    """Return the keys of the entries of which this viewer reads neither what changed nor why. A query for each app."""
    return set().union(*(told(viewer, entries) for told in HIDDEN)) if entries else set()


def _changes(entry: AuditEntry, rules: Mapping[str, str]) -> list[Change]:
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    found: list[Change] = []
    # In one order from every database: PostgreSQL does not keep the order of keys.
    for key in sorted({*before, *after}):
        told = [_said(key, values.get(key), rules) for values in (before, after)]
        if key not in LEFT_OUT and told[0] != told[1]:
            found.append(Change(str(NAMES.get(key, key)), *told))
    return found


def _rules(viewer: Viewer, entries: Collection[AuditEntry]) -> dict[str, str]:
    """Return what the rules that these entries name are in words, by digest; protocols by name only to who counts as their member."""
    texts = {
        str(sides["rule"]) for entry in entries for sides in (entry.before, entry.after) if sides and sides.get("rule")
    }
    if not texts:
        return {}
    known = Protocol.objects.filter(pid__in=viewer.standing.protocols)
    names: dict[str, str] = dict(known.order_by().values_list("pid", "name"))
    return {rule.digest: describe(rule.policy, names) for rule in AccessRule.objects.filter(digest__in=texts)}


def _said(key: str, value: object, rules: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_said(key, one, rules) for one in value)))
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    if key == "rule":
        return rules.get(text, _("a rule that is not there any more"))
    if text in VALUES.get(key, {}):
        return str(VALUES[key][text])
    if HASH.fullmatch(text):
        return ""
    return _moment(text) or text


def _moment(text: str) -> str:
    """Return a moment as people here write it; empty for a text that is none."""
    try:
        found: datetime | None = parse_datetime(text)
    except ValueError:
        return ""
    if found is None or timezone.is_naive(found):
        return ""
    return date_format(timezone.localtime(found), "DATETIME_FORMAT")
