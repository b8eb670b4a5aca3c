"""The public site."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicSiteConfig(AppConfig):
    """Pages for visitors and readers."""

    name = "public_site"
    verbose_name = _("public site")
