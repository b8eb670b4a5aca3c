"""People, an item and folders for the tests of uploads."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import User
from archive import languages
from archive.actions.create_item import Description, create_item
from archive.models import Item


@pytest.fixture
def folders(settings: LazySettings) -> Path:
    """The folder of incoming files of one test, with no reserve of disk."""
    settings.DISK_RESERVE_BYTES = 0
    incoming = Path(settings.INCOMING_DIR)
    incoming.mkdir(parents=True)
    return incoming


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
