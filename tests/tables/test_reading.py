"""Reading CSV and XLSX: what spreadsheets write, what old programs write, and what is made to do harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.tables import reading, sentences, writing
from archive.tables.encodings import looks_like
from archive.tables.shapes import COLUMNS_MOST, TableError

pytestmark = pytest.mark.pure

TEXT = "Mã số,Nhan đề\r\nKT.1,Hơ'mon Ƀahnar\r\nKT.2,Gié – Triêng\r\n"
ROWS = [(1, ("Mã số", "Nhan đề")), (2, ("KT.1", "Hơ'mon Ƀahnar")), (3, ("KT.2", "Gié – Triêng"))]


def read(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in reading.rows(path)]


def refused(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        read(path)
    assert "%(" not in sentences.of_file(caught.value)
    return caught.value.code


@pytest.fixture
def csv_of(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "bang.csv"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_unicode_and_every_separator_gives_the_same_rows(
    csv_of: Callable[[bytes], Path], encoding: str, delimiter: str
) -> None:
    assert read(csv_of(TEXT.replace(",", delimiter).encode(encoding))) == ROWS


def test_a_cell_of_several_lines_is_one_row_and_blank_lines_count_as_a_spreadsheet_counts_them(
    csv_of: Callable[[bytes], Path],
) -> None:
    path = csv_of('a,b\r\n"một\r\nhai; ""ba""",x\r\n\r\nc,d\r\n'.encode())

    assert read(path) == [(1, ("a", "b")), (2, ('một\r\nhai; "ba"', "x")), (3, ()), (4, ("c", "d"))]


def test_the_line_that_names_the_separator_is_no_row_of_the_table(csv_of: Callable[[bytes], Path]) -> None:
    assert read(csv_of(b"sep=;\r\na;b,c\r\n")) == [(2, ("a", "b,c"))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Nhan đề\nNh÷ng nguyªn t¾c cña c¸c d©n téc ë T©y Nguyªn".replace("đề", "®Ò").encode("cp1252"), "looks_like_tcvn3"),
        ("Nhan ®Ò\nNh÷ng nguyªn t¾c cña c¸c d©n téc ë T©y Nguyªn".encode(), "looks_like_tcvn3"),
        ("Nhan ñeà\nNgöôøi Ba Na ôû laøng Kon Klor ñaùnh chieâng".encode("cp1252"), "looks_like_vni"),
        ("Nhan ñeà\nNgöôøi Ba Na ôû laøng Kon Klor ñaùnh chieâng".encode(), "looks_like_vni"),
        (b"title\nng\xfd\xf5\xeci Ba Na \xf0a\xecnh chi\xeang \xf0i \xf0\xea\xecn la\xecng", "looks_like_cp1258"),
        (b"title\n\xff\xd8 caf\xe9 \x81", "not_utf8"),
        (b'a,b\n"never closed,x\nc,d\n', "quote_not_closed"),
        (b'a,b\n"x"y,z\n', "stray_quote"),
        (b"", "empty"),
        (b"%PDF-1.7\n", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_office"),
        (b",".join([b"x"] * (COLUMNS_MOST + 1)), "too_many_columns"),
        (b"a\n" + b"x" * 120_000, "cell_too_long"),
        (b"x" * 2_100_000, "row_too_long"),
        (b"\n" * 200_001, "too_many_rows"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_and_refused(csv_of: Callable[[bytes], Path], content: bytes, code: str) -> None:
    assert refused(csv_of(content)) == code


@pytest.mark.parametrize(
    "text",
    [
        "Les Bahnars du Kontum, où ils ont créé leurs villages, fêtent en août la récolte du maïs; le goût de la bière de riz y est connu",
        "Über die Größe der Häuser, Straße, schöner Töne, für Müller und Söhne, ähnlich, geöffnet, können, fünf Bücher",
        "São Paulo, coração, não, então, irmãos, informações, são três pães e uma canção do avô à mãe",
        "A plain English list of photographs, tapes and books with 24° 12' N and 5½ pages © 1975",
        "Người Ba Na ở làng Kon Klơr đánh chiêng",
        "",
    ],
)
def test_no_other_language_is_taken_for_old_vietnamese(text: str) -> None:
    assert looks_like(text) == ""


def test_broken_letters_far_down_are_found_too(csv_of: Callable[[bytes], Path]) -> None:
    assert refused(csv_of("a,đ\n".encode() + b"b,c\n" * 100_000 + b"\xff\xfe,d\n")) == "not_utf8"


def test_memory_stays_flat_over_a_long_table(tmp_path: Path) -> None:
    path = tmp_path / "dai.csv"
    path.write_text("a,b\n" + f"x,{'chữ ' * 200}\n" * 30_000, "utf-8")

    tracemalloc.start()
    for _row in reading.rows(path):
        pass
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert path.stat().st_size > 30_000_000
    assert peak < 8_000_000


# --- XLSX -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "bang.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Mã số", "Thời gian", "Số", "Có"])
    sheet.append(["KT.1", date(1975, 4, 30), 1975.0, True])
    sheet["A5"] = "KT.2"
    sheet["B5"] = datetime(2001, 2, 3, 4, 5)
    sheet["C5"] = 1.5
    made.create_sheet("Khác").append(["khác"])
    made.save(path)
    return path


def test_a_workbook_is_read_as_a_person_would_type_it(book: Path) -> None:
    assert read(book) == [
        (1, ("Mã số", "Thời gian", "Số", "Có")),
        (2, ("KT.1", "1975-04-30", "1975", "1")),
        (3, ()),
        (4, ()),
        (5, ("KT.2", "2001-02-03T04:05:00", "1.5")),
    ]


def test_a_formula_is_read_as_what_it_last_came_to(book: Path, tmp_path: Path) -> None:
    path = _changed(book, tmp_path, "xl/worksheets/sheet1.xml", b"<v>1.5</v>", b"<f>1+0.5+[1]Sheet1!A1</f><v>7</v>")

    assert read(path)[-1] == (5, ("KT.2", "2001-02-03T04:05:00", "7"))


def test_what_a_sheet_says_of_its_size_is_not_believed(book: Path, tmp_path: Path) -> None:
    path = _changed(book, tmp_path, "xl/worksheets/sheet1.xml", b'ref="A1:D5"', b'ref="A1:XFD1048576"')

    assert len(read(path)) == 5
    assert max(len(cells) for _number, cells in read(path)) == 4


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet'),
        ("xl/workbook.xml", b"<workbook", b"<!--" + b"x" * 70_000 + b"--><workbook"),
        ("xl/worksheets/sheet1.xml", b'<row r="5"', b'<row r="99999999999"'),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<row>"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><<"),
    ],
)
def test_a_workbook_made_to_do_harm_is_refused(book: Path, tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    assert refused(_changed(book, tmp_path, part, old, new)) == "damaged"


def test_a_bomb_is_refused_before_it_is_unpacked(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != "xl/sharedStrings.xml":
                new.writestr(part, old.read(part))
        with new.open("xl/sharedStrings.xml", "w") as bomb:
            for _megabyte in range(65):
                bomb.write(b"<" + b" " * 999_999)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_k: pytest.fail("it was opened"))

    assert path.stat().st_size < 200_000
    assert refused(path) == "too_large_unpacked"


def test_a_bomb_among_the_pictures_is_refused_too(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook says itself where its texts are."""
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part).replace(b"/xl/sharedStrings.xml", b"/xl/media/a.xml")
            new.writestr(part.filename.replace("xl/sharedStrings.xml", "xl/media/a.xml"), content)
    assert read(path) == read(book)

    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as new, new.open("xl/media/b.xml", "w") as bomb:
        for _megabyte in range(65):
            bomb.write(b"<" + b" " * 999_999)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_k: pytest.fail("it was opened"))

    assert refused(path) == "too_large_unpacked"


def test_a_declaration_among_the_pictures_is_refused_too(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book, "a") as workbook:
        workbook.writestr("xl/media/a.xml", '<!DOCTYPE sst [<!ENTITY a "b">]><sst/>')

    assert refused(book) == "damaged"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert refused(path) == "not_a_table"


def test_hostile_archives_and_office_files_from_the_wild_are_refused_in_our_words(visible_files: Path) -> None:
    found = [*(visible_files / "archive").glob("*.zip"), *(visible_files / "office").iterdir()]
    assert len(found) > 8

    for path in found:
        assert refused(path) in {"damaged", "not_a_table"}, path.name


def _changed(book: Path, folder: Path, name: str, old: bytes, new: bytes) -> Path:
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(part, content)
    return path


def _read_or_refused(path: Path) -> None:
    code = ""
    try:
        read(path)
    except TableError as error:
        code, said = error.code, sentences.of_file(error)
    assert not code or said != code


# --- Whatever comes -----------------------------------------------------------------------------------------------------


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, derandomize=True, deadline=None
)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_are_read_or_refused_in_our_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    _read_or_refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, derandomize=True, deadline=None)
@given(
    st.integers(0, 10**6),
    st.binary(min_size=1, max_size=6),
    st.sampled_from(["sheet1.xml", "sharedStrings.xml", "workbook.xml", "styles.xml"]),
)
def test_a_workbook_changed_anywhere_is_read_or_refused_in_our_words(
    book: Path, tmp_path: Path, at: int, new: bytes, name: str
) -> None:
    changed = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith(name):
                place = at % len(content)
                content = content[:place] + new + content[place + len(new) :]
            target.writestr(part, content)
    path = tmp_path / "x.xlsx"
    path.write_bytes(changed.getvalue())

    _read_or_refused(path)


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
_XLSX_CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=30
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, derandomize=True, deadline=None
)
@given(st.lists(st.lists(_CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_what_we_write_as_csv_reads_back_and_runs_nowhere(tmp_path: Path, rows: list[list[str]]) -> None:
    _reads_back(tmp_path / "x.csv", rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.lists(_XLSX_CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_what_we_write_as_xlsx_reads_back_and_runs_nowhere(tmp_path: Path, rows: list[list[str]]) -> None:
    _reads_back(tmp_path / "x.xlsx", rows)


def _reads_back(path: Path, rows: list[list[str]]) -> None:
    from archive.tables.cells import plain  # noqa: PLC0415

    headed = [["đầu", "đề"], *[["x", *row] for row in rows]]
    copy = writing.copy_at(path)
    for row in headed:
        copy.add(row)
    copy.close()

    raw = [list(cells) for _number, cells in read(path)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cells in raw for cell in cells)
    found = [[plain(cell) for cell in cells] for cells in raw]
    assert found == [_trimmed(row) for row in headed]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row
