"""What the log says of items, headings and places, in words."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from access.log_changes import NAMES, VALUES
from access.log_sentences import FIELD_NAMES, SENTENCES, noted, sentence, why
from archive.admin import log_visibility  # noqa: F401  # says who may read these sentences of what
from archive.models import Agent, Collection, Item, ItemState, Label, People, Place, RightsStatement, Subject
from archive.vocabularies import RESTRICTION_REASONS

__all__ = ["noted", "sentence", "why"]

SENTENCES.update(
    {
        "create_item": _("made the item"),
        "change_item": _("changed the description"),
        "refuse_identifier": _("tried an identifier that is in use"),
        "export_table": _("took a list along as a table"),
        "settle_kind": _("set the kind by the content of its file"),
        "delete_item": _("deleted the draft"),
        "restore_item": _("brought back what it was"),
        "bin_item": _("put it into the bin"),
        "unbin_item": _("took it out of the bin"),
        "attach_file": _("added a file"),
        "describe_file": _("changed the order or caption of a file"),
        "order_files": _("put the files in another order"),
        "detach_file": _("took a file off"),
        "choose_access": _("chose who may see it"),
        "move_to_draft": _("sent it back to draft"),
        "move_to_edits": _("asked for edits"),
        "move_to_in_review": _("submitted it for review"),
        "move_to_published": _("published it"),
        "move_to_withdrawn": _("withdrew it"),
        "say_remark": _("said something about it"),
        "resume_item": _("showed it again, the request being over"),
        "take_down_item": _("withdrew it, as a request asked"),
        "suspend_item": _("hid it from readers at once"),
        "record_consent": _("recorded a consent"),
        "attach_evidence": _("added the evidence of a consent"),
        "read_evidence": _("opened the evidence of a consent"),
        "withdraw_consent": _("withdrew a consent"),
        "see_restricted": _("looked at what is restricted"),
        "break_glass": _("opened it in an emergency"),
        "end_break_glass": _("ended an emergency"),
        "try_break_glass": _("tried to open something in an emergency"),
        "retry_job": _("had failed work tried again"),
        "cancel_job": _("cancelled work on a file"),
        "remove_sample": _("removed the sample item"),
        "add_exhibit": _("made an exhibit"),
        "change_exhibit": _("changed an exhibit"),
        "restore_exhibit": _("brought back an earlier version of an exhibit"),
        "move_exhibit_to_draft": _("took an exhibit back to draft"),
        "move_exhibit_to_in_review": _("submitted an exhibit for review"),
        "move_exhibit_to_published": _("published an exhibit"),
        "bin_exhibit": _("put an exhibit into the bin"),
        "unbin_exhibit": _("took an exhibit out of the bin"),
        "delete_exhibit": _("deleted an exhibit"),
        "tell": _("told what they know of an item"),
        "tell_more": _("answered a question about what they told"),
        "take_back_told": _("took back what they told"),
        "told_asked_back": _("asked back about what was told"),
        "told_accepted": _("took up what was told"),
        "save_words": _("wrote words of the site in a language"),
        "offer_language": _("offered readers a language of the site"),
        "hide_language": _("no longer offers readers a language of the site"),
        "told_taken_over": _("took over into the record what was told"),
        "told_refused": _("did not take up what was told"),
        "backup": _("wrote a backup of the archive"),
        "restore": _("restored the archive from a backup"),
    }
)
for _model in (People, Subject, Agent, Collection, Place, RightsStatement, Label):
    _name = _model._meta.verbose_name
    SENTENCES[f"add_{_model._meta.model_name}"] = format_lazy("{}: {}", _("added"), _name)
    SENTENCES[f"change_{_model._meta.model_name}"] = format_lazy("{}: {}", _("changed"), _name)
    SENTENCES[f"delete_{_model._meta.model_name}"] = format_lazy("{}: {}", _("deleted"), _name)
    SENTENCES[f"restore_{_model._meta.model_name}"] = format_lazy("{}: {}", _("brought back what it was"), _name)
    SENTENCES[f"merge_{_model._meta.model_name}"] = format_lazy("{}: {}", _("merged another into it"), _name)

VALUES["state"].update({choice.value: choice.label for choice in ItemState})
VALUES["why"] = {code: label for code, (label, _told) in RESTRICTION_REASONS.items()}
NAMES["why"] = _("reasons for closing")
FIELD_NAMES.update({field.name: getattr(field, "verbose_name", field.name) for field in Item._meta.get_fields()})
