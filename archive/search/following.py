"""The index of this process: the base of this node, and what the log says was changed since. Asked by every search, one at a time.

Each question first reads what was committed since the last one, if anything was (`access.remembered`). Closing comes first: what fewer
people may find now leaves the index at once, however much it is, and comes back when it has been read anew. What was only reworded is found
by its old words until then; that takes longer than one question only where very much changed in one go.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from access import remembered
from archive import containment
from archive.containment import Containment
from archive.models import Item
from archive.search import changes, documents, headings, placing
from archive.search.answers import SearchPreparing
from archive.search.called import AllCalled
from archive.search.changes import Behind, Position
from archive.search.index import storing
from archive.search.index.base import Base, open_live
from archive.search.index.joined import Joined
from archive.search.index.memory import Memory
from archive.search.index.names import Names
from archive.search.index.planning import Answer
from archive.search.index.shapes import Part
from archive.search.index.storing import BrokenIndex
from archive.search.index.suggesting import Heading
from archive.search.kept_counts import Counts, KeptCounts
from archive.search.names import read_names
from archive.search.triggers import NAMES

logger = logging.getLogger(__name__)

# Without a base a process indexes so many items by itself, within a second or two; more wait for the keeper.
ALONE_MOST = 2_000
# A question reads what was changed for so long; the rest is read behind it.
READ_FOR_S = 0.15
READ_AT_ONCE = 100
# So many documents that were replaced in memory are a reason to begin anew where no keeper builds a base.
DEAD_MOST = 20_000
BEHIND_RETRY_S = 1.0
# So many documents in memory are laid aside from the collector of garbage at once.
LAID_ASIDE = 1_000


class Index:
    """One for each process. `opened` is the only way in."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.RLock()
        self._base: Base | None = None
        self._refused = ""  # the name of a base that cannot be used: not looked at again
        self._mark: Hashable = None  # of the pointer, when it named no other base
        self._memory = Memory()
        self._part: Part | None = None
        self._position: Position | None = None
        self._state: Hashable = None  # of the database, before the log was read
        self._names = Names()
        self._headings: Sequence[Heading] | None = None
        self._called = AllCalled()
        self._places: Containment | None = None
        # What was changed and is not read yet, in the order of changes.
        self._waiting: dict[int, None] = {}
        self._reader: threading.Thread | None = None
        self._not_laid_aside = 0
        self._counted = KeptCounts()

    @contextmanager
    def opened(self) -> Iterator[tuple[Part, Names]]:
        """Give the index as of now, and keep it so until the end. Raises SearchPreparing. No query while nothing is written in the
        database, one after that; more where something was changed."""
        with self._lock:
            self._follow()
            if self._part is None:
                raise SearchPreparing
            yield self._part, self._names

    @property
    def headings(self) -> Sequence[Heading]:
        """Return what hits can be narrowed to, to be offered while somebody types. To be asked while it is opened. Four queries after they
        have changed."""
        if self._headings is None:
            self._headings = headings.offered()
        return self._headings

    @property
    def called(self) -> AllCalled:
        """Return what headings and places are called, as of the last question. No query by itself."""
        return self._called

    @property
    def waiting(self) -> int:
        """Return how many changed items are not read yet."""
        return len(self._waiting)

    def counts(self, answer: Answer, facets: tuple[str, ...]) -> Counts:
        """Return the counts of an answer. To be asked while it is opened."""
        # Not the sight itself, which would be put together from its parts again with each look.
        sight = answer.sight
        key = (answer.question.key, sight.rules, sight.granted, sight.files, facets)
        return self._counted.get(key, lambda: answer.counts(facets))

    def forget(self) -> None:
        """Begin anew with the next question."""
        with self._lock:
            self._counted.clear()
            self._base, self._memory, self._part, self._position = None, Memory(), None, None
            self._mark, self._state = None, None
            self._called, self._places = AllCalled(), None
            self._waiting.clear()

    def _follow(self) -> None:
        if connection.in_atomic_block and not settings.SEARCH_IN_TRANSACTIONS:
            # What is read within somebody's open transaction may never be committed.
            return
        if self._has_other_base():
            self.forget()
        for _try in range(2):
            if self._part is None:
                self._open()
            try:
                self._read_log_of_now()
                break
            except Behind:
                logger.info("The index of the search is behind the log; it is made anew.")
                self.forget()
        else:
            raise SearchPreparing
        self._read_waiting(time.monotonic() + READ_FOR_S)
        if self._waiting:
            self._read_behind()

    def _has_other_base(self) -> bool:
        mark = storing.mark_of_pointer(self._root)
        if mark is None or mark == self._mark:
            return False
        with suppress(BrokenIndex):
            name = storing.pointed(self._root)
            if name not in ("", self._refused) and (self._base is None or self._base.folder.name != name):
                return True
        self._mark = mark
        return False

    def _open(self) -> None:
        """Open the base of this node where there is one that the log reaches back to, else index what there is. Raises SearchPreparing."""
        now = changes.position_or_none()
        if now is None:
            raise SearchPreparing
        base = self._sound_base(now)
        if base is not None:
            self._base = base
            self._part = Joined(base, self._memory)
            self._position = Position.from_json(base.position)
        else:
            self._index_all(now)
        self._read_names()

    def _read_names(self) -> None:
        self._names, self._headings, self._called = read_names(), None, AllCalled()
        self._counted.clear()  # other names find other items

    def _places_now(self) -> Containment:
        """Return what lies in what, as of the last question. Three queries after that has changed."""
        if self._places is None:
            self._places = containment.read()
        return self._places

    def _sound_base(self, now: Position) -> Base | None:
        try:
            base = open_live(self._root)
            if base is None:
                return None
            position = Position.from_json(base.position)
            if position.epoch == now.epoch:
                changes.since(position)
                return base
            reason = "it is of another log"
        except (BrokenIndex, Behind, OSError) as error:
            reason = str(error) or "the log does not reach back to it"
        said = self._refused
        with suppress(BrokenIndex):
            self._refused = storing.pointed(self._root)
        if not said or said != self._refused:
            logger.warning("The index below %s cannot be used: %s", self._root, reason)
        return None

    def _index_all(self, now: Position) -> None:
        if Item.objects.order_by().values("pk")[: ALONE_MOST + 1].count() > ALONE_MOST:
            raise SearchPreparing
        memory = Memory()
        for document in documents.of_all():
            memory.add(document)
        self._memory, self._part, self._position = memory, memory, now

    def _read_log_of_now(self) -> None:
        """Read the log if anything was committed since it was read last. No cursor of this thread may be half read: SQLite would answer it,
        and this, as of when it was opened."""
        # Asked first: what is committed while the log is read belongs to a state that is still to come.
        state = remembered.state_now()
        if state is None or state != self._state:
            self._read_log()
            self._state = state

    def _read_log(self) -> None:
        if self._position is None:
            raise Behind
        found = changes.since(self._position)
        if found.changed:
            if found.has_places:
                self._places = containment.read()
                found = placing.expanded(found, self._places)
            self._remove(sorted(found.closing))
            self._waiting.update(dict.fromkeys(found.changed))
            if int(NAMES) in self._waiting:
                del self._waiting[int(NAMES)]
                self._read_names()
        self._position = found.position

    def _remove(self, keys: Sequence[int]) -> None:
        """Take items out: for good, or before they are read anew."""
        if keys:
            self._counted.clear()
        if self._base is not None and keys:
            self._base.remove(keys)
        for key in keys:
            self._memory.remove(key)

    def _read_waiting(self, until: float) -> None:
        while self._waiting:
            some = list(self._waiting)[:READ_AT_ONCE]
            found = list(documents.of_keys(some, self._places_now()))
            self._remove(some)
            for document in found:
                self._memory.add(document)
            for key in some:
                del self._waiting[key]
            self._not_laid_aside += len(found)
            if self._not_laid_aside >= LAID_ASIDE:
                self._not_laid_aside = 0
                lay_aside()
            if time.monotonic() > until and not connection.in_atomic_block:
                break
        if self._base is None and self._memory.size - len(self._memory) > DEAD_MOST:
            self.forget()
            self._open()

    def _read_behind(self) -> None:
        """Read on in a thread of its own, so that nobody has to ask for it."""
        if self._reader is None or not self._reader.is_alive():
            self._reader = threading.Thread(target=self._read_to_the_end, name="search-reader", daemon=True)
            self._reader.start()

    def _read_to_the_end(self) -> None:
        try:
            while self._waiting:
                with self._lock:
                    self._read_waiting(time.monotonic())
                # Questions come first: whoever waits for the lock gets it.
                time.sleep(0.01)
        except (DatabaseError, OSError):
            # The next question goes on with what is waiting.
            logger.exception("Changes could not be read.")
        finally:
            close_old_connections()
            connection.close()


def lay_aside() -> None:
    """Keep what is in memory now out of the collector's way. Without it each of its rounds through everything looks through the whole index
    again, a tenth of a second after some thousand changes, and whoever asks then waits. What is laid aside is freed all the same when it is
    let go of, unless it refers to itself: the index does not."""
    gc.collect()
    gc.freeze()


_indexes: dict[Path, Index] = {}
_making = threading.Lock()


def index() -> Index:
    """Return the index of this process."""
    root = Path(settings.SEARCH_DIR)
    found = _indexes.get(root)
    if found is None:
        with _making:
            found = _indexes.setdefault(root, Index(root))
    return found


def called_now() -> AllCalled:
    """Return what headings and places are called as of now, for who shows some without a search: what is kept, as far as the log was read;
    while that is not followed nothing is. One query where anything was written."""
    with suppress(SearchPreparing), index().opened():
        return index().called
    return AllCalled()


def leave() -> None:
    """Let go of every index of this process; the next question opens one."""
    _indexes.clear()
