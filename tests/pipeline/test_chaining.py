"""Recipes that read what another recipe made: never before it is there, never of what was replaced, and again when it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from media_pipeline import jobs, recipes, remaking, settling, stores, work
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.processors import OutputFile, ProcessorError, Result
from media_pipeline.recipes import Recipe
from tests.makers import picture, received

pytestmark = pytest.mark.django_db

FIRST = Recipe("first", 1, "image_thumbnail", "quick", frozenset({"image"}), source_role="")
SECOND = replace(FIRST, role="second", source_role="first", lane="heavy")
THIRD = replace(FIRST, role="third", source_role="second")


class Bench:
    """Stands for the programs: what is made is the role, then what was read; `word` is put in front of what `first` makes."""

    def __init__(self) -> None:
        self.word = "made"
        self.ran: list[str] = []
        self.meanwhile: Callable[[str], None] = lambda role: None

    def run(self, recipe: Recipe, source: Path, run: Path, **_named: Any) -> Result:  # Any: passed on
        self.ran.append(recipe.role)
        read = b"the master" if recipe.role == "first" else source.read_bytes()
        self.meanwhile(recipe.role)
        (run / "out").mkdir()
        (run / "out" / "a.txt").write_bytes(f"{self.word} {recipe.role} of ".encode() + read)
        return Result([OutputFile("a.txt", "text/plain")], {"page_count": 7})


@pytest.fixture
def master(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Master:
    """Return an identified picture, of which nothing is made yet."""
    monkeypatch.setattr(recipes, "RECIPES", (THIRD, SECOND, FIRST))
    kept = stores.masters().store(picture(tmp_path / "a.jpg"), extension="jpg", original_name="a.jpg", now=now)
    made = Master.objects.create(
        sha256=kept.sha256, sha512=kept.sha512, size_bytes=kept.size_bytes, extension="jpg", kind="image",
        stored_at=now, verified_at=now,
    )  # fmt: skip
    with transaction.atomic():
        settling.plan_for(made, now=now)
    return made


@pytest.fixture
def bench(master: Master, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    monkeypatch.setattr(work, "run_processor", made.run)
    return made


def content(role: str) -> str:
    row = Derivative.objects.get(role=role)
    return b"".join(stores.derivatives().read_range(row.prefix, "a.txt", 0, 10**6)).decode()


def waiting() -> list[str]:
    return sorted(Job.objects.filter(state="queued").values_list("role", flat=True))


def job(role: str) -> Job:
    return Job.objects.get(role=role)


def test_each_is_queued_when_what_it_reads_is_published_and_never_before(master: Master, bench: Bench) -> None:
    seen = [waiting()]
    while due := jobs.due(now=master.stored_at.replace(year=3000)).first():
        work.perform(due.pk)
        seen.append(waiting())
        master.refresh_from_db()
        assert (master.state == "ready") == (not waiting())

    assert seen == [["first"], ["second"], ["third"], []]
    assert content("third") == "made third of made second of made first of the master"
    assert job("second").lane == "heavy"


def test_a_real_program_reads_the_published_file(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = recipes.recipe("thumbnail", "image")
    small = replace(first, role="small", settings={**first.settings, "long_edges_px": "64"}, source_role="thumbnail")
    monkeypatch.setattr(recipes, "RECIPES", (first, small))
    received(picture(tmp_path / "a.jpg", size=(2000, 1000)), now=now)

    work.perform_all()

    (entry,) = Derivative.objects.get(role="small").files
    assert (entry["name"], entry["width"], entry["height"]) == ("64.webp", 64, 32)
    assert Master.objects.get().state == "ready"


def test_what_reads_a_set_that_changed_is_made_again_and_of_one_that_did_not_stays(
    master: Master, bench: Bench
) -> None:
    work.perform_all()
    remaking.queue_for(master, now=master.stored_at, role="first", everything=True)
    work.perform_all()
    assert bench.ran == ["first", "second", "third", "first"]

    bench.word = "remade"
    remaking.queue_for(master, now=master.stored_at, role="first", everything=True)
    work.perform_all()

    assert bench.ran[4:] == ["first", "second", "third"]
    assert content("third") == "remade third of remade second of remade first of the master"
    assert Derivative.objects.count() == 3


def test_all_of_a_chain_is_made_again_in_its_order(master: Master, bench: Bench) -> None:
    work.perform_all()

    assert remaking.queue_for(master, now=master.stored_at, everything=True) == 1
    assert waiting() == ["first"]
    work.perform_all()

    assert bench.ran[3:] == ["first", "second", "third"]
    master.refresh_from_db()
    assert master.state == "ready"


def test_of_a_chain_only_what_is_lost_is_made_again(master: Master, bench: Bench) -> None:
    work.perform_all()
    for role in ("second", "third"):
        stores.derivatives().delete(Derivative.objects.get(role=role).prefix)

    assert remaking.queue_for(master, now=master.stored_at) == 1
    work.perform_all()

    assert bench.ran[3:] == ["second", "third"]
    assert remaking.queue_for(master, now=master.stored_at) == 0


@pytest.mark.parametrize("lost", ["the files", "the row"])
def test_work_whose_source_is_lost_makes_the_source_first(master: Master, bench: Bench, lost: str) -> None:
    work.perform_all()
    first = Derivative.objects.get(role="first")
    stores.derivatives().delete(first.prefix)
    if lost == "the row":
        first.delete()
    jobs.repeat(job("second"), now=master.stored_at, priority=jobs.REMAKE)

    work.perform(job("second").pk)
    assert waiting() == ["first"]
    assert not Job.objects.filter(role="second").exists()
    work.perform_all()

    assert content("second") == "made second of made first of the master"
    master.refresh_from_db()
    assert master.state == "ready"


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_nothing_comes_of_a_source_that_was_replaced_meanwhile(master: Master, bench: Bench, ending: str) -> None:
    work.perform_all()
    bench.word = "remade"
    remaking.queue_for(master, now=master.stored_at, role="first", everything=True)
    jobs.repeat(job("second"), now=master.stored_at, priority=jobs.REMAKE)
    turns: list[str] = []

    def replace_the_source(role: str) -> None:
        if role == "second" and not turns:
            turns.append(role)
            work.perform(job("first").pk)
            if ending == "badly":
                raise ProcessorError("damaged", "the file went away")

    bench.meanwhile = replace_the_source
    work.perform(job("second").pk)
    assert content("second") == "made second of made first of the master"
    assert (job("second").state, job("second").starts, job("second").errors) == ("queued", 1, 0)

    Job.objects.filter(state="queued").update(not_before=master.stored_at)
    work.perform_all()
    assert content("second") == "remade second of remade first of the master"
    assert content("third") == "remade third of remade second of remade first of the master"


def test_a_source_that_fails_says_so_and_its_readers_wait_for_it(master: Master, bench: Bench) -> None:
    def fail(role: str) -> None:
        raise ProcessorError("damaged", "as told")

    bench.meanwhile = fail
    work.perform_all()
    master.refresh_from_db()
    assert (master.state, master.reason_code, Job.objects.filter(role="second").count()) == ("kept", "damaged", 0)

    bench.meanwhile = lambda role: None
    work.retry(job("first"), now=master.stored_at)
    work.perform_all()
    master.refresh_from_db()
    assert master.state == "ready"
