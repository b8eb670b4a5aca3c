"""What tests share is what each would have made: outcomes of decoders, and an empty database with its rows and triggers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from archive.models import Item
from archive.search import triggers
from media_pipeline import sandbox, work
from media_pipeline.processors import Result
from media_pipeline.recipes import IDENTIFY, Recipe
from tests import emptying, made_once, makers
from tests.access_matrix.world import make_item


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Return the roles that a decoder was really started for, with nothing remembered yet."""
    monkeypatch.setenv("HERITAGE_TEST_SHARED", str(tmp_path))
    started: list[str] = []

    def noted(recipe: Recipe, source: Path, work_dir: Path, **more: object) -> Result:
        started.append(f"{recipe.role} {recipe.version}")
        return sandbox.run_processor(recipe, source, work_dir, **more)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(made_once, "_real", noted)
    return started


def made(recipe: Recipe, source: Path, folder: Path) -> Result:
    folder.mkdir()
    return made_once.run_processor(recipe, source, folder)


@pytest.mark.pure
def test_what_was_made_is_given_again_for_the_same_bytes_and_recipe_and_for_no_other(
    runs: list[str], tmp_path: Path
) -> None:
    one, same = makers.picture(tmp_path / "a.jpg"), makers.picture(tmp_path / "b.jpg")
    other = makers.picture(tmp_path / "c.jpg", colour=(1, 2, 3))

    first = made(IDENTIFY, one, tmp_path / "1")

    assert made(IDENTIFY, same, tmp_path / "2").facts == first.facts
    assert len(runs) == 1
    made(IDENTIFY, other, tmp_path / "3")
    made(replace(IDENTIFY, version=IDENTIFY.version + 1), one, tmp_path / "4")
    assert len(runs) == 3


@pytest.mark.pure
def test_tests_of_the_pipeline_start_every_decoder() -> None:
    used = {}
    for file in ("tests/pipeline/test_work.py", "tests/faults/test_poison.py", "tests/desk/test_items.py"):
        made_once.remember(file)
        used[file] = work.run_processor

    assert [one is sandbox.run_processor for one in used.values()] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_emptied_tables_keep_what_django_wrote_and_have_their_triggers() -> None:
    make_item("Nhà rông")
    kept = ContentType.objects.count(), Permission.objects.count()
    with connection.cursor() as cursor:
        name = next(iter(triggers.statements()))
        where = ""
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [name])
            where = f" ON {cursor.fetchone()[0]}"
        cursor.execute(f"DROP TRIGGER {name}{where}")
    assert triggers.missing()

    emptying.empty_tables()

    assert not Item.objects.exists()
    assert (ContentType.objects.count(), Permission.objects.count()) == kept
    assert triggers.missing() == []
