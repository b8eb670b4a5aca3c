"""WSGI entry point."""

import gc
import os

import django

from heritage.settings_read import read_them_quickly
from heritage.threads import keep_by_thread

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")

# New objects are looked through for garbage so many at once: the few circles that a page leaves can wait for those of others.
LOOKED_THROUGH = 20_000

keep_by_thread()
read_them_quickly()
django.setup(set_prefix=False)

from django.core.cache import close_caches  # noqa: E402  # Django's apps have to be there first
from django.core.signals import request_finished  # noqa: E402
from django.db import connection  # noqa: E402

from heritage.handler import Handler  # noqa: E402
from heritage.turns import Turns  # noqa: E402
from interop.iiif.image.in_front import in_front_of  # noqa: E402

# Neither of our caches has anything to close, which takes longer to find out than who asks.
request_finished.disconnect(close_caches)
site = Handler()
application = in_front_of(Turns(site) if connection.vendor == "sqlite" else site)

# What was loaded stays for good: looking through it for garbage with every few requests takes a twentieth of a page.
gc.collect()
gc.freeze()
gc.set_threshold(LOOKED_THROUGH, *gc.get_threshold()[1:])
