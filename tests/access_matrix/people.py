"""Who asks, in the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from access import devices, partners
from access.models import Device, Partner, PartnerKey, Scope, User

VISITOR, READER, CATALOGUER, ADMINISTRATOR, SUSPENDED = "visitor", "reader", "cataloguer", "administrator", "suspended"
# Of community A, of B, of both; and four who once were, or are kept out.
MEMBER_A, MEMBER_B, MEMBER_AB = "member-a", "member-b", "member-ab"
BLOCKED_A, FORMER_A, LEFT_A = "blocked-a", "former-a", "left-a"
STEWARD_A, CATALOGUER_A = "steward-a", "cataloguer-a"
# At an enrolled device, without an account and with one.
DEVICE, DEVICE_A = "device", "device-a"
# To whom single things were opened, and to whom they were opened until a moment ago.
GRANTEE, FORMER_GRANTEE = "grantee", "former-grantee"
VIEWERS = (
    VISITOR,
    READER,
    MEMBER_A,
    MEMBER_B,
    MEMBER_AB,
    BLOCKED_A,
    FORMER_A,
    LEFT_A,
    STEWARD_A,
    DEVICE,
    DEVICE_A,
    GRANTEE,
    FORMER_GRANTEE,
    CATALOGUER,
    CATALOGUER_A,
    ADMINISTRATOR,
    SUSPENDED,
)
# Programs of partner libraries, known by a key at the doors for machines: one of whom no community knows, and one of community A.
PARTNER, PARTNER_A = "partner", "partner-a"
PROGRAMS = (PARTNER, PARTNER_A)
ASKING = (*VIEWERS, *PROGRAMS)
ANYBODY = frozenset(ASKING)
SIGNED_IN = ANYBODY - {VISITOR, DEVICE, SUSPENDED, *PROGRAMS}
STAFF = frozenset({CATALOGUER, CATALOGUER_A, ADMINISTRATOR})
ON_SITE = STAFF | {DEVICE, DEVICE_A}
OF_A = frozenset({MEMBER_A, MEMBER_AB, DEVICE_A, STEWARD_A, CATALOGUER_A, PARTNER_A})
OF_B = frozenset({MEMBER_B, MEMBER_AB})
NO_ONE: frozenset[str] = frozenset()
_TOKEN = "secret-of-the-device"
_DESK = ("archive", "media_pipeline", "access")


def make_accounts() -> None:
    """Make the account of everybody who has one. The suspended one has every right that there is, and lost the account."""
    for name in VIEWERS:
        if name in {VISITOR, DEVICE}:
            continue
        is_superuser = name in {ADMINISTRATOR, SUSPENDED}
        user = User.objects.create_user(
            f"matrix-{name}", is_staff=name in STAFF | {SUSPENDED}, is_superuser=is_superuser
        )
        if user.is_staff and not is_superuser:
            # Every right of the desk: whatever stays closed to this person is closed by the rule, not for want of a right.
            user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=_DESK))

    for name in PROGRAMS:
        user = User.objects.create_user(f"matrix-{name}")
        partner = Partner.objects.create(name=name, people="-", purpose="-", account=user, made_at=timezone.now())
        PartnerKey.objects.create(
            partner=partner,
            prefix=partners.MARK,
            secret_digest=devices.digest(_secret(name)),
            scopes=list(Scope.values),
            made_at=partner.made_at,
            expires_at=partner.made_at + timedelta(days=1),
        )


def _secret(program: str) -> str:
    return f"{partners.MARK}{program}"


def asks_at(viewer: str, address: str) -> bool:
    """Return whether an address is one of those that a viewer asks at: programs do at the doors for machines alone."""
    return viewer not in PROGRAMS or partners.door_of(address) is not None


def sign_in() -> Mapping[str, Client]:
    """Return a signed-in client of each viewer. The suspended one signed in while the account was still open."""
    made = {name: Client() for name in VIEWERS}
    for name, client in made.items():
        if name not in {VISITOR, DEVICE}:
            client.force_login(account(name))
    now = timezone.now()
    # The suite may take longer than a reader may be idle: how long that is has tests of its own.
    Device.objects.create(
        name="Matrix",
        token_digest=devices.digest(_TOKEN),
        enrolled_at=now,
        last_seen_on=timezone.localdate(now),
        idle_minutes=600,
    )
    for name in (DEVICE, DEVICE_A):
        made[name].cookies[devices.COOKIE] = _TOKEN
    User.objects.filter(username=f"matrix-{SUSPENDED}").update(is_active=False)
    for name in PROGRAMS:
        made[name] = Client(headers={"authorization": f"Bearer {_secret(name)}"})
    return made


def account(viewer: str) -> User:
    """Return the account of a viewer that `make_accounts` made."""
    return User.objects.get(username=f"matrix-{viewer}")
