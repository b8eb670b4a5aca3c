"""Taking things out of the matrix as if they had never been. The transaction of the test that does it brings them back."""

from __future__ import annotations

from collections.abc import Sequence

from access.models import AccessRule, Community, Grant, Petition, Protocol
from archive.models import (
    Agent,
    Collection,
    ConsentRecord,
    Exhibit,
    ExhibitPiece,
    Item,
    ItemFile,
    Label,
    People,
    Place,
    Subject,
)
from media_pipeline.models import Derivative, Master
from tests.access_matrix import communities, planted
from tests.access_matrix.things import Thing


def remove(things: Sequence[Thing]) -> None:
    """Remove things with all that was made for them alone, and the community of which nobody is."""
    pids = [pid for thing in things for pid in (thing.item.pid, thing.file.pid)]
    masters = [thing.file.master_id for thing in things if thing.file.master_id is not None]
    ConsentRecord.objects.filter(items__pid__in=pids).delete()
    Petition.objects.filter(target_pid__in=pids).delete()
    Grant.objects.filter(target_pid__in=pids).delete()
    Exhibit.objects.filter(slug__in=[planted.word(thing.kind.name, "exhibit") for thing in things]).delete()
    ExhibitPiece.objects.filter(place__slug__in=[word for thing in things for word in thing.place_words]).delete()
    Item.objects.filter(pid__in=pids).delete()
    Derivative.objects.filter(master__in=masters).delete()
    Master.objects.filter(pk__in=masters).delete()
    words = [word for thing in things for word in (*thing.heading_words, *thing.place_words, *thing.untold_words)]
    Label.objects.filter(title__in=words).delete()
    for model in (People, Subject, Collection, Agent, Place):
        model.objects.filter(slug__in=words).delete()
    Protocol.objects.filter(pid=communities.OF_APART).delete()
    Community.objects.filter(name__in=[*words, communities.words()[communities.APART][0]]).delete()
    items, files = Item.objects.order_by(), ItemFile.objects.order_by()
    unused = AccessRule.objects.exclude(pk__in=items.values("chosen_rule")).exclude(
        pk__in=items.values("effective_rule")
    )
    unused = unused.exclude(pk__in=Exhibit.objects.values("chosen_rule"))
    unused = unused.exclude(pk__in=files.exclude(chosen_rule=None).values("chosen_rule"))
    unused.exclude(pk__in=files.values("effective_rule")).delete()
