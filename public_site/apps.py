"""The public site."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicSiteConfig(AppConfig):
    """Pages for visitors and readers."""

    name = "public_site"
    verbose_name = _("public site")

    def ready(self) -> None:
        from archive.admin import exhibit_previews, partner_eyes, previews  # noqa: PLC0415  # models are there only now
        from public_site import desk  # noqa: PLC0415  # as above
        from public_site.views import exhibits, item  # noqa: PLC0415  # as above

        previews.register(item.preview)
        exhibit_previews.register(exhibits.preview)
        partner_eyes.register(desk.exported)
