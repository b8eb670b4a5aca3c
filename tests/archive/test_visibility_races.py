"""Effective rules and files, when two people, or a person and a worker, are at one item at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from access import policy
from access.models import AccessRule
from archive.actions import attach_file as attach_file_module
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.move_item import publish_item, withdraw_item
from archive.models import Item, ItemFile
from media_pipeline import intakes, work
from media_pipeline.models import Intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_item(item: Item) -> Item:
    return publish_item(item, actor=None, now=timezone.now())


def an_intake(folder: Path) -> Intake:
    source = folder / "a.bin"
    source.write_bytes(b"\x00\x01 anything")
    return intakes.begin_local(source, now=timezone.now())


def rules_of(item: Item) -> set[AccessRule]:
    files = ItemFile.objects.filter(item=item).select_related("effective_rule")
    return {Item.objects.get(pk=item.pk).effective_rule, *(file.effective_rule for file in files)}


def test_a_file_that_arrives_does_not_open_an_item_that_was_closed_meanwhile(open_item: Item, tmp_path: Path) -> None:
    read_before = Item.objects.get(pk=open_item.pk)
    choose_item_access(open_item, policy.NOBODY, actor=None, now=timezone.now())

    attach_file(read_before, an_intake(tmp_path), actor=None, now=timezone.now())

    assert rules_of(open_item) == {AccessRule.objects.nobody()}


def test_a_file_that_arrives_does_not_open_an_item_that_was_withdrawn_meanwhile(
    open_item: Item, tmp_path: Path
) -> None:
    read_before = Item.objects.get(pk=open_item.pk)
    withdraw_item(open_item, actor=None, now=timezone.now())

    attach_file(read_before, an_intake(tmp_path), actor=None, now=timezone.now())

    assert not any(rule.policy.is_public for rule in rules_of(open_item))


def test_a_files_rule_chosen_late_does_not_open_an_item_that_was_closed_meanwhile(
    open_item: Item, tmp_path: Path
) -> None:
    file = attach_file(open_item, an_intake(tmp_path), actor=None, now=timezone.now())
    read_before = ItemFile.objects.select_related("item__chosen_rule").get(pk=file.pk)
    choose_item_access(open_item, policy.NOBODY, actor=None, now=timezone.now())

    choose_file_access(read_before, policy.PUBLIC, actor=None, now=timezone.now())

    assert rules_of(open_item) == {AccessRule.objects.nobody()}


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> threading.Thread:
    """Let somebody else do something when a file's row is written and not committed. Returns their thread."""
    if not connection.features.has_select_for_update:
        pytest.skip("in SQLite whoever writes is alone")

    def other() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    real = attach_file_module.audit.record

    def record(**facts: Any) -> None:
        if not thread.ident:
            thread.start()
            # Whoever is not held up is done long before.
            thread.join(timeout=1.5)
        real(**facts)

    monkeypatch.setattr(attach_file_module.audit, "record", record)
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_stored_while_it_is_attached_gets_its_master(
    item: Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = an_intake(tmp_path)
    worker = meanwhile(monkeypatch, lambda: work.perform(intake.jobs.get().pk))

    file = attach_file(item, intake, actor=None, now=timezone.now())
    worker.join(timeout=30)

    file.refresh_from_db()
    assert Intake.objects.get(pk=intake.pk).state == Intake.State.STORED
    assert file.master is not None


@pytest.mark.django_db(transaction=True)
def test_two_files_that_are_attached_at_once_get_two_places(
    item: Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = an_intake(tmp_path), an_intake(tmp_path)
    colleague = meanwhile(monkeypatch, lambda: attach_file(item, second, actor=None, now=timezone.now()))

    attach_file(item, first, actor=None, now=timezone.now())
    colleague.join(timeout=30)

    assert sorted(ItemFile.objects.filter(item=item).values_list("position", flat=True)) == [0, 1]
