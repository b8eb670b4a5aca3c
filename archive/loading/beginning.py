"""Who loads, and what they may name: made once for each table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from access import policy, standings
from access.models import Community, Protocol, User
from access.roles import Ability
from access.viewer import viewer_for
from archive import queries
from archive.actions.access_rights import PROTECT
from archive.actions.permissions import allows
from archive.loading import access_said, names
from archive.loading.checking import Terms
from archive.loading.files_named import Folder
from archive.loading.names import Names
from archive.loading.place_names import Places
from archive.loading.reading_rows import Lookups
from archive.models import Agent, Collection, People, Subject


def lookups_for(actor: User | None, *, folder: Path | None, lang: str, now: datetime) -> Lookups:
    """Return what the rows of somebody's table may name. About fifteen queries. None: the software, which may name everything."""
    communities, protocols = Community.objects.all(), Protocol.objects.all()
    if actor is not None:
        if not actor.has_perm("access.view_community"):
            known = queries.communities(viewer_for(actor, now=now)).order_by().values("pk")
            communities = communities.filter(pk__in=known)
        protocols = protocols.filter(pid__in=_applicable(actor, now=now))
    return Lookups(
        peoples=Names(People.objects.all(), code="unknown_people"),
        subjects=Names(Subject.objects.all(), code="unknown_subject"),
        collections=Names(Collection.objects.all(), code="unknown_collection"),
        agents=Names(Agent.objects.all(), code="unknown_agent"),
        places=Places(),
        rights=names.Rights(),
        communities=names.communities(communities),
        protocols=names.protocols(protocols),
        folder=Folder(folder),
        lang=lang,
    )


def terms_for(actor: User | None, *, publish: bool, now: datetime) -> Terms:
    """Return on what terms somebody loads. Without a level in its row a thing is for staff, or where the software publishes, public."""
    default = policy.PUBLIC if publish and actor is None else policy.STAFF
    protocols = None if actor is None else _applicable(actor, now=now)
    rights = access_said.Rights(allows(actor, PROTECT), protocols, default)
    return Terms(rights, publish=publish, may_add_files=allows(actor, "archive.change_item"))


def _applicable(actor: User, *, now: datetime) -> frozenset[str]:
    """Return the protocols that somebody may put new things under: as `require_apply_of` asks."""
    wanted = {Ability.APPLY, Ability.CREATE_ITEM}
    return frozenset(pid for pid, allowed in standings.abilities(actor, now=now).items() if wanted <= allowed)
