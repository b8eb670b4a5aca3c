"""Sets of saved searches and of partners, and what the API keeps ready beside harvesters' records."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("interop_oai", "0001_harvesting"),
    ]

    operations = [
        migrations.CreateModel(
            name="HarvestSearchHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80)),
                ("item_key", models.BigIntegerField(db_index=True)),
            ],
            options={
                "verbose_name": "item that a saved search finds",
                "verbose_name_plural": "items that saved searches find",
                "ordering": ["slug", "item_key", "pk"],
                "constraints": [models.UniqueConstraint(fields=("slug", "item_key"), name="oai_search_hit_once")],
            },
        ),
        migrations.CreateModel(
            name="HarvestPartnerRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partner", models.CharField(help_text="pid of the partner library", max_length=11)),
                ("item_key", models.BigIntegerField(db_index=True)),
                ("pid", models.CharField(max_length=11)),
                ("changed_s", models.BigIntegerField(help_text="its datestamp, in seconds since 1970")),
                ("is_deleted", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "record announced to a partner",
                "verbose_name_plural": "records announced to partners",
                "ordering": ["partner", "pk"],
                "indexes": [models.Index(fields=["partner", "id"], name="oai_partner_order")],
                "constraints": [models.UniqueConstraint(fields=("partner", "item_key"), name="oai_partner_once")],
            },
        ),
        migrations.AddField(
            model_name="harvestbody",
            name="made_s",
            field=models.BigIntegerField(help_text="when, in seconds since 1970", null=True),
        ),
        migrations.AlterField(
            model_name="harvestbody",
            name="format",
            field=models.PositiveSmallIntegerField(
                help_text="number of interop.oai.formats; from 100 on another door's"
            ),
        ),
    ]
