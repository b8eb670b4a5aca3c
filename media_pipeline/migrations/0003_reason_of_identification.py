"""What identification found gets a column of its own: until now the outcome of the last job was written over it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0002_damage_of_masters")]

    operations = [
        migrations.AddField(
            model_name="master",
            name="identified_reason",
            field=models.CharField(
                blank=True,
                help_text=(
                    "why identification found that the file cannot be shown; empty when it can, whatever became of the work on it"
                ),
                max_length=40,
                default="",
            ),
            preserve_default=False,
        ),
    ]
