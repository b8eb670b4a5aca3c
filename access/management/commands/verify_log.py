"""Verify the log. Example: python manage.py verify_log --expect 3f2a…"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access import audit_sealing
from access.audit_chain import Content, Fault, Walk, Wrong, plain_digest
from access.audit_checking import check
from access.log_sentences import said

GROUP_LETTERS = 8


class Command(BaseCommand):
    help = (
        "Goes through the whole log and names the first entry that was changed, removed, added or moved behind the software's back; "
        "exit status 1 then. Write down the last line, on paper, away from this machine: whoever could make the whole log anew cannot "
        "change that. Later, --expect with what you wrote says whether it still is in the log. "
        "Example: python manage.py verify_log --expect '3f2a91c0 …'"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect", type=_digest, metavar="DIGEST", help="what was written down; the first half will do"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        self._seal()
        walk = check(expected=options["expect"] or "")
        if walk.backdated_count:
            self.stdout.write(_backdated(walk))
        if walk.first_wrong is not None:
            raise CommandError(_found(walk.first_wrong, walk.wrong_count))
        if options["expect"] and not walk.met_at:
            raise CommandError(
                _("What was written down is not in this log: it was made anew since, or cut off, or is another log.")
            )
        if walk.met_at:
            self.stdout.write(_("What was written down is entry %(number)s.") % {"number": walk.met_at})
        self.stdout.write(
            ngettext("The log is whole: %(count)s entry.", "The log is whole: %(count)s entries.", walk.last.sequence)
            % {"count": walk.last.sequence}
        )
        if walk.last.sequence:
            self.stdout.write(
                _("To be written down: entry %(number)s, %(digest)s")
                % {"number": walk.last.sequence, "digest": _grouped(walk.last.digest)}
            )

    def _seal(self) -> None:
        """Take in what was just written. A database that cannot be written to is read all the same."""
        try:
            audit_sealing.seal()
        except (DatabaseError, audit_sealing.EndIsLost) as error:
            self.stderr.write(
                _("The newest entries could not be sealed (%(reason)s).")
                % {"reason": str(error) or type(error).__name__}
            )


def _digest(text: str) -> str:
    try:
        return plain_digest(text)
    except ValueError as error:
        raise ArgumentTypeError(_("at least the first half of a digest: 32 letters a-f and digits")) from error


def _grouped(digest: str) -> str:
    """Return a digest in groups that a person can copy."""
    return " ".join(digest[start : start + GROUP_LETTERS] for start in range(0, len(digest), GROUP_LETTERS))


def _found(wrong: Wrong, count: int) -> str:
    more = ngettext("%(count)s fault in all.", "%(count)s faults in all.", count) % {"count": count}
    return f"{_sentence(wrong)} {more}"


def _sentence(wrong: Wrong) -> str:
    values = {"number": wrong.sequence, "entry": _told(wrong.content)}
    match wrong.fault:
        case Fault.CHANGED:
            return _("Entry %(number)s is not what was written, or not in its place: %(entry)s.") % values
        case Fault.MISSING:
            return _("Entry %(number)s is missing.") % values
        case Fault.CUT_OFF:
            return _("Entry %(number)s and what came after it are missing at the end.") % values
        case Fault.ADDED:
            return _("Entry %(number)s was added by somebody else than this software.") % values
        case _:
            return _("Entry %(number)s, the last one, is not the one that was sealed last.") % values


def _told(content: Content | None) -> str:
    if content is None:
        return _("it cannot be read")
    at = localtime(content.at).strftime("%Y-%m-%d %H:%M")
    return f"{at} {content.actor_name} {said(content.verb)} {content.target_pid}".rstrip()


def _backdated(walk: Walk) -> str:
    numbers = ", ".join(str(number) for number in walk.backdated)
    return ngettext(
        "%(count)s entry tells of more than a day before its neighbours: look at it (%(numbers)s).",
        "%(count)s entries tell of more than a day before their neighbours: look at them (%(numbers)s).",
        walk.backdated_count,
    ) % {"count": walk.backdated_count, "numbers": numbers}
