"""Items out as a table: read back they are the same, nothing runs in a spreadsheet, and nothing is in it that its reader may not see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from access import policy
from access.models import AuditEntry, Protocol
from access.policy import Level
from archive import languages
from archive.actions.bin_item import bin_item
from archive.history import snapshots
from archive.models import Agent, Item, ItemPlace, Place, Revision
from archive.tables import cells, reading
from tests.makers import file_of, item, picture, staff
from tests.tables.conftest import Write
from tests.tables.test_loading import FULL, run

pytestmark = pytest.mark.django_db


def exported(path: Path, *words: object) -> list[dict[str, str]]:
    call_command("export_table", path, *words, stdout=StringIO())
    headings, *rows = [row.cells for row in reading.rows(path)]
    return [dict(zip(headings, row, strict=False)) for row in rows]


def taken() -> dict[str, dict[str, Any]]:
    """What each item is, by its number, without what a table does not carry."""
    found = {}
    for one in Item.objects.all():
        snapshot = snapshots.of(one)
        found[str(one.identifier)] = {name: value for name, value in snapshot.items() if name not in {"files", "state"}}
    return found


def emptied() -> None:
    Item.objects.all().delete()
    Revision.objects.all().delete()


@pytest.mark.parametrize("name", ["ra.csv", "ra.xlsx"])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.usefixtures("authorities")
def test_what_is_written_reads_back_as_the_same_items(
    table: Write, tmp_path: Path, name: str, lang: str, now: datetime
) -> None:
    protocol = Protocol.objects.get()
    run(table(list(FULL), list(FULL.values())))
    twin = Agent.objects.create(slug="a-luu-2", names=languages.of(vi="A Lưu"))
    first = Item.objects.get(identifier="KT.1")
    first.communities.add(protocol.communities.get())
    first.credits.create(agent=twin, role="sng", position=4)
    odd = item(now=now, title="=cmd|' /C calc'!A0", access=policy.of_protocols([protocol.pid]), publish=False)
    Item.objects.filter(pk=odd.pk).update(
        identifier="-KT;2|\\",
        titles=[
            {"lang": "vi", "value": "=1+1 | hai\\; ba"},
            {"lang": "bdq", "value": "'=Hơ'mon"},
            {"lang": "vi", "value": "[en] +4"},
            {"lang": "vi-x-rieng", "value": "@ dòng\nhai"},
        ],
        descriptions=[{"lang": "en", "value": "tail ;"}, {"lang": "vi", "value": "-một"}],
        template="map",
        own_values={
            "scale": 50000,
            "north": 14.5,
            "projection": "UTM; 49N",
            "gone": [{"lang": "vi", "value": "cũ"}],
            "n": 2.5,
        },
        sensitivity_note="=Hỏi già làng",
        restriction_reasons=["tang_le"],
    )
    ItemPlace.objects.create(
        item=odd,
        place=Place.objects.get(slug="kon-klor"),
        role="depicted",
        precision="province",
        as_recorded="K. = Klor; cũ (1972)",
    )
    both = policy.meet(policy.of_protocols([protocol.pid]), policy.REGISTERED)
    for number, chosen in enumerate(
        (both, policy.of(Level.PUBLIC, opens_at=datetime(2030, 1, 31, 17, tzinfo=UTC)), policy.NOBODY)
    ):
        made = item(now=now, title=f"Số {number}", access=chosen, publish=False)
        Item.objects.filter(pk=made.pk).update(
            identifier=f"QN.{number}", date_edtf="1972~/1975", date_as_written="chừng 1972"
        )
    before = taken()
    path = tmp_path / name
    with override(lang):
        exported(path)

        emptied()
        outcomes = run(path)

    assert [one.checked.problems for one in outcomes] == [()] * 5
    assert taken() == before
    with override(lang):
        again = tmp_path / f"lan-hai-{name}"
        assert _described(exported(again)) == _described(exported(path))


def _described(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{heading: cell for heading, cell in row.items() if not heading.startswith("#")} for row in rows]


def test_no_cell_of_a_table_runs_in_a_spreadsheet(tmp_path: Path, now: datetime) -> None:
    for title in ("=1", "+1", "-1", "@x", "'=1", '=HYPERLINK("http://x")'):
        item(now=now, title=title)

    content = "".join(reading_lines(tmp_path / "a.csv"))

    titles = [row["Title [vi]"] for row in exported(tmp_path / "a.csv")]
    assert not any(title[0] in "=+-@" for title in titles)
    assert {cells.plain(title) for title in titles} == {"=1", "+1", "-1", "@x", "'=1", '=HYPERLINK("http://x")'}
    assert ",=" not in content


def reading_lines(path: Path) -> list[str]:
    exported(path)
    return path.read_text("utf-8-sig").splitlines(keepends=True)


@pytest.mark.usefixtures("authorities")
def test_only_what_an_account_may_see_is_written_for_it_and_names_it_may_not_know_are_not(
    tmp_path: Path, now: datetime
) -> None:
    staff("thu-thu")
    protocol = Protocol.objects.get()
    withheld = Agent.objects.create(slug="ten-kieng", names=languages.of(vi="Tên Kiêng"), name_is_withheld=True)
    seen = item(now=now, title="Ai cũng thấy")
    seen.credits.create(agent=withheld, role="nrt")
    file_of(seen, picture(tmp_path / "mở.jpg"), now=now, process=False)
    file_of(seen, picture(tmp_path / "đóng.jpg"), now=now, access=policy.NOBODY, process=False)
    item(now=now, title="Kín", access=policy.of_protocols([protocol.pid]))
    item(now=now, title="Không ai", access=policy.NOBODY)
    bin_item(item(now=now, title="Cũ", publish=False), actor=None, now=now)

    rows = exported(tmp_path / "a.csv", "--as", "thu-thu")

    assert [row["Title [vi]"] for row in rows] == ["Ai cũng thấy"]
    assert rows[0]["# File"] == "mở.jpg"
    assert rows[0]["Agents"] == f"#{withheld.pk} (narrator)"
    text = (tmp_path / "a.csv").read_text("utf-8")
    assert not any(word in text for word in ("Kiêng", "kieng", "Kín", "Không ai", "đóng", protocol.name, protocol.pid))
    assert {row["Title [vi]"] for row in exported(tmp_path / "b.csv")} == {"Ai cũng thấy", "Kín", "Không ai"}


@pytest.mark.usefixtures("authorities")
def test_the_filters_of_the_command_narrow_the_table(tmp_path: Path, table: Write) -> None:
    run(
        table(
            ["Mã số", "Nhan đề", "Loại", "Dân tộc"],
            ["KT.1", "Một", "image", "Ba Na"],
            ["KT.2", "Hai", "audio", "Xơ Đăng"],
        )
    )
    run(table(["Mã số", "Nhan đề", "Loại"], ["KT.3", "Ba", "image"], name="b.csv"), publish=True)

    def found(*words: str) -> list[str]:
        return [row["Identifier"] for row in exported(tmp_path / "ra.csv", *words)]

    assert found("--people", "ba-na") == ["KT.1"]
    assert found("--kind", "image") == ["KT.1", "KT.3"]
    assert found("--state", "published") == ["KT.3"]
    assert found() == ["KT.1", "KT.2", "KT.3"]


@pytest.mark.usefixtures("authorities")
def test_what_lies_under_a_protocol_is_written_down_as_seen(tmp_path: Path, now: datetime) -> None:
    protocol = Protocol.objects.get()
    member = staff("thu-thu")
    protocol.communities.get().memberships.create(user=member)
    protocol.memberships.create(user=member)
    made = item(now=now, title="Kín", access=policy.of_protocols([protocol.pid]))

    rows = exported(tmp_path / "a.csv", "--as", "thu-thu")

    assert [row["Protocols"] for row in rows] == [""]
    assert json.loads(rows[0]["Access"]) == policy.to_json(made.chosen_rule.policy)
    assert AuditEntry.objects.filter(verb="see_restricted", target_pid=made.pid, actor=member).count() == 1
