"""The ready-made roles: cataloguers describe, publishers also open, close and delete drafts. Administrators are superusers."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

DESCRIBED = ("item", "agent", "subject", "people", "collection", "place")
PARTS = ("itemagent", "itemplace", "itemfile", "placename", "placecode", "placeparent", "placesuccession")
WORK = ("view_job", "change_job", "view_master", "view_intake")
CATALOGUER = [
    *(f"{verb}_{model}" for model in DESCRIBED for verb in ("view", "add", "change")),
    *(f"{verb}_{model}" for model in PARTS for verb in ("view", "add", "change", "delete")),
    *WORK,
]
PUBLISHER = [*CATALOGUER, "publish_item", "protect_item", "delete_item", "view_auditentry"]
ROLES = {"Cataloguer": CATALOGUER, "Publisher": PUBLISHER}


def make_roles(apps, schema_editor):
    # Permissions are otherwise made after all migrations: too late for us.
    for label in ("access", "archive", "media_pipeline"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission")
    for name, codenames in ROLES.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        labels = ("access", "archive", "media_pipeline")
        group.permissions.add(*permission.objects.filter(content_type__app_label__in=labels, codename__in=codenames))


def forget_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0002_uploads_by_person"),
        ("access", "0001_accounts_rules_and_log"),
        ("media_pipeline", "0001_intakes_masters_jobs_derivatives"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, forget_roles)]
