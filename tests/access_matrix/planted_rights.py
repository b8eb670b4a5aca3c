"""Leaks made on purpose: changes of who stands where, what was granted, and of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, QuerySet

import access.admin.log
import access.middleware
import archive.admin.history
from access import belonging, policy, standings
from access.belonging import Belonging, ProtocolFacts
from access.models import Grant, User
from access.policy import Clause, Level, Sharing, Standing
from access.viewer import Viewer, standing_of
from archive import notes, petition_rights, querysets
from archive.admin.items import ItemAdmin
from archive.history import seeing
from archive.models import Item, ReaderNote
from archive.querysets import ConsentQuerySet, ItemFileQuerySet, ItemQuerySet
from tests.access_matrix.communities import OPEN

Patch = pytest.MonkeyPatch


def a_block_is_forgotten(patch: Patch) -> None:
    patch.setattr(belonging, "is_blocked", lambda _person, _communities, _parents: False)


def a_block_in_the_larger_community_is_forgotten(patch: Patch) -> None:
    def itself(community: int, _parents: Mapping[int, int | None]) -> Iterator[int]:
        yield community

    patch.setattr(belonging, "_upwards", itself)


def a_role_never_ends(patch: Patch) -> None:
    patch.setattr(standings, "_not_over", lambda _now: Q())


def membership_of_the_community_is_not_asked(patch: Patch) -> None:
    def roles_in(person: Belonging, protocol: ProtocolFacts, _parents: object) -> frozenset[str]:
        return person.roles.get(protocol.pid, frozenset())

    patch.setattr(belonging, "roles_in", roles_in)


def a_lock_is_not_looked_at(patch: Patch) -> None:
    real = standings._facts

    def facts(pids: Any) -> list[ProtocolFacts]:
        return [replace(one, is_locked=False) for one in real(pids)]

    patch.setattr(standings, "_facts", facts)


def _satisfied(patch: Patch, also: Any) -> None:
    real = policy._satisfies

    def satisfies(clause: Clause, standing: Standing) -> bool:
        return real(clause, standing) or (clause.level is Level.PROTOCOL and bool(also(clause, standing)))

    patch.setattr(policy, "_satisfies", satisfies)


def all_is_taken_for_any(patch: Patch) -> None:
    _satisfied(patch, lambda clause, standing: standing.protocols.intersection(clause.protocols))


def an_open_protocol_opens_all(patch: Patch) -> None:
    _satisfied(patch, lambda clause, _standing: clause.sharing is Sharing.ALL and OPEN in clause.protocols)


def staff_are_members_of_everything(patch: Patch) -> None:
    _satisfied(patch, lambda _clause, standing: standing.is_staff)


def everybody_reads_on_site(patch: Patch) -> None:
    patch.setattr(access.middleware, "device_of", lambda _request: object())


def a_suspended_account_keeps_its_rights(patch: Patch) -> None:
    def asking(user: Any, **more: Any) -> tuple[User | None, Standing]:
        user.is_active = True
        return standing_of(user, **more)

    patch.setattr(ModelBackend, "user_can_authenticate", lambda _backend, _user: True)
    patch.setattr(access.middleware, "standing_of", asking)


def _granted(patch: Patch, **still: object) -> None:
    def granted(user: User, **_now: object) -> standings.Granted:
        return standings.Granted(
            frozenset(Grant.objects.filter(user=user, **still).values_list("target_pid", flat=True))
        )

    patch.setattr(standings, "granted_to", granted)


def a_grant_never_ends(patch: Patch) -> None:
    _granted(patch, withdrawn_at=None)


def a_grant_is_never_taken_back(patch: Patch) -> None:
    _granted(patch, valid_until__isnull=True)


def a_grant_opens_what_is_not_published(patch: Patch) -> None:
    def seen(viewer: Viewer, prefix: str = "") -> Q:
        by_rule = Q(**{f"{prefix}effective_rule_id__in": viewer.rule_ids})
        return by_rule | Q(**{f"{prefix}pid__in": viewer.granted})

    patch.setattr(querysets, "seen_items", seen)


def a_grant_of_an_item_opens_its_closed_files(patch: Patch) -> None:
    real = ItemFileQuerySet.visible_to
    patch.setattr(
        ItemFileQuerySet,
        "visible_to",
        lambda rows, viewer: real(rows, viewer) | rows.filter(item__pid__in=viewer.granted),
    )


def a_file_is_seen_without_its_item(patch: Patch) -> None:
    patch.setattr(
        ItemFileQuerySet,
        "visible_to",
        lambda rows, viewer: rows.filter(Q(effective_rule_id__in=viewer.rule_ids) | Q(pid__in=viewer.granted)),
    )


def what_is_suspended_is_still_shown(patch: Patch) -> None:
    def visible(rows: QuerySet[Item], viewer: Viewer) -> QuerySet[Item]:
        suspended = Q(chosen_rule_id__in=viewer.rule_ids, state="published", suspended_at__isnull=False)
        return rows.filter(querysets.seen_items(viewer) | suspended)

    patch.setattr(ItemQuerySet, "visible_to", visible)


def a_list_of_the_desk_forgets_the_rule(patch: Patch) -> None:
    patch.setattr(ItemAdmin, "get_queryset", lambda _screen, _request: Item.objects.order_by("pk"))


def the_log_tells_of_everything(patch: Patch) -> None:
    patch.setattr(access.admin.log, "readable", lambda _user, _viewer: Q())


def the_history_shows_every_file(patch: Patch) -> None:
    patch.setattr(archive.admin.history.seeing, "sight", lambda _viewer, item, shots: seeing.everything(item, shots))


def the_bin_shows_whatever_is_in_it(patch: Patch) -> None:
    patch.setattr(ItemQuerySet, "binned_for", lambda rows, _viewer: rows.filter(binned_at__isnull=False))


def a_grant_takes_things_out_of_the_bin(patch: Patch) -> None:
    def seen(viewer: Viewer, prefix: str = "") -> Q:
        by_rule = Q(**{f"{prefix}effective_rule_id__in": viewer.rule_ids})
        published = Q(**{f"{prefix}suspended_at": None}) & (
            Q(**{f"{prefix}state": "published"}) | Q(**{f"{prefix}binned_at__isnull": False})
        )
        return by_rule | Q(**{f"{prefix}pid__in": viewer.granted}) & published

    patch.setattr(querysets, "seen_items", seen)


def staff_see_every_consent(patch: Patch) -> None:
    patch.setattr(ConsentQuerySet, "visible_to", lambda rows, _viewer: rows)


def a_steward_of_one_protocol_reads_what_is_asked_of_another(patch: Patch) -> None:
    real = petition_rights.readable

    def readable(who: Any, viewer: Viewer) -> Q:
        return Q() if who.decides_in else real(who, viewer)

    patch.setattr(petition_rights, "readable", readable)


def a_search_of_the_desk_goes_through_every_item(patch: Patch) -> None:
    def found(_screen: ItemAdmin, _request: object, _rows: object, _words: str) -> tuple[QuerySet[Item], bool]:
        return Item.objects.order_by("-pk"), False

    patch.setattr(ItemAdmin, "get_search_results", found)


def notes_are_shown_to_whoever_reads_the_work(patch: Patch) -> None:
    def of_item(_user: User, viewer: Viewer, item: Item) -> list[notes.Seen]:
        return notes.seen(list(ReaderNote.objects.filter(item_pid=item.pid)), viewer)

    patch.setattr(notes, "of_item", of_item)
