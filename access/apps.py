"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = _("Access")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from access import session_limits  # noqa: F401, PLC0415  # Django wants receivers registered when apps are ready
        from access.second_factors import proof  # noqa: F401, PLC0415  # as above
