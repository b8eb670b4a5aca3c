"""What runs in one of the two profiles alone, and with `./scripts/test --long` in both.

Both ask whatever the database, the store or the broker answers. Screens look alike over either, and the access matrix opens every one of
them over both; a browser runs the same script before either. Pure tests (`pytest.mark.pure`) run once in any case.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pytest

EMBEDDED, SERVED = "embedded", "served"
# Files, and folders with a stroke at the end, that ask nothing in which the profiles differ.
ONLY_IN: Mapping[str, str] = {
    "tests/desk/": EMBEDDED,
    "tests/doors/public/": EMBEDDED,
    "tests/i18n/": EMBEDDED,
    "tests/iiif/test_reading.py": EMBEDDED,
    "tests/search/test_judged.py": EMBEDDED,
    "tests/archive/test_gazetteer.py": EMBEDDED,
    "tests/archive/sample/test_books.py": EMBEDDED,
    "tests/journeys/test_every_field.py": EMBEDDED,
    # Caches stand before PostgreSQL: the embedded profile has none.
    "tests/doors/test_caching_proxy.py": SERVED,
}
# Of these: the form that writes most, what people do at once, what rows are locked for, a whole day with every part of the archive.
IN_BOTH = (
    "tests/desk/test_items.py",
    "tests/desk/test_meeting.py",
    "tests/desk/test_moving.py",
    "tests/desk/test_work.py",
    "tests/journeys/test_librarians_day.py",
    "tests/journeys/test_subtitles.py",
)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what is the other profile's, and remember it for the summary. Nothing is taken out of a long run."""
    profile = os.environ.get("HERITAGE_TEST_PROFILE", "")
    if not profile or os.environ.get("HERITAGE_TEST_LONG") == "1":
        return
    out = [item for item in items if _home_of(item) not in {"", profile}]
    if out:
        config.hook.pytest_deselected(items=out)
        left = set(out)
        items[:] = [item for item in items if item not in left]
    remember(config, sorted({_file(item) for item in out}))


def home(file: str, *, is_pure: bool, is_browser: bool) -> str:
    """Return the profile in which alone a test runs; empty for both, and for pure ones, which have a rule of their own."""
    if is_pure or file in IN_BOTH:
        return ""
    named = next((profile for path, profile in ONLY_IN.items() if file == path or _lies_in(file, path)), "")
    return named or (EMBEDDED if is_browser else "")


def _home_of(item: pytest.Item) -> str:
    marked = {name: item.get_closest_marker(name) is not None for name in ("pure", "browser")}
    return home(_file(item), is_pure=marked["pure"], is_browser=marked["browser"])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _lies_in(file: str, folder: str) -> bool:
    return folder.endswith("/") and file.startswith(folder)


_LEFT_OUT = pytest.StashKey[Sequence[str]]()
# Under this name a process of tests tells the one that prints.
TOLD_AS = "left to the other profile"


def remember(config: pytest.Config, files: Sequence[str]) -> None:
    """Keep for the summary of which files something was left to the other profile."""
    config.stash[_LEFT_OUT] = files


def left_out(config: pytest.Config) -> Sequence[str]:
    """Return the files of which something was left to the other profile."""
    return config.stash.get(_LEFT_OUT, ())


def summary(files: Sequence[str]) -> list[str]:
    """Return the lines that name what this run left out: folders as wholes, other files one by one."""
    named = [path for path in ONLY_IN if any(file == path or _lies_in(file, path) for file in files)]
    others = [file for file in files if not any(file == path or _lies_in(file, path) for path in named)]
    return [*named, *others]
