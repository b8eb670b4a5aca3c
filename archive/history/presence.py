"""Which rows that a snapshot names are there now, and what became of those that were merged."""

from __future__ import annotations

from collections.abc import Iterable

from archive.history import snapshots
from archive.models import RecordKind, Revision

KINDS = {
    "peoples": RecordKind.PEOPLE,
    "subjects": RecordKind.SUBJECT,
    "collections": RecordKind.COLLECTION,
    "broader": RecordKind.SUBJECT,
    "related": RecordKind.SUBJECT,
    "rights": RecordKind.RIGHTS,
    "credits": RecordKind.AGENT,
    "located": RecordKind.PLACE,
}
# A record merged into one that was merged again, and so on: no archive does this more often.
LONGEST_CHAIN = 50


def present(kind: str, keys: Iterable[int]) -> dict[int, int]:
    """Return under which key each of these authorities is there now: its own, or that of the one it was merged into. What is gone is left
    out. One query; two more for each step of those that were merged."""
    wanted = set(keys)
    rows = snapshots.MODELS[kind]._default_manager
    there = set(rows.filter(pk__in=wanted).values_list("pk", flat=True))
    found = {key: key for key in there}
    leads = {key: key for key in wanted - there}
    for _step in range(LONGEST_CHAIN):
        if not leads:
            break
        into = _merged_into(kind, set(leads.values()))
        leads = {key: into[now] for key, now in leads.items() if now in into}
        live = set(rows.filter(pk__in=set(leads.values())).values_list("pk", flat=True))
        found |= {key: now for key, now in leads.items() if now in live}
        leads = {key: now for key, now in leads.items() if now not in live}
    return found


def _merged_into(kind: str, keys: Iterable[int]) -> dict[int, int]:
    gone = Revision.objects.filter(kind=kind, key__in=[str(key) for key in keys], verb="merge").order_by("number")
    return {int(one.key): int(one.snapshot["merged_into"]) for one in gone if "merged_into" in one.snapshot}
