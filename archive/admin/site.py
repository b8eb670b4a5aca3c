"""The admin site of the curators."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from access.forms import NewPasswordForm, SignInForm
from access.models import User
from access.roles import Ability
from archive import letters
from archive.admin import palette, start_page
from archive.admin.base import looked_after
from archive.admin.choosers import MOST_DIGITS

# Parameters that hold words a person typed: a long number may be one.
WORDS = frozenset({"q", "term", "back"})
APP_ORDER = ("archive", "media_pipeline", "access", "auth")
MODEL_ORDER = (
    "Item",
    "Collection",
    "Exhibit",
    "People",
    "Place",
    "Agent",
    "Subject",
    "RightsStatement",
    "ConsentRecord",
    "Label",
    "Contribution",
    "InterfaceLanguage",
    "Job",
    "Master",
    "Petition",
    "Community",
    "Protocol",
    "Grant",
    "User",
    "Device",
    "Partner",
    "AuditEntry",
)


class Desk(admin.AdminSite):
    """Django's admin under our name: a start page of what needs doing, a choice of language, one-time passwords that are changed."""

    site_title = _("Nhà Rông")
    site_header = _("Nhà Rông: the curator's desk")
    index_title = _("What needs doing")
    login_template = "desk/login.html"
    login_form = SignInForm
    index_template = "desk/start.html"
    password_change_template = "desk/password_change.html"  # noqa: S105  # a template
    password_change_done_template = "desk/password_changed.html"  # noqa: S105  # a template

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in staff, and who looks after a community or a protocol: they see what is theirs (docs/adr/0010). And whom a community
        named for its language: they find the words of the site there."""
        return super().has_permission(request) or bool(
            looked_after(request) or looked_after(request).may(Ability.EDIT_OWN_WORD)
        )

    def get_urls(self) -> Any:  # Any: as in Django
        own = [
            path("language/", choose_language, name="language"),
            path("palette/", self.admin_view(self.palette), name="palette"),
            path("second-factor/", include("access.urls")),
            path("emergency/", include("archive.admin.emergency_urls")),
        ]
        return [*own, *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # Any: as in Django
        """Wrap a view; a list asked for a number that no database holds shows itself whole, as Django does for other nonsense."""

        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # Any: as in Django
            asked = [value for name in request.GET if name not in WORDS for value in request.GET.getlist(name)]
            if any(value.lstrip("-").isdigit() and len(value) > MOST_DIGITS for value in asked):
                return HttpResponseRedirect(f"{request.path}?e=1")
            return view(request, *args, **kwargs)

        return super().admin_view(shown, cacheable)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:  # Any: as in Django
        return {
            **super().each_context(request),
            "library_name": settings.LIBRARY_NAME,
            "interface_languages": settings.LANGUAGES,
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:  # Any: as in Django
        """Return the screens, what is used daily first."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(MODEL_ORDER, model["object_name"]))
        return sorted(apps, key=lambda app: _place(APP_ORDER, app["app_label"]))

    def palette(self, request: HttpRequest) -> JsonResponse:
        return palette.answer(request, self)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # Any: as in Django
        return super().index(request, {"start": start_page.read(request), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # Any: as in Django
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if isinstance(form, SignInForm) and form.pause is not None:
            response.status_code = 429
            response["Retry-After"] = str(form.pause.seconds)
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:  # Any: as in Django
        view = PasswordChangeView.as_view(
            form_class=NewPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            template_name=self.password_change_template,
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)


def choose_language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the desk; letters to whoever is signed in are written in it, too."""
    answer = set_language(request)
    user = request.user
    if request.method == "POST" and isinstance(user, User):
        letters.remember_language(user, request.POST.get("language", ""))
    return answer


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


desk = admin.site
