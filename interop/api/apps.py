"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "interop.api"
    label = "interop_api"
    verbose_name = _("REST API")

    def ready(self) -> None:
        from interop.api import prepared  # noqa: PLC0415  # models are there only when apps are ready

        prepared.register()
