"""The admin site of the curators."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    """Django's admin under our name."""

    site_title = _("Nhà Rông")
    site_header = _("Nhà Rông: the curator's desk")
    index_title = _("What needs doing")


desk = admin.site
