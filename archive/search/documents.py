"""What the index is made of, read from the database: items with their words, their headings, and the texts of their files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from archive import containment
from archive.containment import Containment
from archive.models import Item, ItemFile, ItemPlace, Passage
from archive.models.file import READ_BY_MACHINE, says_vietnamese
from archive.search.index.shapes import Document, FileText

BATCH = 2000
# Letters of one file that are found; the recipes keep no more of a book.
FILE_LETTERS_MOST = 30_000_000
# A span of more decades than this says nothing about any of them.
DECADES_MOST = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEADINGS: Mapping[str, Any] = {  # Any: one of four models that Django makes
    "people": Item.peoples.through,
    "subject": Item.subjects.through,
    "collection": Item.collections.through,
    "community": Item.communities.through,
}
_COLUMNS = (
    "pk", "effective_rule_id", "published_at", "kind", "languages", "date_first", "date_last",
    "search_entry__titles", "search_entry__texts", "search_entry__sort_title",
)  # fmt: skip


@dataclass
class _Around:
    """What other tables say of some items, by their keys."""

    values: dict[int, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    files: dict[int, list[_Shown]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class _Shown:
    """A file that shows texts which the search has read: the keys of their sets, and what only Vietnamese files tell."""

    pk: int
    rule: int
    language: str
    sets: tuple[int, ...]
    read_by_machine: tuple[int, ...]


def of_all() -> Iterator[Document]:
    """Yield every item, in the order of the keys. Three queries for what places lie in; seven for each two thousand items, and one for each
    file with a text."""
    last, places = 0, containment.read()
    while True:
        keys = list(Item.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        last = keys[-1]
        between = (keys[0], last)
        yield from _of(Q(pk__range=between), Q(item__gte=keys[0], item__lte=last), places)


def of_keys(keys: Sequence[int], places: Containment) -> Iterator[Document]:
    """Yield those of these items that there are. As many queries as above, but for places."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        yield from _of(Q(pk__in=batch), Q(item__in=batch), places)


def _of(which: Q, related: Q, places: Containment) -> Iterator[Document]:
    around = _Around()
    _read_headings(related, around)
    _read_places(related, around, places)
    _read_files(related, around)
    for row in Item.objects.filter(which).order_by("pk").values_list(*_COLUMNS):
        pk, rule, published, kind, tags, first, last, titles, texts, sort_title = row
        facets = {name: tuple(sorted(set(values))) for name, values in around.values.get(pk, {}).items()}
        facets |= {"kind": (kind,), "language": tuple(dict.fromkeys(map(str, tags))), "decade": decades(first, last)}
        yield Document(
            key=pk,
            rule=rule,
            published=-1 if published is None else _microseconds(published),
            title_key=sort_title or "",
            titles=titles or (),
            texts=texts or (),
            first=first and first.toordinal(),
            last=last and last.toordinal(),
            facets={name: values for name, values in facets.items() if values},
            files=tuple(_texts_of(around.files.get(pk, ()), [str(tag) for tag in tags])),
        )


def decades(first: date | None, last: date | None) -> tuple[str, ...]:
    """Return the first years of the decades that a date touches. One that is open on one side counts where it is known."""
    known = [day.year // 10 for day in (first, last) if day is not None]
    if not known:
        return ()
    begins, ends = known[0], known[-1]
    if ends - begins >= DECADES_MOST:
        return ()
    return tuple(str(decade * 10) for decade in range(begins, ends + 1))


def _microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _read_headings(related: Q, around: _Around) -> None:
    for name, through in _HEADINGS.items():
        rows = through.objects.filter(related).order_by().values_list("item_id", f"{name}_id")
        for item, heading in rows.iterator(chunk_size=BATCH):
            around.values[item][name].append(str(heading))


def _read_places(related: Q, around: _Around, places: Containment) -> None:
    """Read where items lie as `narrowing.narrow` finds them: at what may be shown of it, and in whatever holds that."""
    rows = ItemPlace.objects.filter(related).order_by().values_list("item_id", "place_id", "precision")
    for item, place, precision in rows.iterator(chunk_size=BATCH):
        around.values[item]["place"] += map(str, places.counted_at(place, precision))


def _read_files(related: Q, around: _Around) -> None:
    rows = (
        ItemFile.objects.filter(related, master__passage_sets__isnull=False)
        .order_by("item_id", "position", "pk")
        .values_list(
            "item_id",
            "pk",
            "effective_rule_id",
            "language",
            "master__passage_sets__pk",
            "master__passage_sets__role",
        )
    )
    shown: dict[int, tuple[int, int, str]] = {}
    sets: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for item, pk, rule, language, known, role in rows:
        shown[pk] = (item, rule, language)
        sets[pk][1 if role == READ_BY_MACHINE else 0].append(known)
    for pk, (item, rule, language) in shown.items():
        written, machine = sets[pk]
        around.files[item].append(_Shown(pk, rule, language, tuple(written), tuple(machine)))


def _texts_of(files: Iterable[_Shown], item_languages: Sequence[str]) -> Iterator[FileText]:
    for file in files:
        # What a machine read as Vietnamese is no text of what is not said to be in it (ItemFile.newest_derivatives).
        sets = file.sets
        if says_vietnamese([file.language] if file.language else item_languages):
            sets += file.read_by_machine
        folded = _folded(sets) if sets else ""
        if folded:
            yield FileText(key=file.pk, rule=file.rule, folded=folded)


def _folded(sets: Sequence[int]) -> str:
    rows = Passage.objects.filter(set__in=sets).order_by("set_id", "number", "part").values_list("folded", flat=True)
    kept: list[str] = []
    left = FILE_LETTERS_MOST
    for folded in rows.iterator(chunk_size=BATCH):
        kept.append(folded[:left].strip())
        left -= len(kept[-1])
        if left <= 0:
            break
    return "\n".join(kept)
