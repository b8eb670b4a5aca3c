"""Rows of a table into items: what they name is found, what is wrong is told, what is right is written as one item at a time would be."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access import audit_checking, policy
from access.models import AccessRule, AuditEntry, Protocol, ProtocolMembership, User
from access.roles import ProtocolRole
from archive.actions import load_rows as loading_action
from archive.actions.create_item import Description, create_item
from archive.history import recording, snapshots
from archive.loading import running
from archive.models import Item, Revision, RightsStatement, SearchEntry
from archive.search import indexing
from archive.tables import cells, reading
from tests.makers import staff
from tests.tables.conftest import Write
from tests.tables.rows import FULL, RIGHTS, librarian, run, wrong

pytestmark = pytest.mark.django_db
# --- What a row says --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("authorities")
def test_every_field_of_a_row_reaches_its_item(table: Write) -> None:
    (outcome,) = run(table(list(FULL), list(FULL.values())))

    assert (outcome.status, outcome.checked.problems) == ("loaded", ())
    item = Item.objects.get(identifier="KT.1")
    assert item.titles == [
        {"lang": "vi", "value": "Sử thi Dông"},
        {"lang": "vi", "value": "Bản kể ở làng"},
        {"lang": "en", "value": "The epic of Dông"},
    ]
    assert item.alternative_titles == [{"lang": "bdq", "value": "Hơ'mon Dông"}, {"lang": "fr", "value": "L'épopée"}]
    assert item.descriptions == [{"lang": "vi", "value": "Một đêm; kể liền; không nghỉ"}]
    assert (item.kind, item.kind_is_guess, item.template, item.state) == ("audio", False, "epic", "draft")
    assert item.languages == ["bdq", "vi"]
    assert (item.date_edtf, item.date_as_written, item.date_first) == ("1998~", "khoảng 1998", date(1998, 1, 1))
    assert (item.issued_edtf, item.issued_as_written) == ("2001/2005", "")
    assert {one.slug for one in item.peoples.all()} == {"ba-na", "xo-dang"}
    assert [one.slug for one in item.subjects.all()] == ["su-thi"]
    assert [one.slug for one in item.collections.all()] == ["dien-da"]
    assert [(one.agent.slug, one.role) for one in item.credits.all()] == [
        ("a-luu", "nrt"),
        ("dai-phat-thanh", "cre"),
        ("a-luu", "col"),
        ("a-luu", "rcd"),
    ]
    assert [(one.place.slug, one.role, one.precision, one.as_recorded) for one in item.located.all()] == [
        ("kon-klor", "created", "exact", "Làng Kon Klor, Đăk Rơ Wa, TP Kon Tum"),
        ("thanh-pho-kon-tum", "subject", "commune", "thị xã Kon Tum"),
    ]
    assert item.rights_uri == RIGHTS
    assert item.other_identifiers == [{"scheme": "isbn", "value": "9786040000000"}, {"scheme": "kho", "value": "A;1"}]
    assert item.depicts_person is True
    assert item.own_values == {"incipit": [{"lang": "bdq", "value": "Ơ Dông ơ"}], "nights": 2}
    assert item.chosen_rule.policy == policy.REGISTERED
    assert item.effective_rule.policy == policy.STAFF
    assert item.restriction_reasons == ["theo_mua"]


@pytest.mark.usefixtures("authorities")
def test_a_loaded_item_is_what_creating_it_alone_would_have_made(table: Write) -> None:
    cataloguer = librarian("add_item", "protect_item")
    run(table(list(FULL), list(FULL.values())), actor=cataloguer)

    item = Item.objects.get(identifier="KT.1")
    (revision,) = Revision.objects.filter(kind="item", key=item.pid)
    assert revision.snapshot == snapshots.of(item)
    assert (revision.verb, revision.number, revision.actor) == ("create", 1, cataloguer)
    assert recording.record(item, "change", actor=None, now=timezone.now()) is None
    entry = SearchEntry.objects.values().get(item=item)
    indexing.refresh(item)
    assert entry == SearchEntry.objects.values().get(item=item)
    (told,) = AuditEntry.objects.filter(target_pid=item.pid)
    assert (told.verb, told.actor, told.detail["row"]) == ("create_item", cataloguer, 2)
    twin = create_item(
        Description(
            kind="audio", titles=item.titles, rights_uri=RIGHTS, restriction_reasons=["theo_mua"], date_edtf="1998~"
        ),
        actor=cataloguer,
        now=timezone.now(),
        access=policy.REGISTERED,
    )
    for name in (
        "chosen_rule",
        "effective_rule",
        "date_first",
        "date_last",
        "rights",
        "was_public",
        "version",
        "state",
    ):
        assert getattr(twin, name) == getattr(item, name), name


# --- What is wrong is told beside row and column ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Loại", "chiêng", "unknown_choice"),
        ("Thời gian", "hôm nọ", "date_unreadable"),
        ("Thời gian", "rằm tháng bảy", "date_lunar"),
        ("Thời gian", "31/2/1998", "date_no_such_day"),
        ("Thời gian", "1925-30", "date_ambiguous"),
        ("date_edtf", "khoảng 1998", "no_edtf"),
        ("Dân tộc", "Kinh kỳ", "unknown_people"),
        ("Chủ đề", "Lễ hội", "ambiguous"),
        ("Sưu tập", "Không có", "unknown_collection"),
        ("Người kể", "Y Không", "unknown_agent"),
        ("Địa điểm", "Làng Không Đâu", "unknown_place"),
        ("Địa điểm", "Làng Kon Klor", "ambiguous"),
        ("Địa điểm", "Xã Sơn Hà, Tỉnh Kon Tum", "place_elsewhere"),
        ("Địa điểm", "Xã Sơn Hà, Tỉnh Quảng Ngãi", ""),
        ("Địa điểm", "Kon Klor, Huyện Không Có, Thành phố Kon Tum", ""),
        ("Địa điểm", "Xã Sơn Hà, Thành phố Kon Tum", "place_elsewhere"),
        ("Quyền", "Không rõ là gì", "unknown_rights"),
        ("Ngôn ngữ", "tiếng Chim !", "unknown_languages"),
        ("Mã số khác", "9786040000000", "unknown_other_identifiers"),
        ("Có người nhận ra được", "có lẽ", "no_yes_or_no"),
        ("Ai được xem", "bạn bè", "unknown_choice"),
        ("Ai được xem", "Tại chỗ", "reason_needed"),
        ("Ai được xem", "quy ước", "reason_needed"),
        ("Ai được xem", '{"clauses": []}', "unknown_level"),
        ("Ai được xem", '{"a":' * 5000, "unknown_level"),
        ("date_edtf", f"[{'1990,' * 3000}1990]", "too_long"),
        ("Quy ước", "Không có", "unknown_protocol"),
        ("Lý do hạn chế", "thích thế", "unknown_restriction_reasons"),
        ("Cộng đồng", "Không có", "unknown_community"),
        ("Mô tả [*]", "không có thẻ", "no_tag"),
        ("Mô tả", "x" * 20_001, "too_long"),
        ("Mô tả", "a\x00b", "unstorable"),
        ("Mô tả", "#REF!", "failed_formula"),
        ("own.incipit", "Ơ", "own_without_template"),
        ("own.*", "không phải JSON", "no_json"),
        ("own.*", '{"a":' * 4000, "no_json"),
        ("Tệp", "a.jpg", "no_folder"),
        ("", "lạc cột", "no_heading"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("authorities")
def test_each_thing_wrong_is_told_beside_its_column(table: Write, heading: str, cell: str, code: str) -> None:
    base = {"Mã số": "KT.9", "Nhan đề": "Nhan đề"} | ({} if heading == "Loại" else {"Loại": "image"})
    path = table([*base, heading], [*base.values(), cell])

    assert wrong(path) == ([(2, heading, code)] if code else [])


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("own.nights", "ba", "own_number"),
        ("own.nights", "2.5", "own_whole"),
        ("own.completeness", "một tí", "own_choice"),
        ("own.isbn", "1", "own_of_other_template"),
    ],
)
@pytest.mark.usefixtures("authorities")
def test_own_fields_are_checked_as_their_template_says(table: Write, heading: str, cell: str, code: str) -> None:
    path = table(["Mã số", "Nhan đề", "Mẫu", heading], ["KT.9", "Nhan đề", "epic", cell])

    assert wrong(path) == [(2, heading, code)]


@pytest.mark.usefixtures("authorities")
def test_the_good_rows_are_loaded_and_the_rest_is_listed_with_all_that_is_wrong(table: Write, tmp_path: Path) -> None:
    path = table(
        ["Mã số", "Nhan đề", "Loại", "Dân tộc"],
        ["KT.1", "Một", "image", "Ba Na"],
        ["KT.2", "", "hình", "Kinh kỳ"],
        ["", "", "", ""],
        ["KT.3", "Ba", "image", ""],
        ["KT.3", "Bốn", "image", ""],
    )
    report, copy = tmp_path / "loi.jsonl", tmp_path / "loi.csv"

    for one in (report, copy):
        with pytest.raises(CommandError, match="3 rows are left"):
            call_command("ingest", "--table", path, "--report", one, stdout=StringIO())

    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [(line["row"], line["status"]) for line in lines] == [
        (2, "loaded"),
        (3, "wrong"),
        (5, "wrong"),
        (6, "wrong"),
    ]
    assert [(one["column"], one["code"]) for one in lines[1]["problems"]] == [
        ("Loại", "unknown_choice"),
        ("Dân tộc", "unknown_people"),
        ("Nhan đề", "no_title"),
    ]
    assert lines[2]["problems"][0]["text"] == "Row 6 has the same identifier. Each thing has its own."
    assert lines[3]["problems"][0]["text"] == "Row 5 has the same identifier. Each thing has its own."
    rows = [row.cells for row in reading.rows(copy)]
    assert rows[0] == ("Mã số", "Nhan đề", "Loại", "Dân tộc", "# Result", "# What to correct")
    assert [row[4] for row in rows[1:]] == ["here already", "to be corrected", "to be corrected", "to be corrected"]
    assert "No people is called “Kinh kỳ”" in rows[2][5]
    assert list(Item.objects.values_list("identifier", flat=True)) == ["KT.1"]


@pytest.mark.usefixtures("authorities")
def test_the_copy_is_corrected_and_loaded_as_it_is(table: Write, tmp_path: Path) -> None:
    path = table(["Mã số", "Nhan đề", "Loại"], ["KT.1", "=1+1", "image"], ["KT.2", "Hai", "hình"])
    copy = tmp_path / "loi.xlsx"
    with pytest.raises(CommandError):
        call_command("ingest", "--table", path, "--report", copy, "--check", stdout=StringIO())
    assert not Item.objects.exists()
    rows = [[cells.plain(cell) for cell in row.cells] for row in reading.rows(copy)]
    rows[2][2] = "image"

    call_command("ingest", "--table", table(*rows, name="sua.csv"), stdout=StringIO())

    assert {one.title_in("vi") for one in Item.objects.all()} == {"=1+1", "Hai"}


@pytest.mark.usefixtures("authorities")
def test_unknown_headings_keep_the_whole_table_out(table: Write, tmp_path: Path) -> None:
    path = table(["Mã số", "Nhan dde", "Loại"], ["KT.1", "Một", "image"])
    said, report = StringIO(), tmp_path / "loi.jsonl"

    with pytest.raises(CommandError, match="correct the headings first"):
        call_command("ingest", "--table", path, "--report", report, stdout=said)

    assert "No field is called “Nhan dde”. Is it “Nhan đề”?" in said.getvalue()
    assert json.loads(report.read_text("utf-8"))["problems"][0]["code"] == "unknown_heading"
    assert not Item.objects.exists()


@pytest.mark.usefixtures("authorities")
def test_a_table_that_breaks_far_down_loads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hong.csv"
    path.write_bytes("Mã số,Nhan đề,Loại\n".encode() + b"".join(b"K%d,x,image\n" % n for n in range(600)) + b'"K9,x\n')

    with pytest.raises(CommandError, match="never closes it"):
        call_command("ingest", "--table", path, stdout=StringIO())

    assert not Item.objects.exists()


# --- Again, killed, raced -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("authorities")
def test_the_same_table_again_loads_nothing_twice_with_numbers_or_without(table: Write) -> None:
    headings = ["Mã số", "Nhan đề", "Loại"]
    path = table(headings, ["KT.1", "Một", "image"], ["", "Hai", "image"], ["", "Hai", "image"], ["", "Ba", "image"])
    first = run(path)

    again = run(path)

    assert [one.status for one in first] == ["loaded"] * 4
    assert [one.status for one in again] == ["here"] * 4
    assert Item.objects.count() == Revision.objects.count() == 4
    # In another order of columns it is the same row.
    swapped = table(["Loại", "Nhan đề"], ["image", "Ba"], name="khac.csv")
    assert [one.status for one in run(swapped)] == ["here"]


@pytest.mark.usefixtures("authorities")
def test_killed_in_the_middle_and_run_again_all_is_there_once(table: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 3)
    path = table(["Mã số", "Nhan đề", "Loại", "Dân tộc"], *[[f"KT.{n}", f"Số {n}", "image", "Ba Na"] for n in range(8)])
    real, calls = loading_action._record, []

    def killed(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(loading_action, "_record", killed)
    with pytest.raises(KeyboardInterrupt):
        run(path)
    assert Item.objects.count() == Revision.objects.count() == 3

    outcomes = run(path)

    assert [one.status for one in outcomes] == ["here"] * 3 + ["loaded"] * 5
    assert Item.objects.count() == Revision.objects.count() == SearchEntry.objects.count() == 8
    assert Item.peoples.through.objects.count() == 8


@pytest.mark.usefixtures("authorities")
def test_a_number_taken_meanwhile_costs_its_row_only(
    table: Write, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    path = table(
        ["Mã số", "Nhan đề", "Loại", "Quyền"], *[[f"KT.{n}", f"Số {n}", "image", "http://x.vn/q"] for n in range(3)]
    )
    real, done = running.load_rows, []

    def raced(rows: Any, **more: Any) -> Any:
        if not done:
            done.append(create_item(Description(kind="image", titles=[], identifier="KT.1"), actor=None, now=now))
        return real(rows, **more)

    monkeypatch.setattr(running, "load_rows", raced)

    outcomes = run(path)

    assert [one.status for one in outcomes] == ["loaded", "wrong", "loaded"]
    assert [one.code for one in outcomes[1].checked.problems] == ["changed_meanwhile"]
    assert RightsStatement.objects.get(uri="http://x.vn/q").items.count() == 2


# --- Who may what -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("authorities")
def test_an_identifier_that_a_hidden_thing_has_is_told_in_the_same_words_and_noted(table: Write, now: datetime) -> None:
    cataloguer = librarian("add_item")
    for number, access in (("KT.1", policy.NOBODY), ("KT.2", policy.PUBLIC)):
        made = Description(kind="image", titles=[], identifier=number)
        create_item(made, actor=None, now=now, access=access)
    path = table(["Mã số", "Nhan đề", "Loại"], ["KT.1", "Một", "image"], ["KT.2", "Hai", "image"])

    hidden, open_ = run(path, actor=cataloguer)

    assert (hidden.status, hidden.item, hidden.checked.problems) == (open_.status, open_.item, open_.checked.problems)
    assert hidden.status == "here"
    (entry,) = AuditEntry.objects.filter(verb="refuse_identifier")
    assert (entry.actor, entry.detail["count"]) == (cataloguer, 2)


@pytest.mark.usefixtures("authorities")
def test_who_does_not_choose_access_leaves_things_to_staff(table: Write) -> None:
    cataloguer = librarian("add_item")
    headings = ["Mã số", "Nhan đề", "Loại", "Ai được xem"]
    path = table(
        headings, ["KT.1", "Một", "image", ""], ["KT.2", "Hai", "image", "công khai"], ["KT.3", "Ba", "image", "nội bộ"]
    )

    outcomes = run(path, actor=cataloguer)

    assert [one.status for one in outcomes] == ["loaded", "wrong", "loaded"]
    assert [one.code for one in outcomes[1].checked.problems] == ["level_not_yours"]
    assert {item.chosen_rule.policy for item in Item.objects.select_related("chosen_rule")} == {policy.STAFF}


@pytest.mark.usefixtures("authorities")
def test_a_protocol_is_named_by_who_may_apply_it_and_is_unknown_to_others(table: Write) -> None:
    protocol = Protocol.objects.get()
    cataloguer, steward = librarian("add_item", "protect_item"), staff("nguoi-giu")
    steward.user_permissions.set(cataloguer.user_permissions.all())
    steward = User.objects.get(pk=steward.pk)
    place = protocol.communities.get()
    place.memberships.create(user=steward)
    ProtocolMembership.objects.create(protocol=protocol, user=steward, role=ProtocolRole.STEWARD)
    closed = json.dumps(policy.to_json(policy.of_protocols([protocol.pid])))
    headings = ["Mã số", "Nhan đề", "Loại", "Quy ước", "Lý do hạn chế", "Ai được xem"]
    path = table(
        headings,
        ["KT.1", "Một", "image", "người lớn tuổi", "tang_le", ""],
        ["KT.2", "Hai", "image", "", "", closed],
    )

    assert [row[2] for row in wrong(path, actor=cataloguer)] == ["unknown_protocol", "unknown_protocol"]
    assert [one.status for one in run(path, actor=steward)] == ["loaded", "loaded"]
    for item in Item.objects.select_related("chosen_rule", "effective_rule"):
        assert item.chosen_rule.policy == policy.of_protocols([protocol.pid])
        assert item.effective_rule.policy == policy.meet(policy.of_protocols([protocol.pid]), policy.STAFF)


@pytest.mark.usefixtures("authorities")
def test_dates_of_a_rule_are_days_of_the_library(table: Write) -> None:
    headings = ["Mã số", "Nhan đề", "Loại", "Ai được xem", "Đóng đến ngày", "Mở đến hết ngày"]
    path = table(
        headings,
        ["KT.1", "Một", "image", "công khai", "1/2/2030", "2031-12-31"],
        ["KT.2", "Hai", "image", "công khai", "2031-01-01", "2030-01-01"],
        ["KT.3", "Ba", "image", "công khai", "0001-01-01", ""],
        ["KT.4", "Bốn", "image", "công khai", "", "9999-12-31"],
    )

    outcomes = run(path)

    chosen = Item.objects.get(identifier="KT.1").chosen_rule.policy
    assert (chosen.opens_at, chosen.closes_at) == (
        datetime(2030, 1, 31, 17, tzinfo=UTC),
        datetime(2031, 12, 31, 17, tzinfo=UTC),
    )
    assert [(one.column, one.code) for one in outcomes[1].checked.problems] == [
        ("Mở đến hết ngày", "closes_before_it_opens")
    ]
    assert [one.code for one in outcomes[2].checked.problems] == ["no_day"]
    assert Item.objects.get(identifier="KT.4").chosen_rule.policy == policy.PUBLIC


@pytest.mark.usefixtures("authorities")
def test_who_may_not_add_items_loads_none(table: Write) -> None:
    from archive.actions.errors import NotAllowed  # noqa: PLC0415

    with pytest.raises(NotAllowed):
        run(table(["Nhan đề", "Loại"], ["Một", "image"]), actor=librarian("view_item"))

    assert not Item.objects.exists()
    assert not AccessRule.objects.filter(digest=policy.digest(policy.of_protocols(["x"]))).exists()


@pytest.mark.django_db(transaction=True)
def test_the_log_is_whole_and_sealed_after_a_load(table: Write) -> None:
    run(table(["Nhan đề", "Loại"], *[[f"Số {n}", "image"] for n in range(20)]), actor=librarian("add_item"))

    assert AuditEntry.objects.filter(verb="create_item", sequence__isnull=False).count() == 20
    assert audit_checking.check().first_wrong is None
