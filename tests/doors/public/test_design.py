"""The design system: contrasts of the dyes as docs/design.md says them, one style sheet a page, no colour outside the tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.weaving import DYES

ROOT = Path(__file__).resolve().parents[3]
CSS = ROOT / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \| `([a-z-]+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
pytestmark = pytest.mark.pure


def dyes(*, by_night: bool) -> dict[str, str]:
    """Return the colour of each custom property by day or by night."""
    found = {}
    for name, value in re.findall(r"--([a-z-]+): ([^;]+);", TOKENS):
        colours = HEX.findall(value)
        if colours:
            found[name] = colours[-1 if by_night else 0]
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of sRGB (WCAG 2.2, definitions)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rows() -> list[tuple[str, ...]]:
    return ROW.findall((ROOT / "docs" / "design.md").read_text("utf-8"))


def test_every_pair_of_dyes_has_the_contrast_that_the_design_says_and_needs() -> None:
    faults = []
    for top, ground, day, night, needed in rows():
        for told, by_night in ((day, False), (night, True)):
            dyed = dyes(by_night=by_night)
            measured = contrast(dyed[top], dyed[ground])
            if abs(measured - float(told)) > 0.051 or measured < float(needed):
                faults.append(f"{top} on {ground}, {'night' if by_night else 'day'}: {measured:.2f}, said {told}")

    assert faults == []


def test_the_design_tells_of_every_dye_that_means_something() -> None:
    told = {name for top, ground, *_rest in rows() for name in (top, ground)}

    assert set(dyes(by_night=False)) - told == {"line"}


def test_the_cloth_is_dyed_like_the_bands() -> None:
    assert (dyes(by_night=True)["cloth"], dyes(by_night=True)["cloth-ink"]) == (DYES["K"], DYES["W"])
    assert dyes(by_night=False)["cloth-ochre"] == DYES["O"]


@pytest.mark.parametrize("sheet", ["base", "frame", "controls", "cards", "facts", "search", "ways"])
def test_no_sheet_has_colours_of_its_own(sheet: str) -> None:
    # The head is cloth by night and by day; its white is no dye. Preview is staff's, and looks like nothing that readers see.
    own = [line for line in (CSS / f"{sheet}.css").read_text("utf-8").splitlines() if HEX.search(line)]

    assert [line for line in own if not line.startswith((".preview-banner", ".nav a:hover", ".hero .seek input"))] == []


def test_a_page_of_each_kind_asks_for_one_style_sheet() -> None:
    templates = ROOT / "templates" / "public_site"
    linked = [
        f"{path.name}: {line}"
        for path in templates.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if 'rel="stylesheet"' in line and path.name != "base.html"
    ]

    assert linked == []
