"""Showing and setting up the second factor. Open to whom the desk opens, before it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access import sign_in
from access.actions import keep_second_factor as keep
from access.forms import CodeForm, Counted, KeyForm, OwnPasswordForm
from access.models import AuthenticatorApp, User
from access.second_factors import gate, pictures, proof, sealing, sheets, timed_codes

WAITING_SECRET, CHALLENGE = "second_factor_secret", "second_factor_challenge"  # names in the session
WRONG_CODE = gettext_lazy("This code does not fit, or was used already. An app shows a new one every half minute.")
WRONG_KEY = gettext_lazy("The key did not answer as expected. Try again, or use a code.")
View = Callable[..., HttpResponse]


def for_the_desk(view: View) -> View:
    """Let in whom the desk opens for, once the second factor that there is was shown."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: as in Django
        if not _is_known(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if _user(request).has_second_factor and not proof.is_shown(request.session, _user(request)):
            return HttpResponseRedirect(gate.way_to_it())
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor: a code of the app or the sheet, or the security key."""
    if not _is_known(request):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    user = _user(request)
    if not user.has_second_factor:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if proof.is_shown(request.session, user):
        return HttpResponseRedirect(_next(request))
    form = CodeForm(request.POST or None, request=request, is_asked=False)
    answer = request.POST.get("answer", "")
    if answer and _key_answers(request, user, answer):
        return _shown(request, user)
    if answer:
        form = CodeForm(request=request, is_asked=False)
        messages.error(request, str(WRONG_KEY))
    elif request.method == "POST" and form.is_valid() and _code_fits(request, user, form):
        return _shown(request, user)
    context: dict[str, Any] = {"title": _("Second factor"), "form": form, "next": _next(request)}  # Any: a template's
    if user.security_keys.exists():
        from access.second_factors import security_keys  # noqa: PLC0415  # its library takes a tenth of a start, and few pages ask it

        context["options"], request.session[CHALLENGE] = security_keys.begin_showing(request, user)
    return _page(request, "show", context, form=form)


@require_safe
@for_the_desk
def overview(request: HttpRequest) -> HttpResponse:
    """What the account has, and what it may add."""
    user = _user(request)
    context = {
        "title": _("Second factor"),
        "app": AuthenticatorApp.objects.filter(user=user).first(),
        "keys": list(user.security_keys.all()),
        "codes_left": sheets.unused(user) if user.has_second_factor else 0,
        "is_few": sheets.unused(user) <= sheets.FEW,
        "is_required": proof.is_required(),
        "has_any": user.has_second_factor,
    }
    return _page(request, "overview", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def add_app(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as text, and keep it when the app's code is right."""
    user = _user(request)
    form = CodeForm(request.POST or None, request=request, is_asked=user.has_second_factor)
    secret = _waiting_secret(request)
    if request.method == "POST" and form.is_valid():
        if keep.set_up_app(user, secret, form.cleaned_data["code"], now=timezone.now()):
            del request.session[WAITING_SECRET]
            return _kept(request, user, _("The app is set up."))
        form.add_error("code", str(WRONG_CODE))
    address = timed_codes.address(secret, account=user.get_username(), issuer=request.get_host())
    context = {
        "title": _("An app that makes codes"),
        "form": form,
        "picture": pictures.square_code(address),
        "secret": timed_codes.as_text(secret),
    }
    return _page(request, "app", context, form=form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def add_key(request: HttpRequest) -> HttpResponse:
    """Let a security key sign, and keep its public half."""
    from access.second_factors import security_keys  # noqa: PLC0415  # as in show

    user = _user(request)
    form = KeyForm(request.POST or None, request=request, is_asked=user.has_second_factor)
    if request.method == "POST" and form.is_valid():
        challenge = request.session.pop(CHALLENGE, None) or {}
        try:
            key = security_keys.finish_adding(request, challenge, form.cleaned_data["answer"])
            keep.add_key(user, key, name=form.cleaned_data["name"], now=timezone.now())
            return _kept(request, user, _("The security key is set up."))
        except (security_keys.WrongAnswer, keep.KeyIsKnown):
            form.add_error(None, str(WRONG_KEY))
    options, request.session[CHALLENGE] = security_keys.begin_adding(request, user)
    return _page(request, "key", {"title": _("A security key"), "form": form, "options": options}, form=form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def make_sheet(request: HttpRequest) -> HttpResponse:
    """Make a sheet of codes and show it, once, to be printed."""
    user = _user(request)
    form = OwnPasswordForm(request.POST or None, request=request, is_asked=user.has_second_factor)
    context: dict[str, Any] = {
        "title": _("A printed sheet of codes"),
        "form": form,
        "number": sheets.CODES,
    }  # Any: a template's
    context["has_any"] = user.has_second_factor
    is_sent = request.method == "POST" and (form.is_valid() or not user.has_second_factor)
    if is_sent:
        context["codes"] = keep.make_sheet(user, now=timezone.now())
        context["made_at"] = timezone.now()
        context["confirm"] = CodeForm(request=request, is_asked=False)
    return _page(request, "sheet", context, form=form)


@sensitive_post_parameters()
@require_POST
@for_the_desk
def confirm_sheet(request: HttpRequest) -> HttpResponse:
    """Let the sheet count when a code of it is typed."""
    user = _user(request)
    form = CodeForm(request.POST, request=request, is_asked=False)
    if form.is_valid() and _counted(
        request, user, form, lambda code: keep.confirm_sheet(user, code, now=timezone.now())
    ):
        return _kept(request, user, _("The sheet counts from now on. Keep it where you keep your identity card."))
    context = {"title": _("A printed sheet of codes"), "form": form, "confirm": form, "number": sheets.CODES}
    return _page(request, "sheet", context, form=form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_the_desk
def remove(request: HttpRequest, what: str) -> HttpResponse:
    """Take the app (`app`) or a key (its number) away, after the password was typed."""
    user = _user(request)
    form = OwnPasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            if what == "app":
                keep.remove_app(user, now=timezone.now())
            elif what.isascii() and what.isdigit() and len(what) < 19:
                keep.remove_key(user, int(what), now=timezone.now())
            messages.success(request, _("It was taken away."))
            return HttpResponseRedirect(reverse("admin:second_factor"))
        except keep.LastOne:
            form.add_error(None, _("This is the last one you have. Set up another first, or print a sheet of codes."))
    return _page(request, "remove", {"title": _("Take away"), "form": form}, form=form)


def _is_known(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User):
        return False
    return user.is_held_back or user.has_second_factor or admin.site.has_permission(request)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("admin:index")


def _code_fits(request: HttpRequest, user: User, form: CodeForm) -> bool:
    return _counted(request, user, form, lambda code: keep.show_code(user, code, now=timezone.now()))


def _counted(request: HttpRequest, user: User, form: CodeForm, fits: Callable[[str], bool]) -> bool:
    address = sign_in.address_of(request)
    begun = sign_in.begin_code("second_factor", address, account=user.pk, now=timezone.now())
    if isinstance(begun, sign_in.Pause):
        form.refuse(begun)
        return False
    if not fits(form.cleaned_data["code"]):
        form.add_error("code", str(WRONG_CODE))
        return False
    sign_in.succeeded(begun)
    return True


def _key_answers(request: HttpRequest, user: User, answer: str) -> bool:
    from access.second_factors import security_keys  # noqa: PLC0415  # as in show

    challenge = request.session.pop(CHALLENGE, None) or {}
    try:
        security_keys.finish_showing(request, user, challenge, answer)
    except security_keys.WrongAnswer:
        return False
    return True


def _shown(request: HttpRequest, user: User) -> HttpResponse:
    proof.note_shown(request, user)
    left = sheets.unused(user)
    has_other = AuthenticatorApp.objects.filter(user=user).exists() or user.security_keys.exists()
    if left <= sheets.FEW and not has_other:
        messages.warning(
            request, _("Few codes are left on your sheet. Print a new one now: without a code the desk stays closed.")
        )
        return HttpResponseRedirect(reverse("admin:second_factor"))
    return HttpResponseRedirect(_next(request))


def _kept(request: HttpRequest, user: User, text: str) -> HttpResponse:
    proof.note_shown(request, user)
    messages.success(request, text)
    return HttpResponseRedirect(reverse("admin:second_factor"))


def _waiting_secret(request: HttpRequest) -> bytes:
    """Return the secret that waits in the session, sealed, until a code shows that an app has it."""
    try:
        return sealing.unseal(str(request.session[WAITING_SECRET]))
    except (KeyError, sealing.Unreadable):
        secret = timed_codes.new_secret()
        request.session[WAITING_SECRET] = sealing.seal(secret)
        return secret


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, form: Counted | None = None) -> HttpResponse:
    # Any: as in Django
    frame = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    pause = form.pause if form is not None else None
    response = render(request, f"access/second_factor/{name}.html", {**frame, **context}, status=429 if pause else 200)
    if pause is not None:
        response["Retry-After"] = str(pause.seconds)
    return response
