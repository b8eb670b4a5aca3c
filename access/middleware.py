"""Makes the viewer of each request, keeps answers out of shared caches, and holds one-time passwords to one time."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from access import partner_answers, partners, remembered, sign_in, stranger_limits
from access.devices import device_of
from access.models import PartnerKey
from access.partner_limits import counter, sort_of, sums
from access.partners import partner_key_of
from access.policy import Standing
from access.viewer import Viewer, standing_of

GetResponse = Callable[[HttpRequest], HttpResponse]
OF_WHO_ASKS = frozenset({"cookie", "accept-language"})
# What an account with a one-time password may still open: the page for a new one and the way out.
ALLOWED_BEFORE_CHANGE = (
    "admin:password_change",
    "admin:logout",
    "admin:login",
    "admin:jsi18n",
    "account:password",
    "account:sign_out",
)


class AccountMiddleware(AuthenticationMiddleware):
    """Sets `request.user`, as Django's does, but looks at once: the limits of sessions ask with every request. Who sends no session is
    nobody, without one being looked for."""

    def process_request(self, request: HttpRequest) -> None:
        """Set it. One query for the session and one for the account, where a session is sent."""
        if request.session.session_key is None:
            # What is answered depends on it all the same: `Vary`.
            request.session.accessed = True
            request.user = AnonymousUser()
        else:
            request.user = get_user(request)


class PartnerMiddleware:
    """Knows the programs of partner libraries at the doors for machines: `request.partner_key`, and nobody else's session beside it.

    A key that does not count is refused in one way, whatever is the matter with it and whatever was asked for (RFC 6750, section 3.1).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = partners.door_of(request.path_info)
        sent = partners.sent_key(request) if door is not None and request.method != "OPTIONS" else None
        if door is None or sent is None:
            return self.get_response(request)
        now = timezone.now()
        key = partners.find_key(sent, now=now)
        if key is None:
            return partner_answers.not_known()
        if door.scope not in key.scopes:
            return partner_answers.not_good_for(door.scope)
        wait_s = counter.wait_s(key, sort_of(key, door), now=now)
        if wait_s:
            return partner_answers.too_many(wait_s, door)
        request.partner_key = key  # type: ignore[attr-defined]  # Django's request is open to attributes
        request.user = AnonymousUser()
        response = self.get_response(request)
        today = timezone.localdate(now)
        if key.last_used_on != today:
            PartnerKey.objects.filter(pk=key.pk).update(last_used_on=today)
        sums.note(key, door, day=today, size_bytes=partner_answers.size_of(response))
        return response


class StrangerMiddleware:
    """Lets each address make so many requests a minute without a key at the doors for records (HERITAGE_ANONYMOUS_PER_MINUTE; 0: any
    number).

    Behind PartnerMiddleware: what came with a key was counted there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.ANONYMOUS_PER_MINUTE
        door = partners.door_of(request.path_info) if limit and request.method != "OPTIONS" else None
        if door is None or partner_key_of(request) is not None or not stranger_limits.is_counted(request, door):
            return self.get_response(request)
        address = sign_in.address_of(request)
        wait_s = stranger_limits.counter.wait_s(address, limit=limit, now_s=timezone.now().timestamp())
        return partner_answers.too_many(wait_s, door) if wait_s else self.get_response(request)


class ViewerMiddleware:
    """Sets `request.viewer`, made once and only when a view asks: static files and health checks cost no query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = partner_key_of(request)

        def make() -> Viewer:
            if key is not None:
                return remembered.viewer(key.partner.account, Standing(), now=timezone.now())
            asking = standing_of(request.user, is_on_site=device_of(request) is not None)
            return remembered.viewer(*asking, now=timezone.now())

        request.make_viewer = make  # type: ignore[attr-defined]  # as below
        request.viewer = SimpleLazyObject(make)  # type: ignore[attr-defined]  # Django's request is open to attributes
        return self.get_response(request)


class PrivateByDefaultMiddleware:
    """Every answer is `private, no-store` unless the view said otherwise by `access.caching.publicly_cacheable`.

    Outside of sessions, devices and languages: what they wrote on an answer that is the same for everybody is taken off again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.cookies or not response.has_header("Cache-Control"):
            # A cookie is one person's or one machine's, whatever the answer it comes with.
            response["Cache-Control"] = "private, no-store"
        elif response["Cache-Control"].startswith("public"):
            _forget_who_asked(response)
        return response


def _forget_who_asked(response: HttpResponse) -> None:
    """Take off what says that the answer depends on person or language: a cache would keep one for each, and ask again for the next."""
    varies = [name.strip() for name in response.headers.get("Vary", "").split(",")]
    kept = [name for name in varies if name and name.lower() not in OF_WHO_ASKS]
    response.headers.pop("Content-Language", None)
    response.headers.pop("Vary", None)
    if kept:
        response["Vary"] = ", ".join(kept)


class PasswordChangeMiddleware:
    """Leads an account with a one-time password to the page where a new one is chosen, whatever was asked for.

    Not one that still owes its second factor: it has no rights yet that could be used, and shows the factor first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        user = request.user
        if path.startswith("/static/") or not getattr(user, "must_change_password", False):
            return self.get_response(request)
        if getattr(user, "is_held_back", False) or path in _allowed_before_change():
            return self.get_response(request)
        return HttpResponseRedirect(reverse("admin:password_change" if _is_staff(user) else "account:password"))


def _is_staff(user: object) -> bool:
    return bool(getattr(user, "is_staff", False))


def _allowed_before_change() -> set[str]:
    found: set[str] = set()
    # The active one, too: it may be a community's.
    for code in {*dict(settings.LANGUAGES), translation.get_language()}:
        with translation.override(code):
            found |= {reverse(name) for name in ALLOWED_BEFORE_CHANGE}
    return found
