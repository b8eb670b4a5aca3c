"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from heritage.threads import keep_by_thread

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")

keep_by_thread()
django = get_wsgi_application()

from django.db import connection  # noqa: E402  # Django's apps have to be there first

from heritage.turns import Turns  # noqa: E402
from interop.iiif.image.in_front import in_front_of  # noqa: E402

application = in_front_of(Turns(django) if connection.vendor == "sqlite" else django)

# What was loaded stays for good: looking through it for garbage with every few requests takes a twentieth of a page.
gc.collect()
gc.freeze()
