"""The desk's list of items goes by the last change, and walks over no row on the way to a page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("archive", "0014_roles_of_the_desk")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["-modified_at", "-id", "effective_rule"], name="item_changed"),
        )
    ]
