"""What people read when something cannot be told, answered or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive.contributions import ContributionRefused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "no_text": _("Write in a few words what you know."),
    "no_name": _("Write your name, or choose that it is shown without one."),
    "no_consent": _("Choose what may be done with it."),
    "unreadable": _("The text holds a character that cannot be read. Write it again."),
    "too_long": _("That is too long: 4,000 letters at most."),
    "too_many": _("Very much was told from here today. Write again tomorrow, or call the library."),
    "file_kind": _("This kind of file is not taken here: a photograph or a sound recording only. Nothing was sent."),
    "file_size": _("The file is empty, or larger than 20 MB. Nothing was sent."),
    "settled": _("Somebody has answered this meanwhile. Nothing was changed."),
    "not_allowed": _("Your account may not decide this. Nothing was changed."),
    "no_answer": _("Write an answer: whoever told it reads it."),
    "own": _("You told this yourself: somebody else decides."),
}


def sentence(error: ContributionRefused) -> str:
    """Return the reason in the active language."""
    return str(SENTENCES.get(error.code, error.code))
