"""The log of changes that every index of the search follows; entries that are read as they are, in place of folded columns.

The triggers that write the log are installed after every migrate (archive.search.triggers).
"""

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0018_passages_of_transcripts'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_pk', models.BigIntegerField()),
                ('closes', models.BooleanField(help_text='who may find it, or where it is told to lie, may have become narrower')),
                ('transaction', models.BigIntegerField(help_text="PostgreSQL's number of it, since rows are committed out of order; 0 in SQLite")),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'change for the search',
                'verbose_name_plural': 'changes for the search',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SearchLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('epoch', models.UUIDField(default=uuid.uuid4)),
                ('pruned_to', models.BigIntegerField(default=0, help_text='the highest number of a change that was pruned')),
                ('pruned_transaction', models.BigIntegerField(default=0, help_text='the highest transaction of a change that was pruned')),
            ],
            options={
                'verbose_name': 'log of the search',
                'verbose_name_plural': 'logs of the search',
                'ordering': ['pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='passage',
            options={'ordering': ['set', 'number', 'part'], 'verbose_name': 'passage', 'verbose_name_plural': 'passages'},
        ),
        migrations.RemoveConstraint(
            model_name='passage',
            name='passage_once_per_number',
        ),
        # So that the way back finds something to put there.
        migrations.AlterField(model_name='searchentry', name='compact', field=models.TextField(default='')),
        # So that the way back finds something to put there.
        migrations.AlterField(model_name='searchentry', name='exact', field=models.TextField(default='')),
        # So that the way back finds something to put there.
        migrations.AlterField(model_name='searchentry', name='folded', field=models.TextField(default='')),
        migrations.RemoveField(
            model_name='searchentry',
            name='compact',
        ),
        migrations.RemoveField(
            model_name='searchentry',
            name='exact',
        ),
        migrations.RemoveField(
            model_name='searchentry',
            name='folded',
        ),
        migrations.AddField(
            model_name='passage',
            name='part',
            field=models.PositiveSmallIntegerField(default=0, help_text='of a page or chapter, as readers page through it'),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='made_by',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, help_text='archive.search.indexing.VERSION; a lower one is written anew'),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='texts',
            field=models.JSONField(default=list, help_text='texts as written; everything else that it is found by'),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='titles',
            field=models.JSONField(default=list, help_text="texts as written; the item's titles and its other titles"),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.UniqueConstraint(fields=('set', 'number', 'part'), name='passage_once_per_part'),
        ),
        migrations.AddIndex(
            model_name='searchchange',
            index=models.Index(fields=['transaction'], name='search_change_transaction'),
        ),
        migrations.AddConstraint(
            model_name='searchlog',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='search_log_is_one'),
        ),
    ]
