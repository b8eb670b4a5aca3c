"""How tests are shared out among processes: what shares something costly runs in one, and the longest shares begin first.

A share that begins late is waited for alone at the end, while the other processors idle.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

# Folders whose common fixture is made quickly beside what is asked of it: they are cut in two, each half with a fixture of its own.
CUT: Mapping[str, frozenset[str]] = {"access_matrix": frozenset({"test_desk", "test_lists", "test_turns"})}
# In the order in which they begin, longest first; all others follow by their paths.
BEGIN_FIRST = (
    "access_matrix",
    "access_matrix-other-half",
    "browser",
    "test_caching_proxy",
    "test_backup",
    "test_run",
    "test_visible_files",
)
_PLACES = {name: place for place, name in enumerate(BEGIN_FIRST)}


def share_out(items: list[pytest.Item]) -> None:
    """Mark each test with its share, where it has one, and put the longest shares first."""
    places = {item: len(_PLACES) for item in items}
    for item in items:
        if name := share_of(item):
            item.add_marker(pytest.mark.xdist_group(name))
            places[item] = _PLACES.get(name, len(_PLACES))
    items.sort(key=places.__getitem__)


def share_of(item: pytest.Item) -> str:
    """Return what this test shares with others that is made once: the browser, or a fixture of its module or its folder; empty for
    nothing."""
    if item.get_closest_marker("browser"):
        return "browser"
    shared = getattr(item, "_fixtureinfo", None)
    definitions = [] if shared is None else [one for each in shared.name2fixturedefs.values() for one in each]
    scopes = {one.scope for one in definitions}
    if "package" in scopes:
        folder = item.path.parent.name
        return f"{folder}-other-half" if item.path.stem in CUT.get(folder, ()) else folder
    return item.path.stem if "module" in scopes else ""
