"""Settings that are read the short way are those that Django reads, also after they were changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings, settings
from django.test import override_settings

from heritage.settings_read import read_them_quickly

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    assert "__getattribute__" not in vars(LazySettings)
    read_them_quickly()
    yield
    del LazySettings.__getattribute__


def test_they_are_what_they_are_set_to() -> None:
    name = settings.LIBRARY_NAME

    with override_settings(LIBRARY_NAME="Another"):
        assert settings.LIBRARY_NAME == "Another"
        settings.LIBRARY_NAME = "A third"
        assert settings.LIBRARY_NAME == "A third"
    assert name == settings.LIBRARY_NAME


def test_what_is_not_set_is_missing() -> None:
    assert not hasattr(settings, "NO_SUCH_SETTING")
    with override_settings(NO_SUCH_SETTING=1):
        assert getattr(settings, "NO_SUCH_SETTING", None) == 1
    assert not hasattr(settings, "NO_SUCH_SETTING")
    with override_settings():
        del settings.LIBRARY_NAME
        assert not hasattr(settings, "LIBRARY_NAME")


def test_settings_are_still_known_as_such() -> None:
    assert settings.configured
    assert "LIBRARY_NAME" in dir(settings)
    assert settings.STATIC_URL == "/static/"
    assert repr(settings).startswith("<")
