"""Makes our admin site the default one."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "archive.admin.site.Desk"
