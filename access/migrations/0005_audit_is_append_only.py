"""The database itself refuses to change or remove entries of the log, and to move the end of its chain backwards.

Allowed are: sealing an entry once, forgetting the account of one whose account is deleted (its name stays), moving the end forward. A later
migration that makes these tables anew on SQLite (AlterField, AddField with a default) loses the triggers: it has to make them again, and
tests/access/test_log_guards.py says so.
"""

from django.db import migrations

CONTENT = ('id', 'at', 'actor_name', 'verb', 'target_pid', 'detail', 'reason', 'before', 'after')
REFUSAL = 'entries of the log are neither changed nor removed'


def _same(operator, names):
    return ' AND '.join(f'NEW."{name}" {operator} OLD."{name}"' for name in names)


def _allowed_change(operator):
    return (
        f'({_same(operator, CONTENT)}'
        f' AND (NEW."actor_id" IS NULL OR {_same(operator, ("actor_id",))})'
        f' AND (OLD."sequence" IS NULL OR ({_same(operator, ("sequence", "digest"))})))'
    )


_FORWARD = '(NEW."id" = OLD."id" AND NEW."sequence" > OLD."sequence")'

SQLITE = [
    f"""CREATE TRIGGER access_auditentry_unchanged BEFORE UPDATE ON access_auditentry
        WHEN NOT {_allowed_change("IS")} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER access_auditentry_stays BEFORE DELETE ON access_auditentry
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER access_audithead_forward BEFORE UPDATE ON access_audithead
        WHEN NOT {_FORWARD} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER access_audithead_stays BEFORE DELETE ON access_audithead
        WHEN OLD."sequence" > 0 BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
]
SQLITE_BACK = [
    'DROP TRIGGER IF EXISTS access_auditentry_unchanged',
    'DROP TRIGGER IF EXISTS access_auditentry_stays',
    'DROP TRIGGER IF EXISTS access_audithead_forward',
    'DROP TRIGGER IF EXISTS access_audithead_stays',
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION access_log_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER access_auditentry_unchanged BEFORE UPDATE ON access_auditentry FOR EACH ROW
        WHEN (NOT {_allowed_change("IS NOT DISTINCT FROM")}) EXECUTE FUNCTION access_log_is_kept()""",
    """CREATE TRIGGER access_auditentry_stays BEFORE DELETE ON access_auditentry FOR EACH ROW
        EXECUTE FUNCTION access_log_is_kept()""",
    """CREATE TRIGGER access_auditentry_full BEFORE TRUNCATE ON access_auditentry FOR EACH STATEMENT
        EXECUTE FUNCTION access_log_is_kept()""",
    f"""CREATE TRIGGER access_audithead_forward BEFORE UPDATE ON access_audithead FOR EACH ROW
        WHEN (NOT {_FORWARD}) EXECUTE FUNCTION access_log_is_kept()""",
    """CREATE TRIGGER access_audithead_stays BEFORE DELETE ON access_audithead FOR EACH ROW
        WHEN (OLD."sequence" > 0) EXECUTE FUNCTION access_log_is_kept()""",
    """CREATE TRIGGER access_audithead_full BEFORE TRUNCATE ON access_audithead FOR EACH STATEMENT
        EXECUTE FUNCTION access_log_is_kept()""",
]
POSTGRESQL_BACK = [
    'DROP TRIGGER IF EXISTS access_auditentry_unchanged ON access_auditentry',
    'DROP TRIGGER IF EXISTS access_auditentry_stays ON access_auditentry',
    'DROP TRIGGER IF EXISTS access_auditentry_full ON access_auditentry',
    'DROP TRIGGER IF EXISTS access_audithead_forward ON access_audithead',
    'DROP TRIGGER IF EXISTS access_audithead_stays ON access_audithead',
    'DROP TRIGGER IF EXISTS access_audithead_full ON access_audithead',
    'DROP FUNCTION IF EXISTS access_log_is_kept()',
]


def guard(apps, editor):
    _run(editor, SQLITE, POSTGRESQL)


def leave(apps, editor):
    _run(editor, SQLITE_BACK, POSTGRESQL_BACK)


def _run(editor, on_sqlite, on_postgresql):
    for statement in {'sqlite': on_sqlite, 'postgresql': on_postgresql}[editor.connection.vendor]:
        # Without parameters: a percent sign would be read as one.
        editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_second_factors'),
    ]

    operations = [migrations.RunPython(guard, leave, elidable=False)]
