"""The rule of `archive.consents` over the database."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from archive import consents
from archive.consents import DEPICTED, PUBLISH_ONLINE, Consent, Depiction, Lacking
from archive.models import ConsentRecord, Item, ItemAgent, ItemState


def lacking(item: Item, *, day: date) -> Lacking:
    """Return whose consent this item lacks to be published online on a day of the library's zone. Two queries, or one where nobody is
    depicted."""
    return lacking_of(item, depiction_of(item), day=day)


def lacks_of(record: ConsentRecord, item: Item, *, day: date) -> bool:
    """Return whether this item lacks the consent of whom this record is of: of that person where they are named as depicted, else of
    anybody who is not named. Two queries, or one."""
    depiction = depiction_of(item)
    found = lacking_of(item, depiction, day=day)
    return record.agent_id in found.agents if record.agent_id in depiction.agents else found.unnamed


def depiction_of(item: Item) -> Depiction:
    """Return who can be recognised in an item. One query, or none where `credits` is prefetched."""
    agents = frozenset(credit.agent_id for credit in item.credits.all() if credit.role == DEPICTED)
    return Depiction(agents, item.depicts_person)


def lacking_of(item: Item, depiction: Depiction, *, day: date) -> Lacking:
    """Return whose consent lacks of who was found to be depicted. One query, or none where nobody is."""
    if not depiction.agents and not depiction.has_unnamed:
        return Lacking()
    return consents.lacking(depiction, map(facts, ConsentRecord.objects.filter(items=item)), day=day)


def facts(record: ConsentRecord) -> Consent:
    """Return what the rule asks of a row."""
    return Consent(
        scopes=frozenset(record.scopes),
        given_on=record.given_on,
        agent=record.agent_id,
        valid_until=record.valid_until,
        is_withdrawn=record.withdrawn_at is not None,
        is_child=record.is_child,
        guardian=record.guardian,
    )


def published_lacking(items: QuerySet[Item], *, day: date) -> QuerySet[Item]:
    """Return those of the items that readers are shown and that lack a consent: the same rule, as one condition of the database.

    A test holds it equal to `lacking` over random archives.
    """
    held = ConsentRecord.items.through.objects.filter(
        # No database but PostgreSQL looks into a list; a code has no quotes in it.
        Contains(Cast("consentrecord__scopes", TextField()), f'"{PUBLISH_ONLINE}"'),
        Q(consentrecord__valid_until=None) | Q(consentrecord__valid_until__gte=day),
        Q(consentrecord__is_child=False) | Q(consentrecord__guardian__regex=r"\S"),
        consentrecord__withdrawn_at=None,
        consentrecord__given_on__lte=day,
    ).order_by()
    named = ItemAgent.objects.filter(role=DEPICTED).order_by()
    of_the_same = held.filter(item=OuterRef("item"), consentrecord__agent=OuterRef("agent"))
    unasked = named.filter(~Exists(of_the_same), item=OuterRef("pk"))
    is_named = named.filter(item=OuterRef("item"), agent=OuterRef("consentrecord__agent"))
    anothers = held.filter(Q(consentrecord__agent=None) | ~Exists(is_named), item=OuterRef("pk"))
    shown = items.filter(state=ItemState.PUBLISHED, suspended_at=None)
    return shown.filter(Exists(unasked) | (Q(depicts_person=True) & ~Exists(anothers)))
