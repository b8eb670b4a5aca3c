"""What a reader writes when they ask something of the library or of a community."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.forms import Counted
from access.models import Petition
from access.petitions import TEXT_LETTERS_MOST

Kind = Petition.Kind
REPORTS = (
    (Kind.TAKEDOWN.value, _("It should not be shown here: it is sacred, private, or hurts somebody")),
    (Kind.CONSENT.value, _("I am seen or heard in it, or a relative of mine is, and we do not agree, or no longer")),
    (Kind.CORRECTION.value, _("Something is wrong: a name, a place, a date, a translation")),
)


class InvitationForm(Counted):
    """The code of an invitation."""

    code = forms.CharField(
        label=_("Code of the invitation"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ReasonsForm(forms.Form):
    """Why somebody asks. `label` and `help_text` say what is wanted."""

    text = forms.CharField(max_length=TEXT_LETTERS_MOST, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, label: Any, help_text: Any = "", **more: Any) -> None:  # Any: Django's own
        super().__init__(*args, **more)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text


class ReportForm(ReasonsForm):
    """What should not be here, or is wrong. Whoever has no account leaves a way to be answered."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=REPORTS, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact = forms.CharField(
        label=_("Telephone, e-mail or address"),
        max_length=300,
        help_text=_("Only for the answer. Name and contact are erased 90 days after it."),
    )
    field_order = ("kind", "text", "name", "contact")

    def __init__(self, *args: Any, is_signed_in: bool, **more: Any) -> None:  # Any: Django's own
        super().__init__(*args, **more)
        self.fields["contact"].required = not is_signed_in
