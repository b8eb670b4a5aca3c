"""A library's own logo is shown wherever it lies, and the policy of the pages opens to its origin and no other."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from heritage import env

SETTINGS = Path(env.__file__).with_name("settings.py")


def settings_with(logo: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the settings as a start with this logo reads them, beside those of the test run."""
    monkeypatch.setenv("LIBRARY_LOGO", logo)
    spec = importlib.util.spec_from_file_location("settings_with_logo", SETTINGS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("logo", "added"),
    [
        ("", ""),
        ("img/ours.svg", ""),
        ("/static/img/ours.svg", ""),
        ("https://thu-vien.example.vn/hinh/logo.svg?v=2", " https://thu-vien.example.vn"),
        ("http://ten:mk@thu-vien.example.vn:8080/logo.svg", " http://thu-vien.example.vn:8080"),
        ("//thu-vien.example.vn/logo.svg", " thu-vien.example.vn"),
    ],
)
def test_the_header_lets_pages_show_the_logo(
    logo: str, added: str, client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = settings_with(logo, monkeypatch)
    settings.LIBRARY_LOGO, settings.CONTENT_SECURITY_POLICY = started.LIBRARY_LOGO, started.CONTENT_SECURITY_POLICY

    policy = client.get("/about/").headers["Content-Security-Policy"]

    assert f"img-src 'self' data: blob:{added};" in f"{policy};"


@pytest.mark.parametrize("logo", ["https://a.vn; script-src *", "https:///logo.svg", "https://thư.vn/a.svg", "a b.svg"])
def test_a_logo_that_no_header_can_name_stops_the_start(logo: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="LIBRARY_LOGO"):
        env.LIBRARY_LOGO.get({"LIBRARY_LOGO": logo})
