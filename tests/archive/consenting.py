"""Makers of consents for tests."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.actions.attach_evidence import Evidence
from archive.actions.record_consent import Given, record_consent
from archive.languages import of
from archive.models import Agent, ConsentRecord, Item, ItemAgent
from tests import makers

DAY = date(2026, 3, 1)


def person(slug: str = "y-bluoi") -> Agent:
    """Return a person with a heading."""
    return Agent.objects.create(slug=slug, names=of(vi=slug), kind="person")


def portrait(now: datetime, *depicted: Agent, unnamed: bool = False, **facts: Any) -> Item:
    """Return a draft in which these can be recognised, and somebody who is not named where it is said so."""
    item = makers.item(now=now, title="Chân dung", publish=False, **facts)
    for one in depicted:
        ItemAgent.objects.create(item=item, agent=one, role="dpc")
    Item.objects.filter(pk=item.pk).update(depicts_person=unnamed)
    item.refresh_from_db()
    return item


def consent(now: datetime, *items: Item, evidence: Path | None = None, **facts: Any) -> ConsentRecord:
    """Return a consent to publish these, of a person whose name is written unless said otherwise."""
    somebody = {} if {"agent", "community"} & set(facts) else {"person_name": "Y Blưi"}
    told: dict[str, Any] = {"scopes": ["publish_online"], "method": "paper", "given_on": DAY, **somebody, **facts}
    return record_consent(Given(items=items, **told), actor=None, now=now, evidence=proof(evidence))


def proof(path: Path | None) -> Evidence | None:
    """Return a file as evidence."""
    return None if path is None else Evidence(path.name, path.stat().st_size, [path.read_bytes()])
