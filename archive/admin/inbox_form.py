"""The form by which a request is answered: a text, what is opened, and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Petition, User
from access.petitions import TEXT_LETTERS_MOST
from archive.actions import decide_petition
from archive.petition_rights import Closed


class AnswerForm(forms.Form):
    """What is answered. `closed`: what the person who asks may not see, of which this one may open some."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        max_length=TEXT_LETTERS_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Who asked reads this. A refusal needs an answer, but no reason has to be given."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The last day. Empty: until it is withdrawn."),
    )
    targets = forms.MultipleChoiceField(
        label=gettext_lazy("What is opened"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: object,
        kind: str,
        closed: Sequence[Closed] = (),
        names: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # passes Django's own arguments through
        openable = [one for one in closed if one.may_open]
        if kind != Petition.Kind.ACCESS or not openable:
            del self.fields["targets"]
        else:
            choices = [(one.pid, (names or {}).get(one.pid, one.pid)) for one in openable]
            self.fields["targets"].choices = choices  # type: ignore[attr-defined]  # a field of choices, above
            self.initial.setdefault("targets", [one.pid for one in openable])
        if kind not in {Petition.Kind.ACCESS, Petition.Kind.JOINING}:
            del self.fields["last_day"]
        if kind == Petition.Kind.JOINING:
            self.fields["last_day"].label = _("Member until")

    def do(self, name: str, petition: Petition, *, actor: User, now: datetime) -> Petition:
        """Do what the pressed button says. Raises PetitionRefused; KeyError for a button that is not there."""
        sent = self.cleaned_data
        answer = str(sent.get("answer", ""))
        deeds: dict[str, Callable[[], Petition]] = {
            "acknowledge": lambda: decide_petition.acknowledge(petition, actor=actor, now=now),
            "grant": lambda: decide_petition.grant(
                petition,
                actor=actor,
                now=now,
                answer=answer,
                valid_until=end_of(sent.get("last_day")),
                targets=sent.get("targets", []),
            ),
            "refuse": lambda: decide_petition.refuse(petition, actor=actor, now=now, answer=answer),
            "end": lambda: decide_petition.end_emergency(petition, actor=actor, now=now, answer=answer),
            "revoke": lambda: decide_petition.revoke(petition, actor=actor, now=now, answer=answer),
        }
        return deeds[name]()


def end_of(day: date | None) -> datetime | None:
    """Return the midnight that ends a day, in the library's zone."""
    return None if day is None else timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
