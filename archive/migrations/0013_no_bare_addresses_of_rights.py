"""Addresses of rights are on their statements now."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("archive", "0012_statements_of_rights")]

    operations = [migrations.RemoveField(model_name="item", name="rights_uri")]
