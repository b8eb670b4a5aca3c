"""Roles in communities and protocols, and what each may do. Pure.

The table is that of Mukurtu (its roles and permissions), which stewards of such collections know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.policy import Sharing


class CommunityRole(models.TextChoices):
    """What somebody is to a community."""

    MEMBER = "member", _("member")
    AFFILIATE = "affiliate", _("affiliate")
    MANAGER = "manager", _("manager")


class ProtocolRole(models.TextChoices):
    """What somebody is to a protocol. Each of them lets its holder see what the protocol protects."""

    MEMBER = "member", _("member")
    AFFILIATE = "affiliate", _("affiliate")
    CONTRIBUTOR = "contributor", _("contributor")
    CURATOR = "curator", _("curator")
    LANGUAGE_CONTRIBUTOR = "language_contributor", _("language contributor")
    LANGUAGE_STEWARD = "language_steward", _("language steward")
    STEWARD = "steward", _("protocol steward")


class Ability(StrEnum):
    """One thing that a role may allow."""

    APPLY = "apply"  # put something under the protocol
    CREATE_ITEM = "create_item"
    EDIT_OWN = "edit_own"
    EDIT_ANY = "edit_any"  # change or take off whatever lies under the protocol
    CURATE = "curate"  # collections
    EDIT_OWN_WORD = "edit_own_word"
    EDIT_ANY_WORD = "edit_any_word"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_SETTINGS = "manage_settings"  # open or strict, locked, name
    DECIDE = "decide"  # grants, requests, takedowns


_WORDS = frozenset({Ability.APPLY, Ability.EDIT_OWN_WORD})
ABILITIES: Mapping[str, frozenset[Ability]] = {
    ProtocolRole.MEMBER: frozenset(),
    ProtocolRole.AFFILIATE: frozenset(),
    ProtocolRole.CONTRIBUTOR: frozenset({Ability.APPLY, Ability.CREATE_ITEM, Ability.EDIT_OWN}),
    ProtocolRole.CURATOR: frozenset({Ability.APPLY, Ability.CURATE}),
    ProtocolRole.LANGUAGE_CONTRIBUTOR: _WORDS,
    ProtocolRole.LANGUAGE_STEWARD: _WORDS | {Ability.EDIT_ANY_WORD},
    ProtocolRole.STEWARD: frozenset(Ability),
}


def abilities_of(roles: Iterable[str]) -> frozenset[Ability]:
    """Return what these roles together allow; an unknown role allows nothing."""
    return frozenset().union(*(ABILITIES.get(role, frozenset()) for role in roles))


def may(
    ability: Ability,
    *,
    protocols: Iterable[str],
    sharing: Sharing,
    held: Mapping[str, frozenset[Ability]],
) -> bool:
    """Return whether somebody may do this to what lies under these protocols. `held`: their abilities by protocol.

    Under `all` the ability must be held in every protocol, under `any` in one. An open protocol gives nobody an ability.
    """
    each = [ability in held.get(protocol, frozenset()) for protocol in protocols]
    return bool(each) and (any(each) if sharing is Sharing.ANY else all(each))
