"""Answers to strangers that a process gives again: to strangers alone, and never after anything at all was committed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from access import policy
from access.models import AccessRule, Community, User
from access.policy import Level
from archive import commits, languages
from archive.actions.choose_access import choose_item_access
from archive.models import Agent, Item, ItemFile, ItemState, Label, PlaceName, Subject
from archive.search import following
from media_pipeline.models import Derivative
from public_site import keeping, kept_answers
from public_site.kept_answers import Answer, Kept, end_of, kept, key_of
from tests.access_matrix.world import make_item
from tests.doors.public.test_freshness import full_item

NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
SECRET = "bí mật của làng"


@pytest.fixture
def committing(transactional_db: None, settings: LazySettings) -> Iterator[None]:
    """Let tests commit, and the search follow what was committed."""
    settings.SEARCH_IN_TRANSACTIONS = False
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses of answers that were kept, as they are."""
    found: list[str] = []
    add = kept.add

    def note(key: tuple[str, ...], *args: Answer, **named: datetime) -> None:
        found.append(key[0])
        add(key, *args, **named)

    monkeypatch.setattr(kept, "add", note)
    return found


def told(answer: Any) -> tuple[int, dict[str, str], bytes]:  # Any: the client's own class
    headers = dict(answer.headers)
    headers["Vary"] = ", ".join(sorted(headers.get("Vary", "").split(", ")))
    return answer.status_code, headers, answer.content


def ready(client: Client, *addresses: str) -> None:
    """Let the search read what was written, and every page be kept."""
    for address in (*addresses, *addresses):
        client.get(address)


def test_an_answer_is_given_again_as_it_was_without_reading_anything(
    committing: None, client: Client, tmp_path: Path
) -> None:
    item = full_item(tmp_path)
    for address in (f"/items/{item.pid}/", f"/en/items/{item.pid}/", "/", "/search/?q=nha+rong", "/items/", "/about/"):
        ready(client, address)
        kept.forget()
        first = client.get(address)

        with CaptureQueriesContext(connection) as queries:
            second = client.get(address)

        assert told(second) == told(first), address
        assert len(queries) <= 1, address  # PostgreSQL is asked whether anything was committed


def test_a_browser_that_has_the_page_is_told_so_as_before(committing: None, client: Client) -> None:
    item = make_item("Nhà rông")
    address = f"/items/{item.pid}/"
    ready(client, address)
    tag = client.get(address)["ETag"]
    again = told(client.get(address, headers={"if-none-match": f'"x", {tag}'}))
    kept.forget()
    drawn_anew = told(client.get(address, headers={"if-none-match": f'"x", {tag}'}))

    assert again[1] == drawn_anew[1]
    assert again == drawn_anew
    assert again[0] == 304
    ready(client, address)
    assert client.get(address, headers={"if-none-match": '"x"'}).status_code == 200


def test_each_address_language_coding_and_host_has_an_answer_of_its_own(rf: RequestFactory) -> None:
    def get(path: str, host: str = "a.vn", coding: str = "gzip", **more: Any) -> HttpRequest:  # Any: of the factory
        return rf.get(path, headers={"host": host, "accept-encoding": coding}, **more)

    asked = [
        get("/items/"),
        get("/en/items/"),
        get("/items/?kind=image"),
        get("/items/", host="b.vn"),
        get("/items/", coding="gzip, br"),
        get("/items/", coding=""),
        get("/items/", secure=True),
        get("/items/", SCRIPT_NAME="/kho"),
    ]

    assert None not in {key_of(one) for one in asked}
    assert len({key_of(one) for one in asked}) == len(asked)
    assert key_of(get("/items/")) == key_of(asked[0])


@pytest.mark.parametrize(
    "request_",
    [
        RequestFactory().get("/items/", headers={"cookie": "phien=x"}),
        RequestFactory().get("/items/", headers={"cookie": "may_doc=x"}),
        RequestFactory().get("/items/", headers={"authorization": "Bearer x"}),
        RequestFactory().get("/items/", headers={"range": "bytes=0-9"}),
        RequestFactory().post("/items/"),
        RequestFactory().head("/items/"),
        RequestFactory().get("/healthz"),
        RequestFactory().get("/api/v1/items/"),
        RequestFactory().get("/admin/"),
        RequestFactory().get("/lists/bcdf-ghjk/"),
        RequestFactory().get(f"/items/?q={'a' * 1_000}"),
        RequestFactory().get("/items/", CONTENT_TYPE="text/plain; charset=utf-7"),
    ],
)
def test_nothing_is_looked_up_for_who_is_no_stranger_or_asks_for_no_page(request_: HttpRequest) -> None:
    assert key_of(request_) is None


def test_the_pages_that_are_looked_up_are_those_that_devices_may_keep() -> None:
    found = set()
    for name in keeping.PAGES - {"list"}:
        for args in ([], ["0bcdfghjkm5"], ["kon-klor"]):
            try:
                found.add(reverse(f"public_site:{name}", args=args).split("/")[1])
            except NoReverseMatch:
                continue
    assert found == kept_answers.FIRST_PARTS


def test_who_is_signed_in_is_neither_given_a_strangers_answer_nor_kept(
    committing: None, client: Client, drawn: list[str]
) -> None:
    ready(client, "/about/", "/items/")
    reader = Client(headers={"accept-encoding": ""})
    reader.force_login(User.objects.create_user("ban-doc"))
    ready(client, "/items/")
    drawn.clear()

    assert b'href="/account/"' in reader.get("/items/").content
    assert drawn == []
    assert b'href="/account/"' not in client.get("/items/").content


def test_what_will_close_by_itself_is_not_kept(committing: None, client: Client, drawn: list[str]) -> None:
    item = make_item("Nhà rông", access=policy.of(Level.PUBLIC, closes_at=timezone.now() + timedelta(hours=1)))

    ready(client, f"/items/{item.pid}/", "/items/")

    assert set(drawn) == {"/items/"}


def test_nothing_is_kept_of_what_is_not_there(committing: None, client: Client, drawn: list[str]) -> None:
    item = make_item("Kín", access=policy.NOBODY)

    ready(client, f"/items/{item.pid}/", "/items/0bcdfghjkm5/", "/collections/khong-co/", "/items/?cursor=x")

    assert drawn == []


def changes() -> dict[str, Callable[[Item, random.Random], object]]:
    """Return what may happen to an archive, by a word for it."""

    def access(item: Item, order: random.Random) -> None:
        rule = order.choice([policy.NOBODY, policy.REGISTERED, policy.PUBLIC])
        choose_item_access(Item.objects.get(pk=item.pk), rule, actor=None, now=timezone.now())

    def word(order: random.Random) -> str:
        return f"Tên {order.randrange(10_000)}"

    def every(model: type[Item] | type[Subject] | type[Agent], item: Item, order: random.Random, **values: str) -> None:
        model.objects.update(**{name: languages.of(vi=f"{value} {word(order)}") for name, value in values.items()})

    return {
        "access": access,
        "title": lambda item, order: Item.objects.filter(pk=item.pk).update(titles=languages.of(vi=word(order))),
        "state": lambda item, order: Item.objects.filter(pk=item.pk).update(
            state=order.choice([ItemState.DRAFT, ItemState.PUBLISHED])
        ),
        "subject": lambda item, order: every(Subject, item, order, names="Dệt"),
        "agent": lambda item, order: every(Agent, item, order, names="Y"),
        "place": lambda _item, order: PlaceName.objects.update(text=word(order)),
        "statement": lambda _item, order: Community.objects.update(statements=languages.of(vi=word(order))),
        "label": lambda _item, order: Label.objects.update(title=word(order)),
        "caption": lambda _item, order: ItemFile.objects.update(captions=languages.of(vi=word(order))),
        "pictures": lambda _item, _order: Derivative.objects.all().delete(),
        "by hand": lambda _item, order: _by_hand(word(order)),
    }


def _by_hand(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_agent SET slug = %s || id", [word.replace(" ", "-").lower()])


@pytest.mark.parametrize("seed", range(3))
def test_after_random_changes_every_answer_is_as_if_nothing_were_kept(
    committing: None, client: Client, tmp_path: Path, seed: int
) -> None:
    order = random.Random(seed)
    item = full_item(tmp_path)
    other = Item.objects.exclude(pk=item.pk).first()
    assert other is not None
    Item.objects.filter(pk=other.pk).update(descriptions=languages.of(vi=SECRET))
    addresses = [f"/items/{one.pid}/" for one in (item, other)]
    addresses += ["/", "/items/", "/search/?q=nha+rong", "/search/?q=lang", "/subjects/", "/new/"]
    addresses += [f"/en{one}" for one in addresses[:4]]
    happens = changes()
    for _step in range(25):
        ready(client, *order.sample(addresses, 5))
        name = order.choice(list(happens))
        happens[name](order.choice([item, other]), order)

        given = {address: told(client.get(address)) for address in addresses}
        given = {address: told(client.get(address)) for address in addresses}

        kept.forget()
        assert given == {address: told(client.get(address)) for address in addresses}, name
        is_open = Item.objects.get(pk=other.pk).effective_rule.policy.is_public
        seen = given[f"/items/{other.pid}/"]
        assert (SECRET.encode() in seen[2]) == (is_open and seen[0] == 200), name


def test_what_was_closed_is_gone_with_the_next_request(committing: None, client: Client) -> None:
    item = make_item(SECRET)
    addresses = (f"/items/{item.pid}/", "/", "/items/", "/search/?kind=image", "/new/")
    ready(client, *addresses)
    assert all(SECRET.encode() in client.get(address).content for address in addresses)

    choose_item_access(item, policy.NOBODY, actor=None, now=timezone.now())

    assert not [address for address in addresses if SECRET.encode() in client.get(address).content]


def test_an_answer_is_not_kept_where_something_was_committed_while_it_was_drawn(
    committing: None, client: Client, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(client, "/about/")
    kept.forget()
    drawn.clear()
    seen = commits.mark

    def commit_elsewhere() -> object:
        found = seen()
        if not drawn:
            writer = threading.Thread(target=_write)
            writer.start()
            writer.join()
        return found

    monkeypatch.setattr(commits, "mark", commit_elsewhere)
    client.get("/about/")
    assert drawn == []


def _write() -> None:
    Subject.objects.create(slug=f"det-{random.randrange(10**9)}")
    connection.close()


def test_an_answer_is_not_kept_while_the_search_is_behind(
    committing: None, client: Client, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item("Nhà rông")
    ready(client, "/items/")
    kept.forget()
    drawn.clear()

    following.index()._waiting[1] = None
    monkeypatch.setattr(following.index(), "_read_waiting", lambda _until: None)
    monkeypatch.setattr(following.index(), "_read_behind", lambda: None)
    client.get("/items/")
    assert drawn == []


def test_a_mark_changes_with_every_commit_and_with_nothing_else(committing: None) -> None:
    before = commits.mark()
    assert before is not None
    assert list(Subject.objects.all()) == []
    assert commits.mark() == before

    Subject.objects.create(slug="det")
    after = commits.mark()
    assert after != before

    with transaction.atomic():
        Subject.objects.create(slug="go")
        assert commits.mark() is None
        transaction.set_rollback(True)
    writer = threading.Thread(target=_write)
    writer.start()
    writer.join()
    assert commits.mark() != after


@pytest.mark.django_db
def test_within_a_transaction_nobody_can_tell() -> None:
    assert commits.mark() is None


def test_what_is_drawn_is_good_until_a_rule_turns_or_the_day_ends() -> None:
    soon, later = NOW + timedelta(minutes=2), NOW + timedelta(minutes=3)
    opens, closes = policy.of(Level.PUBLIC, opens_at=later), policy.of(Level.REGISTERED, closes_at=soon)
    over = policy.of(Level.PUBLIC, closes_at=NOW)

    assert end_of([policy.PUBLIC], now=NOW) == NOW + kept_answers.KEPT_FOR
    assert end_of([opens], now=NOW) == later
    assert end_of([opens, closes, over], now=NOW) == soon
    late = datetime(2026, 3, 14, 23, 59, tzinfo=timezone.get_current_timezone())
    assert end_of([], now=late) == late + timedelta(minutes=1)


def test_what_is_kept_is_good_for_its_mark_and_time_alone() -> None:
    box, answer = Kept(), Answer((("Content-Type", "text/html"),), b"x")
    until = NOW + timedelta(minutes=1)
    box.add("a", answer, 1, now=NOW, until=until)

    assert box.find("a", 1, now=NOW) is answer
    assert box.find("b", 1, now=NOW) is None
    assert box.find("a", 2, now=NOW) is None
    assert box.find("a", 1, now=until) is None
    assert box.find("a", 1, now=NOW - timedelta(seconds=1)) is None

    box.add("b", answer, 2, now=NOW, until=until)
    assert box.find("a", 1, now=NOW) is None
    assert box.find("a", 2, now=NOW) is None
    box.add("c", answer, 2, now=until, until=until + timedelta(minutes=1))
    assert box.find("b", 2, now=until) is None


def test_what_nobody_asked_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    box, answer = Kept(), Answer((), b"x" * 1_000)
    monkeypatch.setattr(kept_answers, "KEPT_MOST_BYTES", 2 * answer.size_bytes)
    for key in ("a", "b", "a", "b"):
        box.add(key, answer, 1, now=NOW, until=NOW + timedelta(minutes=1))
    box.find("a", 1, now=NOW)

    box.add("c", answer, 1, now=NOW, until=NOW + timedelta(minutes=1))

    assert [key for key in "abc" if box.find(key, 1, now=NOW)] == ["a", "c"]


def test_every_rule_counts_for_the_end(committing: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[datetime] = []
    monkeypatch.setattr(kept, "add", lambda *_args, until, **_named: ends.append(until))
    soon = timezone.now() + timedelta(minutes=1)
    AccessRule.objects.intern(policy.of(Level.PUBLIC, opens_at=soon))

    ready(client, "/about/", "/items/", "/about/")

    assert ends
    assert max(ends) <= soon
