"""Holds back, until the second factor was shown, everything that goes beyond a reader; leads to it whoever comes to the desk."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from access.models import User
from access.second_factors import proof

GetResponse = Callable[[HttpRequest], HttpResponse]
# Pages of the desk that are open before: the way out, and the choice of language.
OPEN_BEFORE = ("admin:logout", "admin:language", "admin:jsi18n")


class SecondFactorMiddleware:
    """After it, `request.user` of a session that owes the second factor is a reader everywhere: desk, uploads, master files, API.

    Stewards and managers, for whom the desk opens without their being staff, are led to it at the desk.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        # Whoever has a one-time password and no second factor chooses a password first, and comes to no other page before that.
        if not isinstance(user, User) or (user.must_change_password and not user.has_second_factor):
            return self.get_response(request)
        if proof.is_shown(request.session, user):
            return self.get_response(request)
        is_desk = request.path_info.startswith(reverse("admin:index"))
        if proof.is_owed(user):
            user.hold_back()
        elif not (is_desk and proof.is_required() and admin.site.has_permission(request)):
            return self.get_response(request)
        if is_desk and not _is_open(request):
            return HttpResponseRedirect(way_to_it(_wanted(request)))
        return self.get_response(request)


def way_to_it(wanted: str = "") -> str:
    """Return the address where the second factor is shown, which leads on to what was wanted."""
    here = reverse("admin:second_factor_show")
    return f"{here}?next={quote(wanted, safe='/')}" if wanted else here


def _is_open(request: HttpRequest) -> bool:
    path = request.path_info
    if path == reverse("admin:login"):
        return request.method == "POST"  # somebody else signs in
    return path.startswith(reverse("admin:second_factor")) or path in {reverse(name) for name in OPEN_BEFORE}


def _wanted(request: HttpRequest) -> str:
    if request.path_info == reverse("admin:login"):
        return request.GET.get("next", "")
    return request.get_full_path() if request.method == "GET" else ""
