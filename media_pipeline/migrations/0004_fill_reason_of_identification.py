"""Masters that identification found impossible to show: kept, for a reason about the file, and with no other work done on them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

ABOUT_THE_FILE = [
    "unsupported",
    "password",
    "rights_locked",
    "damaged",
    "nothing_playable",
    "too_many_pixels",
    "unsafe_archive",
]


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    master, job = apps.get_model("media_pipeline", "Master"), apps.get_model("media_pipeline", "Job")
    worked_on = job.objects.filter(master__isnull=False).exclude(role="identify").values("master")
    kept = master.objects.filter(state="kept", reason_code__in=ABOUT_THE_FILE)
    kept.exclude(pk__in=worked_on).update(identified_reason=F("reason_code"))


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0003_reason_of_identification")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
