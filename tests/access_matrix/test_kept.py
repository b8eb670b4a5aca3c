"""What is kept on devices: only what everybody may see may be kept, and only of that is said that it is still open."""

from __future__ import annotations

import json

import pytest

from public_site.keeping import HEADER, NOTHING, OPEN, SEAL
from public_site.views.kept import PAGES_MOST
from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.exhibited import SHARED
from tests.access_matrix.matrix import LIST_CODE, Matrix
from tests.access_matrix.planted import word

pytestmark = pytest.mark.django_db
# All that everybody may see, for good: the exhibit with every thing in it and the person of all things hold what a day closes.
PAGES = ("/", "/items/", "/search/?q=nha+rong", "/peoples/matrix-peoples/", f"/lists/{LIST_CODE}/")
HOLD_WHAT_CLOSES = (f"/exhibits/{SHARED}/", "/agents/matrix-agents/")


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_only_what_everybody_may_see_is_still_open_whoever_asks(matrix: Matrix, viewer: str) -> None:
    pids = [pid for thing in matrix.things for pid in (thing.item.pid, thing.file.pid)]

    answer = ask(matrix.clients[viewer], f"/kept?of={','.join(pids)}")

    items = {thing.item.pid for thing in matrix.things if people.VISITOR in thing.kind.seen_by}
    files = {thing.file.pid for thing in matrix.things if people.VISITOR in thing.kind.files_seen_by}
    assert set(json.loads(answer.body)["open"]) == items | files
    assert items


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_only_pages_that_everybody_finds_are_still_told_whoever_asks(matrix: Matrix, viewer: str) -> None:
    own = {f"/exhibits/{word(thing.kind.name, 'exhibit')}/": thing for thing in matrix.things}
    parts = {f"/exhibits/{SHARED}/p{thing.item.pk}/": thing for thing in matrix.things}
    agents = {f"/agents/{word(thing.kind.name, 'agent')}/": thing for thing in matrix.things}

    for pages in (own, parts, agents):
        paths = [path for prefix in ("", "/en") for path in (f"{prefix}{page}" for page in pages)]
        told: dict[str, str] = {}
        for first in range(0, len(paths), PAGES_MOST):
            asked = "&".join(f"page={path}" for path in paths[first : first + PAGES_MOST])
            told |= json.loads(ask(matrix.clients[viewer], f"/kept?{asked}").body)["pages"]
        seen = [path for path, thing in pages.items() if people.VISITOR in thing.kind.seen_by]
        answers = {
            path: ask(matrix.clients[people.VISITOR], path).headers
            for start in ("", "/en")
            for path in (f"{start}{one}" for one in seen)
        }
        assert told == {path: one[SEAL] for path, one in answers.items() if one.get(HEADER) == OPEN}
        # The pages of the exhibit with every thing in it are no device's.
        assert bool(told) == (pages is not parts)


@pytest.mark.parametrize("viewer", people.VIEWERS)
def test_a_device_keeps_pages_of_strangers_only(matrix: Matrix, viewer: str) -> None:
    told = {address: ask(matrix.clients[viewer], address).headers.get(HEADER, "") for address in PAGES}

    assert set(told.values()) == {OPEN if viewer == people.VISITOR else NOTHING}
    for address in HOLD_WHAT_CLOSES:
        answer = ask(matrix.clients[viewer], address)
        assert answer.headers.get(HEADER) == (None if viewer == people.VISITOR else NOTHING)
        assert SEAL not in answer.headers


def test_a_page_of_an_item_is_kept_only_where_all_of_it_is_open_to_everybody_without_an_end(matrix: Matrix) -> None:
    for thing in matrix.things:
        answer = ask(matrix.clients[people.VISITOR], f"/items/{thing.item.pid}/")
        item, file = (
            type(one).objects.select_related("effective_rule").get(pk=one.pk) for one in (thing.item, thing.file)
        )
        is_open = answer.status == 200 and item.effective_rule.policy.is_public
        sees_file = people.VISITOR in thing.kind.files_seen_by
        is_open = is_open and (not sees_file or file.effective_rule.policy.is_public)
        assert (answer.headers.get(HEADER) == OPEN) == is_open, thing.kind.name


def test_what_is_taken_along_is_open_to_everybody_without_an_end(matrix: Matrix) -> None:
    answer = ask(matrix.clients[people.ADMINISTRATOR], f"/lists/{LIST_CODE}/road.json")

    named = [one["address"] for one in json.loads(answer.body)["pages"]]
    named += [choice["address"] for one in json.loads(answer.body)["files"] for choice in one["choices"]]
    stranger = matrix.clients[people.VISITOR]
    assert len(named) > 2
    for address in named:
        got = ask(stranger, address)
        may_be_kept = got.headers.get(HEADER) == OPEN or got.headers["Cache-Control"].startswith("public")
        assert (got.status, may_be_kept) == (200, True), address
