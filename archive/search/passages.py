"""What is said in recordings, in the search: passages of transcripts, judged by the files that show them.

A passage belongs to the bytes of a master. Whether somebody may find it is asked of the item files: those that they may see.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from access.viewer import Viewer
from archive import sights, transcripts
from archive.derived_names import CAPTIONS
from archive.models import Item, ItemFile, Passage, PassageSet
from archive.search.folding import fold
from media_pipeline.models import Derivative, Master

logger = logging.getLogger(__name__)

BATCH = 500
# Of these some hold more of the words than others: the best of each item is chosen among so many.
WEIGHED_MOST = 2000
SHOWN_LETTERS = 240
LISTED_MOST = 2000


@dataclass(frozen=True)
class Moment:
    """Where in a recording the words of a search are said: the transcript or subtitles by pid, the segment, when it begins (None: nobody
    knows), and its words."""

    file_pid: str
    beside_id: int | None
    language: str
    number: int
    start_ms: int | None
    text: str

    @property
    def query(self) -> str:
        """Return the query string of the item's page that leads there; `#s` and the number of the segment mark it."""
        where = {"segment": self.number} if self.start_ms is None else {"t": self.start_ms // 1000}
        return urlencode({"transcript": self.file_pid, **where})


def refresh(master_pk: int) -> bool:
    """Write the passages of a master as its newest derivative has them; returns whether anything was written. Reads the storage, before it
    holds any row. Ten queries at most, and one for each five hundred passages."""
    made = _newest(master_pk)
    known = PassageSet.objects.filter(master=master_pk, role=CAPTIONS)
    if made is None or known.filter(prefix=made.prefix).exists():
        return False
    said = transcripts.of(made)
    segments = list(said.all_segments())
    if not said.is_read or len(segments) != said.count:
        # The storage is away: what is found by it now stays, and it is read again later.
        raise _Unread(made)
    with transaction.atomic():
        # Held, so that two that come at once write one after the other.
        Master.objects.select_for_update(no_key=True).get(pk=master_pk)
        if _newest(master_pk) != made or known.filter(prefix=made.prefix).exists():
            return False
        known.delete()
        fresh = PassageSet.objects.create(master_id=master_pk, role=CAPTIONS, prefix=made.prefix)
        Passage.objects.bulk_create([_row(fresh, one) for one in segments], batch_size=BATCH)
    return True


class _Unread(Exception):
    """A derivative that could not be read whole."""


def refresh_quietly(master_pk: int) -> None:
    """Do the same after a commit; what cannot be read now is logged and left to `catch_up`."""
    try:
        refresh(master_pk)
    except _Unread as error:
        logger.warning("%s cannot be read now; the search reads it later", error)


def catch_up() -> int:
    """Read every text that the search has not read as it is now; returns how many. Two queries, and those of `refresh` for each."""
    known = PassageSet.objects.filter(role=CAPTIONS, prefix=OuterRef("prefix"), master=OuterRef("master"))
    waiting = Derivative.objects.filter(~Exists(known), role=CAPTIONS).order_by("master_id")
    masters = list(waiting.values_list("master_id", flat=True).distinct())
    for master_pk in masters:
        refresh_quietly(master_pk)
    return len(masters)


def _newest(master_pk: int) -> Derivative | None:
    return Derivative.objects.filter(master=master_pk, role=CAPTIONS).order_by("-version", "-pk").first()


def _row(known: PassageSet, segment: transcripts.Segment) -> Passage:
    text = f"{segment.speaker}: {segment.text}" if segment.speaker else segment.text
    return Passage(set=known, number=segment.number, start_ms=segment.start_ms, text=text, folded=f" {fold(text)} ")


def said_in(viewer: Viewer, word: str) -> Q:
    """Return the condition on items that this folded word is said in a recording whose transcript this viewer may read. One query: a search
    asks its condition once for the hits, their number and each facet, and looking through all passages each time would take as often as
    long. Where very many fit it is asked in place."""
    files = ItemFile.objects.visible_to(viewer).filter(master__passage_sets__passages__folded__contains=word)
    items = files.order_by().values_list("item_id", flat=True).distinct()
    found = list(items[: LISTED_MOST + 1])
    return Q(pk__in=found if len(found) <= LISTED_MOST else items)


def moments(viewer: Viewer, items: Sequence[Item], words: Sequence[str]) -> Mapping[int, Moment]:
    """Return where in these items the words are said, by the item's key: the passage that holds most of them, the earliest of those. One
    query, and one for somebody who is signed in. Raises sights.SightNotRecorded."""
    if not (items and words):
        return {}
    any_word = reduce(or_, (Q(master__passage_sets__passages__folded__contains=word) for word in words))
    rows = (
        ItemFile.objects.visible_to(viewer)
        .filter(any_word, item__in=[item.pk for item in items])
        .order_by("item_id", "position", "pk", "master__passage_sets__passages__number")
        .values_list(
            "item_id",
            "pid",
            "beside_id",
            "language",
            "master__passage_sets__passages__number",
            "master__passage_sets__passages__start_ms",
            "master__passage_sets__passages__text",
            "master__passage_sets__passages__folded",
        )
    )
    best: dict[int, tuple[int, Moment]] = {}
    for item_pk, pid, beside, language, number, start_ms, text, folded in rows[:WEIGHED_MOST]:
        held = sum(1 for word in words if word in folded)
        if item_pk not in best or held > best[item_pk][0]:
            best[item_pk] = held, Moment(pid, beside, language, number, start_ms, text[:SHOWN_LETTERS])
    found = {item_pk: moment for item_pk, (_held, moment) in best.items()}
    if found and viewer.user_id is not None:
        # What is said in a restricted recording is read here, in a list: that is a sight of it.
        shown = ItemFile.objects.filter(pid__in=[moment.file_pid for moment in found.values()])
        sights.see(viewer, files=shown.select_related("effective_rule", "item__effective_rule"))
    return found
