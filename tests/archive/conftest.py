"""People, an item and folders for the tests of uploads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import User
from archive import languages
from archive.actions.create_item import Description, create_item
from archive.models import Item

DISK_RESERVE_FOR_TESTS = 0


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:  # Any: pytest-django's settings
    """Incoming and stored files of one test."""
    settings.INCOMING_DIR = tmp_path / "incoming"
    settings.WORK_DIR = tmp_path / "work"
    settings.DISK_RESERVE_BYTES = DISK_RESERVE_FOR_TESTS
    storage = dict(settings.STORAGES)
    storage["files"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    storage["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storage
    return tmp_path


def person(name: str, *roles: str, **facts: object) -> User:
    """A member of staff with ready-made roles."""
    user = User.objects.create_user(name, password="kh0ng-d0an-duoc", is_staff=facts.pop("is_staff", True), **facts)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def cataloguer(db: None) -> User:
    return person("bien_muc", "Cataloguer")


@pytest.fixture
def colleague(db: None) -> User:
    return person("dong_nghiep", "Cataloguer")


@pytest.fixture
def desk_client(cataloguer: User) -> Client:
    """A browser in which the cataloguer is signed in, with CSRF checks on."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cataloguer)
    return client


@pytest.fixture
def item(db: None) -> Item:
    described = Description(kind="image", titles=languages.of(vi="Nhà rông làng Kon Klor"))
    return create_item(described, actor=None, now=timezone.now(), access=policy.PUBLIC)
