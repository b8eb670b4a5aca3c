"""Save the words of the site in a community's language; offer the language to readers, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from access.roles import Ability
from access.stewardship import stewardship_of
from archive import interface_words
from archive.actions.errors import ActionRefused, NotAllowed, StaleVersion
from archive.actions.permissions import allows, require
from archive.interface_languages import FRAMED
from archive.interface_words import KEYS, OWN_NAME
from archive.models import InterfaceLanguage, InterfaceWord
from archive.models.interface_word import WORD_LETTERS_MOST
from archive.texts import is_storable

FILL = "archive.change_interfacelanguage"
OFFER = "archive.offer_interfacelanguage"


def may_fill(user: User, *, now: datetime) -> bool:
    """Return whether somebody may write words: staff with that right, and whom a community named for its language."""
    return allows(user, FILL) or bool(stewardship_of(user, now=now).may(Ability.EDIT_OWN_WORD))


def save_words(code: str, words: Mapping[str, str], *, read_version: int, actor: User, now: datetime) -> int:
    """Write the words of a language that differ from what is there, an empty one away; returns how many did.

    Raises NotAllowed, StaleVersion, ActionRefused("unreadable", "word_long").
    """
    if not may_fill(actor, now=now) or code not in FRAMED:
        raise NotAllowed
    wanted = {key: " ".join(text.split()) for key, text in words.items() if key in KEYS or key == OWN_NAME}
    if not all(is_storable(text) for text in wanted.values()):
        raise ActionRefused("unreadable")
    if any(len(text) > WORD_LETTERS_MOST for text in wanted.values()):
        raise ActionRefused("word_long")
    with transaction.atomic():
        held = _held(code)
        if held.version != read_version:
            raise StaleVersion
        before = interface_words.words_of(code)
        changed = {key: text for key, text in wanted.items() if text != before.get(key, "")}
        InterfaceWord.objects.filter(language=held, key__in=changed).delete()
        InterfaceWord.objects.bulk_create(
            InterfaceWord(language=held, key=key, text=text, changed_at=now, changed_by=actor)
            for key, text in changed.items()
            if text
        )
        if changed:
            _raise(held, actor=actor, verb="save_words", count=len(changed), now=now)
    return len(changed)


def offer_language(code: str, *, is_offered: bool, actor: User, now: datetime) -> None:
    """Offer a language to readers, or no longer. Raises NotAllowed, ActionRefused("words_lacking")."""
    require(actor, OFFER)
    if code not in FRAMED:
        raise NotAllowed
    with transaction.atomic():
        held = _held(code)
        if is_offered and not interface_words.is_enough(interface_words.words_of(code)):
            raise ActionRefused("words_lacking")
        held.is_offered = is_offered
        _raise(held, actor=actor, verb="offer_language" if is_offered else "hide_language", count=0, now=now)


def _held(code: str) -> InterfaceLanguage:
    InterfaceLanguage.objects.get_or_create(code=code)
    return InterfaceLanguage.objects.select_for_update().get(code=code)


def _raise(held: InterfaceLanguage, *, actor: User, verb: str, count: int, now: datetime) -> None:
    held.version += 1
    held.save(update_fields=["version", "is_offered"])
    audit.record(actor=actor, verb=verb, target_pid="", now=now, detail={"language": held.code, "words": count})
    transaction.on_commit(interface_words.read)
