"""A reader's account: made with a name and a password, seen whole, taken along, and ended."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import own_data
from access.actions.keep_account import HasWorkedHere, delete_account
from access.actions.keep_account import sign_up as make_account
from access.devices import device_of
from access.forms import Counted, NewPasswordForm, OwnPasswordForm, ReaderSignInForm, SignUpForm
from access.models import User
from access.second_factors import gate, proof
from archive import contributions, letters, notes
from public_site.account_sections import sections_of
from public_site.page_languages import page_addresses

signed_in = login_required(login_url=reverse_lazy("account:sign_in"))
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@read_or_send
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password. Whoever has a second factor, or needs one, is led to it."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = ReaderSignInForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login(request, user)
        wanted = _next(request)
        return HttpResponseRedirect(gate.way_to_it(wanted) if proof.is_owed(user) else wanted)
    return shown(request, "sign_in", {"form": form, "next": _wanted(request)}, form=form)


@sensitive_post_parameters()
@read_or_send
def sign_up_page(request: HttpRequest) -> HttpResponse:
    """Make an account, and be signed in with it."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = SignUpForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        user = make_account(form.save(commit=False), now=timezone.now())
        login(request, user)
        return HttpResponseRedirect(_next(request))
    return shown(request, "sign_up", {"form": form, "next": _wanted(request)}, form=form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("public_site:home"))


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """What is kept about the reader, and what they may do with it."""
    user = _reader(request)
    context = {
        "section": "account",
        "memberships": own_data.memberships(user),
        "sections": sections_of(request),
        "may_delete": not (user.is_staff or user.is_superuser or user.is_held_back),
        "owes_factor": user.is_held_back,
        "desk_is_open": admin.site.has_permission(request),
        "now": timezone.now(),
    }
    answer = shown(request, "page", context)
    if (device := device_of(request)) is not None:
        # The next person at a shared machine does not find it on the screen: the session is over by then.
        answer["Refresh"] = f"{device.idle_minutes * 60 + 5}; url={reverse('public_site:home')}"
    return answer


@sensitive_post_parameters()
@read_or_send
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password. Other sessions of the account end."""
    form = NewPasswordForm(_reader(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        return HttpResponseRedirect(reverse("account:page"))
    return shown(request, "password", {"form": form})


@require_safe
@signed_in
def data(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the reader, as a file."""
    user = _reader(request)
    kept = {
        **own_data.own_data(user),
        "told": contributions.own_data(user),
        "notes": notes.own_data(user),
        "letters": letters.own_data(user),
    }
    answer = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="account.json"'
    return answer


@sensitive_post_parameters()
@read_or_send
@signed_in
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, after its password was typed."""
    user = _reader(request)
    form = OwnPasswordForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(user, now=timezone.now())
        except HasWorkedHere:
            return HttpResponseRedirect(reverse("account:page"))
        logout(request)
        return HttpResponseRedirect(reverse("public_site:home"))
    return shown(request, "delete", {"form": form}, form=form)


def shown(
    request: HttpRequest, name: str, context: dict[str, Any], *, form: Counted | None = None
) -> HttpResponse:  # Any: a template's
    """Return one of the account's pages; 429 with the time to wait where its form was tried too often."""
    other = {"other_language_url": page_addresses(request)["other_language_url"]}
    pause = None if form is None else form.pause
    answer = render(request, f"public_site/account/{name}.html", {**other, **context}, status=429 if pause else 200)
    if pause is not None:
        answer["Retry-After"] = str(pause.seconds)
    return answer


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def _next(request: HttpRequest) -> str:
    return _wanted(request) or reverse("account:page")
