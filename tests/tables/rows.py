"""One full row of a table, and loading tables as the command does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

from access.models import User
from archive.loading.running import Outcome, Run, Wishes, in_lots, survey
from tests.makers import staff

RIGHTS = "http://rightsstatements.org/vocab/InC/1.0/"
FULL = {
    "Mã số": "KT.1",
    "Nhan đề": "Sử thi Dông | Bản kể ở làng",
    "title [en]": "The epic of Dông",
    "Nhan đề khác [*]": "[bdq] Hơ'mon Dông | [fr] L'épopée",
    "Mẫu mô tả": "epic",
    "Loại": "ghi âm",
    "Mô tả": "Một đêm; kể liền; không nghỉ",
    "Ngôn ngữ": "tiếng Ba Na; vi",
    "Thời gian": "khoảng 1998",
    "Năm xuất bản (EDTF)": "2001/2005",
    "Dân tộc": "ba na; XO DANG",
    "Chủ đề": "Hơ'mon",
    "Sưu tập": "Điền dã 1998",
    "Người kể": "A Lưu",
    "Người tham gia": "Đài Phát thanh (Kon Tum) | a-luu (người sưu tầm, recordist)",
    "Nơi làm ra": "Làng Kon Klor, Đăk Rơ Wa, TP Kon Tum",
    "Địa điểm": "thanh-pho-kon-tum (about it, commune only) = thị xã Kon Tum",
    "Quyền": RIGHTS,
    "Mã số khác": "isbn: 9786040000000; kho: A\\;1",
    "Có người nhận ra được": "có",
    "Ai được xem": "Bạn đọc đăng ký",
    "Lý do hạn chế": "theo_mua",
    "own.incipit [bdq]": "Ơ Dông ơ",
    "Số đêm kể": "2",
    "# ghi chú": "bỏ qua",
}


def run(
    path: Path, *, actor: User | None = None, load: bool = True, now: datetime | None = None, **wishes: Any
) -> list[Outcome]:
    found = survey(path)
    assert not found.problems, found.problems
    going = Run(found, Wishes(actor, now or timezone.now(), **wishes))
    return [one for rows in in_lots(path) for one in (going.load(rows) if load else going.check(rows))]


def wrong(path: Path, **wishes: Any) -> list[tuple[int, str, str]]:
    outcomes = run(path, load=False, **wishes)
    return [(one.row, one.column, one.code) for outcome in outcomes for one in outcome.checked.problems]


def librarian(*permissions: str) -> User:
    user = staff()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return User.objects.get(pk=user.pk)
