"""The way back to the desk for whoever looks after the machine. Example: python manage.py reset_second_factor thuthu"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actions import keep_second_factor
from access.models import User


class Command(BaseCommand):
    help = (
        "Takes away the app, the keys and the sheet of an account, so that its next sign-in sets up new ones. For the only "
        "administrator who lost them; others are helped at the desk. Example: python manage.py reset_second_factor thuthu"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the account's name")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(_("There is no account of this name."))
        keep_second_factor.reset(user, actor=None, now=timezone.now())
        self.stdout.write(_("The second factor of %(name)s is reset.") % {"name": user.get_username()})
