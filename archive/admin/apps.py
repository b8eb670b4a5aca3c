"""Makes our admin site the default one."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "archive.admin.site.Desk"

    def ready(self) -> None:
        super().ready()
        # This package is imported before any model exists, so its screens are registered when all of them do.
        from archive.admin import (  # noqa: F401, PLC0415
            authorities,
            communities,
            consents,
            exhibits,
            grants,
            inbox,
            interface_words,
            items,
            labels,
            places,
            protocols,
            saved_searches,
            told,
            work,
        )
