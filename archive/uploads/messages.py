"""The sentences that staff read when an upload is refused."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from media_pipeline import messages

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: "dict[str, StrPromise]" = {
    "wrong_version": _("This program speaks another version of the upload protocol. Update it."),
    "bad_number": _("The upload request is not understood: its length or offset is not a number."),
    "bad_metadata": _("The upload request is not understood: its description of the file is damaged."),
    "bad_checksum": _("The upload request is not understood: its checksum is damaged."),
    "unknown_checksum": _("This kind of checksum is not known here."),
    "no_length": _("The upload request does not say how long it is."),
    "wrong_type": _("The upload request does not carry a piece of a file."),
    "not_allowed": _("Your account may not add files here. Sign in again, or ask the administrator."),
    "unknown_upload": _("There is no such item or upload, or it is not open to you."),
    "wrong_offset": _("Another piece of this file arrived meanwhile. The upload goes on from there by itself."),
    "busy": _("This file is being sent from another window just now. It goes on there."),
}


def sentence(code: str) -> str:
    """Return the sentence for a code in the active language."""
    return str(SENTENCES[code]) if code in SENTENCES else messages.sentence(code)
