"""The Vietnamese words that librarians use, in the sentences where they stand: the glossary of the catalogue.

Each row names an English text, whole, and the word of the trade that its translation must hold.
"""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

CATALOGUE = Path(__file__).resolve().parents[2] / "locale" / "vi" / "LC_MESSAGES" / "django.po"
GLOSSARY = {
    "item": "tài liệu",
    "collection": "bộ sưu tập",
    "title": "nhan đề",
    "author": "tác giả",
    "creator": "người tạo lập",
    "contributor": "người cộng tác",
    "performer": "người trình diễn",
    "narrator": "người kể",
    "collector": "người sưu tầm",
    "donor": "người gửi tặng",
    "publisher": "nhà xuất bản",
    "subject": "chủ đề",
    "role": "vai trò",
    "place name": "địa danh",
    "kind": "loại hình",
    "format": "định dạng",
    "identifier": "định danh",
    "Origin": "nguồn gốc",
    "Rights": "các quyền",
    "Of folklore: people, village, the performers' wish.": "tác phẩm văn học, nghệ thuật dân gian",
    "access": "mức truy cập",
    "Access": "mức truy cập",
    "Saved. By the access you chose the item is now closed to you, too.": "mức truy cập",
    "On site: library or reading point": "chỉ đọc tại chỗ",
    "Registered readers": "bạn đọc đã đăng ký",
    "Members of a community's protocol": "quy ước văn hóa của cộng đồng",
    "draft": "bản nháp",
    "in review": "đang kiểm duyệt",
    "published": "công bố",
    "master file": "tệp gốc (bản lưu)",
    "derivative": "bản phục vụ",
    "small pictures": "ảnh thu nhỏ",
    "kept without preview": "xem trước",
    "waveform": "dạng sóng",
    "transcript or translation": "bản gỡ băng",
    "The file changed on its way: its checksum is wrong. Nothing was stored; send it again.": "mã kiểm tra",
    "log entries": "nhật ký hệ thống",
    "created": "biểu ghi",
    "date": "thời gian",
    "Search": "tìm kiếm",
    "Download": "tải về",
    "Digital archive": "kho tư liệu số",
    "Cite this work": "trích dẫn",
    "district (until 30 June 2025)": "huyện, thị xã, thành phố thuộc tỉnh",
    "commune only": "xã, phường, đặc khu",
}

pytestmark = pytest.mark.pure


def test_librarians_read_the_words_of_their_trade() -> None:
    said: dict[str, list[str]] = {}
    for entry in polib.pofile(str(CATALOGUE)):
        said.setdefault(entry.msgid, []).extend([entry.msgstr, *entry.msgstr_plural.values()])

    assert {
        english: said.get(english)
        for english, word in GLOSSARY.items()
        if word not in "|".join(said.get(english, [])).lower()
    } == {}
