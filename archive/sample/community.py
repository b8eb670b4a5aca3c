"""The community of the sample and its strict protocol: made up, without members, known by identifiers of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from access import audit
from access.models import AccessRule, Community, Protocol
from archive.models import Item, ItemFile

COMMUNITY_PID = "m4vc0ngd0n5"
PROTOCOL_PID = "m4vq0v0cx0z"
NAME = "Cộng đồng mẫu"
PROTOCOL_NAME = "Thành viên cộng đồng mẫu"
STATEMENT = {"lang": "vi", "value": "Cộng đồng này không có thật: được đặt ra cùng bộ sưu tập mẫu để dùng thử."}


def present(*, now: datetime) -> Community:
    """Return the community, made with its protocol if it is not there. Two queries when it is."""
    with transaction.atomic():
        community, is_new = Community.objects.get_or_create(
            pid=COMMUNITY_PID, defaults={"name": NAME, "statements": [STATEMENT]}
        )
        protocol, is_new_too = Protocol.objects.get_or_create(pid=PROTOCOL_PID, defaults={"name": PROTOCOL_NAME})
        if is_new or is_new_too:
            protocol.communities.add(community)
            for verb, pid in (("make_community", COMMUNITY_PID), ("make_protocol", PROTOCOL_PID)):
                audit.record(actor=None, verb=verb, target_pid=pid, now=now)
    return community


def remove() -> None:
    """Remove both where nothing real is kept under them: neither an item of theirs nor a rule that names the protocol in use."""
    rules = [
        one.pk
        for one in AccessRule.objects.all()
        if any(PROTOCOL_PID in clause.protocols for clause in one.policy.clauses)
    ]
    used = Q(chosen_rule__in=rules) | Q(effective_rule__in=rules)
    in_use = ItemFile.objects.filter(used).exists() or Item.objects.filter(used).exists()
    with transaction.atomic():
        community = Community.objects.filter(pid=COMMUNITY_PID).first()
        if community is None or in_use or community.protocols.exclude(pid=PROTOCOL_PID).exists():
            return
        if any(getattr(community, tie).exists() for tie in ("items", "children", "labels", "consents")):
            return
        Protocol.objects.filter(pid=PROTOCOL_PID).delete()
        community.delete()
