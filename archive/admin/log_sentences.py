"""What the log says, in words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from access.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

VERBS: "dict[str, StrPromise]" = {
    "create_item": _("made the item"),
    "change_item": _("changed the description"),
    "delete_item": _("deleted the draft"),
    "attach_file": _("added a file"),
    "describe_file": _("changed the order or caption of a file"),
    "detach_file": _("took a file off"),
    "choose_access": _("chose who may see it"),
    "move_to_draft": _("sent it back to draft"),
    "move_to_in_review": _("submitted it for review"),
    "move_to_published": _("published it"),
    "move_to_withdrawn": _("withdrew it"),
    "retry_job": _("had failed work tried again"),
}


def sentence(entry: AuditEntry) -> str:
    """Return what was done, with the names of the changed fields where there are some."""
    said = str(VERBS.get(entry.verb, entry.verb))
    fields = entry.detail.get("fields") if isinstance(entry.detail, dict) else None
    return f"{said}: {', '.join(fields)}" if fields else said
