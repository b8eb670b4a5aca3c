"""What people read when something cannot be asked or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.petitions import PetitionRefused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "not_allowed": _("Your account may not decide this request. Nothing was changed."),
    "no_reasons": _("Write in a few words why you ask."),
    "no_contact": _("Leave an address or a telephone number, so that we can answer."),
    "no_answer": _("Write an answer: whoever asked reads it."),
    "no_files": _("Choose at least one file that is to be opened."),
    "unreadable": _("The text holds a character that cannot be read. Write it again."),
    "sign_in": _("Sign in first: what is opened is opened to your account."),
    "already_asked": _("You have asked this already, and the answer is not there yet. It is under “What I asked”."),
    "already_open": _("It is open to you already."),
    "too_many": _("Very much was asked from here today. Write again tomorrow, or call the library."),
    "settled": _("Somebody has answered this request meanwhile. Nothing was changed."),
    "gone": _("What this request is about is not there any more. Refuse it with an answer that says so."),
    "no_account": _("Who asked has no account any more. Refuse it with an answer that says so."),
    "blocked": _("This person is blocked in the community. Lift the block first, on the page of the membership."),
    "past_end": _("The last day lies in the past. Nothing was changed."),
}


def sentence(error: PetitionRefused) -> str:
    """Return the reason in the active language."""
    return str(SENTENCES.get(error.code, error.code))
