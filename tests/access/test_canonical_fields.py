"""Text is stored in canonical form, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from access.models import Community, Protocol
from access.models.fields import CanonicalCharField, CanonicalJSONField, CanonicalTextField
from archive.models import Item, ItemKind, People, Place, PlaceName

# "lơ̆m" as a phone sends it: decomposed, breve before horn.
TYPED, STORED = "lo\u0306\u031bm", "l\u01a1\u0306m"

# What no person writes, or what has a form of its own: keys, digests, addresses, tags, dates, names as they came, and the index.
OF_MACHINES = {
    "born_edtf", "code_digest", "credential", "credential_digest", "date_edtf", "died_edtf", "digest", "exact", "folded", "compact",
    "address_digest", "contact", "email", "issued_edtf", "key", "lang", "language", "original_name", "password", "period_edtf", "pid",
    "project_address", "query", "role", "screen", "sealed_secret", "slug", "sort_title", "target", "target_pid", "template",
    "token_digest", "unique_id", "uri", "verb",
}  # fmt: skip
# The log, whose chain is over its words as they were, and accounts, whose names Django makes alike in its own way; what was read out of
# files, which the pipeline made alike; parts of keys, names of doors, and slugs by which a kept search narrows; letters, of our own
# words; and of which work or language a row is.
WITH_THEIR_OWN_FORM = {"access.PartnerCount.sort", "access.PartnerKey.prefix", "access.PartnerKey.secret_digest",
                       "access.PartnerTaking.door", "archive.SavedSearch.collection", "archive.SavedSearch.people",
                       "archive.SavedSearch.place", "archive.SavedSearch.subject", "archive.KeptList.code", "archive.KeptList.key_digest",
                       "archive.Contribution.file_ending", "archive.Contribution.file_token",
                       "access.AuditEntry.actor_name", "access.AuditEntry.reason", "access.User.username",
                       "access.User.first_name", "access.User.last_name",
                       "archive.Passage.text", "archive.PassageSet.prefix",
                       "archive.Letter.recipient", "archive.Letter.subject", "archive.Letter.text",
                       "archive.ReaderNote.item_pid", "archive.ReaderNote.file_pid", "archive.InterfaceLanguage.code"}  # fmt: skip


@pytest.mark.django_db
def test_a_name_is_stored_in_canonical_form_and_the_row_in_memory_is_what_is_stored() -> None:
    community = Community.objects.create(name=TYPED, contact=TYPED, statements=[{"lang": "bdq", "value": TYPED}])

    assert (community.name, community.contact) == (STORED, STORED)
    assert community.statements == [{"lang": "bdq", "value": STORED}]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact FROM access_community WHERE id = %s", [community.pk])
        assert cursor.fetchone() == (STORED, STORED)


@pytest.mark.django_db
def test_updates_and_rows_in_bulk_are_canonical_too() -> None:
    Protocol.objects.bulk_create([Protocol(name=TYPED, description=TYPED)])
    protocol = Protocol.objects.get()
    place = Place.objects.create(slug="kon-lom", kind=Place.PlaceKind.VILLAGE)
    PlaceName.objects.create(place=place, text="Kon")

    PlaceName.objects.update(text=f"Kon {TYPED}")
    Community.objects.create(name="Kon")
    Community.objects.update(statements=[{"lang": "bdq", "value": TYPED}])

    assert (protocol.name, protocol.description) == (STORED, STORED)
    assert PlaceName.objects.get().text == f"Kon {STORED}"
    assert Community.objects.get().statements == [{"lang": "bdq", "value": STORED}]


@pytest.mark.django_db
def test_a_name_is_found_however_its_marks_were_typed() -> None:
    Community.objects.create(name=STORED)

    for asked in ({"name": TYPED}, {"name__in": ["x", TYPED]}):
        assert Community.objects.filter(**asked).exists(), asked


@pytest.mark.django_db
def test_values_in_languages_and_codes_are_canonical_in_memory_too() -> None:
    people = People.objects.create(
        slug="lom",
        names=[{"lang": "bdq", "value": f" {TYPED} "}],
        codes=[{"scheme": TYPED, "version": "", "code": "1"}],
    )

    assert people.names == [{"lang": "bdq", "value": STORED}]
    assert people.codes == [{"scheme": STORED, "version": "", "code": "1"}]
    people.refresh_from_db()
    assert people.names == [{"lang": "bdq", "value": STORED}]
    assert people.codes == [{"scheme": STORED, "version": "", "code": "1"}]


@pytest.mark.django_db
def test_two_numbers_that_look_alike_are_one() -> None:
    item = Item(kind=ItemKind.IMAGE, identifier=TYPED)

    item.clean_fields(exclude=[field.name for field in Item._meta.fields if field.name != "identifier"])

    assert item.identifier == STORED


def text_fields() -> Iterator[tuple[str, models.Field]]:  # type: ignore[type-arg]
    for label in ("access", "archive"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                if (
                    isinstance(field, models.CharField | models.TextField)
                    and field.model is model
                    and not field.choices
                ):
                    yield f"{label}.{model.__name__}.{field.name}", field


def test_every_text_that_people_write_is_canonical() -> None:
    fields = dict(text_fields())
    plain = {name for name, field in fields.items() if not isinstance(field, CanonicalCharField | CanonicalTextField)}

    assert {name for name in plain if name.rpartition(".")[2] not in OF_MACHINES} == WITH_THEIR_OWN_FORM
    assert len(fields) - len(plain) > 30


def test_to_migrations_a_canonical_field_is_the_plain_one() -> None:
    for field, plain in (
        (CanonicalCharField, "CharField"),
        (CanonicalTextField, "TextField"),
        (CanonicalJSONField, "JSONField"),
    ):
        assert field().deconstruct()[1] == f"django.db.models.{plain}"
