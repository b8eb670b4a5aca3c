"""Choosing who may see a thing, in plain fields: a level, protocols, the days on which it opens and closes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import policy
from access.models.rule import describe
from access.policy import Level, Policy, Sharing
from archive.actions.access_rights import protocol_clauses
from archive.admin.protocol_choices import NOTHING, Offered
from archive.vocabularies import RESTRICTION_REASONS

FIRST_DAY = date(1000, 1, 1)
AS_ITEM = "as_item"
KEEP = "keep"
LEVELS = (
    (Level.PUBLIC.value, _("Everybody")),
    (Level.REGISTERED.value, _("Registered readers")),
    (Level.ONSITE.value, _("On site: library or reading point")),
    (Level.PROTOCOL.value, _("Members of protocols")),
    (Level.STAFF.value, _("Library staff")),
    (Level.NOBODY.value, _("Nobody, not even you")),
)
SHARINGS = (
    (Sharing.ALL.value, _("of all of them")),
    (Sharing.ANY.value, _("of one of them is enough")),
)
# Whoever does not choose access otherwise leaves new things to staff, or puts them under protocols of their own.
WITHOUT_PROTECT = frozenset({Level.PROTOCOL.value, Level.STAFF.value, Level.NOBODY.value})
FIELDS = ("access_level", "protocols", "sharing", "opens_on", "closes_on")
REASONS = "restriction_reasons"


def fields(
    current: Policy | None,
    *,
    for_file: bool,
    offered: Offered = NOTHING,
    levels: Collection[str] | None = None,
) -> dict[str, forms.Field]:
    """Return the fields by name, as `chosen` reads them. `levels`: those that are offered beside the present one; None: all."""
    found: dict[str, forms.Field] = {
        "access_level": _level_field(current, for_file=for_file, offered=offered, levels=levels)
    }
    choices = offered.choices(current)
    if choices:
        found["protocols"] = forms.MultipleChoiceField(
            label=_("Protocols"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        found["sharing"] = forms.ChoiceField(
            label=_("Members"), choices=SHARINGS, required=False, initial=Sharing.ALL.value
        )
        _read_protocols(found, current)
    found["opens_on"] = _day_field(_("Closed until"))
    found["opens_on"].help_text = _("Before this day nobody sees it, staff and stewards neither.")
    found["closes_on"] = _day_field(_("Open until (last day)"))
    if current is not None and current.opens_at is not None:
        found["opens_on"].initial = timezone.localtime(current.opens_at).date()
    if current is not None and current.closes_at is not None:
        found["closes_on"].initial = timezone.localtime(current.closes_at - timedelta.resolution).date()
    return found


def reasons_field(initial: Sequence[str]) -> forms.MultipleChoiceField:
    """Return the field of the reasons for closing."""
    return forms.MultipleChoiceField(
        label=_("Why it is closed"),
        choices=[(code, label) for code, (label, _sentence) in RESTRICTION_REASONS.items()],
        required=False,
        initial=list(initial),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed where not everybody may see it. Readers see a soft sentence for each."),
    )


def chosen(sent: Mapping[str, Any], *, current: Policy | None) -> Policy | None:  # Any: values of many kinds
    """Return the policy that was chosen; None: as the item. Raises ValidationError, with the field that it is about."""
    level = str(sent["access_level"])
    if level == AS_ITEM:
        return None
    if level == KEEP and current is not None:
        return current
    dates = policy.of(Level.PUBLIC, opens_at=_begin_of(sent.get("opens_on")), closes_at=_end_of(sent.get("closes_on")))
    if dates == policy.NOBODY:
        raise ValidationError({"closes_on": _("It would close before it opens.")})
    if level != Level.PROTOCOL.value:
        return policy.meet(policy.of(Level(level)), dates)
    if not sent.get("protocols"):
        raise ValidationError(
            {"protocols" if "protocols" in sent else "access_level": _("Choose at least one protocol.")}
        )
    return policy.meet(policy.of_protocols(sent["protocols"], Sharing(sent.get("sharing") or Sharing.ALL)), dates)


def require_reasons(level: str, reasons: Collection[str]) -> None:
    """Raise ValidationError where something is closed without a reason."""
    if level not in {Level.PUBLIC.value, KEEP} and not reasons:
        raise ValidationError({REASONS: _("Choose at least one reason: not everybody may see it.")})


def _level_field(
    current: Policy | None, *, for_file: bool, offered: Offered, levels: Collection[str] | None
) -> forms.ChoiceField:
    choices: list[tuple[str, object]] = [(AS_ITEM, _("as the item"))] if for_file else []
    if not for_file and current is None:
        choices.append(("", _("choose…")))
    present = None if current is None else _plain(current)
    may_name = bool(offered.choices(current))
    choices += [
        (value, label)
        for value, label in LEVELS
        if (levels is None or value in levels or value == present) and (value != Level.PROTOCOL.value or may_name)
    ]
    if current is not None and present is None:
        told = describe(current, offered.names)
        choices.append((KEEP, _("as it is: %(policy)s") % {"policy": told}))
    field = forms.ChoiceField(
        label=_("Who may see it"),
        choices=choices,
        help_text=""
        if for_file
        else _(
            "Once it is published. Until then it is open to staff at most, and closed to staff whom this leaves out."
        ),
    )
    field.initial = (AS_ITEM if for_file else "") if current is None else present or KEEP
    return field


def _read_protocols(found: dict[str, forms.Field], current: Policy | None) -> None:
    if current is None or _plain(current) != Level.PROTOCOL.value:
        return
    (clause,) = protocol_clauses(current)
    found["protocols"].initial = list(clause.protocols)
    found["sharing"].initial = clause.sharing.value


def _day_field(label: Any) -> forms.DateField:  # Any: a lazy text
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        # Of earlier years no day has a moment in every zone.
        validators=[MinValueValidator(FIRST_DAY)],
    )


def _begin_of(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time.min))


def _end_of(day: date | None) -> datetime | None:
    # Until the last day of the calendar is for ever.
    return None if day is None or day == date.max else _begin_of(day + timedelta(days=1))


def _plain(current: Policy) -> str | None:
    """Return the level of a policy of one clause, which these fields can say, else None."""
    levels = [clause.level for clause in current.clauses]
    return str(levels[0].value) if len(levels) == 1 else None
