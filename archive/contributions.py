"""What people told of items: who reads it, what of it is shown, and the files that came with it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from access import codes
from access.models import User
from access.viewer import Viewer
from archive.actions.permissions import allows
from archive.models import Contribution, Item
from archive.models.contribution import SHOWN
from archive.petition_rights import DESCRIBE, Decider
from archive.prepared import Key, Prepared

State, Consent = Contribution.State, Contribution.Consent
DAY = timedelta(hours=24)
FROM_ADDRESS_MOST, FROM_ACCOUNT_MOST = 10, 20  # in 24 hours; a class behind one address sends a few
TEXT_LETTERS_MOST = 4000
FILE_BYTES_MOST = 20_000_000  # some ten minutes of speech from a telephone, or any photograph
SHOWN_MOST = 50
# By their endings alone: what is in a file nobody looks at before somebody takes it into the archive.
FILE_ENDINGS = frozenset(
    {"jpg", "jpeg", "png", "heic", "webp", "mp3", "m4a", "aac", "ogg", "opus", "wav", "amr", "3gp"}
)


class ContributionRefused(Exception):
    """Something cannot be told, answered or taken back; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Told:
    """One thing that somebody told, as the page of its item shows it; `name` is empty where it is not to be shown."""

    subject: str
    text: str
    name: str
    on: date


def _shown(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Contribution]:
    return Contribution.objects.filter(SHOWN, item__in=items).order_by("consented_at", "pk")


_SHOWN = Prepared(_shown)


def of_item(item: Item) -> list[Told]:
    """Return what was told of an item that its viewer may see, and may be shown, oldest first. One query; none for
    an item of which it was read that there is nothing (`archive.queries.item`)."""
    if not getattr(item, "has_told", True):
        return []
    return [
        Told(
            str(one.get_subject_display()),
            one.text,
            one.giver_name if one.consent == Consent.NAMED else "",
            timezone.localdate(one.consented_at),
        )
        for one in _SHOWN.rows([item.pk])[:SHOWN_MOST]
    ]


def inbox(who: Decider, viewer: Viewer) -> QuerySet[Contribution]:
    """Return what this person looks after: stewards what is told of things under their protocols; staff who describe, what is told of
    things under none that they may see. Chainable."""
    routed = Contribution.protocols.through.objects
    found = Q(pk__in=routed.filter(protocol__pid__in=who.decides_in).values("contribution"))
    if allows(who.user, DESCRIBE):
        seen = Item.objects.visible_to(viewer).values("pk")
        found |= Q(item__in=seen) & ~Q(pk__in=routed.values("contribution"))
    return Contribution.objects.filter(found).exclude(state=State.WITHDRAWN)


def waiting(who: Decider, viewer: Viewer) -> QuerySet[Contribution]:
    """Return what of it waits to be read and decided by this person, who did not tell it. Chainable."""
    return inbox(who, viewer).filter(state=State.OPEN).exclude(giver=who.user)


def may_be_taken_over(told: Contribution) -> bool:
    """Return whether what was told may become part of its item's record: it stands, was taken up, and is not for the keepers alone."""
    return told.state == State.ACCEPTED and told.consent != Consent.KEEPERS


def by_code(typed: str) -> Contribution | None:
    """Return what was told under a code, however that was typed; None for every other one. One query."""
    return Contribution.objects.filter(code_digest=digest(typed)).select_related("item").first()


def of_giver(user: User) -> QuerySet[Contribution]:
    """Return what an account told, newest first."""
    return Contribution.objects.filter(giver=user).select_related("item").order_by("-consented_at", "-pk")


def new_code() -> str:
    """Return a code by which somebody without an account finds again what they told: seventy-nine bits."""
    return codes.new_code(groups=4, letters=4)


def digest(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(codes.plain(code).encode()).hexdigest()


def came_in(*, since: datetime, address_digest: str = "", giver_id: int | None = None) -> int:
    """Return how much was told since a moment from an address or by an account. One query."""
    found = Contribution.objects.filter(consented_at__gt=since)
    found = found.filter(giver_id=giver_id) if giver_id is not None else found.filter(address_digest=address_digest)
    return found.order_by().count()


def ending_of(name: str) -> str:
    """Return the ending of a file's name, in small letters. Raises ContributionRefused("file_kind") for one that is not taken."""
    ending = name.rpartition(".")[2].lower()
    if "." not in name or ending not in FILE_ENDINGS:
        raise ContributionRefused("file_kind")
    return ending


def keep(pieces: Iterable[bytes]) -> tuple[str, int]:
    """Lay the bytes of a file aside, unread; returns its token and its size. Raises ContributionRefused("file_size")."""
    token = secrets.token_hex(16)
    path = path_of(token)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    size = 0
    with path.open("xb") as file:
        for piece in pieces:
            size += len(piece)
            if size > FILE_BYTES_MOST:
                break
            file.write(piece)
    if not 0 < size <= FILE_BYTES_MOST:
        forget(token)
        raise ContributionRefused("file_size")
    return token, size


def path_of(token: str) -> Path:
    """Return where the bytes of a file lie. The token is ours; the sender's name is never part of a path."""
    return Path(settings.INCOMING_DIR) / "told" / token


def forget(token: str) -> None:
    """Remove the bytes of a file, if they are there."""
    if token:
        path_of(token).unlink(missing_ok=True)


def written(typed: str) -> str:
    """Return a code as it is shown, of whatever was typed for it."""
    plain = codes.plain(typed)
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def own_data(user: User) -> list[dict[str, object]]:
    """Return all that is kept of what an account told, for the person themselves. One query."""
    return [
        {
            "number": one.pid,
            "of": one.item.pid,
            "about": one.subject,
            "text": one.text,
            "name": one.giver_name,
            "contact": one.contact,
            "wants_answer": one.wants_answer,
            "consent": one.consent,
            "consented_at": one.consented_at.isoformat(),
            "state": one.state,
            "answer": one.question,
            "reply": one.reply,
        }
        for one in of_giver(user)
    ]
