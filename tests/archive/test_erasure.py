"""What is kept of the people who asked, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from access.actions.erase_contacts import erase_old_contacts
from archive.actions.decide_petition import refuse
from archive.models import Item
from media_pipeline import sweeping
from tests import makers
from tests.petitioners import REASONS, about, librarian

pytestmark = pytest.mark.django_db


@pytest.fixture
def song(now: datetime) -> Item:
    return makers.item(now=now, title="Bài khóc cha")


def test_name_and_contact_are_erased_ninety_days_after_the_answer(song: Item, now: datetime) -> None:
    answered, waiting = about(song, "correction", now=now), about(song, "correction", now=now, address="b")
    refuse(answered, actor=librarian(), now=now, answer="Đúng rồi.")

    assert erase_old_contacts(now=now + timedelta(days=89)) == 0
    assert erase_old_contacts(now=now + timedelta(days=90)) == 1
    assert erase_old_contacts(now=now + timedelta(days=90)) == 0

    answered.refresh_from_db()
    waiting.refresh_from_db()
    assert (answered.contact, answered.text, answered.answer) == ("", REASONS, "Đúng rồi.")
    assert waiting.contact == "0900 000 000"
    assert {answered.address_digest, waiting.address_digest} == {""}


def test_the_hourly_tidying_of_the_workers_erases_them(song: Item) -> None:
    now = timezone.now()
    petition = about(song, "correction", now=now - timedelta(days=100))
    refuse(petition, actor=librarian(), now=now - timedelta(days=91), answer="Đúng rồi.")

    sweeping.tidy()

    petition.refresh_from_db()
    assert petition.contact == ""


def test_hashes_of_addresses_go_as_soon_as_they_count_no_more(song: Item, now: datetime) -> None:
    petition = about(song, "correction", now=now)

    erase_old_contacts(now=now + timedelta(hours=23))
    petition.refresh_from_db()
    assert petition.address_digest == "a"

    erase_old_contacts(now=now + timedelta(hours=24))
    petition.refresh_from_db()
    assert petition.address_digest == ""
