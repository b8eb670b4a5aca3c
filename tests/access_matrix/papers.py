"""What lies around a thing: its community and label, consents, requests, grants and the log, each with planted words."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from access import audit
from access.models import Community, Grant, Petition, Protocol
from archive.languages import of
from archive.models import ConsentRecord, Item, ItemFile, Label
from tests.access_matrix import people
from tests.access_matrix.kinds import OVER, WITHDRAWN, Kind
from tests.access_matrix.planted import word
from tests.access_matrix.world import NOW

# Shown with the item, and in the desk's lists of communities and labels.
OF_ITS_COMMUNITY = ("community", "statement", "label")
OF_ITS_CONSENT = ("person", "guardian", "witness", "consent")
OF_ITS_REQUEST = ("asker", "contact", "petition")
PRIVATE = (*OF_ITS_CONSENT, *OF_ITS_REQUEST, "contact of community", "grant")


def file_away(item: Item, file: ItemFile, kind: Kind) -> None:
    """Make all of it for one thing."""

    def planted(name: str) -> str:
        return word(kind.name, name)

    community = Community.objects.create(
        name=planted("community"),
        statements=of(vi=planted("statement"), en=planted("statement")),
        contact=planted("contact of community"),
    )
    label = Label.objects.create(
        kind=Label.LabelKind.TK,
        community=community,
        title=planted("label"),
        project_address=f"https://example.org/projects/{planted('label')}",
    )
    item.communities.add(community)
    item.labels.add(label)
    Item.objects.filter(pk=item.pk).update(restriction_reasons=["ban_quyen", planted("restriction")])
    ConsentRecord.objects.create(
        person_name=planted("person"),
        is_child=True,
        guardian=planted("guardian"),
        witness=planted("witness"),
        note=planted("consent"),
        scopes=["view", "publish_online"],
        method=ConsentRecord.Method.PAPER,
        given_on=NOW.date(),
        recorded_at=NOW,
    ).items.add(item)
    petition = Petition.objects.create(
        kind=Petition.Kind.ACCESS,
        target_pid=item.pid,
        asker_name=planted("asker"),
        contact=planted("contact"),
        text=planted("petition"),
        received_at=NOW,
    )
    petition.protocols.set(Protocol.objects.filter(pid__in=kind.protocols))
    for target, given in ((item.pid, kind.item_grants), (file.pid, kind.file_grants)):
        for viewer, how in given.items():
            _grant(viewer, target, how, planted("grant"))
    audit.record(actor=None, verb="choose_access", target_pid=item.pid, now=NOW, reason=planted("reason"))


def _grant(viewer: str, target: str, how: str, reason: str) -> None:
    until = {OVER: timezone.now() - timedelta(seconds=1), WITHDRAWN: None}.get(how, timezone.now() + timedelta(days=1))
    Grant.objects.create(
        target_pid=target,
        user=people.account(viewer),
        reason=reason,
        granted_at=NOW,
        valid_until=until,
        withdrawn_at=NOW if how == WITHDRAWN else None,
    )
