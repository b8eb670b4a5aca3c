"""manage.py ensure_demo_staff"""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actions.make_demo_staff import USERNAME, make_demo_staff


class Command(BaseCommand):
    help = (
        "Makes the staff account of a trial, once, and prints its one-time password. "
        "Lost it? python manage.py ensure_demo_staff --new-password"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-password", action="store_true", help="give an existing account a new one")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("A demo account is not made where HERITAGE_PRODUCTION is 1; use createsuperuser."))
        password = make_demo_staff(now=timezone.now(), renew=bool(options["new_password"]))
        if password is None:
            return
        self.stdout.write(f"Tài khoản thủ thư · staff account: {USERNAME}")
        self.stdout.write(f"Mật khẩu dùng một lần · one-time password: {password}")
