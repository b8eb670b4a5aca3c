"""What the documents say is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

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


def test_the_readme_gives_every_default() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for variable in env.VARIABLES.values():
        default = f"`{variable.default}`" if variable.default else "(empty)"
        assert f"| `{variable.name}` | {default} |" in text


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app.split(".")[0] in OUR_APPS}


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text[text.index("## Commands") : text.index("## Reading on")]
    named = {name for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`([a-z_]+)", cell)}

    assert named <= our_commands()


@pytest.mark.parametrize("name", sorted(our_commands()))
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    command = load_command_class(get_commands()[name], name)

    assert f"manage.py {name}" in command.help


def test_every_signal_and_its_receivers_are_listed() -> None:
    text = (ROOT / "docs/reference/signals.md").read_text("utf-8")
    ours = {name: value for name, value in vars(signals).items() if type(value).__name__ == "Signal"}

    assert ours
    for name, signal in ours.items():
        assert f"`media_pipeline.signals.{name}`" in text
        for entry in signal.receivers:
            receiver = entry[1]()
            assert receiver is not None
            assert f"`{receiver.__module__}.{receiver.__name__}`" in text
