"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class OaiConfig(AppConfig):
    name = "interop.oai"
    label = "interop_oai"
    verbose_name = _("Harvesting")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from archive.admin import partner_eyes  # noqa: PLC0415  # models are there only when apps are ready
        from interop import desk  # noqa: PLC0415  # as above
        from interop.oai import checks, triggers  # noqa: F401, PLC0415  # as above

        pre_migrate.connect(triggers.before_migrate, sender=self, dispatch_uid="oai.before_migrate")
        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="oai.after_migrate")
        for door in (desk.harvested, desk.asked, desk.shown):
            partner_eyes.register(door)
