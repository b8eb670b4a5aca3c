"""Which entries about items and headings a person may read in the log: those of what they may see."""

from __future__ import annotations

from collections.abc import Collection as Many

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from access.actions import settle_petition
from access.log_changes import HIDDEN
from access.log_visibility import OF_THE_WHOLE, READABLE
from access.models import AccessRule, AuditEntry, User
from access.viewer import Viewer
from archive import contributions, petition_rights, sights
from archive.models import (
    Agent,
    Collection,
    ConsentRecord,
    Exhibit,
    ExhibitState,
    Item,
    ItemFile,
    Label,
    People,
    Place,
    RightsStatement,
    Subject,
)
from archive.models.item import ItemState
from archive.petition_rights import Decider
from archive.querysets import ItemFileQuerySet, ItemQuerySet

# The row is gone: the rule that it had is in the entry.
OF_GONE = ("delete_exhibit", "delete_item", "remove_sample")
OF_ITEMS = (
    "attach_file",
    "bin_item",
    "change_item",
    "choose_access",
    "create_item",
    "describe_file",
    "order_files",
    "detach_file",
    "restore_item",
    "resume_item",
    "say_remark",
    "settle_kind",
    "suspend_item",
    "take_down_item",
    "unbin_item",
    *(f"move_to_{state}" for state in ItemState.values),
)
OF_EXHIBITS = (
    "add_exhibit",
    "bin_exhibit",
    "change_exhibit",
    "restore_exhibit",
    "unbin_exhibit",
    *(f"move_exhibit_to_{state}" for state in ExhibitState.values),
)
OF_FILES = ("retry_job", "cancel_job")
# What concerns those under whose protocols an item lies; other reasons are written by staff for staff.
OF_STEWARDS = ("choose_access", "resume_item", "suspend_item", "take_down_item")
# What staff looked at and opened to themselves: for those whose it is, for administrators who may see it, and for the person.
OF_SIGHTS = ("break_glass", "end_break_glass", sights.VERB)
# Who asks for what is between them and those who answer.
OF_TOLD = ("tell", "tell_more", "take_back_told", "told_asked_back", "told_accepted", "told_refused", "told_taken_over")
OF_PETITIONS = (*settle_petition.VERBS.values(), "ask")
# Of those who may see the consent, and consents at all.
OF_CONSENTS = ("attach_evidence", "read_evidence", "record_consent", "withdraw_consent")
# Headings are shared by all who describe, and so are labels.
OF_WORDS = ("save_words", "offer_language", "hide_language")
OF_HEADINGS = OF_WORDS + tuple(
    f"{verb}_{model._meta.model_name}"
    for model in (Agent, Collection, Label, People, Place, RightsStatement, Subject)
    for verb in ("add", "change", "delete", "merge", "restore")
)


def readable(viewer: Viewer) -> Q:
    """Return the condition: headings, and what happened to items and files that this viewer may see now; of those who are not of the
    library, who chose access to what lies under their protocols."""
    user = None if viewer.user_id is None else User.objects.filter(pk=viewer.user_id).first()
    if user is None:
        return Q(pk__in=())
    who = petition_rights.decider(user, now=viewer.decided_at)
    of_both = _of_petitions(viewer, user, who) | _of_told(viewer, who) | _of_sights(user, who)
    if not viewer.is_staff:
        return _of_stewards(viewer, who) | of_both
    items, files = (_is_about(model.objects.visible_to(viewer)) for model in (Item, ItemFile))
    rules = AccessRule.objects.filter(pk__in=viewer.rule_ids).values_list("digest", flat=True)
    looked_at = OF_SIGHTS if who.is_administrator else ()
    return (
        Q(verb__in=OF_HEADINGS)
        | (Q(verb__in=(*OF_ITEMS, *looked_at)) & items)
        | (Q(verb__in=(*OF_FILES, *looked_at)) & files)
        | _of_exhibits(viewer)
        | _of_consents(viewer, user)
        | Q(verb__in=OF_GONE, detail__rule__in=list(rules))
        | of_both
    )


def _is_about(rows: ItemQuerySet | ItemFileQuerySet) -> Q:
    """Return the condition that an entry is about one of these rows. SQLite looks for each entry's row, which a page of the log has few of;
    PostgreSQL does that slowly and reads a list of all rows once."""
    if connection.vendor == "sqlite":
        return Q(Exists(rows.order_by().filter(pid=OuterRef("target_pid"))))
    return Q(target_pid__in=rows.order_by().values("pid"))


def _of_stewards(viewer: Viewer, who: Decider) -> Q:
    theirs = _rules_under(who.decides_in)
    items = Item.objects.visible_to(viewer).filter(Q(chosen_rule__in=theirs) | Q(effective_rule__in=theirs))
    return Q(verb__in=OF_STEWARDS, target_pid__in=items.order_by().values("pid"))


def _rules_under(pids: Many[str]) -> list[int]:
    """Return the keys of the rules that name one of these protocols. One query."""
    return [
        rule.pk
        for rule in AccessRule.objects.all()
        if petition_rights.protocols_named([rule.policy]).intersection(pids)
    ]


def _of_petitions(viewer: Viewer, user: User, who: Decider) -> Q:
    """Return the condition on what was asked and answered: the requests that somebody finds in the inbox, and what they did there."""
    found = petition_rights.inbox(who, viewer)
    return Q(verb__in=OF_PETITIONS) & (Q(target_pid__in=found.order_by().values("pid")) | Q(actor=user))


def _of_told(viewer: Viewer, who: Decider) -> Q:
    found = contributions.inbox(who, viewer)
    return Q(verb__in=OF_TOLD, target_pid__in=found.order_by().values("pid"))


def _of_sights(user: User, who: Decider) -> Q:
    told = Q(actor=user)
    if who.decides_in:
        theirs = _rules_under(who.decides_in)
        told |= Q(target_pid__in=Item.objects.filter(effective_rule__in=theirs).values("pid"))
        told |= Q(target_pid__in=ItemFile.objects.filter(effective_rule__in=theirs).values("pid"))
    return Q(verb__in=OF_SIGHTS) & told


def changes_of_hidden_files(viewer: Viewer, entries: Many[AuditEntry]) -> set[int]:
    """Return the keys of the entries about a file that this viewer may not see, though they may see its item. One query."""
    files = {entry.pk: str(entry.detail["file"]) for entry in entries if entry.detail and entry.detail.get("file")}
    seen = set(ItemFile.objects.visible_to(viewer).filter(pid__in=files.values()).values_list("pid", flat=True))
    return {pk for pk, pid in files.items() if pid not in seen}


def _of_exhibits(viewer: Viewer) -> Q:
    """Return the condition on what happened to the exhibits that this viewer works on. One query."""
    return Q(verb__in=OF_EXHIBITS, target_pid__in=[one.log_name for one in Exhibit.objects.composed_by(viewer)])


def _of_consents(viewer: Viewer, user: User) -> Q:
    if not user.has_perm("archive.view_consentrecord"):
        return Q(pk__in=())
    seen = ConsentRecord.objects.visible_to(viewer).order_by().values("pid")
    return Q(verb__in=OF_CONSENTS, target_pid__in=seen)


READABLE.append(readable)
HIDDEN.append(changes_of_hidden_files)
# Many of them in a row are somebody looking for what is closed to them.
OF_THE_WHOLE.update({"export_table", "refuse_identifier", "try_break_glass"})
