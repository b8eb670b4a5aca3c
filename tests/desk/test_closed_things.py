"""What staff may learn of things that are closed to them, and what a cataloguer may do to what readers see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AccessRule, AuditEntry, Community, CommunityMembership, User
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.delete_item import delete_item
from archive.actions.detach_file import detach_file
from archive.actions.errors import ActionRefused
from archive.actions.move_item import publish_item, withdraw_item
from archive.actions.save_places import save_places
from archive.models import Item, ItemFile, ItemPlace, Place, PlaceName
from media_pipeline.models import Master
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change, form, with_file

pytestmark = pytest.mark.django_db
REASON, HASH = "gia-đình-nghệ-nhân-đề-nghị", "ab" * 32
LOG = "/admin/access/auditentry/"


def log_of(client: Client) -> str:
    return str(client.get(LOG).content.decode())


# --- Identifiers -------------------------------------------------------------------------------------------------------------


def test_a_taken_identifier_is_refused_in_the_same_words_whoever_has_it(publisher: Client) -> None:
    an_item("Thấy được", identifier="KT-1")
    an_item("Không thấy", access=policy.NOBODY, identifier="KT-2")

    pages = [
        publisher.post("/admin/archive/item/add/", form(identifier=f"KT-{number}")).content.decode()
        for number in (1, 2)
    ]

    assert "This identifier is not free. Choose another one." in pages[0]
    assert shape(pages[0], "KT-1") == shape(pages[1], "KT-2")
    assert Item.objects.count() == 2


def shape(page: str, identifier: str) -> list[str]:
    return [line for line in page.replace(identifier, "").splitlines() if "csrf" not in line]


def test_tries_of_taken_identifiers_are_in_the_log_of_administrators(publisher: Client, administrator: Client) -> None:
    an_item("Không thấy", access=policy.NOBODY, identifier="KT-2")

    for _ in range(3):
        publisher.post("/admin/archive/item/add/", form(identifier="KT-2"))

    assert AuditEntry.objects.filter(verb="refuse_identifier").count() == 3
    assert "KT-2" not in str(list(AuditEntry.objects.values()))
    assert log_of(administrator).count('<td class="field-done">tried an identifier that is in use') == 3
    assert 'field-done">tried an identifier' not in log_of(publisher)


# --- The log -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def item_with_a_past() -> Item:
    """An item that was published, lost a file, was withdrawn for a reason, and is closed to all staff now."""
    item = publish_item(an_item("Lễ cúng"), actor=None, now=timezone.now())
    file = with_file(item, "a.jpg")
    now = timezone.now()
    master = Master.objects.create(
        sha256=HASH, sha512="cd" * 64, size_bytes=1, extension="jpg", stored_at=now, verified_at=now
    )
    ItemFile.objects.filter(pk=file.pk).update(master=master)
    detach_file(ItemFile.objects.get(pk=file.pk), actor=None, now=now)
    return withdraw_item(item, actor=None, now=now, reason=REASON)


def test_the_log_tells_of_an_item_to_who_may_see_it_and_never_a_hash(item_with_a_past: Item, publisher: Client) -> None:
    page = log_of(publisher)

    assert (item_with_a_past.pid in page, REASON in page, HASH in page) == (True, True, False)


def test_the_log_tells_nothing_of_an_item_that_was_closed_since(
    item_with_a_past: Item, publisher: Client, administrator: Client
) -> None:
    choose_item_access(item_with_a_past, policy.NOBODY, actor=None, now=timezone.now())

    for client in (publisher, administrator):
        for address in ("", "?verb=move_to_withdrawn", f"?target_pid={item_with_a_past.pid}"):
            page = client.get(LOG + address).content.decode()
            assert not any(word in page for word in (REASON, HASH, 'field-target_pid">' + item_with_a_past.pid)), (
                address
            )
        assert "field-done" not in client.get(f"{LOG}?q={item_with_a_past.pid}").content.decode()


def test_a_deleted_draft_is_told_of_to_whom_it_was_open(publisher: Client) -> None:
    seen, hidden = an_item("Nháp"), an_item("Kín", access=policy.NOBODY)
    for item in (seen, hidden):
        delete_item(item, actor=None, now=timezone.now())

    page = log_of(publisher)

    assert "deleted the draft" in page
    assert (seen.pid in page, hidden.pid in page) == (True, False)


def test_what_is_done_to_accounts_is_read_by_administrators_and_the_person(
    administrator: Client, publisher: Client
) -> None:
    user = User.objects.get(username="cong_bo")
    administrator.post(f"/admin/access/user/{user.pk}/one-time-password/")

    assert "gave a one-time password" in log_of(administrator)
    assert 'field-done">gave a one-time password' not in log_of(publisher)


def test_every_verb_of_the_log_is_somebodys_to_read(administrator: Client) -> None:
    """A verb that no list names would be read by no one: it is written, and lost from sight."""
    from access.log_sentences import SENTENCES  # noqa: PLC0415  # filled by the screens above
    from access.log_visibility import OF_ACCOUNTS, OF_COMMUNITIES, OF_THE_WHOLE  # noqa: PLC0415
    from archive.admin import log_visibility  # noqa: PLC0415

    lists = (
        OF_ACCOUNTS,
        OF_COMMUNITIES,
        OF_THE_WHOLE,
        log_visibility.OF_GONE,
        log_visibility.OF_ITEMS,
        log_visibility.OF_FILES,
        log_visibility.OF_PETITIONS,
        log_visibility.OF_CONSENTS,
        log_visibility.OF_SIGHTS,
        log_visibility.OF_EXHIBITS,
        log_visibility.OF_TOLD,
    )
    assert set(SENTENCES) == {*log_visibility.OF_HEADINGS, *(verb for verbs in lists for verb in verbs)}


# --- What readers see already -------------------------------------------------------------------------------------------------


def test_a_file_that_a_cataloguer_adds_to_a_published_item_waits_for_a_publisher(
    cataloguer: Client, publisher: Client
) -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())
    told = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    sent = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": metadata(item)}
    assert cataloguer.post("/uploads/", headers=sent).status_code == 201

    file = ItemFile.objects.get()
    assert file.effective_rule.policy == policy.meet(policy.STAFF, policy.PUBLIC)
    assert "open to staff only, until somebody who may publish opens it" in told
    start = publisher.get("/admin/").context["start"]
    waiting = next(task for task in start.tasks if "unopened" in task.address)
    assert (waiting.count, "Gùi" in publisher.get(waiting.address).content.decode()) == (1, True)

    choose_file_access(file, None, actor=None, now=timezone.now())
    assert ItemFile.objects.get().effective_rule == AccessRule.objects.public()
    assert not any("unopened" in task.address for task in publisher.get("/admin/").context["start"].tasks)


def test_a_publishers_file_is_as_open_as_its_published_item(publisher: Client) -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())

    sent = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": metadata(item)}
    publisher.post("/uploads/", headers=sent)

    assert ItemFile.objects.get().effective_rule == AccessRule.objects.public()


def test_a_file_added_to_a_draft_is_as_its_item_once_published(cataloguer: Client) -> None:
    item = an_item("Gùi")
    cataloguer.post(
        "/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": metadata(item)}
    )

    publish_item(item, actor=None, now=timezone.now())

    assert ItemFile.objects.get().effective_rule == AccessRule.objects.public()


def metadata(item: Item) -> str:
    from base64 import b64encode  # noqa: PLC0415

    return f"item {b64encode(item.pid.encode()).decode()},filename {b64encode(b'a.jpg').decode()}"


def placed(item: Item, *, precision: str = "hidden") -> tuple[Place, dict[str, object]]:
    """Put an item at a place; returns it with what a browser sends to show it exactly."""
    place = Place.objects.create(slug="x1", kind="feature")
    PlaceName.objects.create(place=place, text="Suối")
    row = ItemPlace.objects.create(item=item, place=place, precision=precision)
    sent = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": row.pk, "0-item": item.pk, "0-place": place.pk}
    sent |= {"0-role": "created", "0-precision": "exact", "0-position": 0}
    return place, {f"located-{name}": value for name, value in sent.items()}


@pytest.mark.parametrize(("who", "published", "shown"), [
    ("cataloguer", True, "hidden"), ("cataloguer", False, "exact"), ("publisher", True, "exact"),
])  # fmt: skip
def test_places_of_what_is_published_are_changed_by_who_may_publish(
    request: pytest.FixtureRequest, who: str, published: bool, shown: str
) -> None:
    client: Client = request.getfixturevalue(who)
    item = an_item("Gùi", access=policy.STAFF)
    if published:
        publish_item(item, actor=None, now=timezone.now())
    place, sent = placed(item)
    fields = form(item)
    fields.pop("access_level", None)

    client.post(f"/admin/archive/item/{item.pk}/change/", {**fields, "access_level": "staff", **sent})

    assert ItemPlace.objects.get(place=place).precision == shown


def test_the_action_itself_refuses_places_of_what_was_published_meanwhile() -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())
    cataloguer, called = staff("bien_muc", "Cataloguer"), []

    with pytest.raises(ActionRefused, match="places_shown"):
        save_places(item, lambda: called.append(1), actor=cataloguer)

    assert called == []


# --- Addresses ---------------------------------------------------------------------------------------------------------------


def names(*given: tuple[str, str], rows: tuple[PlaceName, ...] = ()) -> dict[str, object]:
    sent: dict[str, object] = {"names-TOTAL_FORMS": len(given), "names-INITIAL_FORMS": len(rows), "kind": "feature"}
    sent["precision"] = "exact"
    for number, (text, kind) in enumerate(given):
        sent |= {f"names-{number}-text": text, f"names-{number}-lang": "vi", f"names-{number}-kind": kind}
        if number < len(rows):
            sent |= {f"names-{number}-id": rows[number].pk, f"names-{number}-place": rows[number].place_id}
    for part in ("parents", "codes", "successors"):
        sent |= {f"{part}-TOTAL_FORMS": 0, f"{part}-INITIAL_FORMS": 0}
    return sent


def test_the_address_of_a_place_is_made_of_a_name_that_may_be_shown(cataloguer: Client) -> None:
    cataloguer.post("/admin/archive/place/add/", names(("Giọt nước Yang Sri", "hidden"), ("Suối Đăk Bla", "official")))
    cataloguer.post("/admin/archive/place/add/", names(("Yang Kông", "hidden")))

    named, nameless = Place.objects.order_by("pk")
    assert named.slug == "suoi-dak-bla"
    assert "yang" not in nameless.slug
    assert len(nameless.slug) == 11


def test_hiding_a_name_takes_it_out_of_the_address(cataloguer: Client) -> None:
    place = Place.objects.create(slug="giot-nuoc-yang-sri", kind="feature")
    row = PlaceName.objects.create(place=place, text="Giọt nước Yang Sri")
    other = PlaceName.objects.create(place=place, text="Giọt nước làng", kind="variant")
    address = f"/admin/archive/place/{place.pk}/change/"
    given = names(("Giọt nước Yang Sri", "hidden"), ("Giọt nước làng", "variant"), rows=(row, other))

    page = cataloguer.post(address, {**given, "slug": place.slug}, follow=True).content.decode()

    assert Place.objects.get().slug == "giot-nuoc-lang"
    assert "The public address told a name that is not shown" in page


def test_the_address_of_a_place_stays_when_only_its_shown_names_change(cataloguer: Client) -> None:
    place = Place.objects.create(slug="dak-bla", kind="feature")
    row = PlaceName.objects.create(place=place, text="Đăk Bla")

    sent = names(("Sông Đăk Bla", "official"), ("Bla", "hidden"), rows=(row,))
    cataloguer.post(f"/admin/archive/place/{place.pk}/change/", {**sent, "slug": place.slug})

    assert Place.objects.get().slug == "dak-bla"


def test_whoever_takes_a_name_from_a_collection_is_told_that_its_address_still_has_it(cataloguer: Client) -> None:
    added = {"names-lang": "vi", "names-tag": "", "names-text": "Giọt nước Yang Sri"}
    cataloguer.post("/admin/archive/collection/add/", added)
    from archive.models import Collection  # noqa: PLC0415

    collection = Collection.objects.get()
    sent = {**added, "names-text": "Nghi lễ", "slug": collection.slug}
    page = cataloguer.post(f"/admin/archive/collection/{collection.pk}/change/", sent, follow=True).content.decode()

    assert collection.slug == "giot-nuoc-yang-sri"
    assert "The public address still holds the old name: giot-nuoc-yang-sri" in page


def test_a_person_with_the_right_to_see_the_log_alone_reads_of_what_they_may_see() -> None:
    user = staff("kiem_tra")
    user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    item = create_item(
        Description(kind="image", titles=[{"lang": "vi", "value": "x"}]),
        actor=None,
        now=timezone.now(),
        access=policy.NOBODY,
    )

    assert item.pid not in log_of(signed_in(user))


def test_a_change_by_a_cataloguer_of_the_words_of_a_published_item_is_still_theirs(cataloguer: Client) -> None:
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())

    change(cataloguer, item, **{"titles-text": ["Gùi tre"]})

    assert Item.objects.get().titles[0]["value"] == "Gùi tre"


# --- Communities -------------------------------------------------------------------------------------------------------------


def test_the_name_of_a_community_is_offered_to_who_is_in_it_now_and_not_to_who_was() -> None:
    user = staff("cataloguer-of-a-village", "Cataloguer")
    until = timezone.now() - timedelta(seconds=1)
    for name, facts in {
        "Of now": {},
        "Of then": {"valid_until": until},
        "Of the blocked": {"is_blocked": True},
    }.items():
        CommunityMembership.objects.create(user=user, community=Community.objects.create(name=name), **facts)
    part = Community.objects.create(name="Its part", parent=Community.objects.get(name="Of the blocked"))
    CommunityMembership.objects.create(user=user, community=part)

    page = signed_in(user).get("/admin/archive/item/add/").content.decode()

    assert [name for name in ("Of now", "Of then", "Of the blocked", "Its part") if name in page] == ["Of now"]
