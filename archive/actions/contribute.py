"""Tell what one knows of an item; answer it; take it back. The log says that it happened, and none of the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access import audit
from access.models import Protocol, User
from access.petitions import CONTACT_KEPT
from access.viewer import Viewer, viewer_for
from archive import contributions, letters, petition_rights, queries
from archive.contributions import DAY, ContributionRefused
from archive.models import Contribution, ContributionSubject, Item, Remark
from archive.texts import is_storable

State, Consent = Contribution.State, Contribution.Consent
# Nothing that was laid aside by a request that died is older than this without a row.
ORPHANS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """A file that came with it: the name under which it was sent, and its bytes."""

    name: str
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Knowledge:
    """What somebody tells."""

    subject: str
    text: str
    consent: str
    name: str = ""
    contact: str = ""
    wants_answer: bool = False
    language: str = ""
    file: Sent | None = None
    giver: User | None = None
    address_digest: str = ""


def contribute(pid: str, told: Knowledge, *, viewer: Viewer, now: datetime) -> tuple[Contribution, str]:
    """Put what somebody knows of an item that they may see before those who keep it; returns it with its code, which is told this once.

    Raises queries.NotVisible, ContributionRefused("no_text", "no_name", "no_consent", "unreadable", "too_long", "too_many", "file_kind",
    "file_size"). About twelve queries.
    """
    _require_words(told)
    item = Item.objects.visible_to(viewer).select_related("chosen_rule").filter(pid=pid).first()
    if item is None:
        raise queries.NotVisible
    ending = contributions.ending_of(told.file.name) if told.file else ""
    _require_room(told, now=now)
    token, size = contributions.keep(told.file.pieces) if told.file else ("", 0)
    code = contributions.new_code()
    try:
        with transaction.atomic():
            made = Contribution.objects.create(
                item=item,
                giver=told.giver,
                subject=told.subject,
                text=told.text.strip(),
                giver_name=told.name.strip(),
                contact=told.contact.strip(),
                wants_answer=told.wants_answer and bool(letters.address_in(told.contact)),
                language=told.language,
                consent=told.consent,
                consented_at=now,
                file_token=token,
                file_ending=ending,
                file_size_bytes=size,
                code_digest=contributions.digest(code),
                address_digest=told.address_digest,
            )
            made.protocols.set(Protocol.objects.filter(pid__in=petition_rights.keepers_of(item)))
            detail = {"consent": told.consent, "file": bool(token)}
            _log(made, "tell", actor=told.giver, now=now, is_visitor=told.giver is None, detail=detail)
    except BaseException:
        contributions.forget(token)
        raise
    return made, code


def accept(told: Contribution, *, actor: User, now: datetime, answer: str = "") -> Contribution:
    """Take up what was told: it is shown with the item, as far as who told it allowed. Raises ContributionRefused("not_allowed",
    "settled", "unreadable")."""
    return _decide(told, State.ACCEPTED, actor=actor, now=now, answer=answer, sources=Contribution.PENDING)


def ask_back(told: Contribution, *, actor: User, now: datetime, answer: str) -> Contribution:
    """Ask who told it something. Raises ContributionRefused("not_allowed", "settled", "no_answer", "unreadable")."""
    if not answer.strip():
        raise ContributionRefused("no_answer")
    return _decide(told, State.ASKED_BACK, actor=actor, now=now, answer=answer, sources=Contribution.PENDING)


def refuse(told: Contribution, *, actor: User, now: datetime, answer: str) -> Contribution:
    """Do not take it up, with reasons, or no longer; all that was told is erased. Raises ContributionRefused("not_allowed", "settled",
    "no_answer", "unreadable")."""
    if not answer.strip():
        raise ContributionRefused("no_answer")
    sources = (*Contribution.PENDING, State.ACCEPTED)
    return _decide(told, State.REFUSED, actor=actor, now=now, answer=answer, sources=sources)


def reply(told: Contribution, text: str, *, by: User | None, now: datetime) -> Contribution:
    """Answer the question of those who keep the item. Raises ContributionRefused("settled", "no_text", "too_long", "unreadable")."""
    if not text.strip():
        raise ContributionRefused("no_text")
    _require_storable(text)
    with transaction.atomic():
        held = _held(told)
        if held.state != State.ASKED_BACK:
            raise ContributionRefused("settled")
        held.state, held.reply, held.replied_at = State.OPEN, text.strip(), now
        held.save(update_fields=["state", "reply", "replied_at"])
        _log(held, "tell_more", actor=by, now=now, is_visitor=by is None)
    return held


def take_back(told: Contribution, *, by: User | None, now: datetime) -> Contribution:
    """Take back what one told: it is erased, and gone from every page. Whoever holds its code may. Raises
    ContributionRefused("settled")."""
    with transaction.atomic():
        held = _held(told)
        if held.state == State.WITHDRAWN:
            raise ContributionRefused("settled")
        held.state = State.WITHDRAWN
        _erase(held, now=now)
        if held.taken_over_at is not None:
            _say_taken_back(held, now=now)
        held.question, held.giver = "", None
        held.save()
        _log(held, "take_back_told", actor=by, now=now, is_visitor=by is None)
    return held


def take_over(told: Contribution, *, actor: User, now: datetime) -> None:
    """Note that something told was taken over into the record of its item. Call in the transaction that saves the item. Raises
    ContributionRefused("not_allowed", "settled")."""
    mine = contributions.inbox(petition_rights.decider(actor, now=now), viewer_for(actor, now=now))
    held = _held(told)
    if not actor.is_active or not mine.filter(pk=held.pk).exists():
        raise ContributionRefused("not_allowed")
    if not contributions.may_be_taken_over(held):
        raise ContributionRefused("settled")
    held.taken_over_at = now
    held.save(update_fields=["taken_over_at"])
    _log(held, "told_taken_over", actor=actor, now=now)


def forget_givers(*, now: datetime) -> int:
    """Erase how to reach those whose contribution was decided long ago, names that are not shown, hashes of addresses that count no more,
    and files of requests that died; returns of how many something was erased. Run twice, it changes nothing. Four queries."""
    Contribution.objects.filter(consented_at__lte=now - DAY).exclude(address_digest="").update(address_digest="")
    old = Contribution.objects.filter(decided_at__lte=now - CONTACT_KEPT, state=State.ACCEPTED)
    reached = old.exclude(contact="").update(contact="")
    named = old.exclude(consent=Consent.NAMED).exclude(giver_name="").update(giver_name="")
    known = set(Contribution.objects.exclude(file_token="").values_list("file_token", flat=True))
    folder = contributions.path_of("")
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in known and path.stat().st_mtime < (now - ORPHANS_KEPT).timestamp():
            path.unlink(missing_ok=True)
    return reached + named


def route_contributions(item: Item) -> None:
    """Bring what was told of an item to those who keep it now. Call in the transaction that changed its rule. Two queries where nothing
    was told."""
    rows = list(Contribution.objects.filter(item=item).exclude(state=State.WITHDRAWN))
    if rows:
        keepers = Protocol.objects.filter(pid__in=petition_rights.keepers_of(item))
        for row in rows:
            row.protocols.set(keepers)


def _require_words(told: Knowledge) -> None:
    for text in (told.text, told.name, told.contact):
        _require_storable(text)
    if told.subject not in ContributionSubject.values or not told.text.strip():
        raise ContributionRefused("no_text")
    if told.consent not in Consent.values:
        raise ContributionRefused("no_consent")
    if told.consent == Consent.NAMED and not told.name.strip():
        raise ContributionRefused("no_name")


def _require_storable(text: str) -> None:
    if not is_storable(text):
        raise ContributionRefused("unreadable")
    if len(text) > contributions.TEXT_LETTERS_MOST:
        raise ContributionRefused("too_long")


def _require_room(told: Knowledge, *, now: datetime) -> None:
    since = now - DAY
    if told.giver is not None:
        is_full = contributions.came_in(since=since, giver_id=told.giver.pk) >= contributions.FROM_ACCOUNT_MOST
    else:
        came = contributions.came_in(since=since, address_digest=told.address_digest)
        is_full = came >= contributions.FROM_ADDRESS_MOST
    if is_full:
        raise ContributionRefused("too_many")


def _decide(
    told: Contribution, state: str, *, actor: User, now: datetime, answer: str, sources: Iterable[str]
) -> Contribution:
    _require_storable(answer)
    with transaction.atomic():
        who = petition_rights.decider(actor, now=now)
        mine = contributions.inbox(who, viewer_for(actor, now=now)).filter(pk=told.pk)
        if not actor.is_active or not mine.exists():
            raise ContributionRefused("not_allowed")
        held = _held(told)
        if held.state not in sources:
            raise ContributionRefused("settled")
        if held.giver_id == actor.pk:
            raise ContributionRefused("own")
        before, held.state = held.state, state
        contact = held.contact if held.wants_answer else ""  # before it may be erased
        held.question = answer.strip() or held.question
        if state != State.ASKED_BACK:
            held.decided_at, held.decided_by = now, actor
        if state == State.REFUSED:
            _erase(held, now=now)
        held.save()
        _log(held, f"told_{state}", actor=actor, now=now, states=(before, state))
        if contact:
            told_on = timezone.localdate(held.consented_at)
            letters.put_answer(contact, held.language, is_question=state == State.ASKED_BACK, told_on=told_on, now=now)
    return held


def _say_taken_back(held: Contribution, *, now: datetime) -> None:
    """Tell those who work on the item that its record may hold what was taken back. In the library's own language: it is kept."""
    with translation.override(settings.LANGUAGE_CODE):
        said = _(
            "What was told under %(number)s and taken over into this record has been taken back by who told it: see what of it stays."
        )
        Remark.objects.create(item=held.item, author=None, at=now, text=said % {"number": held.pid})


def _erase(held: Contribution, *, now: datetime) -> None:
    token = held.file_token
    held.text = held.giver_name = held.contact = held.reply = held.file_token = ""
    held.wants_answer = False
    held.file_size_bytes, held.erased_at = 0, now
    # After the commit: what is rolled back keeps its file.
    transaction.on_commit(lambda: contributions.forget(token))


def _held(told: Contribution) -> Contribution:
    found = Contribution.objects.select_for_update(of=("self",), no_key=True).filter(pk=told.pk).first()
    if found is None:
        raise ContributionRefused("settled")
    return found


def _log(
    told: Contribution,
    verb: str,
    *,
    actor: User | None,
    now: datetime,
    is_visitor: bool = False,
    detail: dict[str, object] | None = None,
    states: tuple[str, str] | None = None,
) -> None:
    before, after = ({"state": states[0]}, {"state": states[1]}) if states else (None, None)
    audit.record(
        actor=actor,
        verb=verb,
        target_pid=told.pid,
        now=now,
        is_visitor=is_visitor,
        detail=detail,
        before=before,
        after=after,
    )
