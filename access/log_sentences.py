"""What the log says, in words. An app adds the sentences of its own verbs and the names of its fields when its screens load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "add_account": _("made an account"),
    "change_account": _("changed an account"),
    "give_password": _("gave a one-time password"),
    "change_password": _("changed their own password"),
    "make_demo_staff": _("made the account of a trial"),
    "pause_sign_in": _("signing in was paused after too many attempts"),
    "renew_demo_staff": _("gave the account of a trial a new password"),
}

FIELD_NAMES: dict[str, StrPromise | str] = {}


def said(verb: str) -> str:
    """Return a verb in the reader's words; one that nobody explained comes back as it is."""
    return str(SENTENCES.get(verb, verb))


def sentence(entry: AuditEntry) -> str:
    """Return what was done, with the names of the changed fields where there are some."""
    fields = entry.detail.get("fields") if isinstance(entry.detail, dict) else None
    names = ", ".join(str(FIELD_NAMES.get(name, name)) for name in fields or ())
    return f"{said(entry.verb)}: {names}" if names else said(entry.verb)


# Hashes stay in the table: they tell that two files are the same, and a file may be closed to who reads of its item.
SHOWN = ("file", "account", "address", "job", "role", "reason", "made_at")


def noted(entry: AuditEntry) -> str:
    """Return what else was noted: identifiers of a file or an account, a reason."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    return ", ".join(str(detail[name]) for name in SHOWN if detail.get(name) not in (None, ""))
