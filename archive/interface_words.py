"""The words that stand on most pages, and what communities call them: read once a process, and again when they change.

A page in Vietnamese or English asks no query for them. A process reads them after an answer was sent, once a minute; before a page within
a frame it looks whether something changed (one query). Whoever saves words sees them at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError, connection
from django.dispatch import receiver
from django.utils.translation import gettext_noop as _

from archive.interface_languages import FRAMED
from archive.models import InterfaceLanguage, InterfaceWord

# What the language calls itself: the link to it is that word.
OWN_NAME = "own name"
# So many of the words, and its own name, before readers are offered it: less would be a Vietnamese page with foreign spots.
ENOUGH = 20
READ_EVERY_S = 60.0

# By where they stand. The keys are the texts in English, as templates write them (`{% word "Items" %}`).
GROUPS: Mapping[str, tuple[str, ...]] = {
    "head": (
        _("Items"), _("Collections"), _("Peoples"), _("Places"), _("Time"), _("Subjects"), _("Account"), _("Sign in"), _("Sign out"),
        _("Skip to the content"),
    ),
    "ways": (
        _("Search"), _("Front page"), _("Time line"), _("Something by chance"), _("By kind"), _("By people"), _("By place"),
        _("By time"), _("Exhibits"), _("Newest here"),
    ),
    "work": (
        _("Contents"), _("Back"), _("Next"), _("Back to the work"), _("What people know of it"),
        _("I know this person, this place, this song"), _("Pass it on"), _("Put on a list"), _("My notes"), _("Write a note"),
        _("Ask to see it"),
    ),
    "foot": (
        _("About this archive"), _("Communities"), _("New here"), _("Lists to take along"), _("Send"), _("Thank you"),
    ),
}  # fmt: skip


KEYS = frozenset(word for group in GROUPS.values() for word in group)


@dataclass(frozen=True)
class Frames:
    """What one process knows: the words of the languages that are offered, and the versions that it read."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: tuple[tuple[str, int], ...] = ()
    number: int = 0  # one higher with each that is read


_known = [Frames()]
_read_at = [float("-inf")]  # of the monotonic clock


def offered() -> Mapping[str, Mapping[str, str]]:
    """Return the words of each language that readers are offered, by key. No query."""
    return _known[0].words


def number() -> int:
    """Return what changes whenever this process reads other words. No query."""
    return _known[0].number


def versions() -> tuple[tuple[str, int], ...]:
    """Return what every process that knows the same words says of them. No query."""
    return _known[0].versions


def is_offered(code: str) -> bool:
    """Return whether a page may be shown within this frame, as the database has it now. One query; three where something changed."""
    if _versions() != _known[0].versions:
        read()
    return code in offered()


def is_enough(words: Mapping[str, str]) -> bool:
    """Return whether so much is filled that readers may be offered the language."""
    return bool(words.get(OWN_NAME)) and len(words.keys() & KEYS) >= ENOUGH


def words_of(code: str) -> dict[str, str]:
    """Return all that is filled of a language, by key, offered or not. One query."""
    return dict(InterfaceWord.objects.filter(language=code).values_list("key", "text"))


def read() -> None:
    """Read all that is offered. Two queries."""
    versions = _versions()
    found: dict[str, dict[str, str]] = {}
    for code, key, text in InterfaceWord.objects.filter(language__in=[code for code, _version in versions]).values_list(
        "language", "key", "text"
    ):
        found.setdefault(code, {})[key] = text
    words = {code: found[code] for code in FRAMED if is_enough(found.get(code, {}))}
    _known[0] = Frames(words, versions, _known[0].number + 1)
    _read_at[0] = time.monotonic()


def _versions() -> tuple[tuple[str, int], ...]:
    rows = InterfaceLanguage.objects.filter(is_offered=True, code__in=FRAMED).order_by("code")
    return tuple(rows.values_list("code", "version"))


@receiver(request_finished, dispatch_uid="archive.interface_words")
def read_between_requests(**_facts: Any) -> None:  # Any: as in Django
    """Look for other words once a minute, when a request has been answered. Not within somebody's transaction, which may yet be undone."""
    if time.monotonic() - _read_at[0] < READ_EVERY_S or connection.in_atomic_block:
        return
    _read_at[0] = time.monotonic()
    try:
        if _versions() != _known[0].versions:
            read()
    except DatabaseError:
        # This answer is made; the next one will see.
        return
