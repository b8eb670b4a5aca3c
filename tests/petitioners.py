"""People, protocols and requests for tests of asking and answering."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from access import policy
from access.actions.ask import Asked
from access.clocks import Calendar
from access.models import Community, CommunityMembership, Petition, Protocol, ProtocolMembership, User
from access.roles import CommunityRole, ProtocolRole
from access.viewer import viewer_for, visitor
from archive.actions.ask_about_item import ask_about_item
from archive.models import Item

CALENDAR = Calendar(ZoneInfo("Asia/Ho_Chi_Minh"))
REASONS = "Tôi là cháu của người hát."


def reader(name: str = "ban-doc") -> User:
    return User.objects.create_user(name)


def librarian(name: str = "thu-thu", *permissions: str) -> User:
    """Return a member of staff with these rights; without any, with that of choosing who may see what."""
    user = User.objects.create_user(name, is_staff=True)
    codenames = permissions or ("protect_item",)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="archive"))
    return User.objects.get(pk=user.pk)


def community(name: str = "Kon Klor", **facts: object) -> Community:
    return Community.objects.create(name=name, **facts)


def protocol(of: Community, name: str = "Lời thiêng", **facts: object) -> Protocol:
    made = Protocol.objects.create(name=name, **facts)
    made.communities.add(of)
    return made


def member(user: User, of: Community, role: str = CommunityRole.MEMBER, **facts: object) -> User:
    CommunityMembership.objects.create(user=user, community=of, role=role, **facts)
    return user


def steward(name: str, of: Protocol) -> User:
    """Return a reader who is steward of a protocol, and a member of its community as that takes."""
    user = member(reader(name), of.communities.get())
    ProtocolMembership.objects.create(user=user, protocol=of, role=ProtocolRole.STEWARD)
    return user


def closed_by(*protocols: Protocol, sharing: policy.Sharing = policy.Sharing.ALL) -> policy.Policy:
    return policy.of_protocols([one.pid for one in protocols], sharing)


def about(
    item: Item,
    kind: str,
    *,
    now: datetime,
    asker: User | None = None,
    text: str = REASONS,
    contact: str = "0900 000 000",
    address: str = "a",
) -> Petition:
    """Ask about an item as somebody, or as nobody who has an account."""
    asked = Asked(kind=kind, text=text, asker=asker, contact=contact, address_digest=address)
    viewer = visitor(now=now) if asker is None else viewer_for(asker, now=now)
    return ask_about_item(item.pid, asked, viewer=viewer, now=now, calendar=CALENDAR)
