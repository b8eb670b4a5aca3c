"""People at the desk, and a browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import User
from access.policy import Policy
from archive import languages
from archive.actions.create_item import Description, create_item
from archive.models import Item


def staff(name: str, *roles: str, **facts: Any) -> User:
    user = User.objects.create_user(name, password="cu-ky-khong-doan", is_staff=True, **facts)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def an_item(title: str, *, access: Policy = policy.PUBLIC, **facts: Any) -> Item:
    described = Description(kind="image", titles=languages.of(vi=title), **facts)
    return create_item(described, actor=None, now=timezone.now(), access=access)


@pytest.fixture
def cataloguer(db: None) -> Client:
    return signed_in(staff("bien_muc", "Cataloguer"))


@pytest.fixture
def publisher(db: None) -> Client:
    return signed_in(staff("cong_bo", "Publisher"))


@pytest.fixture
def administrator(db: None) -> Client:
    return signed_in(staff("quan_tri", is_superuser=True))
