"""Every kind of thing in the matrix: its rule and state, and who may see it, written by hand from the truth table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from access import policy
from access.policy import Level, Policy, Sharing, meet
from tests.access_matrix import people
from tests.access_matrix.communities import ALL_PROTOCOLS, LOCKED, OF_A, OF_B, OF_PART, OPEN
from tests.access_matrix.world import NOW

# To whom something is opened: a grant that holds, one that is over, one that was taken back.
HOLDS, OVER, WITHDRAWN = "holds", "over", "withdrawn"
UNBLOCKED = people.ANYBODY - {people.BLOCKED_A}


@dataclass(frozen=True)
class Kind:
    """One kind of thing. `item_grants` and `file_grants`: to whom it was opened alone, and whether that still holds."""

    name: str
    seen_by: frozenset[str]
    access: Policy = policy.PUBLIC
    state: str = "published"
    file_access: Policy | None = None
    file_seen_by: frozenset[str] | None = None
    hidden_place: bool = False
    spoil_rule: str = ""
    is_suspended: bool = False
    is_binned: bool = False
    leaves_tombstone: bool = False
    item_grants: Mapping[str, str] = field(default_factory=dict, hash=False)
    file_grants: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def in_bin_of(self) -> frozenset[str]:
        """Return who finds it in the bin: staff whom its chosen rule lets in. No grant counts there."""
        if not self.is_binned:
            return people.NO_ONE
        return {"binned": people.STAFF, "binned_of_a": frozenset({people.CATALOGUER_A})}.get(self.name, people.NO_ONE)

    @property
    def files_seen_by(self) -> frozenset[str]:
        return self.seen_by if self.file_seen_by is None else self.file_seen_by

    @property
    def protocols(self) -> frozenset[str]:
        """Return the pids of the protocols that its rules name: their stewards answer requests to see it."""
        rules = [self.access, *([] if self.file_access is None else [self.file_access])]
        return frozenset(pid for rule in rules for clause in rule.clauses for pid in clause.protocols)

    @property
    def requests_read_by(self) -> frozenset[str]:
        """Return who finds a request to see it in the inbox: stewards of what closes it, or the library where no protocol does."""
        if not self.protocols & ALL_PROTOCOLS:
            return people.STAFF
        return frozenset({people.STEWARD_A}) if self.protocols & {OF_A, LOCKED} else people.NO_ONE


def kinds() -> tuple[Kind, ...]:
    """Return every kind. The dates lie a day from now: a test takes less."""
    return (*_by_level(), *_by_state(), *_by_protocol(), *_by_grant(), *_by_file(), *_spoilt())


def _by_level() -> tuple[Kind, ...]:
    tomorrow, yesterday = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    return (
        Kind("public", people.ANYBODY),
        Kind("registered", people.SIGNED_IN, policy.REGISTERED),
        Kind("onsite", people.ON_SITE, policy.ONSITE),
        Kind("staff", people.STAFF, policy.STAFF),
        Kind("nobody", people.NO_ONE, policy.NOBODY),
        Kind("embargoed", people.NO_ONE, policy.of(Level.PUBLIC, opens_at=tomorrow)),
        Kind("opened", people.ANYBODY, policy.of(Level.PUBLIC, opens_at=yesterday)),
        Kind("closed", people.NO_ONE, policy.of(Level.PUBLIC, closes_at=yesterday)),
    )


def _by_state() -> tuple[Kind, ...]:
    tomorrow = timezone.now() + timedelta(days=1)
    opened = policy.of(Level.PUBLIC, opens_at=NOW - timedelta(days=1))
    of_a = policy.of_protocols([OF_A])
    cataloguer_a = frozenset({people.CATALOGUER_A})
    return (
        Kind("draft", people.STAFF, state="draft"),
        Kind("in_review", people.STAFF, state="in_review"),
        Kind("withdrawn_public", people.STAFF, state="withdrawn", leaves_tombstone=True),
        Kind("withdrawn_opened", people.STAFF, opened, state="withdrawn", leaves_tombstone=True),
        Kind("withdrawn_embargoed", people.NO_ONE, policy.of(Level.PUBLIC, opens_at=tomorrow), state="withdrawn"),
        Kind("withdrawn_never_public", people.STAFF, policy.REGISTERED, state="withdrawn"),
        Kind("draft_of_nobodys", people.NO_ONE, policy.of_protocols(["mx-nothing"]), state="draft"),
        Kind("draft_of_a", cataloguer_a, of_a, state="draft"),
        Kind("withdrawn_of_a", cataloguer_a, of_a, state="withdrawn"),
        Kind("suspended_public", people.STAFF, is_suspended=True, leaves_tombstone=True),
        Kind("suspended_of_a", cataloguer_a, of_a, is_suspended=True),
        Kind("binned", people.NO_ONE, state="draft", is_binned=True),
        Kind("binned_of_a", people.NO_ONE, of_a, state="draft", is_binned=True),
    )


def _by_protocol() -> tuple[Kind, ...]:
    tomorrow, yesterday = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    of_a = policy.of_protocols([OF_A])
    on_site = frozenset({people.DEVICE_A, people.CATALOGUER_A})
    return (
        Kind("of_nobodys", people.NO_ONE, policy.of_protocols(["mx-nothing"])),
        Kind("of_a", people.OF_A, of_a),
        Kind("any_of_a_b", people.OF_A | people.OF_B, policy.of_protocols([OF_A, OF_B], Sharing.ANY)),
        Kind("all_of_a_b", frozenset({people.MEMBER_AB}), policy.of_protocols([OF_A, OF_B])),
        Kind("open", UNBLOCKED, policy.of_protocols([OPEN])),
        Kind("all_of_open_b", people.OF_B, policy.of_protocols([OPEN, OF_B])),
        Kind("any_of_open_b", UNBLOCKED, policy.of_protocols([OPEN, OF_B], Sharing.ANY)),
        Kind("locked", frozenset({people.STEWARD_A}), policy.of_protocols([LOCKED])),
        Kind("of_part", frozenset({people.MEMBER_A}), policy.of_protocols([OF_PART])),
        Kind("of_a_embargoed", people.NO_ONE, meet(of_a, policy.of(Level.PUBLIC, opens_at=tomorrow))),
        Kind("of_a_opened", people.OF_A, meet(of_a, policy.of(Level.PUBLIC, opens_at=yesterday))),
        Kind("of_a_closed", people.NO_ONE, meet(of_a, policy.of(Level.PUBLIC, closes_at=yesterday))),
        Kind("of_a_onsite", on_site, meet(of_a, policy.ONSITE)),
    )


def _by_grant() -> tuple[Kind, ...]:
    of_b = policy.of_protocols([OF_B])
    granted = {people.GRANTEE: HOLDS, people.FORMER_GRANTEE: OVER}
    return (
        Kind("granted", people.OF_B | {people.GRANTEE}, of_b, item_grants=granted),
        Kind(
            "granted_and_taken_back",
            people.OF_B,
            of_b,
            item_grants={people.GRANTEE: WITHDRAWN, people.FORMER_GRANTEE: WITHDRAWN},
        ),
        Kind("granted_to_the_suspended", people.OF_B, of_b, item_grants={people.SUSPENDED: HOLDS}),
        Kind("granted_draft", people.STAFF, state="draft", item_grants=granted),
        Kind("granted_binned", people.NO_ONE, of_b, state="draft", is_binned=True, item_grants=granted),
        Kind("granted_suspended", people.NO_ONE, of_b, is_suspended=True, item_grants=granted),
        Kind(
            "granted_embargoed",
            frozenset({people.GRANTEE}),
            policy.of(Level.PUBLIC, opens_at=timezone.now() + timedelta(days=1)),
            item_grants=granted,
        ),
    )


def _by_file() -> tuple[Kind, ...]:
    of_a, of_b = policy.of_protocols([OF_A]), policy.of_protocols([OF_B])
    granted = {people.GRANTEE: HOLDS, people.FORMER_GRANTEE: OVER}
    return (
        Kind("closed_file", people.ANYBODY, file_access=policy.STAFF, file_seen_by=people.STAFF),
        Kind("file_of_a", people.ANYBODY, file_access=of_a, file_seen_by=people.OF_A),
        Kind(
            "file_granted",
            people.ANYBODY,
            file_access=policy.STAFF,
            file_seen_by=people.STAFF | {people.GRANTEE},
            file_grants=granted,
        ),
        # What was opened is the record and the files that are as open as it.
        Kind(
            "granted_with_a_closed_file",
            people.OF_B | {people.GRANTEE},
            of_b,
            file_access=policy.STAFF,
            file_seen_by=people.NO_ONE,
            item_grants=granted,
        ),
        # A file is never seen without its item.
        Kind("granted_file_of_a_closed_item", people.OF_B, of_b, file_grants=granted),
        Kind("hidden_place", people.ANYBODY, hidden_place=True),
    )


def _spoilt() -> tuple[Kind, ...]:
    return (
        Kind("damaged_rule", people.NO_ONE, policy.of_protocols(["mx-damaged"]), spoil_rule="damaged"),
        Kind("tampered_rule", people.NO_ONE, policy.of_protocols(["mx-tampered"]), spoil_rule="tampered"),
        Kind("unknown_level", people.NO_ONE, policy.of_protocols(["mx-unknown"]), spoil_rule="unknown"),
    )
