"""A wrong setting stops the start with a sentence that names it, and production refuses the conveniences of a trial."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from heritage import env

pytestmark = pytest.mark.pure
ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-more-than-fifty-characters-for-this-test-alone-0123456789"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("HERITAGE_DATA", ""),
        ("HERITAGE_PRODUCTION", "perhaps"),
        ("HERITAGE_ALLOWED_HOSTS", "https://tulieu.example.vn/"),
        ("HERITAGE_BASE_URL", "tulieu.example.vn"),
        ("HERITAGE_BASE_URL", "https://tulieu.example.vn/kho"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgresql://user@host/"),
        ("DATABASE_URL", "postgresql://user@host/name?sslmod=require"),
        ("REDIS_URL", "http://host"),
        ("STORAGE_URL", "s3://host/bucket"),
        ("STORAGE_URL", "s3://key:secret@host/bucket/folder"),
        ("STORAGE_URL", "s3://key:secret@host/bucket?tls=perhaps"),
        ("HERITAGE_TIME_ZONE", "Nowhere/Land"),
        ("HERITAGE_TIME_ZONE", "../../etc/passwd"),
        ("HERITAGE_HOLIDAYS", "2027-02-30"),
        ("LIBRARY_CONTACT_EMAIL", "thu-vien"),
        ("ARK_NAAN", "1234"),
        ("HERITAGE_LEASE_S", "0"),
        ("HERITAGE_LEASE_S", "a minute"),
        ("HERITAGE_SENDFILE", "apache"),
        ("FFMPEG_BINARY", "/nowhere/ffmpeg"),
        ("HERITAGE_TESSDATA", "/nowhere/tessdata"),
        ("HERITAGE_SOFFICE", "/nowhere/soffice"),
        ("HERITAGE_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        env.VARIABLES[name].get({name: wrong})


def test_what_is_not_set_has_its_default() -> None:
    for variable in env.VARIABLES.values():
        variable.get({})


def test_a_database_is_asked_for_encryption_as_its_address_says() -> None:
    read = env.database(
        "postgresql://archive:pa%40ss@db.example.vn:5433/nha%20rong?sslmode=verify-full&sslrootcert=/ca.pem"
    )

    assert read == env.Database(
        name="nha rong",
        user="archive",
        password="pa@ss",
        host="db.example.vn",
        port="5433",
        tls={"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
    )


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ("s3://k:s@files.example.vn/b", "https://files.example.vn"),
        ("s3://k:s@127.0.0.1:9000/b?tls=0", "http://127.0.0.1:9000"),
        ("s3://k:s@[::1]:9000/b?tls=0", "http://[::1]:9000"),
    ],
)
def test_an_s3_address_leads_to_its_endpoint(address: str, endpoint: str) -> None:
    read = env.bucket(address)

    assert read is not None
    assert read.endpoint == endpoint


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    """Start a command of the product with these settings and none of the test run's."""
    kept = {name: value for name, value in os.environ.items() if name not in env.VARIABLES}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        ("HERITAGE_SECRET_KEY", {"HERITAGE_SECRET_KEY": ""}),
        ("HERITAGE_SECRET_KEY", {"HERITAGE_SECRET_KEY": "short"}),
        ("HERITAGE_SECRET_KEY", {"HERITAGE_SECRET_KEY": f"change-me-{SECRET}"}),
        ("HERITAGE_DEBUG", {"HERITAGE_DEBUG": "1"}),
        ("HERITAGE_ALLOWED_HOSTS", {"HERITAGE_ALLOWED_HOSTS": "*"}),
    ],
)
def test_production_does_not_start_with_the_conveniences_of_a_trial(
    tmp_path: Path, named: str, wrong: dict[str, str]
) -> None:
    right = {
        "HERITAGE_DATA": str(tmp_path),
        "HERITAGE_PRODUCTION": "1",
        "HERITAGE_SECRET_KEY": SECRET,
        "HERITAGE_ALLOWED_HOSTS": "tulieu.example.vn",
    }
    refused = start(**right | wrong)

    assert refused.returncode == 1
    # One sentence, not a traceback.
    assert refused.stderr.startswith(f"{named}: ")
    assert len(refused.stderr.splitlines()) == 1


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")

    refused = start(HERITAGE_DATA=str(blocked / "data"))

    assert refused.returncode == 1
    assert refused.stderr.startswith("HERITAGE_DATA: ")


def test_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "from heritage import settings; print(settings.SECRET_KEY)"]
    kept = {name: value for name, value in os.environ.items() if name not in env.VARIABLES}
    started = [
        subprocess.Popen(
            words, cwd=ROOT, env=kept | {"HERITAGE_DATA": str(tmp_path)}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    secrets = {process.communicate(timeout=120)[0] for process in started}

    assert len(secrets) == 1
    assert len(secrets.pop().strip()) > 50
    assert [path.name for path in tmp_path.glob("secret-key*")] == ["secret-key"]
