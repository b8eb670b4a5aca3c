"""A flipped byte in a stored master is found, and so is a missing one and a stranger."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from media_pipeline import fixity, stores, work
from media_pipeline.models import Derivative, Intake, Job, Master
from media_pipeline.storage import names
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def masters(tmp_path: Path, now: datetime) -> list[Master]:
    for number in range(3):
        received(picture(tmp_path / f"{number}.jpg", colour=(number * 40, 0, 0)), now=now)
    work.perform_all()
    return list(Master.objects.order_by("sha256"))


def content_name(master: Master) -> str:
    return stores.masters().locate(master.sha256).content_key


def flip_one_bit(master: Master) -> None:
    name = content_name(master)
    storage = storages["files"]
    with storage.open(name) as file:
        content = bytearray(file.read())
    content[len(content) // 2] ^= 1
    storage.delete(name)
    storage.save(name, ContentFile(bytes(content)))


def checked(*words: str) -> tuple[str, bool]:
    out = StringIO()
    try:
        call_command("check_fixity", *words, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def test_whole_masters_are_called_whole(masters: list[Master], now: datetime) -> None:
    text, whole = checked()

    assert whole
    assert "3" in text
    assert all(master.verified_at > now for master in Master.objects.all())


def test_a_flipped_bit_is_found_and_named(masters: list[Master]) -> None:
    flip_one_bit(masters[1])

    text, whole = checked()

    assert not whole
    assert masters[1].sha256 in text
    assert masters[0].sha256 not in text
    assert [master.damage for master in Master.objects.order_by("sha256")] == ["", "changed", ""]


def test_a_missing_master_and_a_stranger_are_named(masters: list[Master]) -> None:
    stranger, content = names.master_object(masters[2].sha256), content_name(masters[2])
    storages["files"].delete(content_name(masters[0]))
    Intake.objects.filter(master=masters[2]).delete()
    Master.objects.filter(pk=masters[2].pk).delete()

    text, whole = checked()

    assert not whole
    assert masters[0].sha256 in text
    assert Master.objects.get(pk=masters[0].pk).damage == "missing"
    assert content.startswith(stranger)
    (line,) = (line for line in text.splitlines() if stranger in line)
    assert masters[2].sha256 in line


def test_a_repaired_master_is_whole_again(masters: list[Master]) -> None:
    Master.objects.update(damage="changed")

    assert checked()[1]
    assert not Master.objects.exclude(damage="").exists()


def test_what_was_made_from_originals_is_read_when_asked_for_and_made_again_where_it_is_bad(
    masters: list[Master],
) -> None:
    tree = stores.derivatives().tree
    bad = {one.role: one for one in masters[0].derivatives.all()}
    pyramid = f"{bad['pyramid'].prefix}/pyramid.tif"
    content = bytearray(b"".join(tree.read(pyramid)))
    content[len(content) // 2] ^= 1
    tree.put(pyramid, bytes(content))
    tree.delete([f"{bad['thumbnail'].prefix}/160.webp"])
    assert checked()[1], "the originals alone are whole"

    text, whole = checked("--derivatives")

    assert not whole
    assert pyramid in text
    assert f"{bad['thumbnail'].prefix}/160.webp" in text
    assert bad["thumbnail"].prefix + "/480.webp" not in text
    queued = Job.objects.filter(state="queued").values_list("master__sha256", "role")
    assert set(queued) == {(masters[0].sha256, "pyramid"), (masters[0].sha256, "thumbnail")}
    work.perform_all()
    assert checked("--derivatives")[1]


def test_a_set_without_a_row_is_named_unless_its_master_is_being_worked_on(masters: list[Master]) -> None:
    stray = names.derivative_prefix(masters[0].sha256, role="text", version=1, params_key="0")
    stores.derivatives().tree.put(f"{stray}/text.json", b"[]")

    assert [finding.name for finding in fixity.check_derivatives().untracked] == [stray]
    Job.objects.filter(master=masters[0], role="pyramid").update(
        state="running", token="t", lease_until=masters[0].stored_at
    )
    assert fixity.check_derivatives().clean
    assert Derivative.objects.count() == 6


def test_masters_that_were_not_read_for_ninety_days_are_overdue(masters: list[Master]) -> None:
    read_at = masters[0].verified_at
    Master.objects.update(verified_at=read_at)

    assert fixity.overdue(Master.objects.all(), now=read_at + timedelta(days=90)).count() == 0
    assert fixity.overdue(Master.objects.all(), now=read_at + timedelta(days=91)).count() == 3
