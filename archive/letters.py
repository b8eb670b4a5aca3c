"""E-mails: written in the transaction that has a reason for them, sent by a worker, forgotten when they are gone.

A letter says that there is something to read, and where; never what. Whoever reads somebody's mail learns of no work and of no other
person. Where the library has no mail server, none is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db.models import F
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import User
from archive import addresses
from archive.models import Correspondence, Letter

logger = logging.getLogger(__name__)
# A server that is down for a weekend gets them on Monday; the waits double from ten minutes.
TRIES_MOST = 10
FIRST_WAIT = timedelta(minutes=10)
SENT_AT_ONCE = 100


def are_sent() -> bool:
    """Return whether this library sends mail at all."""
    return bool(settings.MAIL_SERVER)


def address_in(contact: str) -> str:
    """Return the e-mail address that somebody left as a way to reach them; empty where it is a telephone or a place."""
    for word in contact.replace(",", " ").replace(";", " ").split():
        try:
            validate_email(word)
        except ValidationError:
            continue
        return word
    return ""


@contextmanager
def language_of(code: str) -> Iterator[None]:
    """Write in a person's language; in Vietnamese where none is known."""
    known = code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        yield


def put(recipient: str, subject: str, text: str, *, now: datetime) -> None:
    """Let a letter be sent. Call in the transaction that it belongs to. One query; none where no mail is sent."""
    if are_sent() and recipient:
        signed = f"{text}\n\n-- \n{settings.LIBRARY_NAME}\n{settings.BASE_URL}\n"
        Letter.objects.create(recipient=recipient, subject=subject[:200], text=signed, made_at=now, next_try_at=now)


def put_answer(contact: str, language: str, *, is_question: bool, told_on: date, now: datetime) -> None:
    """Tell somebody who told the library something that there is an answer, or a question. One query."""
    recipient = address_in(contact)
    with language_of(language):
        if is_question:
            subject = _("A question about what you told us")
            text = _(
                "Those who look after the work of which you told something on %(day)s ask you back. With the code that you were given "
                "you read the question, and answer it, here:"
            )
        else:
            subject = _("An answer to what you told us")
            text = _(
                "What you told us on %(day)s has been decided. With the code that you were given you read the answer here, and may take "
                "back what you told at any time:"
            )
        said = text % {"day": date_format(told_on, "DATE_FORMAT")}
        put(recipient, subject, f"{said}\n{settings.BASE_URL}{addresses.find_told()}", now=now)


def put_digest(user: User, language: str, *, told: int, asked: int, told_at: str, asked_at: str, now: datetime) -> None:
    """Tell somebody at the desk how much waits for them, in numbers. One query."""
    with language_of(language):
        parts = [_("New at the desk since you were last written to. What waits for you now:")]
        if told:
            line = ngettext(
                "%(count)s thing that somebody told of a work", "%(count)s things that were told of works", told
            )
            parts.append(f"{line % {'count': told}}\n{settings.BASE_URL}{told_at}")
        if asked:
            line = ngettext(
                "%(count)s request that waits for an answer", "%(count)s requests that wait for an answer", asked
            )
            parts.append(f"{line % {'count': asked}}\n{settings.BASE_URL}{asked_at}")
        put(user.email, _("Something waits for you at the desk"), "\n\n".join(parts), now=now)


def remember_language(user: User, code: str) -> None:
    """Keep the language that somebody chose at the desk. At most two queries."""
    if code in dict(settings.LANGUAGES):
        Correspondence.objects.update_or_create(user=user, defaults={"language": code})


def own_data(user: User) -> dict[str, object]:
    """Return what is kept of writing to an account, for the person themselves. One query."""
    kept = Correspondence.objects.filter(user=user).first()
    told_at = kept.told_at if kept else None
    return {"language": kept.language if kept else "", "last_written_to_at": told_at.isoformat() if told_at else None}


def send_waiting(*, now: datetime) -> int:
    """Send what waits, and return how much went out. A letter is claimed before it is sent: two workers do not send it twice, and a worker
    that dies with one in hand has it sent ten minutes later. Three queries a letter."""
    sent = 0
    due = Letter.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")[:SENT_AT_ONCE]
    for letter in list(due):
        again_at = now + FIRST_WAIT * 2**letter.tries
        mine = Letter.objects.filter(pk=letter.pk, next_try_at=letter.next_try_at, tries=letter.tries)
        if mine.update(tries=F("tries") + 1, next_try_at=again_at) != 1:
            continue
        try:
            EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.recipient]).send()
        except (SMTPException, OSError) as error:
            # The address is nobody's business in a log.
            logger.warning("letter %d could not be sent: %s", letter.pk, type(error).__name__)
            if letter.tries + 1 >= TRIES_MOST:
                letter.delete()
        else:
            letter.delete()
            sent += 1
    return sent
