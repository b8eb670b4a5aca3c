"""Fixtures of all tests: a store, a staging and a work folder of each test's own, people, and the outside world of the sample files."""

from __future__ import annotations

import copy
import math
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles.finders import get_finders
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from django.utils import translation
from pytest_django import DjangoDbBlocker

from archive import interface_words, prepared
from archive.search import following
from tests import emptying, made_once, migrated, one_profile, s3_sessions, sharing_out
from tests.browsers import browser
from tests.services.fixtures import postgres_server, redis_server, s3_server

s3_sessions.share()

__all__ = ["browser", "postgres_server", "redis_server", "s3_server"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

# What the migrations wrote, as a fresh archive has it, and what lets a hook ask the database.
Rows = dict[type[Model], list[Model]]
# Of each ready-made role the permissions, as (app, what it permits): their numbers change when tables are emptied.
Roles = dict[str, list[tuple[str, str]]]
FILLED = pytest.StashKey[tuple[Rows, Roles, DjangoDbBlocker]]()
NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run pure tests once, not in each profile, long ones only when asked for, and what shares something costly in one process."""
    sharing_out.share_out(items)
    served = os.environ.get("HERITAGE_TEST_PROFILE") == "served"
    left_out = [item for item in items if served and item.get_closest_marker("pure")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    one_profile.leave_out(config, items)
    if os.environ.get("HERITAGE_TEST_LONG") != "1":
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="long: run by ./scripts/test --long"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints, where there is one, what was left to the other profile."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[one_profile.TOLD_AS] = list(one_profile.left_out(session.config))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # Any: a process of pytest-xdist
    """Remember what a process of tests left out: all of them collect the same."""
    told = getattr(node, "workeroutput", {}).get(one_profile.TOLD_AS)
    if told is not None:
        one_profile.remember(node.config, told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what this run left out: nobody takes it for tested."""
    if names := one_profile.summary(one_profile.left_out(config)):
        terminalreporter.write_sep("-", "left to the other profile, and to ./scripts/test --long")
        terminalreporter.write_line(" ".join(names))


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Lay links to every static file where live servers look for them: collecting would take longer than many tests."""
    root = Path(django_settings.STATIC_ROOT)
    for finder in get_finders():
        for name, storage in finder.list([]):
            link = root / name
            if not link.exists():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(storage.path(name))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of one migrated database. SQLite's lies in a file, as archives have it: one in memory that threads share refuses a
    reader beside a writer at once, and knows no WAL. Nobody pulls the plug of a test, so nothing waits for the disk."""
    if connection.vendor == "sqlite":
        database = Path(os.environ["HERITAGE_TEST_DATA"]) / "tests.sqlite3"
        migrated.copy_to(database)
        connection.settings_dict["TEST"]["NAME"] = str(database)
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template_of(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Begin with the copy of a migrated database that lies there for SQLite; on PostgreSQL one is made for the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let tables be emptied between tests: in an archive the database keeps its log (access 0005), and tests/access/test_log_guards.py
    puts these guards back."""
    where = " ON {}" if connection.vendor == "postgresql" else ""
    kinds = ("stays", "full") if connection.vendor == "postgresql" else ("stays",)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("access_auditentry", "access_audithead"):
            for kind in kinds:
                cursor.execute(f"DROP TRIGGER {table}_{kind}{where.format(table)}")
        emptying.teach()
        request.config.stash[FILLED] = _what_migrations_wrote(), _ready_made_roles(), django_db_blocker


def _what_migrations_wrote() -> Rows:
    """Return the rows that migrations wrote, a list a table; Django's own come back by themselves when tables are emptied."""
    ours = [
        model
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label not in ("contenttypes", "auth")
    ]
    found = {model: list(model._base_manager.all()) for model in ours}
    return {model: rows for model, rows in found.items() if rows}


def _ready_made_roles() -> Roles:
    return {
        group.name: list(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }


def _make_roles(roles: Roles) -> None:
    every = {
        (app, codename): pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for name, permissions in roles.items():
        Group.objects.create(name=name).permissions.set(every[one] for one in permissions)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a test that commits, whose end empties every table, put the migrations' rows back: no test depends on which ran before it."""
    yield
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"}.intersection(getattr(item, "fixturenames", ()))
    if nextitem is None or not (fixtures or (marker is not None and marker.kwargs.get("transaction"))):
        return
    filled, roles, blocker = item.config.stash[FILLED]
    with blocker.unblock():
        for model, rows in filled.items():
            if not model._base_manager.exists():
                model._base_manager.bulk_create(rows)
        if not Group.objects.exists():
            _make_roles(roles)
        # Rows that come with their numbers leave PostgreSQL's sequences behind.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
                cursor.execute(statement)


@pytest.fixture(autouse=True)
def remembered_decoders(request: pytest.FixtureRequest) -> None:
    """Let most tests have what decoders made for another test of the very same file."""
    made_once.remember(request.node.nodeid)


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every test its own masters, derivatives, uploads and work folders, in the profile's own kind of storage, and its own index of
    the search, which reads in the transaction that the test rolls back; and the site's own language, which requests leave changed. No
    answer looks for words of frames by itself: tests that touch no database ask for pages, too."""
    translation.deactivate()
    monkeypatch.setattr(interface_words, "_read_at", [math.inf])
    for name, value in folders_below(tmp_path).items():
        setattr(settings, name, value)
    settings.SEARCH_IN_TRANSACTIONS = True
    _forget_statements()
    yield
    following.leave()
    _forget_statements()


def _forget_statements() -> None:
    """A test that changes who may see what is not answered by what was put together before it, and leaves nothing to the next."""
    prepared.forget()


def folders_below(folder: Path) -> dict[str, Any]:  # Any: values of settings
    """Return the settings that put all files below a folder, or under a name of its own in the profile's own kind of storage."""
    storages = copy.deepcopy(django_settings.STORAGES)
    storages["files"]["OPTIONS"]["location"] = folder / "files" if _is_folder(storages) else f"t-{uuid.uuid4().hex}"
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {
        "STORAGES": storages,
        "INCOMING_DIR": folder / "incoming",
        "WORK_DIR": folder / "work",
        "SEARCH_DIR": folder / "search",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }


def _is_folder(storages: dict[str, dict[str, object]]) -> bool:
    return str(storages["files"]["BACKEND"]).endswith("FileSystemStorage")


@pytest.fixture(scope="session")
def visible_files() -> Path:
    """Return the folder of real files from the wild, which lies beside the checkout; skip by name where it does not."""
    folder = SHARED / "visible"
    if not folder.is_dir():
        pytest.skip("shared/visible is not beside this checkout")
    return folder


@pytest.fixture
def now() -> datetime:
    """Return the moment at which tests happen."""
    return NOW
