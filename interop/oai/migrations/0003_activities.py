"""What happened to items in the sight of everybody, in the order in which it was found out. Looking at every item after migrating fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interop_oai', '0002_more_sets'),
    ]

    operations = [
        migrations.AddField(
            model_name='harveststate',
            name='last_activity',
            field=models.BigIntegerField(default=0, help_text='number of the last activity: none is given twice'),
        ),
        migrations.AddField(
            model_name='harveststate',
            name='last_activity_s',
            field=models.BigIntegerField(default=0, help_text='its moment, in seconds since 1970'),
        ),
        migrations.CreateModel(
            name='HarvestActivity',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('item_key', models.BigIntegerField(unique=True)),
                ('pid', models.CharField(max_length=11)),
                ('kind', models.CharField(choices=[('Create', 'Create'), ('Update', 'Update'), ('Delete', 'Delete')], max_length=6)),
                ('told_s', models.BigIntegerField(help_text='when it was found out, in seconds since 1970; never before that of a lower number')),
                ('digest', models.CharField(blank=True, help_text='of all that is told of the item; none of a deleted one', max_length=32)),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'Delete'), _negated=True), ('digest', ''), _connector='OR'), name='oai_delete_is_bare')],
            },
        ),
    ]
