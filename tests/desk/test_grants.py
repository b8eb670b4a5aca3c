"""Grants at the desk, and what else a steward's lists answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from access.models import Grant
from archive.models import Item
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.desk.test_communities import ITEMS, OTHER, Village, a_village, read, village
from tests.petitioners import closed_by, reader

__all__ = ["village"]
pytestmark = pytest.mark.django_db


def test_grants_are_read_by_who_looks_after_the_thing_and_by_administrators_without_its_title(
    village: Village, administrator: Client
) -> None:
    another = a_village(OTHER, "khac")
    for one in (village, another):
        who = reader(f"ban-doc-{one.item.pid}")
        Grant.objects.create(target_pid=one.item.pid, user=who, reason="Luận văn", granted_at=timezone.now())

    own = read(signed_in(village.steward), "/admin/access/grant/")
    assert str(village.item) in own
    assert f"ban-doc-{another.item.pid}" not in own

    every = read(administrator, "/admin/access/grant/")
    assert village.item.pid in every
    assert another.item.pid in every
    assert str(village.item) not in every
    assert signed_in(staff("bien_muc", "Cataloguer")).get("/admin/access/grant/").status_code == 403


def test_a_steward_finds_no_item_by_a_column_that_is_written_for_staff(village: Village) -> None:
    Item.objects.filter(pk=village.item.pk).update(sensitivity_note="Ghi chú của cán bộ")
    client = signed_in(village.steward)

    answers = [client.get(f"{ITEMS}?sensitivity_note__contains={word}").status_code for word in ("Ghi", "Zzz")]

    assert answers == [400, 400]
    assert str(village.item) in read(client, f"{ITEMS}?pk__exact={village.item.pk}")


def test_a_steward_reads_grants_of_files_under_their_protocol_by_number(village: Village, tmp_path: Path) -> None:
    foreign = a_village(OTHER, "khac").protocol
    for name, kept_by in (("ten-rieng", village.protocol), ("cua-ho", foreign)):
        path = makers.picture(tmp_path / f"{name}.jpg", colour=(len(name), 0, 0))
        file = makers.file_of(village.item, path, now=timezone.now(), access=closed_by(kept_by), process=False)
        Grant.objects.create(target_pid=file.pid, user=reader(f"ban-doc-{name}"), reason="r", granted_at=timezone.now())

    page = read(signed_in(village.steward), "/admin/access/grant/")

    assert "ban-doc-ten-rieng" in page
    assert f"{village.item}: file 1" in page
    assert "ten-rieng.jpg" not in page
    assert "ban-doc-cua-ho" not in page
