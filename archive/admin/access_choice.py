"""Choosing who may see a thing, as two plain fields: a level and the day on which it opens."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import policy
from access.models.rule import describe
from access.policy import Level, Policy

PROTECT = "archive.protect_item"
AS_ITEM = "as_item"
KEEP = "keep"
LEVELS = (
    (Level.PUBLIC.value, _("Everybody")),
    (Level.REGISTERED.value, _("Registered readers")),
    (Level.ONSITE.value, _("On site: library or reading point")),
    (Level.STAFF.value, _("Library staff")),
    (Level.NOBODY.value, _("Nobody, not even you")),
)


def level_field(current: Policy | None, *, for_file: bool) -> forms.ChoiceField:
    """Return the field of the level. A policy that two fields cannot express can be kept as it is."""
    choices: list[tuple[str, object]] = [(AS_ITEM, _("as the item"))] if for_file else []
    if not for_file and current is None:
        choices.append(("", _("choose…")))
    choices += [*LEVELS]
    if current is not None and _plain(current) is None:
        choices.append((KEEP, _("as it is: %(policy)s") % {"policy": describe(current)}))
    field = forms.ChoiceField(
        label=_("Who may see it"),
        choices=choices,
        help_text=""
        if for_file
        else _(
            "Once it is published. Until then it is open to staff at most, and closed to staff whom this leaves out."
        ),
    )
    field.initial = _initial_level(current, for_file=for_file)
    return field


def opening_field(current: Policy | None) -> forms.DateField:
    """Return the field of the day on which it opens, in the library's time zone."""
    field = forms.DateField(
        label=_("Closed until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    if current is not None and current.opens_at is not None:
        field.initial = timezone.localtime(current.opens_at).date()
    return field


def chosen(level: str, opens_on: date | None, *, current: Policy | None) -> Policy | None:
    """Return the policy that was chosen; None: as the item."""
    if level == AS_ITEM:
        return None
    if level == KEEP and current is not None:
        return current
    opens_at = None if opens_on is None else timezone.make_aware(datetime.combine(opens_on, time.min))
    return policy.of(Level(level), opens_at=opens_at)


def _initial_level(current: Policy | None, *, for_file: bool) -> str:
    if current is None:
        return AS_ITEM if for_file else ""
    return _plain(current) or KEEP


def _plain(current: Policy) -> str | None:
    """Return the level of a policy of one clause that two fields can say, else None."""
    levels = [clause.level for clause in current.clauses]
    if len(levels) != 1 or levels[0] is Level.PROTOCOL or current.closes_at is not None:
        return None
    return str(levels[0].value)
