"""Answers to strangers that this process gives again as long as nothing at all was committed to the database.

Drawing a page costs a hundred times what finding it again does, and a library's database rests most of the time: nobody who only looks
writes anything. What is kept is what a stranger's own device may keep (`public_site.keeping` decides that), by everything of a request that
a page can depend on, and it is thrown away, all of it, by

- any commit, whoever made it and whatever it changed (`archive.commits`): so no list of what a page is drawn from has to be kept right;
- the next moment at which any rule opens or closes, and midnight, when days change;
- ten minutes, for what stands in no database.

Whoever sends a cookie or a key is never answered from here, nor is what a page that the search was still behind with would have said.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from access.models import AccessRule
from access.policy import Policy
from archive import commits
from archive.search import following
from public_site import keeping
from public_site.freshness import tags_of
from public_site.middleware import accepts

KEPT_MOST_BYTES = 32_000_000  # of a process: four thousand pages or so, compressed as they are for nearly everybody
BESIDE_BYTES = 2_000  # what an answer takes besides
KEPT_FOR = timedelta(minutes=10)
ADDRESS_LETTERS_MOST = 1_000
# The first parts of the addresses of `keeping.PAGES`, but for lists that readers made; a test holds them against these.
FIRST_PARTS = frozenset(
    {
        "", "items", "search", "searches", "about",
        "collections", "peoples", "places", "subjects", "timeline", "new",
    }
)  # fmt: skip
# Whoever sends one of these asks for something of their own, or in a way that a page knows nothing of.
_OWN = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_RANGE", "CONTENT_TYPE")
# What an answer that the browser has already leaves out.
_OF_BODIES = frozenset({"content-type", "content-encoding", "content-length", keeping.HEADER.lower()})
GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Answer:
    """An answer as it left: headers in order, body as it was compressed."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size_bytes(self) -> int:
        """What it takes in memory, about."""
        return len(self.body) + BESIDE_BYTES

    def given(self, request: HttpRequest) -> HttpResponse:
        """Return it once more; where the browser has it already, that it has."""
        tag = next((value for name, value in self.headers if name == "ETag"), "")
        if tag and tag in tags_of(request):
            told: HttpResponse = HttpResponseNotModified()
            left_out = _OF_BODIES
        else:
            told, left_out = HttpResponse(self.body), frozenset()
        for name, value in self.headers:
            if name.lower() not in left_out:
                told.headers[name] = value
        return told


class Kept:
    """What one process keeps: all of it read at one mark of the database, good until one moment. The longest unasked go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._mark: Hashable = None
        self._since = self._until = datetime.min.replace(tzinfo=timezone.get_default_timezone())
        self._bytes = 0

    def find(self, key: Hashable, mark: Hashable, *, now: datetime) -> Answer | None:
        """Return the answer, None where there is none that is good now."""
        with self._lock:
            if mark != self._mark or not self._since <= now < self._until:
                return None
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def add(self, key: Hashable, answer: Answer, mark: Hashable, *, now: datetime, until: datetime) -> None:
        """Keep an answer that was drawn at `now` while the mark stayed the same, and is good until a moment; what was kept under another
        mark, or is over, goes."""
        with self._lock:
            if mark != self._mark or not self._since <= now < self._until:
                self._answers.clear()
                self._bytes, self._mark, self._since, self._until = 0, mark, now, until
            before = self._answers.pop(key, None)
            self._answers[key] = answer
            self._bytes += answer.size_bytes - (before.size_bytes if before else 0)
            while self._bytes > KEPT_MOST_BYTES:
                _key, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size_bytes

    def forget(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._answers.clear()
            self._mark, self._bytes = None, 0


kept = Kept()


@receiver(setting_changed, dispatch_uid="public_site.kept_answers")
def _forget(**_facts: object) -> None:
    kept.forget()


class KeptAnswersMiddleware:
    """Gives kept answers again, and keeps what may be. Outside of all that makes pages, inside of what writes headers on all answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        mark = None if key is None else commits.mark()
        if mark is None:
            return self.get_response(request)
        now = timezone.now()
        answer = kept.find(key, mark, now=now)
        if answer is not None:
            return answer.given(request)
        read_to = following.index().read_to
        response = self.get_response(request)
        if response.headers.get(keeping.HEADER) != keeping.OPEN or response.streaming or read_to is None:
            return response
        until = end_of(AccessRule.objects.policies().values(), now=now)
        # Asked last: whatever was read for the page and for its end was read while nothing was committed, and the search was not behind.
        if following.index().read_to == read_to and commits.mark() == mark:
            kept.add(key, Answer(tuple(response.items()), response.content), mark, now=now, until=until)
        return response


def key_of(request: HttpRequest) -> Hashable | None:
    """Return everything of a request that a page for a stranger can depend on; None where it is none of these pages, or no stranger's."""
    sent = request.META
    path = request.path_info
    if request.method != "GET" or any(sent.get(name) for name in _OWN):
        return None
    _before, *parts = path.split("/", 3)
    if not parts or (parts[1] if parts[0] == "en" and len(parts) > 1 else parts[0]) not in FIRST_PARTS:
        return None
    asked = sent.get("QUERY_STRING", "")
    if len(path) + len(asked) > ADDRESS_LETTERS_MOST:
        return None
    coding = next((name for name in ("br", "gzip") if accepts(request, name)), "")
    return path, asked, coding, sent.get("HTTP_HOST"), sent.get("SCRIPT_NAME"), request.is_secure()


def end_of(rules: Iterable[Policy], *, now: datetime) -> datetime:
    """Return until when what is drawn now stays right by itself: the first moment at which a rule opens or closes, the end of the day, and
    ten minutes at most."""
    moments = (moment for rule in rules for moment in (rule.opens_at, rule.closes_at) if moment is not None)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), timezone.get_current_timezone())
    return min(midnight, now + KEPT_FOR, *(moment for moment in moments if moment > now))
