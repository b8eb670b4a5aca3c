"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = _("Archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from archive import checks, receivers  # noqa: F401, PLC0415  # Django wants these registered when apps are ready
        from archive.search import indexing, triggers  # noqa: PLC0415  # as above

        pre_migrate.connect(triggers.before_migrate, sender=self, dispatch_uid="archive.log_steps_aside")
        post_migrate.connect(triggers.after_migrate, sender=self, dispatch_uid="archive.log_is_written")
        post_migrate.connect(indexing.after_migrate, sender=self, dispatch_uid="archive.words_are_written_anew")
