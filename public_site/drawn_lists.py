"""Lists of items as they were drawn, kept in this process while nothing is written in the database (docs/adr/0024).

What is kept is the part of a page that the index, the items and their headings are read for. It is drawn with nothing at hand but the
question, so that nothing of a request, a session or an account can stand in it, and it is found again only by whoever satisfies the very
same rules, in the same language, by the same question. For whom something was opened alone nothing is kept and nothing kept is shown.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.template.loader import get_template
from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from access import remembered
from access.viewer import Viewer
from archive import interface_words
from public_site import list_markup
from public_site.list_markup import Page

KEPT_BYTES = 16_000_000  # of all that is kept, as UTF-8: two hundred pages at least
ASKED_LETTERS_MOST = 1_000  # of a question that is kept
NOTHING = SafeString()
_OVERHEAD_BYTES = 2_000  # of one that is kept, beside what was drawn


@dataclass(frozen=True)
class Listed:
    """A page of a list: filters, order, cards and ways on; of a heading's page also its kinds and its map, which stand above."""

    results: SafeString
    kinds: SafeString = NOTHING
    map: SafeString = NOTHING


Draw = Callable[[], tuple[Listed, bool]]


def draw(page: Page, *, is_under_heading: bool) -> Listed:
    """Draw a list from this and nothing else."""
    if not is_under_heading:
        return Listed(list_markup.results(page, page.plot))
    kinds = get_template("public_site/_parts/kinds.html").render({"filters": page.filters})
    shown = list_markup.plot_of(page.plot, is_open=True) if page.plot else NOTHING
    return Listed(list_markup.results(page, None), SafeString(kinds), shown)


def key_of(viewer: Viewer, question: Hashable, *, letters: int) -> Hashable | None:
    """Return what a list is kept by: who may see what, the question with so many letters, and all else that it is drawn from. None where it
    is not to be kept."""
    if not viewer.is_judged_by_rules or letters > ASKED_LETTERS_MOST:
        return None
    # Whoever is known has sights written down: what is kept for them holds none (`public_site.views.lists`).
    who = (viewer.rule_ids, viewer.user_id is not None)
    where = (get_language(), interface_words.number(), get_script_prefix(), get_urlconf())
    # Places are called by their names of the day.
    return (*who, *where, timezone.localdate(), question)


class Kept:
    """What was drawn in one state of the database, the longest unused forgotten first."""

    def __init__(self, bytes_most: int = KEPT_BYTES) -> None:
        self._bytes_most = bytes_most
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._lists: OrderedDict[Hashable, tuple[bytes, ...]] = OrderedDict()
        self._bytes = 0

    def find(self, state: Hashable, key: Hashable) -> Listed | None:
        """Return what was drawn in this state, None for what was not."""
        with self._lock:
            found = self._lists.get(key) if state == self._state else None
            if found is None:
                return None
            self._lists.move_to_end(key)
        return Listed(*(SafeString(part, "utf-8") for part in found))

    def keep(self, state: Hashable, key: Hashable, listed: Listed) -> None:
        """Keep it for this state, and nothing of another."""
        parts = tuple(part.encode() for part in (listed.results, listed.kinds, listed.map))
        size = _size(parts)
        if size > self._bytes_most:
            return
        with self._lock:
            if state != self._state:
                # Another thread may have drawn in a later state: whichever stays is of one state and no other.
                self._lists.clear()
                self._state, self._bytes = state, 0
            before = self._lists.pop(key, None)
            self._bytes += size - (0 if before is None else _size(before))
            self._lists[key] = parts
            while self._bytes > self._bytes_most:
                _key, longest = self._lists.popitem(last=False)
                self._bytes -= _size(longest)

    def forget(self) -> None:
        """Keep nothing more of what was drawn."""
        with self._lock:
            self._state, self._bytes = None, 0
            self._lists.clear()


def _size(parts: tuple[bytes, ...]) -> int:
    return sum(map(len, parts)) + _OVERHEAD_BYTES


_kept = Kept()


@receiver(setting_changed, dispatch_uid="public_site.drawn_lists")
def _forget(**_facts: object) -> None:  # in tests only
    _kept.forget()


def of(key: Hashable | None, draw_now: Draw) -> Listed:
    """Return what is kept by this key in the state that the database is in now, else what is drawn now. Raises what `draw_now` raises,
    which says besides whether it will be the same for as long as nothing is written."""
    # Asked before anything is read. What is read afterwards is of this state or of a later one.
    state = None if key is None else remembered.state_now()
    if state is not None and (found := _kept.find(state, key)) is not None:
        return found
    listed, is_settled = draw_now()
    if is_settled and state is not None:
        _kept.keep(state, key, listed)
    return listed
