"""Who describes writes words of the site for those who speak the languages; who publishes offers them to readers."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = {
    "Cataloguer": ["view_interfacelanguage", "change_interfacelanguage"],
    "Publisher": ["view_interfacelanguage", "change_interfacelanguage", "offer_interfacelanguage"],
}


def give(apps, schema_editor):
    # Permissions are otherwise made after all migrations: too late for us.
    create_permissions(installed.get_app_config("archive"), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission")
    for name, codenames in GIVEN.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permission.objects.filter(content_type__app_label="archive", codename__in=codenames))


def take_back(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GIVEN):
        own = group.permissions.filter(content_type__app_label="archive", codename__in=GIVEN[group.name])
        group.permissions.remove(*own)


class Migration(migrations.Migration):

    dependencies = [("archive", "0028_words_of_the_site")]

    operations = [migrations.RunPython(give, take_back)]
