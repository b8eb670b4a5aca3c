"""Each thread has a language, a time zone, addresses and connections of its own, and they end with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from asgiref.local import Local
from django.db import connections
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone, translation

from heritage import threads
from scripts.programs import ROOT

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def by_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in threads.PLACES:
        # Of another kind in another Django: then this is to be thought of anew.
        assert isinstance(getattr(owner, name), Local)
        monkeypatch.setattr(owner, name, getattr(owner, name))
    threads.keep_by_thread()


def in_another_thread(what: Callable[[], object]) -> object:
    told: list[object] = []
    thread = threading.Thread(target=lambda: told.append(what()))
    thread.start()
    thread.join()
    return told[0]


def active() -> tuple[object, ...]:
    return translation.get_language(), timezone.get_current_timezone_name(), get_script_prefix(), get_urlconf()


def test_what_is_active_in_one_thread_is_not_in_another() -> None:
    before = active()
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
        set_script_prefix("/thu-vien/")
        set_urlconf("public_site.urls")
        assert active() == ("en", "Asia/Tokyo", "/thu-vien/", "public_site.urls")
        assert in_another_thread(active) == before
    set_script_prefix("/")
    set_urlconf(None)

    assert active() == before


def test_what_ends_goes_back_to_what_was_before() -> None:
    with translation.override("en"):
        with translation.override("vi"):
            assert translation.get_language() == "vi"
        assert translation.get_language() == "en"
        translation.deactivate()
        assert translation.get_language() == "vi"  # of the settings


def test_each_thread_has_a_connection_and_keeps_it() -> None:
    here = connections["default"]

    assert connections["default"] is here
    assert in_another_thread(lambda: connections["default"] is here) is False
    assert in_another_thread(lambda: connections["default"] is connections["default"]) is True
    assert connections.all(initialized_only=True)[0] is here


def test_the_web_process_keeps_them_so(tmp_path: Path) -> None:
    asked = (
        "import threading, heritage.wsgi; from heritage.threads import PLACES; "
        "print(*(type(getattr(*place)) is threading.local for place in PLACES))"
    )
    environment = {**os.environ, "HERITAGE_DATA": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["True"] * 5
