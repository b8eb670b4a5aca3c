"""Items withdrawn before the moment was kept: the last change is the nearest that is known."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    apps.get_model("archive", "Item").objects.filter(state="withdrawn", withdrawn_at=None).update(
        withdrawn_at=F("modified_at")
    )


class Migration(migrations.Migration):

    dependencies = [("archive", "0005_moment_of_withdrawal")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
