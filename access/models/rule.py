"""Interned access rules."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access import policy as policies
from access.policy import Clause, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class RuleIsImmutable(TypeError):
    """A stored rule was about to be changed: a new policy is a new row."""


# Asked by every request: Django would take longer to write it than the database to answer.
_ALL = "SELECT id, digest, CAST(body AS text) FROM access_accessrule"


@lru_cache(maxsize=4096)
def _read(digest: str, body: str) -> Policy:
    """Return what these very letters say: the answer may be remembered, since a body or a digest that was changed is another question."""
    try:
        policy = policies.from_json(json.loads(body))
    except ValueError:
        return policies.NOBODY
    return policy if policies.digest(policy) == digest else policies.NOBODY


class AccessRuleManager(models.Manager["AccessRule"]):
    def intern(self, policy: Policy) -> AccessRule:
        """Return the one row of this policy, made if need be. One query when it exists, two when not."""
        rule, _created = self.get_or_create(digest=policies.digest(policy), defaults={"body": policies.to_json(policy)})
        return rule

    def policies(self) -> dict[int, Policy]:
        """Return the policy of every rule by its key, as `AccessRule.policy` does. One query, made by each request."""
        with connection.cursor() as cursor:
            cursor.execute(_ALL)
            return {pk: _read(digest, text) for pk, digest, text in cursor.fetchall()}

    def public(self) -> AccessRule:
        """Return the rule of what everybody may see."""
        return self.intern(policies.PUBLIC)

    def nobody(self) -> AccessRule:
        """Return the rule of what nobody may see: the default of everything that has no rule."""
        return self.intern(policies.NOBODY)


class AccessRule(models.Model):
    """One distinct policy. Rows are shared by everything under the same policy and never change, so that visibility is one integer."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    body = models.JSONField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccessRuleManager()

    class Meta:
        verbose_name = _("access rule")
        verbose_name_plural = _("access rules")
        ordering = ["pk"]

    def __str__(self) -> str:
        return describe(self.policy)

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None and not kwargs.get("force_insert"):
            raise RuleIsImmutable("An access rule never changes; intern the new policy instead.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passes Django's own arguments through

    @property
    def policy(self) -> Policy:
        """Return the policy; one whose digest no longer fits its body was tampered with and is NOBODY."""
        return _read(self.digest, json.dumps(self.body))


LEVEL_LABELS = {
    policies.Level.PUBLIC: _("Everybody"),
    policies.Level.REGISTERED: _("Registered readers"),
    policies.Level.ONSITE: _("On site: library or reading point"),
    policies.Level.PROTOCOL: _("Members of a community's protocol"),
    policies.Level.STAFF: _("Library staff"),
    policies.Level.NOBODY: _("Nobody"),
}


def describe(policy: Policy, names: Mapping[str, str] | None = None) -> str:
    """Return a short sentence for staff, in the active language: protocols by their `names` (by pid; None: by their pids), the first and
    the last day on which it is open, as the library's clock has them. A protocol without a name there is one that the reader does not
    know."""
    parts = [_clause(clause, names) for clause in sorted(policy.clauses)]
    if policy.opens_at is not None:
        parts.append(_("from %(date)s") % {"date": _day(policy.opens_at)})
    if policy.closes_at is not None:
        parts.append(_("until %(date)s") % {"date": _day(policy.closes_at - timedelta.resolution)})
    return " + ".join(parts)


def _clause(clause: Clause, names: Mapping[str, str] | None) -> str:
    if clause.level is not policies.Level.PROTOCOL or not clause.protocols:
        return str(LEVEL_LABELS[clause.level])
    unknown = _("another protocol")
    told = [pid if names is None else str(names.get(pid, unknown)) for pid in clause.protocols]
    if len(told) == 1:
        return _("Members of %(protocol)s") % {"protocol": told[0]}
    if clause.sharing is policies.Sharing.ANY:
        return _("Members of one of: %(protocols)s") % {"protocols": ", ".join(told)}
    return _("Members of all of: %(protocols)s") % {"protocols": ", ".join(told)}


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
