"""What is made again, and that nobody is held up by whoever asks for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from media_pipeline import remaking, stores, work
from media_pipeline.models import Derivative, Job
from media_pipeline.storage.derivatives import DerivativeStore
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


def open_transactions() -> int:
    """Return how many blocks are open in this connection, the test's own included."""
    return len(connection.savepoint_ids)


def test_no_transaction_is_open_while_the_caller_speaks_or_the_storage_is_read(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        received(picture(tmp_path / f"{number}.jpg", colour=(90 * number, 9, 9)), now=now)
    work.perform_all()
    before = open_transactions()
    listed: list[int] = []
    sizes = DerivativeStore.sizes

    def slowly(store: DerivativeStore, prefix: str) -> dict[str, int]:
        listed.append(open_transactions())
        return sizes(store, prefix)

    monkeypatch.setattr(DerivativeStore, "sizes", slowly)
    for pyramid in Derivative.objects.filter(role="pyramid"):
        stores.derivatives().delete(pyramid.prefix)

    spoken = [(queued, open_transactions()) for queued in remaking.queue_all()]

    assert spoken == [(1, before), (1, before)]
    assert listed == [before] * 4, "one listing for each set"


def test_a_set_with_a_file_missing_or_cut_short_is_made_again(tmp_path: Path, now: datetime) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    made = {one.role: one for one in Derivative.objects.all()}
    tree = stores.derivatives().tree
    tree.delete([f"{made['thumbnail'].prefix}/160.webp"])
    tree.put(f"{made['pyramid'].prefix}/pyramid.tif", b"cut short")

    assert sum(remaking.queue_all()) == 2
    assert set(Job.objects.filter(state="queued").values_list("role", flat=True)) == {"pyramid", "thumbnail"}


@pytest.mark.parametrize("state", ["queued", "running"])
def test_work_that_waits_or_is_being_done_is_not_begun_anew(tmp_path: Path, now: datetime, state: str) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    stores.derivatives().delete(Derivative.objects.get(role="pyramid").prefix)
    Job.objects.filter(role="pyramid").update(state=state, token="a-worker-has-it", lease_until=now, errors=1)

    assert sum(remaking.queue_all()) == 0
    job = Job.objects.get(role="pyramid")
    assert (job.state, job.token, job.errors) == (state, "a-worker-has-it", 1)
