"""Plants every leak of planted_leaks.py, one after another, and says what saw it: `python -m tests.access_matrix.leaks`."""

from __future__ import annotations

import os
import sys

import pytest

TESTS = (
    "tests/access_matrix/test_leaks.py::test_a_leak_made_on_purpose_is_seen",
    "tests/doors/test_caching_proxy.py::test_a_leak_made_on_purpose_is_seen_through_the_cache",
)
SEEN_BY = "seen by"  # the property of a test's report that names the first fault


class Count:
    """Counts what pytest reports of the leaks, and keeps what saw each."""

    def __init__(self) -> None:
        self.planted = self.seen = 0
        self.lines: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.planted = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("[")[2].rstrip("]").replace("_", " ")
        if report.when == "call" and report.passed:
            self.seen += 1
            self.lines.append(f"{name}: {dict(report.user_properties).get(SEEN_BY)}")
        elif report.failed:
            self.lines.append(f"{name}: NOT SEEN")
        elif report.skipped:
            self.planted -= 1
            self.lines.append(f"{name}: not planted, there is no nginx here")


def main() -> int:
    """Plant each leak and print how many were seen. Returns 0 when all were."""
    # As in a long run, which leaves none of them to the other profile.
    os.environ["HERITAGE_TEST_LONG"] = "1"
    count = Count()
    pytest.main([*TESTS, "--quiet", "--no-header", "--no-summary", "-p", "no:logging"], [count])
    print(*count.lines, sep="\n")
    print(f"{count.seen} of {count.planted} leaks seen")
    return 0 if count.seen == count.planted > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
