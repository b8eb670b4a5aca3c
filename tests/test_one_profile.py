"""What runs in one profile alone is there, is told by name, and is nothing that tests the database, the store or the broker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import one_profile
from tests.one_profile import EMBEDDED, IN_BOTH, ONLY_IN, SERVED

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parents[1]
# Folders whose tests ask what a database, a store or a broker answers.
ASKED_IN_BOTH = (
    "tests/access/",
    "tests/access_matrix/",
    "tests/faults/",
    "tests/oai/",
    "tests/pipeline/",
    "tests/tables/",
)


@pytest.mark.parametrize("path", [*ONLY_IN, *IN_BOTH])
def test_what_is_named_is_there(path: str) -> None:
    assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file()


def test_what_asks_the_database_the_store_or_the_broker_is_asked_in_both() -> None:
    assert [path for path in ONLY_IN if path.startswith(ASKED_IN_BOTH)] == []
    assert set(ONLY_IN.values()) == {EMBEDDED, SERVED}


@pytest.mark.parametrize(
    ("file", "home"),
    [
        ("tests/desk/test_roles.py", EMBEDDED),
        ("tests/desk/test_moving.py", ""),
        ("tests/doors/test_caching_proxy.py", SERVED),
        ("tests/doors/test_caching_proxy_too.py", ""),
        ("tests/oai/test_protocol.py", ""),
    ],
)
def test_a_test_is_at_home_where_its_file_is_named(file: str, home: str) -> None:
    assert one_profile.home(file, is_pure=False, is_browser=False) == home


def test_a_browser_runs_in_one_profile_but_for_whole_days_and_pure_tests_go_their_own_way() -> None:
    assert one_profile.home("tests/oai/test_protocol.py", is_pure=False, is_browser=True) == EMBEDDED
    assert one_profile.home("tests/journeys/test_librarians_day.py", is_pure=False, is_browser=True) == ""
    assert one_profile.home("tests/desk/test_roles.py", is_pure=True, is_browser=False) == ""


def test_the_summary_names_folders_as_wholes_and_other_files_one_by_one() -> None:
    files = ["tests/desk/test_lists.py", "tests/desk/test_roles.py", "tests/oai/test_in_a_browser.py"]

    assert one_profile.summary(files) == ["tests/desk/", "tests/oai/test_in_a_browser.py"]
    assert one_profile.summary([]) == []
