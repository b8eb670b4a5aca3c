"""The longest shares of the suite begin first, and what is named so is there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import sharing_out

pytestmark = pytest.mark.pure
TESTS = Path(__file__).parent


class Item:
    """What pytest knows of a test, as far as it is asked here."""

    def __init__(self, path: str, scope: str = "", *, in_browser: bool = False) -> None:
        self.path = TESTS / path
        self.in_browser = in_browser
        self.marks: list[Any] = []
        found = {"shared": [SimpleNamespace(scope=scope)]} if scope else {}
        self._fixtureinfo = SimpleNamespace(name2fixturedefs=found)

    def get_closest_marker(self, name: str) -> bool:
        return name == "browser" and self.in_browser

    def add_marker(self, mark: Any) -> None:
        self.marks.append(mark)


def test_long_shares_begin_first_and_halves_of_a_folder_keep_together() -> None:
    items: list[Any] = [
        Item("archive/test_alone.py"),
        Item("commands/test_backup.py", "module"),
        Item("access_matrix/test_desk.py", "package"),
        Item("access_matrix/test_objects.py", "package"),
        Item("desk/test_browser.py", in_browser=True),
        Item("access_matrix/test_lists.py", "package"),
        Item("archive/test_other.py", "module"),
    ]

    sharing_out.share_out(items)

    assert [(item.path.stem, *(mark.args[0] for mark in item.marks)) for item in items] == [
        ("test_objects", "access_matrix"),
        ("test_desk", "access_matrix-other-half"),
        ("test_lists", "access_matrix-other-half"),
        ("test_browser", "browser"),
        ("test_backup", "test_backup"),
        ("test_alone",),
        ("test_other", "test_other"),
    ]


def test_what_is_named_is_there() -> None:
    folders = {name.removesuffix("-other-half") for name in sharing_out.BEGIN_FIRST}
    stems = {path.stem for path in TESTS.rglob("*.py")} | {path.name for path in TESTS.rglob("*") if path.is_dir()}

    assert folders - {"browser"} <= stems
    for folder, files in sharing_out.CUT.items():
        assert files <= {path.stem for path in (TESTS / folder).glob("test_*.py")}
