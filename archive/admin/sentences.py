"""What staff read when an action is refused."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive.actions.errors import ActionRefused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: "dict[str, StrPromise]" = {
    "not_allowed": _("Your account may not do this. Nothing was changed."),
    "stale_version": _("Somebody else saved this item meanwhile. Nothing was overwritten."),
    "untitled": _("An item needs a title before it is published. It stays as it was."),
    "wrong_state": _("The item is in another state by now. Nothing was changed; look at it again."),
    "places_shown": _("Places of what is published are changed by somebody who may publish. Nothing was changed."),
    "unreadable": _("The reason holds a character that cannot be read. Nothing was changed; write it again."),
    "was_open": _("What readers have seen is withdrawn, not deleted. Nothing was changed."),
    "still_working": _("There is nothing to try again: the work goes on or is done."),
}


def sentence(error: ActionRefused) -> str:
    """Return the reason in the active language."""
    return str(SENTENCES.get(error.code, error.code))
