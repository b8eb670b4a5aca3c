"""Who records consents, who opens their evidence, who publishes without one: the last two are a role of their own."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = {
    "Cataloguer": ("view_label",),
    "Publisher": (
        "view_consentrecord",
        "add_consentrecord",
        "change_consentrecord",
        "view_label",
        "add_label",
        "change_label",
    ),
    "Keeper of consents": (
        "view_item",
        "view_agent",
        "view_consentrecord",
        "add_consentrecord",
        "change_consentrecord",
        "read_evidence",
        "publish_without_consent",
    ),
}
MADE = "Keeper of consents"


def give(apps, schema_editor):
    # Permissions are otherwise made after all migrations: too late for us.
    create_permissions(installed.get_app_config("archive"), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission")
    for name, codenames in GIVEN.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(
            *permission.objects.filter(content_type__app_label="archive", codename__in=codenames)
        )


def take_back(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    groups.filter(name=MADE).delete()
    for group in groups.filter(name__in=GIVEN):
        group.permissions.remove(*group.permissions.filter(codename__in=GIVEN[group.name]))


class Migration(migrations.Migration):

    dependencies = [("archive", "0008_roles_of_access"), ("media_pipeline", "0006_what_is_kept_only")]

    operations = [migrations.RunPython(give, take_back)]
