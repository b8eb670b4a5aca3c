"""What a page says to who may see the record and not its files: which way is open to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from access import policy
from access.models import User
from access.policy import Policy
from tests.access_matrix.world import add_file, make_item, store_master

pytestmark = pytest.mark.django_db
SIGN_IN, ON_SITE, ASK = "without an account", "own machines", "you may ask to see it"


@pytest.mark.parametrize(
    ("access", "is_reader", "said"),
    [
        ([policy.REGISTERED], False, SIGN_IN),
        ([policy.ONSITE], False, ON_SITE),
        ([policy.ONSITE], True, ON_SITE),
        ([policy.REGISTERED, policy.ONSITE], False, ON_SITE),
        ([policy.of_protocols(["x"])], False, ASK),
        ([policy.REGISTERED, policy.NOBODY], False, ASK),
        ([policy.meet(policy.REGISTERED, policy.STAFF)], True, ASK),
    ],
)
def test_a_page_names_the_way_that_opens_all_of_it(
    access: list[Policy], is_reader: bool, said: str, client: Client, tmp_path: Path
) -> None:
    item = make_item("Trống")
    for number, one in enumerate(access):
        add_file(item, store_master(f"drum {number}".encode(), tmp_path), access=one)
    if is_reader:
        client.force_login(User.objects.create_user("ban-doc"))

    page = client.get(f"/en/items/{item.pid}/").content.decode()

    assert [words in page for words in (SIGN_IN, ON_SITE, ASK)] == [words == said for words in (SIGN_IN, ON_SITE, ASK)]


def test_a_page_that_is_open_whole_names_no_way(client: Client, tmp_path: Path) -> None:
    item = make_item("Trống")
    add_file(item, store_master(b"drum", tmp_path))

    page = client.get(f"/en/items/{item.pid}/").content.decode()

    assert not [words for words in (SIGN_IN, ON_SITE, ASK) if words in page]
