"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "interop.api"
    label = "interop_api"
    verbose_name = _("REST API")
