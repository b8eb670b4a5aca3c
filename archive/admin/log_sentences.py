"""What the log says of items, headings and places, in words."""

from __future__ import annotations

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from access.log_sentences import SENTENCES, said
from access.models import AuditEntry
from archive.models import Agent, Collection, Item, People, Place, Subject

SENTENCES.update(
    {
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
        "remove_sample": _("removed the sample item"),
        "restore": _("restored the archive from a backup"),
    }
)
for _model in (People, Subject, Agent, Collection, Place):
    _name = _model._meta.verbose_name
    SENTENCES[f"add_{_model._meta.model_name}"] = format_lazy("{}: {}", _("added"), _name)
    SENTENCES[f"change_{_model._meta.model_name}"] = format_lazy("{}: {}", _("changed"), _name)
    SENTENCES[f"delete_{_model._meta.model_name}"] = format_lazy("{}: {}", _("deleted"), _name)


def sentence(entry: AuditEntry) -> str:
    """Return what was done, with the names of the changed fields where there are some."""
    fields = entry.detail.get("fields") if isinstance(entry.detail, dict) else None
    return f"{said(entry.verb)}: {', '.join(_field(name) for name in fields)}" if fields else said(entry.verb)


def _field(name: str) -> str:
    try:
        return str(getattr(Item._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name
