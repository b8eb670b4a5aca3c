"""What was read for a page is noted in order, and whatever else asks the database makes the note worthless."""

from __future__ import annotations

import pytest

from access.models import AccessRule, Community
from archive.noted import add, aside, noting
from archive.prepared import Prepared

pytestmark = pytest.mark.django_db
BY_KEY = Prepared(lambda keys, _viewer: Community.objects.filter(pk__in=keys).order_by("pk"))


@pytest.fixture
def village() -> Community:
    return Community.objects.create(name="Kon Rờ Bàng")


def test_prepared_questions_are_noted_in_their_order_and_leave_the_note_whole(village: Community) -> None:
    with noting() as note:
        BY_KEY.rows([village.pk])
        BY_KEY.rows([village.pk + 1])
        BY_KEY.rows([village.pk])
        add("the end")

    assert note.is_whole
    assert [len(one) if isinstance(one, list) else one for one in note.read] == [1, 0, 1, "the end"]


def test_whatever_else_is_asked_makes_a_note_worthless(village: Community) -> None:
    with noting() as note:
        BY_KEY.rows([village.pk])
        Community.objects.get(pk=village.pk)
        BY_KEY.rows([village.pk])

    assert not note.is_whole


def test_what_is_asked_aside_is_not_counted_and_what_is_asked_afterwards_is(village: Community) -> None:
    with noting() as note:
        with aside():
            Community.objects.get(pk=village.pk)
            BY_KEY.rows([village.pk])
            # A question within must not end what lies around it.
            AccessRule.objects.count()
        was_whole = note.is_whole
        Community.objects.get(pk=village.pk)

    assert was_whole
    assert not note.is_whole
    # What a prepared question gave is drawn all the same.
    assert len(note.read) == 1


def test_what_fails_aside_does_not_leave_the_note_deaf(village: Community) -> None:
    with noting() as note:
        with pytest.raises(Community.DoesNotExist), aside():
            Community.objects.get(pk=village.pk + 1)
        was_whole = note.is_whole
        AccessRule.objects.count()

    assert was_whole
    assert not note.is_whole


def test_a_note_ends_where_it_ends(village: Community) -> None:
    add("before")
    with noting() as outer:
        add("outer")
        with noting() as inner:
            add("inner")
        add("outer again")
    add("after")
    Community.objects.get(pk=village.pk)

    assert (outer.read, inner.read) == (["outer", "outer again"], ["inner"])
    assert outer.is_whole
    with aside():
        assert Community.objects.get(pk=village.pk) == village
