"""python -m scripts.museum_table ARTWORKS.tar.gz COUNT OUT.csv [--files DIR]: a table to load, of a museum's published records.

The archive holds one JSON a work, as the Tate publishes its collection (CC0). There are fewer works than rows: they come again under
further numbers. Persons, subjects and the collection that the rows name are made in the database of the environment (`DATABASE_URL`,
`HERITAGE_DATA`). With `--files` every two-hundredth row has a picture from that folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HEADINGS = (
    "Mã số", "Nhan đề [en]", "Loại", "Thời gian (EDTF)", "Thời gian như đã ghi", "Chất liệu [en]", "Khối lượng [en]", "Mô tả [en]",
    "Nguồn [en]", "Chủ đề", "Người tham gia", "Sưu tập", "Ngôn ngữ", "Quyền", "Ai được xem", "Tệp",
)  # fmt: skip
RIGHTS = "http://creativecommons.org/publicdomain/zero/1.0/"
A_PICTURE_EACH = 200
SUBJECTS_MOST = 6


def works(archive: Path) -> list[Mapping[str, Any]]:  # Any: another's JSON
    """Return the museum's records in the order of the archive."""
    with tarfile.open(archive) as packed:
        files = [packed.extractfile(member) for member in packed.getmembers() if member.isfile()]
        return [json.load(file) for file in files if file is not None]


def subjects(node: Mapping[str, Any]) -> Iterator[str]:  # Any: as above
    """Yield the narrowest terms of a tree of subjects."""
    below = node.get("children") or []
    if not below and node.get("name"):
        yield str(node["name"])
    for one in below:
        yield from subjects(one)


def row(work: Mapping[str, Any], number: int, picture: str) -> list[str]:  # Any: as above
    """Return one row. `number` makes the identifier another one each time."""
    years = work.get("dateRange") or {}
    first, last = years.get("startYear"), years.get("endYear")
    edtf = "" if first is None else f"{first:04}" if first == last or last is None else f"{first:04}/{last:04}"
    artists = [one["fc"] for one in work.get("contributors") or ()]
    return [
        f"{work['acno']}.{number:06}", work["title"], "ảnh", edtf,
        work.get("dateText") or "", work.get("medium") or "", work.get("dimensions") or "",
        work.get("inscription") or work.get("groupTitle") or "", work.get("creditLine") or "",
        "; ".join(list(dict.fromkeys(subjects(work.get("subjects") or {})))[:SUBJECTS_MOST]),
        " | ".join(f"{name} (artist)" for name in artists), "Tate", "zxx", RIGHTS, "công khai", picture,
    ]  # fmt: skip


def write(path: Path, found: Sequence[Mapping[str, Any]], count: int, pictures: Sequence[str]) -> None:  # Any: as above
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(count):
            has_one = bool(pictures) and number % A_PICTURE_EACH == 0
            picture = pictures[number // A_PICTURE_EACH % len(pictures)] if has_one else ""
            writer.writerow(row(found[number % len(found)], number, picture))


def make_headings(found: Sequence[Mapping[str, Any]]) -> None:  # Any: as above
    """Write the authorities that the rows name, where they are not there."""
    import django  # noqa: PLC0415  # not before the environment is read

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
    django.setup()
    from archive import languages  # noqa: PLC0415  # as above
    from archive.models import Agent, Collection, Subject  # noqa: PLC0415

    for number, name in enumerate(sorted({one["fc"] for work in found for one in work.get("contributors") or ()})):
        Agent.objects.get_or_create(slug=f"artist-{number}", defaults={"names": languages.of(en=name)})
    for number, name in enumerate(sorted({one for work in found for one in subjects(work.get("subjects") or {})})):
        Subject.objects.get_or_create(slug=f"subject-{number}", defaults={"names": languages.of(en=name)})
    Collection.objects.get_or_create(slug="tate", defaults={"names": languages.of(en="Tate")})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.museum_table", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=Path, help="a folder of pictures (*.jpg)")
    wishes = parser.parse_args()
    found = works(wishes.archive)
    make_headings(found)
    pictures = [] if wishes.files is None else sorted(one.name for one in wishes.files.glob("*.jpg"))
    write(wishes.out, found, wishes.count, pictures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
