"""What is said in recordings and stands in documents and books, in the search: passages of transcripts, pages and chapters, judged by the
files that show them.

A passage belongs to the bytes of a master. Whether somebody may find it is asked of the item files: those that they may see.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When

from access.viewer import Viewer
from archive import derived_contents, sights, transcripts
from archive.derived_names import CAPTIONS
from archive.models import ItemFile, Passage, PassageSet
from archive.models.file import READ_BY_MACHINE, says_vietnamese
from archive.prepared import Key, PreparedTuples, Tuples, known
from archive.search.folding import fold
from media_pipeline.models import Derivative, Kind, Master

logger = logging.getLogger(__name__)

BATCH = 500
# Of these some hold more of the words than others: the best of each item is chosen among so many.
WEIGHED_MOST = 2000
SHOWN_LETTERS = 240
WORDS_BEFORE = 8  # of an excerpt
PARTS_MOST = 20_000  # of one text: 30 million letters in parts of twelve thousand are far fewer
# The roles of derivatives that hold texts: subtitles and transcripts, pages and chapters, and pages that a machine read.
_READ_AS_BOOKS = frozenset({Kind.EPUB, Kind.TEXT})
ROLES = (CAPTIONS, "text", READ_BY_MACHINE)


@dataclass(frozen=True)
class Moment:
    """Where in a file the words of a search are: the file by pid, the number of the segment, page or chapter (and the part of a long one),
    and the words there. `start_ms` is when a segment begins; None where nobody knows, and in what is read."""

    file_pid: str
    beside_id: int | None
    language: str
    number: int
    start_ms: int | None
    text: str
    kind: str = "segment"  # or "page" or "chapter"
    part: int = 0

    @property
    def query(self) -> str:
        """Return the query string of the item's page that leads there; of a recording `#s` and the number of the segment mark it."""
        if self.kind == "page":
            return urlencode({"file": self.file_pid, "page": self.number})
        if self.kind == "chapter":
            return urlencode({"file": self.file_pid, "chapter": self.number, "part": self.part + 1})
        where = {"segment": self.number} if self.start_ms is None else {"t": self.start_ms // 1000}
        return urlencode({"transcript": self.file_pid, **where})


def refresh(master_pk: int) -> bool:
    """Write the passages of a master as its newest derivatives have them; returns whether anything was written. Reads the storage, before
    it holds any row. Of each text ten queries at most, and one for each five hundred passages. Raises what `_rows` raises."""
    return sum(_refresh(master_pk, role) for role in ROLES) > 0


def _refresh(master_pk: int, role: str) -> bool:
    made = _newest(master_pk, role)
    known = PassageSet.objects.filter(master=master_pk, role=role)
    if made is None or known.filter(prefix=made.prefix).exists():
        return False
    rows = list(_rows(made))
    with transaction.atomic():
        # Held, so that two that come at once write one after the other.
        Master.objects.select_for_update(no_key=True).get(pk=master_pk)
        if _newest(master_pk, role) != made or known.filter(prefix=made.prefix).exists():
            return False
        known.delete()
        fresh = PassageSet.objects.create(master_id=master_pk, role=role, prefix=made.prefix)
        for row in rows:
            row.set = fresh
        Passage.objects.bulk_create(rows, batch_size=BATCH)
    return True


_PASSAGES = "master__passage_sets__passages"


class _Unread(Exception):
    """A derivative that could not be read whole."""


def refresh_quietly(master_pk: int) -> None:
    """Do the same after a commit; what cannot be read now is logged and left to `catch_up`."""
    try:
        refresh(master_pk)
    except _Unread as error:
        logger.warning("%s cannot be read now; the search reads it later", error)


def catch_up() -> int:
    """Read every text that the search has not read as it is now; returns of how many files. Two queries, and those of `refresh` for each
    file."""
    known = PassageSet.objects.filter(role=OuterRef("role"), prefix=OuterRef("prefix"), master=OuterRef("master"))
    waiting = Derivative.objects.filter(~Exists(known), role__in=ROLES).order_by("master_id")
    masters = list(waiting.values_list("master_id", flat=True).distinct())
    for master_pk in masters:
        refresh_quietly(master_pk)
    return len(masters)


def _newest(master_pk: int, role: str) -> Derivative | None:
    return Derivative.objects.filter(master=master_pk, role=role).order_by("-version", "-pk").first()


def _rows(made: Derivative) -> Iterator[Passage]:
    """Yield the passages of a text without their set. Raises _Unread where the storage is away: what is found now stays, and it is read
    again later."""
    if made.role != CAPTIONS:
        yield from _pages(made)
        return
    said = transcripts.of(made)
    segments = list(said.all_segments())
    if not said.is_read or len(segments) != said.count:
        raise _Unread(made)
    for one in segments:
        text = f"{one.speaker}: {one.text}" if one.speaker else one.text
        yield Passage(number=one.number, start_ms=one.start_ms, text=text, folded=f" {fold(text)} ")


def _pages(made: Derivative) -> Iterator[Passage]:
    """Yield the pages or chapters of a text, a long one in parts as readers page through it."""
    parts = derived_contents.whole_text(made)
    if parts is None:
        raise _Unread(made)
    seen: set[tuple[int, int]] = set()
    for number, part, text in parts:
        # What read a stranger's file wrote these: of a number that comes twice the first is what its page shows.
        if text.strip() and 0 <= number < 2**31 and (number, part) not in seen and len(seen) < PARTS_MOST:
            seen.add((number, part))
            yield Passage(number=number, part=part, text=text, folded=f" {fold(text)} ")


def moments(viewer: Viewer, items: Sequence[int], words: Sequence[str]) -> Mapping[int, Moment]:
    """Return where in the files of these items the words are, by the item's key: the passage that holds most of them, the earliest of
    those. One query for whether there is any text that this viewer may read, two where there is, and one more for somebody who is signed
    in. Raises sights.SightNotRecorded."""
    if not (items and words):
        return {}
    with_texts = sorted({item for (item,) in _WITH_TEXTS.rows(items, viewer)})
    if not with_texts:
        return {}
    any_word = reduce(or_, (Q(master__passage_sets__passages__folded__contains=f" {word} ") for word in words))
    rows = (
        ItemFile.objects.visible_to(viewer)
        .filter(any_word, item__in=with_texts)
        .order_by("item_id", "position", "pk", f"{_PASSAGES}__number", f"{_PASSAGES}__part", f"{_PASSAGES}__pk")
        .values_list(
            "item_id",
            "pid",
            "beside_id",
            "language",
            "item__languages",
            "master__kind",
            "master__passage_sets__role",
            f"{_PASSAGES}__pk",
            *(f"{_PASSAGES}__{name}" for name in ("number", "part", "start_ms")),
            *(_holds(word) for word in words),
        )
    )
    best: dict[int, tuple[int, int, Moment]] = {}
    for item_pk, pid, beside, language, tags, kind, role, passage, number, part, start_ms, *held in rows[:WEIGHED_MOST]:
        # What a machine read as Vietnamese is no text of what is not said to be in it (ItemFile.newest_derivatives).
        if role == READ_BY_MACHINE and not says_vietnamese([language] if language else [str(tag) for tag in tags]):
            continue
        count = sum(map(bool, held))
        if item_pk not in best or count > best[item_pk][0]:
            moment = Moment(pid, beside, language, number, start_ms, "", _kind(role, kind), part)
            best[item_pk] = count, passage, moment
    found = _told(best, words)
    if found and viewer.user_id is not None:
        # What is said in a restricted recording is read here, in a list: that is a sight of it.
        shown = ItemFile.objects.filter(pid__in=[moment.file_pid for moment in found.values()])
        sights.see(viewer, files=shown.select_related("effective_rule", "item__effective_rule"))
    return found


def _with_texts(items: Sequence[Key], viewer: Viewer | None) -> Tuples:
    texts = PassageSet.objects.filter(master=OuterRef("master"))
    return (
        ItemFile.objects.visible_to(known(viewer))
        .filter(Exists(texts), item__in=items)
        .order_by()
        .values_list("item_id")
    )


_WITH_TEXTS = PreparedTuples(_with_texts)


def _holds(word: str) -> Case:
    """Return whether a passage holds a word, told by the database: its text may be long, and only that of the best is read."""
    return Case(When(**{f"{_PASSAGES}__folded__contains": f" {word} "}, then=1), default=0, output_field=IntegerField())


def _kind(role: str, kind: str) -> str:
    if role == CAPTIONS:
        return "segment"
    return "chapter" if kind in _READ_AS_BOOKS else "page"


def _told(best: Mapping[int, tuple[int, int, Moment]], words: Sequence[str]) -> dict[int, Moment]:
    texts = Passage.objects.in_bulk([passage for _held, passage, _moment in best.values()])
    return {
        item_pk: replace(moment, text=excerpt(texts[passage].text, words))
        for item_pk, (_held, passage, moment) in best.items()
        if passage in texts
    }


def excerpt(text: str, words: Sequence[str]) -> str:
    """Return some of a passage around the first of the words that it holds, from the beginning where that is near, on one line."""
    tokens = text.split()
    wanted = frozenset(words)
    at = next((number for number, one in enumerate(tokens) if not wanted.isdisjoint(fold(one).split())), 0)
    if sum(len(one) + 1 for one in tokens[:at]) <= SHOWN_LETTERS // 2:
        at = 0
    start = max(at - WORDS_BEFORE, 0) if at else 0
    kept: list[str] = []
    left = SHOWN_LETTERS
    for one in tokens[start:]:
        left -= len(one) + 1
        if left < 0 and kept:
            break
        kept.append(one[:SHOWN_LETTERS])
    return ("… " if start else "") + " ".join(kept)
