"""Ready-made roles: reviewers read what is in review and ask for edits; media operators look after files and the work on them.

Stewards hold their office in a community's protocol, and administrators are superusers: neither is a role of this kind.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ("rightsstatement",)
PARTS = ("itemrelation",)
SEEN = ("item", "itemfile", "itemagent", "itemplace", "itemrelation", "agent", "subject", "people", "collection", "place", "rightsstatement")
DESCRIBING = [
    *(f"{verb}_{model}" for model in RIGHTS for verb in ("view", "add", "change")),
    *(f"{verb}_{model}" for model in PARTS for verb in ("view", "add", "change", "delete")),
]
GIVEN = {
    "Cataloguer": DESCRIBING,
    "Publisher": [*DESCRIBING, "review_item", "delete_rightsstatement", "delete_people", "delete_agent", "delete_subject", "delete_collection", "delete_place"],
    "Reviewer": [*(f"view_{model}" for model in SEEN), "change_item", "review_item"],
    "Media operator": [
        *(f"view_{model}" for model in SEEN), "change_item", "add_itemfile", "change_itemfile", "delete_itemfile", "view_job", "change_job", "view_master",
        "view_intake",
    ],
}  # fmt: skip
NEW = ("Reviewer", "Media operator")


def give(apps, schema_editor):
    # Permissions are otherwise made after all migrations: too late for us.
    for label in ("archive", "media_pipeline"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission")
    for name, codenames in GIVEN.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        labels = ("archive", "media_pipeline")
        group.permissions.add(*permission.objects.filter(content_type__app_label__in=labels, codename__in=codenames))


def take_back(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    groups.filter(name__in=NEW).delete()
    for group in groups.filter(name__in=GIVEN):
        own = group.permissions.filter(content_type__app_label="archive", codename__in=GIVEN[group.name])
        group.permissions.remove(*own)


class Migration(migrations.Migration):

    dependencies = [("archive", "0013_no_bare_addresses_of_rights")]

    operations = [migrations.RunPython(give, take_back)]
