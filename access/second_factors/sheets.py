"""Printed sheets of codes that are good for one time each: for who has no smartphone, and for who lost it."""

from __future__ import annotations

from datetime import datetime

from access import codes
from access.models import RecoveryCode, User
from access.second_factors.sealing import keyed_digests

CODES = 20
GROUPS, LETTERS = 2, 5  # 49 bits
FEW = 5


def make_sheet(user: User, *, now: datetime) -> list[str]:
    """Return the codes of a new sheet, to be shown once. Older sheets end. In the caller's transaction; two queries."""
    made = [codes.new_code(groups=GROUPS, letters=LETTERS) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    rows = [RecoveryCode(user=user, digest=_digests(user, code)[0], made_at=now) for code in made]
    RecoveryCode.objects.bulk_create(rows)
    return made


def use_code(user: User, typed: str, *, now: datetime) -> bool:
    """Take a code of the account's sheet; False for a wrong one and for one that was used. One query: of two at once one succeeds."""
    unused_ones = RecoveryCode.objects.filter(user=user, digest__in=_digests(user, typed), used_at=None)
    return unused_ones.update(used_at=now) == 1


def unused(user: User) -> int:
    """Return how many codes are left. One query."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def looks_like_one(typed: str) -> bool:
    """Return whether this has the length of a line of a sheet, where an app shows six digits."""
    return len(codes.plain(typed)) == GROUPS * LETTERS


def _digests(user: User, code: str) -> list[str]:
    return keyed_digests("sheet", str(user.pk), codes.plain(code))
