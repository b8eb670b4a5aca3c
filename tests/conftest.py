"""Fixtures and markers of the whole suite."""

from __future__ import annotations

import os

import pytest

from tests.services.fixtures import postgres_server, redis_server, s3_server

__all__ = ["postgres_server", "redis_server", "s3_server"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "pure: needs neither database nor storage; run in the embedded profile only")
    config.addinivalue_line("markers", "long: run by ./scripts/test --long only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pure tests once, not in each profile; long ones only when asked for."""
    served = os.environ.get("HERITAGE_TEST_PROFILE") == "served"
    left_out = [item for item in items if served and item.get_closest_marker("pure")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    if os.environ.get("HERITAGE_TEST_LONG") != "1":
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="long: run by ./scripts/test --long"))
