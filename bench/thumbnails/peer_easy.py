"""The same sizes with easy-thumbnails, as its README uses it: peer_easy.py PEERS OUT QUALITY EDGES SOURCE…"""

import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
out, quality, edges = Path(sys.argv[2]), int(sys.argv[3]), [int(edge) for edge in sys.argv[4].split(",")]

import django  # noqa: E402 - only now can they be found
from django.conf import settings  # noqa: E402

settings.configure(
    INSTALLED_APPS=["easy_thumbnails"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MEDIA_ROOT=str(out),
    MEDIA_URL="/",
    THUMBNAIL_EXTENSION="webp",
    THUMBNAIL_TRANSPARENCY_EXTENSION="webp",
    THUMBNAIL_QUALITY=quality,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.core.management import call_command  # noqa: E402
from easy_thumbnails.files import get_thumbnailer  # noqa: E402 - installed beside, for this benchmark alone

call_command("migrate", verbosity=0)
for number, source in enumerate(sys.argv[5:]):
    with Path(source).open("rb") as file:
        thumbnailer = get_thumbnailer(file, relative_name=f"{number}/picture")
        for edge in edges:
            thumbnailer.get_thumbnail({"size": (edge, edge)})
