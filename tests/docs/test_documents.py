"""What the documents say is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from access import signals as access_signals
from heritage import env
from media_pipeline import signals

ROOT = Path(__file__).resolve().parents[2]
OUR_APPS = ("access", "archive", "media_pipeline", "public_site", "interop")
pytestmark = pytest.mark.pure


def table(path: Path, first_cell: str) -> set[str]:
    """Return the first cells in backquotes of all table rows that look like `first_cell`."""
    return set(re.findall(rf"^\| `({first_cell})", path.read_text("utf-8"), re.MULTILINE))


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert table(ROOT / "README.md", "[A-Z][A-Z0-9_]+") == set(env.VARIABLES)


def test_the_readme_gives_every_default_and_what_it_is_for() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for variable in env.VARIABLES.values():
        default = f"`{variable.default}`" if variable.default else "(empty)"
        assert f"| `{variable.name}` | {default} | {variable.help} |" in text


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app.split(".")[0] in OUR_APPS}


def test_the_readme_names_every_command_and_no_other() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index("## Commands") : text.index("## Reading on")]
    named = {name for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`([a-z_]+)", cell)}

    assert named == our_commands()


@pytest.mark.parametrize("name", sorted(our_commands()))
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    command = load_command_class(get_commands()[name], name)

    assert f"manage.py {name}" in command.help


def modules_that(say: str) -> set[str]:
    """Return the dotted names of our modules in whose source the expression is found."""
    paths = [path for app in OUR_APPS for path in (ROOT / app).rglob("*.py")]
    found = [path.relative_to(ROOT) for path in paths if re.search(say, path.read_text("utf-8"))]
    return {".".join(path.with_suffix("").parts) for path in found}


def test_the_places_where_the_profiles_differ_are_in_their_decision_record() -> None:
    text = (ROOT / "docs/adr/0001-two-profiles-one-code.md").read_text("utf-8")
    asking = modules_that(r"isinstance\([^()]*(FolderTree|S3Tree|FileSystemStorage)\)|connection\.vendor|settings\.REDIS_URL")

    named = {path.replace("/", ".").removesuffix(".py") for path in re.findall(r"`([a-z0-9_/]+\.py)`", text)}
    assert named == {name for name in asking if not name.startswith("media_pipeline.storage.")}


def test_every_signal_and_its_receivers_are_listed() -> None:
    text = (ROOT / "docs/reference/signals.md").read_text("utf-8")
    ours = {
        f"{module.__name__}.{name}": value
        for module in (signals, access_signals)
        for name, value in vars(module).items()
        if type(value).__name__ == "Signal"
    }

    assert {name.partition(".")[0] for name in ours} == {"access", "media_pipeline"}
    for path, signal in ours.items():
        name = path.rpartition(".")[2]
        (row,) = re.findall(rf"^\| `{re.escape(path)}` \| (.*?) \|", text, re.MULTILINE)
        assert set(re.findall(r"`([\w.]+)`", row)) == modules_that(rf"\b{name}\.send(_robust)?\(")
        for entry in signal.receivers:
            receiver = entry[1]()
            assert receiver is not None
            assert f"`{receiver.__module__}.{receiver.__name__}`" in text
