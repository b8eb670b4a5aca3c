"""What the log says, in words. An app that writes verbs of its own adds their sentences when its screens are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "add_account": _("made an account"),
    "change_account": _("changed an account"),
    "give_password": _("gave a one-time password"),
    "change_password": _("changed their own password"),
    "make_demo_staff": _("made the account of a trial"),
    "renew_demo_staff": _("gave the account of a trial a new password"),
}


def said(verb: str) -> str:
    """Return a verb in the reader's words; one that nobody explained comes back as it is."""
    return str(SENTENCES.get(verb, verb))
