"""Cursors are those of Django's signer, and read by it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core import signing

from archive import cursors
from archive.cursors import BadCursor, Part

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("position", [[], [0], [24_000_000], ["gùi", None, 5], ['"\\:', "x" * 200]])
def test_a_cursor_is_what_django_would_have_signed(position: list[Part], settings: LazySettings) -> None:
    for secret in ("one secret", "bí mật khác", "one secret"):
        settings.SECRET_KEY = secret
        for salt in ("search", "other"):
            written = cursors.write(position, question="gùi|", salt=salt)

            kept = signing.Signer(salt=salt).unsign_object(written)
            assert kept[1:] == position
            assert written == signing.Signer(salt=salt).sign_object(kept)
            assert cursors.read(written, question="gùi|", salt=salt) == position


def test_a_cursor_of_another_question_list_or_archive_is_none(settings: LazySettings) -> None:
    settings.SECRET_KEY = "one secret"
    written = cursors.write([24], question="gùi|", salt="search")

    for question, salt in (("gui|", "search"), ("gùi|", "other")):
        with pytest.raises(BadCursor):
            cursors.read(written, question=question, salt=salt)
    with pytest.raises(BadCursor):
        cursors.read(f"{written[:-1]}{'A' if written[-1] != 'A' else 'B'}", question="gùi|", salt="search")
    settings.SECRET_KEY = "another secret"
    with pytest.raises(BadCursor):
        cursors.read(written, question="gùi|", salt="search")
