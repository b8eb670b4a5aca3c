"""The full description, the history, the bin, the talk and the forms of the desk."""

import archive.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('archive', '0010_newest_first_and_rules_by_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RightsStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address part')),
                ('names', archive.models.fields.LangValuesField(blank=True, default=list, verbose_name='names')),
                ('variants', archive.models.fields.LangValuesField(blank=True, default=list, verbose_name='other forms')),
                ('hidden_variants', archive.models.fields.LangValuesField(blank=True, default=list, help_text='Offensive or outdated words of old sources. They are searched, and never shown.', verbose_name='hidden forms')),
                ('notes', archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes')),
                ('codes', archive.models.fields.CodesField(blank=True, default=list, help_text='In other lists: scheme, its version, code. Two lists may disagree.', verbose_name='codes')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample data')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('uri', models.CharField(max_length=200, unique=True, verbose_name='address')),
                ('family', models.CharField(choices=[('rs', 'RightsStatements.org'), ('cc', 'Creative Commons'), ('folklore', 'folklore'), ('other', 'other')], default='other', max_length=8, verbose_name='family')),
                ('requires_origin', models.BooleanField(default=False, help_text="An item under it is published only with its people, village and the performers' wish.", verbose_name='needs a statement of origin')),
                ('position', models.PositiveIntegerField(default=100, verbose_name='order')),
            ],
            options={
                'verbose_name': 'statement of rights',
                'verbose_name_plural': 'statements of rights',
                'ordering': ['position', 'slug', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='item',
            options={'ordering': ['-created_at', '-pk'], 'permissions': [('publish_item', 'Can publish and withdraw items'), ('review_item', 'Can ask for edits of items in review'), ('protect_item', 'Can choose who may see items'), ('publish_without_consent', 'Can publish a recognisable person without a consent, with a reason')], 'verbose_name': 'item', 'verbose_name_plural': 'items'},
        ),
        migrations.AddField(
            model_name='agent',
            name='born_edtf',
            field=models.CharField(blank=True, help_text='A year is enough.', max_length=80, verbose_name='born'),
        ),
        migrations.AddField(
            model_name='agent',
            name='codes',
            field=archive.models.fields.CodesField(blank=True, default=list, help_text='In other lists: scheme, its version, code. Two lists may disagree.', verbose_name='codes'),
        ),
        migrations.AddField(
            model_name='agent',
            name='died_edtf',
            field=models.CharField(blank=True, max_length=80, verbose_name='died'),
        ),
        migrations.AddField(
            model_name='agent',
            name='hidden_variants',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Offensive or outdated words of old sources. They are searched, and never shown.', verbose_name='hidden forms'),
        ),
        migrations.AddField(
            model_name='agent',
            name='name_is_withheld',
            field=models.BooleanField(default=False, help_text="By custom, or by the family's wish. Readers see the words below instead of it.", verbose_name='the name must not be spoken'),
        ),
        migrations.AddField(
            model_name='agent',
            name='notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes'),
        ),
        migrations.AddField(
            model_name='agent',
            name='shown_as',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Such as: an artisan of the village.', verbose_name='shown instead of the name'),
        ),
        migrations.AddField(
            model_name='agent',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='agent',
            name='withheld_note',
            field=models.TextField(blank=True, help_text='For staff only.', verbose_name='who asked for it, and until when'),
        ),
        migrations.AddField(
            model_name='collection',
            name='codes',
            field=archive.models.fields.CodesField(blank=True, default=list, help_text='In other lists: scheme, its version, code. Two lists may disagree.', verbose_name='codes'),
        ),
        migrations.AddField(
            model_name='collection',
            name='hidden_variants',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Offensive or outdated words of old sources. They are searched, and never shown.', verbose_name='hidden forms'),
        ),
        migrations.AddField(
            model_name='collection',
            name='notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes'),
        ),
        migrations.AddField(
            model_name='collection',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='archive.collection', verbose_name='part of'),
        ),
        migrations.AddField(
            model_name='collection',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='item',
            name='alternative_titles',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Also of old catalogues.', verbose_name='other titles'),
        ),
        migrations.AddField(
            model_name='item',
            name='binned_at',
            field=models.DateTimeField(editable=False, help_text="nobody sees it, but for the bin's own screen", null=True, verbose_name='in the bin since'),
        ),
        migrations.AddField(
            model_name='item',
            name='contents',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Chapters, songs, parts.', verbose_name='contents'),
        ),
        migrations.AddField(
            model_name='item',
            name='date_as_written',
            field=models.CharField(blank=True, max_length=200, verbose_name='date as written'),
        ),
        migrations.AddField(
            model_name='item',
            name='extents',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Pages, minutes, size of the original.', verbose_name='extent'),
        ),
        migrations.AddField(
            model_name='item',
            name='issued_as_written',
            field=models.CharField(blank=True, max_length=200, verbose_name='date of publication as written'),
        ),
        migrations.AddField(
            model_name='item',
            name='issued_edtf',
            field=models.CharField(blank=True, max_length=80, verbose_name='published on'),
        ),
        migrations.AddField(
            model_name='item',
            name='mediums',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What the original is on or made of.', verbose_name='medium'),
        ),
        migrations.AddField(
            model_name='item',
            name='orthography_notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Whose spelling it is. Spelling is never corrected.', verbose_name='note on spelling'),
        ),
        migrations.AddField(
            model_name='item',
            name='other_identifiers',
            field=models.JSONField(blank=True, default=list, verbose_name='other identifiers'),
        ),
        migrations.AddField(
            model_name='item',
            name='own_values',
            field=models.JSONField(blank=True, default=dict, verbose_name='own fields'),
        ),
        migrations.AddField(
            model_name='item',
            name='period_as_written',
            field=models.CharField(blank=True, max_length=200, verbose_name='time that it is about, as written'),
        ),
        migrations.AddField(
            model_name='item',
            name='period_edtf',
            field=models.CharField(blank=True, max_length=80, verbose_name='time that it is about'),
        ),
        migrations.AddField(
            model_name='item',
            name='provenances',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Through whose hands it came to the library.', verbose_name='history of keeping'),
        ),
        migrations.AddField(
            model_name='item',
            name='rights_holders',
            field=archive.models.fields.LangValuesField(blank=True, default=list, verbose_name='holder of the rights'),
        ),
        migrations.AddField(
            model_name='item',
            name='rights_note',
            field=models.TextField(blank=True, help_text='For staff only.', verbose_name='note on the term of protection'),
        ),
        migrations.AddField(
            model_name='item',
            name='sources',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it was copied or taken from.', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='item',
            name='submitted_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='template',
            field=models.CharField(blank=True, max_length=20, verbose_name='template'),
        ),
        migrations.AddField(
            model_name='itemfile',
            name='label',
            field=models.CharField(blank=True, help_text='As printed on it: iv, 12, 3r, side A.', max_length=80, verbose_name='number or name of the page'),
        ),
        migrations.AddField(
            model_name='people',
            name='codes',
            field=archive.models.fields.CodesField(blank=True, default=list, help_text='In other lists: scheme, its version, code. Two lists may disagree.', verbose_name='codes'),
        ),
        migrations.AddField(
            model_name='people',
            name='hidden_variants',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Offensive or outdated words of old sources. They are searched, and never shown.', verbose_name='hidden forms'),
        ),
        migrations.AddField(
            model_name='people',
            name='languages',
            field=models.JSONField(blank=True, default=list, verbose_name='languages'),
        ),
        migrations.AddField(
            model_name='people',
            name='notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes'),
        ),
        migrations.AddField(
            model_name='people',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='branches', to='archive.people', verbose_name='branch of'),
        ),
        migrations.AddField(
            model_name='people',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='place',
            name='notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes'),
        ),
        migrations.AddField(
            model_name='place',
            name='precision',
            field=models.CharField(choices=[('exact', 'as it is'), ('commune', 'commune only'), ('province', 'province only'), ('hidden', 'not shown')], default='exact', max_length=8, verbose_name='shown to the public'),
        ),
        migrations.AddField(
            model_name='place',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='placesuccession',
            name='kind',
            field=models.CharField(choices=[('merged_into', 'merged into it'), ('split_into', 'split, partly into it'), ('renamed', 'renamed'), ('upgraded', 'raised to another kind'), ('abolished', 'abolished')], default='merged_into', max_length=12, verbose_name='what happened'),
        ),
        migrations.AddField(
            model_name='subject',
            name='broader',
            field=models.ManyToManyField(blank=True, related_name='narrower', to='archive.subject', verbose_name='broader'),
        ),
        migrations.AddField(
            model_name='subject',
            name='codes',
            field=archive.models.fields.CodesField(blank=True, default=list, help_text='In other lists: scheme, its version, code. Two lists may disagree.', verbose_name='codes'),
        ),
        migrations.AddField(
            model_name='subject',
            name='hidden_variants',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='Offensive or outdated words of old sources. They are searched, and never shown.', verbose_name='hidden forms'),
        ),
        migrations.AddField(
            model_name='subject',
            name='matches',
            field=models.JSONField(blank=True, default=list, verbose_name='the same elsewhere'),
        ),
        migrations.AddField(
            model_name='subject',
            name='notation',
            field=models.CharField(blank=True, help_text='Its number in a classification.', max_length=40, verbose_name='notation'),
        ),
        migrations.AddField(
            model_name='subject',
            name='notes',
            field=archive.models.fields.LangValuesField(blank=True, default=list, help_text='What it is, for readers.', verbose_name='notes'),
        ),
        migrations.AddField(
            model_name='subject',
            name='related',
            field=models.ManyToManyField(blank=True, to='archive.subject', verbose_name='related'),
        ),
        migrations.AddField(
            model_name='subject',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='item',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in review'), ('edits', 'edits needed'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', editable=False, max_length=10, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('item', 'item'), ('people', 'people'), ('place', 'place'), ('agent', 'person or organisation'), ('subject', 'subject'), ('collection', 'collection'), ('rights', 'statement of rights')], max_length=10)),
                ('slug', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=20)),
                ('since', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'slug'), name='former_address_once')],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('text', models.TextField(blank=True, verbose_name='remark')),
                ('moved_from', models.CharField(blank=True, choices=[('draft', 'draft'), ('in_review', 'in review'), ('edits', 'edits needed'), ('published', 'published'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('moved_to', models.CharField(blank=True, choices=[('draft', 'draft'), ('in_review', 'in review'), ('edits', 'edits needed'), ('published', 'published'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='archive.item')),
            ],
            options={
                'verbose_name': 'remark',
                'verbose_name_plural': 'remarks',
                'ordering': ['item', 'at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='rights',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='archive.rightsstatement', verbose_name='rights'),
        ),
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=60)),
                ('data', models.JSONField(default=dict)),
                ('read_version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'unsaved form',
                'verbose_name_plural': 'unsaved forms',
                'ordering': ['user', 'target', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'target'), name='form_draft_once')],
            },
        ),
        migrations.CreateModel(
            name='ItemRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('part', 'has as its part'), ('version', 'has another version in'), ('telling', 'tells the same as'), ('format', 'is also there as'), ('translation', 'is translated in'), ('transcript', 'is written down in'), ('reference', 'refers to'), ('replacement', 'is replaced by'), ('related', 'belongs with')], default='related', max_length=12, verbose_name='relation')),
                ('notes', archive.models.fields.LangValuesField(blank=True, default=list, verbose_name='note')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='archive.item')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inverse_relations', to='archive.item', verbose_name='item')),
            ],
            options={
                'verbose_name': 'relation of an item',
                'verbose_name_plural': 'relations of an item',
                'ordering': ['item', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('item', 'other', 'kind'), name='item_relation_once'), models.CheckConstraint(condition=models.Q(('item', models.F('other')), _negated=True), name='item_not_related_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('item', 'item'), ('people', 'people'), ('place', 'place'), ('agent', 'person or organisation'), ('subject', 'subject'), ('collection', 'collection'), ('rights', 'statement of rights')], max_length=10, verbose_name='kind')),
                ('key', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField(verbose_name='when')),
                ('verb', models.CharField(max_length=40, verbose_name='what')),
                ('reason', models.TextField(blank=True, verbose_name='why')),
                ('snapshot', models.JSONField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'revision',
                'verbose_name_plural': 'revisions',
                'ordering': ['kind', 'key', '-number'],
                'indexes': [models.Index(fields=['verb', 'at'], name='revision_verb_at')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'number'), name='revision_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('screen', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('is_shared', models.BooleanField(default=False, verbose_name='offered to all staff')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['screen', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'screen', 'name'), name='saved_view_once')],
            },
        ),
    ]
