"""From one set of derivatives to the next: readers are shown the old one or the new one, and only one is kept."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from media_pipeline import faults, publishing, remaking, settling, stores, work
from media_pipeline.facts import Facts
from media_pipeline.models import Derivative, Job, Master, ReplacedSet
from media_pipeline.plan import Made, plan
from media_pipeline.processors import Result
from media_pipeline.recipes import Recipe, recipe
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def master(tmp_path: Path, now: datetime) -> Master:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    return Master.objects.get()


def is_whole(prefix: str, files: list[dict[str, Any]]) -> bool:  # Any: rows
    store = stores.derivatives()
    read = {entry["name"]: b"".join(store.read_range(prefix, entry["name"], 0, 10**9)) for entry in files}
    return all(hashlib.sha256(read[entry["name"]]).hexdigest() == entry["sha256"] for entry in files)


def give_other_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every program make a file that is a byte longer than the last time."""
    make = work.run_processor

    def longer(recipe: Recipe, source: Path, run: Path, **named: Any) -> Result:  # Any: passed on
        result: Result = make(recipe, source, run, **named)
        for file in result.files:
            with (run / "out" / file.name).open("ab") as out:
                out.write(b"\0")
        return result

    monkeypatch.setattr(work, "run_processor", longer)


def test_until_the_row_switches_the_old_set_is_there_whole(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {one.pk: (one.prefix, one.files) for one in master.derivatives.all()}
    give_other_bytes(monkeypatch)
    seen: list[bool] = []

    def look(name: str, _subject: str = "") -> None:
        if name.startswith("derivative."):
            seen.extend(is_whole(one.prefix, one.files) for one in Derivative.objects.filter(pk__in=before))

    monkeypatch.setattr(faults, "point", look)
    remaking.queue_for(master, now=master.stored_at, everything=True)
    work.perform_all()

    after = {one.pk: (one.prefix, one.files) for one in Derivative.objects.all()}
    assert seen
    assert all(seen)
    assert after.keys() == before.keys()
    assert all(after[pk][0] != before[pk][0] and is_whole(*after[pk]) for pk in after)
    assert set(stores.derivatives().walk()) == {prefix for prefix, _files in [*before.values(), *after.values()]}
    publishing.remove_replaced(now=timezone.now() + publishing.REPLACED_STAYS)
    assert set(stores.derivatives().walk()) == {prefix for prefix, _files in after.values()}


def test_the_same_bytes_again_stay_where_they_are(master: Master) -> None:
    before = list(Derivative.objects.order_by("pk").values_list("prefix", flat=True))

    remaking.queue_for(master, now=master.stored_at, everything=True)
    work.perform_all()

    assert list(Derivative.objects.order_by("pk").values_list("prefix", flat=True)) == before
    assert set(stores.derivatives().walk()) == set(before)


def test_what_a_dead_attempt_placed_goes_when_the_next_one_is_published(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyramid = Derivative.objects.get(role="pyramid")
    Derivative.objects.filter(pk=pyramid.pk).delete()
    give_other_bytes(monkeypatch)

    remaking.queue_for(master, now=master.stored_at, role="pyramid")
    work.perform_all()

    assert set(stores.derivatives().walk()) == set(Derivative.objects.values_list("prefix", flat=True))


def raise_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand for an upgrade: every recipe of today is one version further."""

    def next_plan(facts: Facts, _made: Made | None = None) -> tuple[Recipe, ...]:
        return tuple(replace(one, version=one.version + 1) for one in plan(facts))

    def next_recipe(role: str, facts: Facts, _made: Made) -> Recipe:
        return next(one for one in next_plan(facts) if one.role == role)

    monkeypatch.setattr(settling, "plan", next_plan)
    monkeypatch.setattr(work, "recipe_for", next_recipe)


def test_a_newer_version_takes_the_place_of_rows_and_files_of_the_older(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = set(stores.derivatives().walk())
    raise_the_versions(monkeypatch)

    assert remaking.queue_for(master, now=master.stored_at) == 2
    work.perform_all()

    assert old < set(stores.derivatives().walk()), "somebody may still be reading them"
    assert publishing.remove_replaced(now=timezone.now() + publishing.REPLACED_STAYS) == 2
    rows = Derivative.objects.filter(master=master)
    assert {(one.role, one.version) for one in rows} == {
        (role, recipe(role, "image").version + 1) for role in ("pyramid", "thumbnail")
    }
    assert set(stores.derivatives().walk()) == {one.prefix for one in rows}
    assert not old & {one.prefix for one in rows}
    left = Job.objects.filter(master=master).exclude(role="identify").values_list("role", "recipe_version")
    assert set(left) == {(one.role, one.version) for one in rows}


def test_an_older_recipe_that_failed_does_not_keep_a_master_from_being_ready(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    Job.objects.filter(role="pyramid").update(state="failed", reason_code="crashed")
    Job.objects.create(
        master=master, role="pyramid", recipe_version=99, state="done",
        created_at=master.stored_at, not_before=master.stored_at, rung_at=master.stored_at,
    )  # fmt: skip
    Master.objects.update(state="kept", reason_code="crashed")

    settling.settle_master(master.pk)

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ("ready", "")


@pytest.mark.parametrize(("role", "ended"), [("ocr", ("ready", "")), ("thumbnail", ("kept", "crashed"))])
def test_only_what_a_master_cannot_be_shown_without_keeps_it_from_being_ready(
    master: Master, role: str, ended: tuple[str, str]
) -> None:
    master.jobs.filter(role=role).delete()
    Job.objects.create(
        master=master, role=role, recipe_version=1, state="failed", reason_code="crashed",
        created_at=master.stored_at, not_before=master.stored_at, rung_at=master.stored_at,
    )  # fmt: skip

    settling.settle_master(master.pk)

    master.refresh_from_db()
    assert (master.state, master.reason_code) == ended


def test_nothing_is_removed_while_another_attempt_may_be_publishing(master: Master) -> None:
    pyramid = Derivative.objects.get(role="pyramid")
    Derivative.objects.filter(pk=pyramid.pk).delete()
    Job.objects.filter(role="pyramid").update(state="running", token="t", lease_until=master.stored_at)
    recipe = work.recipe_for("pyramid", settling.facts_of(master))

    assert publishing.remove_left_over(master, recipe) == 0
    Job.objects.filter(role="pyramid").update(state="done")
    assert publishing.remove_left_over(master, recipe) == 1
    assert pyramid.prefix not in set(stores.derivatives().walk())


def test_a_replaced_set_whose_bytes_came_back_stays(master: Master, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {one.role: one.prefix for one in Derivative.objects.all()}
    with monkeypatch.context() as patched:
        give_other_bytes(patched)
        remaking.queue_for(master, now=master.stored_at, everything=True)
        work.perform_all()
    assert ReplacedSet.objects.count() == 2

    remaking.queue_for(master, now=master.stored_at, role="pyramid", everything=True)
    work.perform_all()

    assert Derivative.objects.get(role="pyramid").prefix == first["pyramid"]
    Job.objects.filter(role="thumbnail").update(state="running", token="t", lease_until=master.stored_at)
    assert publishing.remove_replaced(now=timezone.now() + publishing.REPLACED_STAYS) == 1
    Job.objects.filter(role="thumbnail").update(state="done")
    assert publishing.remove_replaced(now=timezone.now() + publishing.REPLACED_STAYS) == 1
    assert set(stores.derivatives().walk()) == set(Derivative.objects.values_list("prefix", flat=True))
    assert not ReplacedSet.objects.exists()
