"""The matrix is made once for all tests that read it, in a transaction of its own that is taken back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from access import partner_limits
from public_site.views import indexes
from tests.access_matrix import matrix as whole
from tests.access_matrix.matrix import Matrix
from tests.conftest import folders_below


@pytest.fixture(autouse=True)
def the_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the first lot always: what leads somewhere by chance can be compared then."""
    monkeypatch.setattr(indexes, "draw", min)


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a partner's program ask as fast as the machine can: how fast it may be has tests of its own."""
    limit = partner_limits.Limit(10**9, 1000)
    monkeypatch.setattr(partner_limits, "LIMITS", dict.fromkeys(partner_limits.LIMITS, limit))


@pytest.fixture(scope="package")
def matrix_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:  # Any: values of settings
    """Return the settings under which the matrix lies in its store."""
    return folders_below(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="package")
def shared_matrix(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    matrix_settings: dict[str, Any],  # Any: as above
) -> Iterator[Matrix]:
    """Make everybody and everything, once a process. Each test's own changes are taken back to here."""
    held = transaction.atomic()
    with django_db_blocker.unblock(), override_settings(**matrix_settings):
        held.__enter__()
        try:
            made = whole.make(tmp_path_factory.mktemp("sources"))
        except BaseException as error:
            held.__exit__(type(error), error, error.__traceback__)
            raise
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


@pytest.fixture
def matrix(shared_matrix: Matrix, matrix_settings: dict[str, Any], settings: LazySettings) -> Matrix:  # Any: as above
    """Return the matrix, with its store in the settings; changes of a test end with the test."""
    for name, value in matrix_settings.items():
        setattr(settings, name, value)
    return shared_matrix
