"""Which communities, and labels of communities, a member of staff may choose from."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from access.models import Community
from access.requests import viewer_of
from archive import queries
from archive.admin.base import actor_of
from archive.models import Item, Label


def communities_for(request: HttpRequest, item: Item | None = None) -> QuerySet[Community]:
    """Return the communities whose name this person may learn: those with an open page, their own, all for who looks after communities;
    and those of an item that they see."""
    user = actor_of(request)
    if user.has_perm("access.view_community"):
        return Community.objects.order_by("name", "pk")
    known = Q(pk__in=queries.communities(viewer_of(request)).order_by().values("pk"))
    if item is not None:
        known |= Q(pk__in=item.communities.order_by().values("pk"))
    return Community.objects.filter(known).order_by("name", "pk")


def labels_for(request: HttpRequest, item: Item | None = None) -> QuerySet[Label]:
    """Return the notices, the labels of these communities, and those of an item that the person sees."""
    known = Q(community=None) | Q(community__in=communities_for(request))
    if item is not None:
        known |= Q(pk__in=item.labels.order_by().values("pk"))
    return Label.objects.filter(known).select_related("community").order_by("kind", "title", "pk")
