"""A table as a library has it: texts in two languages, names of authorities, dates as people say them, who may see it."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from django.core.management import call_command

from access.models import Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.roles import ProtocolRole
from archive import languages
from archive.models import Agent, Collection, People, Subject

HEADINGS = (
    "Mã số", "Nhan đề", "Nhan đề [en]", "Mô tả", "Loại", "Thời gian", "Dân tộc", "Chủ đề", "Sưu tập", "Người kể", "Nơi làm ra",
    "Ngôn ngữ", "Quyền", "Ai được xem", "Quy ước", "Lý do hạn chế",
)  # fmt: skip
_SAID = "chiêng rông suối núi lúa mùa hát kể đêm làng già trẻ lễ ché cồng xoang rẫy nương nhà đá gùi khố váy thổ cẩm"
WORDS = _SAID.split()
PLACES = ("Xã Đăk Rơ Wa", "Phường Kon Tum", "Xã Măng Đen", "Xã Đăk Tô", "Xã Ngọk Tụ", "Huyện Sa Thầy, tỉnh Kon Tum")
ACCESS = (
    ("công khai", "", ""),
    ("bạn đọc đăng ký", "", "theo_mua"),
    ("nội bộ", "", ""),
    ("", "Người lớn tuổi", "tang_le"),
)


def librarian() -> User:
    """Write the authorities that the table names; return who loads it: a steward of the protocol who may choose access."""
    call_command("load_places", verbosity=0)
    for slug, name in (("ba-na", "Ba Na"), ("xo-dang", "Xơ Đăng"), ("gie-trieng", "Giẻ Triêng")):
        People.objects.create(slug=slug, names=languages.of(vi=name))
    for number in range(60):
        Subject.objects.create(slug=f"chu-de-{number}", names=languages.of(vi=f"Chủ đề {number}"))
    for number in range(2000):
        Agent.objects.create(slug=f"nghe-nhan-{number}", names=languages.of(vi=f"Nghệ nhân {number}"))
    Collection.objects.create(slug="dien-da", names=languages.of(vi="Điền dã"))
    user = User.objects.create_superuser("thu-thu")
    home = Community.objects.create(name="Làng")
    CommunityMembership.objects.create(community=home, user=user)
    protocol = Protocol.objects.create(name="Người lớn tuổi")
    protocol.communities.add(home)
    ProtocolMembership.objects.create(protocol=protocol, user=user, role=ProtocolRole.STEWARD)
    return user


def write(path: Path, *, count: int, first: int = 0) -> Path:
    """Write a table of so many rows; another `first` gives other numbers."""
    order = random.Random(20261126 + first)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(first, first + count):
            title = " ".join(order.choice(WORDS) for _ in range(9))
            year = order.randint(1950, 2020)
            dates = (
                f"{order.randint(1, 28)}/{order.randint(1, 12)}/{year}",
                str(year),
                f"khoảng {year}",
                f"trước {year}",
            )
            subjects = "; ".join(f"Chủ đề {order.randint(0, 59)}" for _ in range(2))
            writer.writerow(
                [
                    f"KT.{number:07}",
                    title.capitalize(),
                    f"Recording {number} of the collection",
                    " ".join(order.choice(WORDS) for _ in range(45)),
                    order.choice(("ảnh", "ghi âm", "video", "văn bản")),
                    order.choice(dates),
                    order.choice(("Ba Na", "Xơ Đăng", "gie-trieng")),
                    subjects,
                    "Điền dã",
                    f"Nghệ nhân {order.randint(0, 1999)}",
                    order.choice(PLACES),
                    "vi; bdq",
                    "http://rightsstatements.org/vocab/InC/1.0/",
                    *order.choice(ACCESS),
                ]
            )
    return path
