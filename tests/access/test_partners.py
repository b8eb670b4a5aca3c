"""Programs of partner libraries: what a key opens and what not, how it ends, how fast it may ask, and what is written of it."""

from __future__ import annotations

import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from access import partner_limits, policy
from access.actions import keep_partners
from access.actions.appoint import appoint
from access.actions.belong import add_member
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.give_password import give_password
from access.models import AuditEntry, Community, Partner, PartnerKey, PartnerTaking, Protocol, User
from access.partner_limits import Counter, Limit, Sums
from tests.access_matrix.world import make_item
from tests.makers import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sums(monkeypatch: pytest.MonkeyPatch) -> Sums:
    """Count and add up anew for each test: what others hold is of partners that are not there any more."""
    own = Sums()
    monkeypatch.setattr("access.middleware.counter", Counter())
    monkeypatch.setattr("access.middleware.sums", own)
    return own


@pytest.fixture
def librarian() -> User:
    return User.objects.create_superuser("quan-tri")


def made(librarian: User, *scopes: str, name: str = "Thư viện Gia Lai") -> tuple[Partner, PartnerKey, str]:
    """Return a partner with a key of these scopes, and the key's secret."""
    now = timezone.now()
    partner = keep_partners.make_partner(
        Partner(name=name, people="chi.h@example.org", purpose="Mục lục chung"), actor=librarian, now=now
    )
    key, secret = keep_partners.make_key(
        partner, scopes=scopes or ("read",), expires_at=now + timedelta(days=30), actor=librarian, now=now
    )
    return partner, key, secret


def program(secret: str, *, scheme: str = "Bearer") -> Client:
    return Client(headers={"authorization": f"{scheme} {secret}", "accept-language": "en"})


def test_a_key_opens_what_stewards_opened_to_its_partner_and_no_more(librarian: User) -> None:
    community = Community.objects.create(name="Làng Kon Klor")
    protocol = Protocol.objects.create(name="Nghe tại làng")
    protocol.communities.add(community)
    of_village, of_staff, of_readers = (
        make_item(title, access=rule)
        for title, rule in (
            ("Của làng", policy.of_protocols([protocol.pid])),
            ("Nội bộ", policy.STAFF),
            ("Cho bạn đọc", policy.REGISTERED),
        )
    )
    partner, _key, secret = made(librarian)
    # Whatever becomes of the account: a program is never of the staff.
    User.objects.filter(pk=partner.account_id).update(is_staff=True, is_superuser=True)
    asking = program(secret)
    addresses = [f"/api/v1/items/{one.pid}/" for one in (of_village, of_staff, of_readers)]
    assert [asking.get(one).status_code for one in addresses] == [404, 404, 404]

    now = timezone.now()
    add_member(community, partner.account, actor=None, now=now)
    appoint(protocol, partner.account, actor=None, now=now)

    assert [asking.get(one).status_code for one in addresses] == [200, 404, 404]
    assert [Client().get(one).status_code for one in addresses] == [404, 404, 404]
    listed = asking.get("/api/v1/items/").json()["results"]
    assert [one["pid"] for one in listed] == [of_village.pid]
    assert asking.get(addresses[0])["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in asking.get(addresses[0])


def test_a_key_counts_at_the_doors_for_machines_alone(librarian: User) -> None:
    _partner, _key, secret = made(librarian)

    assert program(secret).get("/admin/").status_code == 302
    assert program("nr_wrong").get("/items/").status_code == 200
    assert program("nr_wrong").get("/api/v1/items/").status_code == 401


def test_a_key_does_not_use_the_session_of_the_browser_that_it_runs_in(librarian: User) -> None:
    closed = make_item("Nội bộ", access=policy.STAFF)
    _partner, _key, secret = made(librarian)
    client = program(secret)
    client.force_login(librarian)

    assert client.get(f"/api/v1/items/{closed.pid}/").status_code == 404


@pytest.mark.parametrize("how", ["unknown", "over", "revoked", "not active", "account closed", "long", "empty"])
def test_every_key_that_does_not_count_is_refused_in_the_same_words(librarian: User, how: str) -> None:
    partner, key, secret = made(librarian)
    now = timezone.now()
    assert program(secret).get("/api/v1/items/").status_code == 200
    unknown = program("nr_nothing").get("/api/v1/items/")

    if how == "over":
        PartnerKey.objects.update(made_at=now - timedelta(days=3), expires_at=now - timedelta(days=1))
    elif how == "revoked":
        keep_partners.revoke_key(key, actor=librarian, now=now)
    elif how == "not active":
        partner.is_active = False
        keep_partners.change_partner(partner, actor=librarian, now=now)
    elif how == "account closed":
        User.objects.filter(pk=partner.account_id).update(is_active=False)
    sent = {"unknown": "nr_x", "long": "x" * 5000, "empty": ""}.get(how, secret)
    answer = program(sent).get("/api/v1/items/0123456789b/")

    assert (answer.status_code, answer.content) == (401, unknown.content)
    assert answer["WWW-Authenticate"] == 'Bearer realm="partners", error="invalid_token"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_key_may_be_sent_as_a_password_and_a_password_of_others_is_not_ours_to_refuse(librarian: User) -> None:
    _partner, _key, secret = made(librarian)

    def basic(password: str) -> Client:
        return program(base64.b64encode(f"any:{password}".encode()).decode(), scheme="Basic")

    assert basic(secret).get("/api/v1/items/").status_code == 200
    assert basic("nr_wrong").get("/api/v1/items/").status_code == 401
    assert basic("of a proxy in front").get("/api/v1/items/").status_code == 200
    assert program("!", scheme="Basic").get("/api/v1/items/").status_code == 200


def test_a_key_is_refused_where_it_is_not_good_for_the_door(librarian: User) -> None:
    _partner, _key, secret = made(librarian, "media")

    answer = program(secret).get("/api/v1/items/")

    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="read"' in answer["WWW-Authenticate"]
    assert program(secret).get("/iiif/image/3/0123456789b/info.json").status_code == 404


def test_only_a_digest_is_kept_of_a_secret(librarian: User) -> None:
    _partner, key, secret = made(librarian)

    assert len(secret) > 43
    assert secret.startswith(key.prefix)
    assert len(key.prefix) < 12
    with connection.cursor() as cursor:
        for table in ("access_partnerkey", "access_partner", "access_auditentry", "access_user"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # of the list above
            assert secret not in str(cursor.fetchall())


def test_two_keys_count_at_once_and_a_third_is_refused(librarian: User) -> None:
    partner, first, secret = made(librarian)
    now = timezone.now()
    until = now + timedelta(days=30)

    _second, other = keep_partners.make_key(partner, scopes=["read"], expires_at=until, actor=librarian, now=now)

    assert [program(one).get("/api/v1/items/").status_code for one in (secret, other)] == [200, 200]
    with pytest.raises(ActionRefused, match="two_keys"):
        keep_partners.make_key(partner, scopes=["read"], expires_at=until, actor=librarian, now=now)
    keep_partners.revoke_key(first, actor=librarian, now=now)
    keep_partners.make_key(partner, scopes=["read"], expires_at=until, actor=librarian, now=now)
    assert [program(one).get("/api/v1/items/").status_code for one in (secret, other)] == [401, 200]


@pytest.mark.parametrize(
    ("scopes", "days", "code"), [([], 1, "no_scope"), (["all"], 1, "no_scope"), (["read"], -1, "over_already"), (["read"], 999, "too_long")]
)  # fmt: skip
def test_a_key_that_would_be_wrong_is_not_made(librarian: User, scopes: list[str], days: int, code: str) -> None:
    partner, _key, _secret = made(librarian)
    now = timezone.now()

    with pytest.raises(ActionRefused, match=code):
        keep_partners.make_key(partner, scopes=scopes, expires_at=now + timedelta(days=days), actor=librarian, now=now)


def test_who_has_no_right_makes_no_partner_and_no_key(librarian: User) -> None:
    partner, key, _secret = made(librarian)
    somebody, now = staff("mot-nguoi"), timezone.now()

    with pytest.raises(NotAllowed):
        keep_partners.make_partner(Partner(name="X", people="x", purpose="x"), actor=somebody, now=now)
    with pytest.raises(NotAllowed):
        keep_partners.make_key(partner, scopes=["read"], expires_at=now + timedelta(1), actor=somebody, now=now)
    with pytest.raises(NotAllowed):
        keep_partners.revoke_key(key, actor=somebody, now=now)


def test_nobody_signs_in_with_the_account_of_a_partner(librarian: User) -> None:
    partner, _key, _secret = made(librarian)

    assert not partner.account.has_usable_password()
    with pytest.raises(ActionRefused, match="of_partner"):
        give_password(partner.account, actor=librarian, now=timezone.now())
    desk = Client()
    desk.force_login(librarian)
    assert partner.account.username not in desk.get("/admin/access/user/").content.decode()
    assert desk.get(f"/admin/access/user/{partner.account_id}/change/").status_code == 302


def test_a_program_that_is_too_fast_waits_and_another_goes_on(librarian: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner_limits, "LIMITS", {"read": Limit(4, 2), "bulk": Limit(6, 2), "media": Limit(4, 2)})
    _partner, _key, secret = made(librarian)
    _other, _its_key, bulk = made(librarian, "read", "bulk", name="Thư viện Đắk Lắk")
    moment = timezone.now().replace(second=20, microsecond=0)
    monkeypatch.setattr("access.middleware.timezone.now", lambda: moment)

    answers = [program(secret).get("/api/v1/items/") for _ in range(5)]

    assert [one.status_code for one in answers] == [200, 200, 200, 200, 429]
    assert answers[4]["Retry-After"] == "40"
    assert answers[4]["Content-Type"] == "application/problem+json"
    assert [program(bulk).get("/api/v1/items/").status_code for _ in range(7)] == [200] * 6 + [429]
    assert Client().get("/api/v1/items/").status_code == 200
    moment += timedelta(minutes=1)
    assert program(secret).get("/api/v1/items/").status_code == 200


def test_processes_share_one_limit(librarian: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner_limits, "LIMITS", {"read": Limit(12, 3)})
    _partner, key, _secret = made(librarian)
    processes, now = [Counter(), Counter(), Counter()], timezone.now()

    let_through = [processes[turn % 3].wait_s(key, "read", now=now) == 0 for turn in range(30)]

    assert let_through.count(True) == 12


def test_threads_of_a_process_do_not_get_through_together(librarian: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner_limits, "LIMITS", {"read": Limit(40, 40)})
    _partner, key, _secret = made(librarian)
    counter, now, passed = Counter(), timezone.now(), []
    assert counter.wait_s(key, "read", now=now) == 0
    monkeypatch.setattr(partner_limits, "_claim", lambda *_of: False)

    def ask() -> None:
        passed.extend(counter.wait_s(key, "read", now=now) == 0 for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert passed.count(True) == 39


def test_what_a_partner_took_is_summed_up_by_day_and_door_and_tells_of_no_item(librarian: User, sums: Sums) -> None:
    item = make_item("Nhà rông")
    partner, key, secret = made(librarian, "read", "media")

    sizes = [len(program(secret).get(f"/api/v1/items/{item.pid}/").content) for _ in range(3)]
    program(secret).get("/iiif/image/3/0123456789b/info.json")
    sums.write()

    rows = {row.door: row for row in PartnerTaking.objects.filter(partner=partner)}
    assert set(rows) == {"api", "image"}
    assert (rows["api"].requests, rows["api"].size_bytes, rows["image"].requests) == (3, sum(sizes), 1)
    assert rows["api"].day == timezone.localdate()
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate()
    assert item.pid not in str(list(PartnerTaking.objects.values()))


def test_the_last_day_of_a_new_key_is_filled_in_as_browsers_read_it_in_every_language(librarian: User) -> None:
    partner, _key, _secret = made(librarian, "read")
    day = timezone.localdate(timezone.now() + keep_partners.KEY_HOLDS).isoformat()

    for language in ("vi", "en"):
        desk = Client(headers={"accept-language": language})
        desk.force_login(librarian)
        form = desk.get(f"/admin/access/partner/{partner.pk}/key/").content.decode()

        assert f'value="{day}"' in form


def test_keys_are_made_at_the_desk_and_shown_once(librarian: User) -> None:
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(librarian)
    desk.post("/admin/access/partner/add/", {"name": "Thư viện Huế", "people": "a@example.org", "purpose": "OPAC"})
    partner = Partner.objects.get(name="Thư viện Huế")
    page = f"/admin/access/partner/{partner.pk}"
    day = (timezone.localdate() + timedelta(days=10)).isoformat()

    shown = desk.post(f"{page}/key/", {"scopes": ["read"], "last_day": day}, follow=True).content.decode()
    again = desk.get(f"{page}/change/").content.decode()

    secret = shown.partition('class="secret">')[2].partition("<")[0]
    key = partner.keys.get()
    assert program(secret).get("/api/v1/items/").status_code == 200
    assert secret not in again
    assert key.prefix in again
    assert "two keys" not in shown.lower()
    refused = desk.post(f"{page}/key/", {"scopes": ["read"], "last_day": "2020-01-01"}).content.decode()
    assert "The last day is over already." in refused
    desk.post(f"{page}/key/{key.pk}/revoke/")
    assert program(secret).get("/api/v1/items/").status_code == 401
    verbs = AuditEntry.objects.filter(target_pid=partner.pid).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["make_partner", "make_partner_key", "revoke_partner_key"]
