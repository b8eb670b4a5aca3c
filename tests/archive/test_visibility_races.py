"""Effective rules, when two people work on one item at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from access import policy
from access.models import AccessRule
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.move_item import publish_item, withdraw_item
from archive.models import Item, ItemFile
from media_pipeline import intakes
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
