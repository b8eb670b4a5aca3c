"""Health: /healthz is the process alone; /readyz says which of its dependencies is away, and 503 when one that it needs is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from heritage import env
from tests import makers
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django
django.setup()
from django.test import Client
client = Client()
ready = client.get("/readyz")
print(client.get("/healthz").status_code, ready.status_code, ready.content.decode())
"""


@pytest.mark.django_db
def test_a_new_archive_is_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "files": True, "broker": True})
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_an_archive_whose_masters_are_gone_is_not_ready(
    client: Client, settings: LazySettings, tmp_path: Path, now: datetime
) -> None:
    makers.file_of(makers.item(now=now), makers.picture(tmp_path / "a.jpg"), now=now)
    assert client.get("/readyz").status_code == 200

    # As when the disk is not mounted: the place is there, and empty.
    settings.STORAGES = settings.STORAGES | {
        "files": {
            **settings.STORAGES["files"],
            "OPTIONS": {**settings.STORAGES["files"]["OPTIONS"], "location": str(tmp_path / "elsewhere").lstrip("/")},
        }
    }
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["files"]) == (503, False)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("setting", "address", "away"),
    [
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:{port}/archive", {"database", "files"}),
        ("STORAGE_URL", "s3://key:secret@127.0.0.1:{port}/bucket?tls=0", {"files"}),
    ],
)
def test_a_server_that_is_away_is_named_and_the_process_lives(
    tmp_path: Path, setting: str, address: str, away: set[str]
) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in env.VARIABLES}
    place = {
        "HERITAGE_DATA": str(tmp_path),
        "HERITAGE_ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "heritage.settings",
    }
    there = kept | place | {setting: address.format(port=free_port())}

    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=there, capture_output=True, text=True, check=True, timeout=120
    )

    alive, ready, said = asked.stdout.strip().split(" ", 2)
    assert (alive, ready) == ("200", "503")
    assert {name for name, there in json.loads(said).items() if not there} == away
