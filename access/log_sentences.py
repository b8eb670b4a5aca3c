"""What the log says, in words. An app adds the sentences of its own verbs and the names of its fields when its screens load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, StrPromise] = {
    "add_account": _("made an account"),
    "add_authenticator_app": _("set up an app as second factor"),
    "add_security_key": _("added a security key"),
    "change_account": _("changed an account"),
    "change_device": _("changed a reading device"),
    "change_partner": _("changed a partner library"),
    "change_password": _("changed their own password"),
    "delete_account": _("a reader deleted their account"),
    "enrol_device": _("a machine was enrolled as reading device"),
    "give_password": _("gave a one-time password"),
    "make_demo_staff": _("made the account of a trial"),
    "make_device": _("made a reading device"),
    "make_partner": _("made a partner library"),
    "make_partner_key": _("made a key for a partner library"),
    "pause_enrolment": _("enrolling was paused after too many wrong codes"),
    "pause_invitation": _("invitation codes were paused after too many attempts"),
    "pause_reading_list": _("making of lists was paused after too many from one address"),
    "pause_second_factor": _("the second factor was paused after too many attempts"),
    "pause_sign_in": _("signing in was paused after too many attempts"),
    "print_recovery_codes": _("made a new sheet of codes"),
    "remove_authenticator_app": _("took away the app of their second factor"),
    "remove_security_key": _("took away a security key"),
    "ask": _("asked something"),
    "acknowledge_petition": _("acknowledged a request"),
    "grant_petition": _("granted a request"),
    "refuse_petition": _("refused a request"),
    "retract_petition": _("took a request back"),
    "revoke_petition": _("withdrew what a request had opened"),
    "see_notice": _("has seen a notice"),
    "erase_old_contacts": _("names and contacts of old requests were erased"),
    "renew_demo_staff": _("gave the account of a trial a new password"),
    "renew_device_code": _("made a new code for a reading device"),
    "reset_second_factor": _("reset somebody's second factor"),
    "revoke_device": _("revoked a reading device"),
    "revoke_partner_key": _("revoked a key of a partner library"),
    "sign_up": _("a reader made an account"),
    "use_recovery_code": _("used a code of the printed sheet"),
    "make_community": _("made a community"),
    "change_community": _("changed what is said of a community"),
    "make_protocol": _("made a protocol"),
    "change_protocol": _("changed a protocol"),
    "lock_protocol": _("locked a protocol"),
    "unlock_protocol": _("unlocked a protocol"),
    "add_member": _("took somebody into a community"),
    "change_member": _("changed a membership"),
    "end_member": _("ended a membership"),
    "block_member": _("blocked somebody in a community"),
    "unblock_member": _("took a block off"),
    "appoint": _("gave a role in a protocol"),
    "change_role": _("changed a role in a protocol"),
    "end_role": _("ended a role in a protocol"),
    "invite": _("made an invitation"),
    "withdraw_invitation": _("withdrew an invitation"),
    "redeem_invitation": _("took up an invitation"),
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
SHOWN = ("file", "account", "address", "left", "job", "role", "open_by", "refused", "made_at")
WORDS: dict[str, StrPromise] = {
    "grant": _("by a grant to this person"),
    "rule": _("as a member"),
    "not_allowed": _("refused: no administrator"),
    "open_already": _("refused: it was open already"),
    "short_reason": _("refused: no reason"),
    "unknown": _("refused: no such identifier"),
    "wrong_time": _("refused: too long"),
}
OF_CODES = ("open_by", "refused")


def noted(entry: AuditEntry) -> str:
    """Return what else was noted: identifiers of a file or an account, how something was open."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    found = {
        name: str(_("with a file")) if detail[name] is True else str(detail[name])
        for name in SHOWN
        if detail.get(name) not in (None, "", False)
    }
    return ", ".join(str(WORDS.get(text, text)) if name in OF_CODES else text for name, text in found.items())


def why(entry: AuditEntry) -> str:
    """Return the reason that was given. Older entries keep it among the details."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    return entry.reason or str(detail.get("reason") or "")
