"""What a reader writes when they tell what they know of a work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive import letters
from archive.contributions import FILE_BYTES_MOST, FILE_ENDINGS, TEXT_LETTERS_MOST
from archive.models import Contribution, ContributionSubject

MEGABYTES_MOST = FILE_BYTES_MOST // 1_000_000
# A field that people do not see: programs that fill in whatever they find are told from them by it.
TRAP = "homepage"
ACCEPT = ",".join(f".{ending}" for ending in sorted(FILE_ENDINGS))


class TellingForm(forms.Form):
    """What is known, by whom, and what may be done with it. Nothing is ticked beforehand."""

    subject = forms.ChoiceField(
        label=_("What do you know something about?"), choices=ContributionSubject.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What do you know?"),
        max_length=TEXT_LETTERS_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In any language, in your own words. How you know it helps, too."),
    )
    file = forms.FileField(
        label=_("A photograph or a sound recording"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("At most 20 MB. It is shown to nobody; those who look after the work ask you before they use it."),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact = forms.CharField(
        label=_("Telephone, e-mail or address"),
        required=False,
        max_length=300,
        help_text=_("For questions only, never shown. Erased 90 days after the decision."),
    )
    wants_answer = forms.BooleanField(
        label=_("Write me an e-mail when somebody has an answer or a question"),
        required=False,
        help_text=_(
            "To the address above, once for each. It says nothing of the work: the answer is read here, with your code."
        ),
    )
    consent = forms.ChoiceField(
        label=_("What may be done with it?"), choices=Contribution.Consent.choices, widget=forms.RadioSelect
    )
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:  # Any: Django's own
        super().__init__(*args, **more)
        if not letters.are_sent():
            del self.fields["wants_answer"]

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("consent") == Contribution.Consent.NAMED and not str(cleaned.get("name", "")).strip():
            self.add_error("name", _("Write your name, or choose that it is shown without one."))
        if cleaned.get("wants_answer") and not letters.address_in(str(cleaned.get("contact", ""))):
            self.add_error("contact", _("Write your e-mail address, or do not ask for an e-mail."))
        return cleaned


class ReplyForm(forms.Form):
    """The answer to a question of those who look after the work."""

    text = forms.CharField(
        label=_("Your answer"), max_length=TEXT_LETTERS_MOST, widget=forms.Textarea(attrs={"rows": 4})
    )


class CodeForm(forms.Form):
    """The code of something that was told."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
