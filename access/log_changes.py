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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import AccessRule, AuditEntry, Petition
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
    "is_blocked": gettext_lazy("blocked"),
    "is_locked": gettext_lazy("locked"),
    "is_open": gettext_lazy("open"),
    "open_to": gettext_lazy("open to"),
    "opened": gettext_lazy("opened"),
    "protocol": gettext_lazy("protocol"),
    "role": gettext_lazy("role"),
    "roles": gettext_lazy("roles"),
    "rule": gettext_lazy("who may see it"),
    "state": gettext_lazy("state"),
    "until": gettext_lazy("until"),
    "valid_until": gettext_lazy("until"),
}
# Codes by the key under which they stand, and their words.
VALUES: dict[str, dict[str, StrPromise | str]] = {
    "role": {choice.value: choice.label for choice in (*CommunityRole, *ProtocolRole)},
    "state": {choice.value: choice.label for choice in Petition.State},
}
VALUES["roles"] = VALUES["role"]
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
    """Return what each entry changed, by its key. One query, and one for each app where an entry is about a part of something."""
    listed = [entry for entry in entries if isinstance(entry.before, dict) or isinstance(entry.after, dict)]
    hidden: set[int] = set().union(*(told(viewer, listed) for told in HIDDEN)) if listed else set()
    shown = [entry for entry in listed if entry.pk not in hidden]
    rules = _rules(shown)
    return {entry.pk: _changes(entry, rules) for entry in shown}


def _changes(entry: AuditEntry, rules: Mapping[str, str]) -> list[Change]:
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    found: list[Change] = []
    for key in dict.fromkeys((*before, *after)):
        told = [_said(key, values.get(key), rules) for values in (before, after)]
        if key not in LEFT_OUT and told[0] != told[1]:
            found.append(Change(str(NAMES.get(key, key)), *told))
    return found


def _rules(entries: Collection[AuditEntry]) -> dict[str, str]:
    """Return what the rules that these entries name are in words, by digest."""
    texts = {
        str(sides["rule"]) for entry in entries for sides in (entry.before, entry.after) if sides and sides.get("rule")
    }
    rules = AccessRule.objects.filter(digest__in=texts) if texts else AccessRule.objects.none()
    return {rule.digest: describe(rule.policy) for rule in rules}


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
    return timezone.localtime(found).strftime("%d/%m/%Y %H:%M")
