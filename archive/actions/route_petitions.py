"""Bring requests that wait to those who decide them now, when who may see an item was chosen anew."""

from __future__ import annotations

from datetime import datetime

from access.models import Petition, Protocol
from access.viewer import viewer_for
from archive import petition_rights
from archive.actions.contribute import route_contributions
from archive.models import Item

Kind = Petition.Kind


def route_petitions(item: Item, *, now: datetime) -> None:
    """Address the requests about an item anew. Call in the transaction that changed its rule or a file's, after it.

    Whoever kept it before does not read on what is asked of those who keep it now. What was opened to somebody stays open, and those who
    keep it now may close it again. Three queries when nothing waits, nothing was opened and nothing was told, else ten for each.
    """
    route_contributions(item)
    given = Petition.objects.filter(target_pid=item.pid, kind=Kind.ACCESS, state=Petition.State.GRANTED)
    for petition in given.order_by("pk"):
        petition.protocols.set(Protocol.objects.filter(pid__in=petition_rights.keepers_of_opened(petition, item)))
    waiting = Petition.objects.filter(target_pid=item.pid, state__in=Petition.PENDING).exclude(kind=Kind.NOTICE)
    for petition in waiting.select_related("asker").order_by("pk"):
        if petition.kind != Kind.ACCESS:
            named = petition_rights.keepers_of(item)
        elif petition.asker is not None:
            asker = viewer_for(petition.asker, now=now)
            if not petition_rights.closed_files(item, asker):
                continue  # open by now: those who were asked say so
            named = petition_rights.closers_of(item, asker)
        else:
            continue
        petition.protocols.set(Protocol.objects.filter(pid__in=named))
