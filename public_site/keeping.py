"""Which pages a reader's device may keep for when there is no line, and the word that says so: `Keep-On-Device`.

The service worker (templates/public_site/service_worker.js) keeps what carries `open`, and nothing else; with `nothing` it throws away
what it has kept of pages. So what may be kept is decided here, where who asks is known, and not in the browser:

- a page for a stranger: no session, no machine of a reading room, nothing of one person's in the answer;
- of those pages that hold items and headings, named below one by one;
- an item's own page only while the item and every file that is shown are open to everybody without a date (`public_site.views.item`),
  and one of an exhibit or of a person only while all the works on it are;
- pages that tell more than works have a seal, by which a device learns that they tell something else now (`public_site.seals`).

Pictures and sound come from `/files/`, which says `Cache-Control: public` of exactly what everybody may see (`access.caching`).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access import devices
from archive.models import Item

HEADER = "Keep-On-Device"
SEAL = "Keep-Seal"
OPEN, NOTHING, NOT_THIS = "open", "nothing", "no"
PAGES = frozenset(
    {
        "home", "items", "item", "search", "saved_searches", "saved_search", "about", "list",
        "collections", "collection", "peoples", "people", "places", "place", "subjects", "subject", "timeline", "arrivals",
        "exhibits", "exhibit", "exhibit_page", "agent",
    }
)  # fmt: skip
# Of these nothing is kept without one.
SEALED = frozenset({"exhibits", "exhibit", "exhibit_page", "agent", "collection", "people", "place", "subject"})
NAMESPACE = "public_site"
GetResponse = Callable[[HttpRequest], HttpResponse]


class KeepingMiddleware:
    """Writes the header on pages. Outside of the sessions', so that it sees the cookies that they write."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") or response.status_code == 304
        if not is_page or response.get("Cache-Control", "").startswith("public"):
            return response
        if is_somebodys(request, response):
            response[HEADER] = NOTHING
            response.headers.pop(SEAL, None)
        elif response.headers.get(HEADER) == NOT_THIS or not _may_be_kept(request, response):
            # With a 304 the browser shows its own copy with the headers that it has, but for those of this answer.
            response[HEADER] = NOT_THIS
            if response.status_code != 304:
                del response[HEADER], response[SEAL]
        else:
            response[HEADER] = OPEN
        return response


def is_somebodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer is for one person, or for the machines of a reading room: signed in, signing in, signing out."""
    marks = {settings.SESSION_COOKIE_NAME, devices.COOKIE}
    return not marks.isdisjoint(request.COOKIES) or not marks.isdisjoint(response.cookies)


def is_open_for_good(item: Item) -> bool:
    """Whether everybody may see an item and all of its `visible_files`, with no day on which that ends."""
    files = item.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    return all(one.effective_rule.policy.is_public for one in (item, *files))


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        request.method == "GET"
        and response.status_code in {200, 304}
        and match is not None
        and match.app_names == [NAMESPACE]
        and match.url_name in PAGES
        and (match.url_name not in SEALED or SEAL in response.headers)
        and not response.cookies
        and "HTTP_AUTHORIZATION" not in request.META
    )
