"""What is kept ready for programs: it tells a stranger what would be made for them at this moment, also where something closed since."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from access import policy
from access.viewer import visitor
from archive.actions.choose_access import choose_file_access
from archive.models import ItemFile
from interop.api import prepared
from interop.oai import keeping
from tests.access_matrix import people
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.test_lists import told_faults
from tests.access_matrix.things import Thing

pytestmark = pytest.mark.django_db
LISTS = (
    "/api/v1/items/?page_size=200",
    "/api/v1/search/?page_size=200",
    "/api/v1/items/?page_size=200&fields=files,relations",
)
VIEWERS = (people.VISITOR, people.BLOCKED_A, people.PARTNER_A)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_is_kept_ready_tells_nobody_what_is_closed_to_them(matrix: Matrix, viewer: str) -> None:
    assert list(ready_faults(matrix, viewer)) == []
    now = timezone.now()
    assert prepared.one(visitor(now=now), matrix.thing("file_of_a").item.pid, base="")


def ready_faults(matrix: Matrix, viewer: str) -> Iterator[str]:
    """Yield what the API tells this viewer of what is closed to them once everything is kept ready, and again once a file was closed."""
    keeping.catch_up(now=timezone.now(), within_s=600)
    yield from _told(matrix, viewer)
    closing = matrix.thing("public")
    choose_file_access(ItemFile.objects.get(pk=closing.file.pk), policy.NOBODY, actor=None, now=timezone.now())
    yield from _told(matrix, viewer, closing)


def _told(matrix: Matrix, viewer: str, closing: Thing | None = None) -> Iterator[str]:
    client, closed = matrix.clients[viewer], dict(matrix.closed_words(viewer))
    if closing is not None:
        closed["a file that was closed"] = (closing.file.pid, *closing.file_words)
    shown = [thing.item.pid for thing in matrix.things if viewer in thing.kind.seen_by]
    for address in (*LISTS, *(f"/api/v1/items/{pid}/" for pid in shown)):
        for language in ("vi", "en"):
            yield from told_faults(closed, viewer, address, ask(client, address, **{"Accept-Language": language}))
