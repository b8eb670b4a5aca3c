"""Which derivatives one file gets: facts and recipes in, recipes with limits that fit its length out. Pure."""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from media_pipeline.facts import Facts
from media_pipeline.recipes import Recipe, recipes_for

_MINUTES_OF_SOUND_IN_LIMITS = 10
_MINUTES_OF_FILM_IN_LIMITS = 1
_PAGES_IN_LIMITS = 50
_BY_PAGES = frozenset({"pages", "text", "words", "ocr"})
_HEAVY_FROM_TIMES = 20  # a thousand pages, three hours of sound
_TIMES_AT_MOST = 10_000  # a header may claim any length
# The LibreOffice that was tried opens no spreadsheet when it is used as a library (why was not found); their text is read from their XML.
_SHEETS = frozenset({"xls", "xlsx", "xlsm", "xltx", "ods"})
_TEXT_IN_XML = frozenset(
    {"docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "ppsx", "potx", "odt", "ott", "ods", "odp"}
)
Made = Mapping[str, Mapping[str, object]]  # the facts of each published set that recipes read, by its role
_NOTHING: Made = MappingProxyType({})
LONGEST_S = 4 * 86_400  # what one child may take at most; the limits of the workers' tasks follow from it


def plan(facts: Facts, made: Made = _NOTHING) -> tuple[Recipe, ...]:
    """Return the recipes for a file, quick ones first, each with its limits. Empty for a file that is kept without preview.

    Those that read a set are among them once it is in `made`.
    """
    if facts.reason:
        return ()
    read = {role: with_facts_of(facts, told) for role, told in made.items()} | {"": facts}
    possible = [(one, read[one.source_role]) for one in recipes_for(facts.kind) if one.source_role in read]
    chosen = [_fitted(one, known) for one, known in possible if _applies(one, known)]
    return tuple(sorted(chosen, key=lambda one: one.lane != "quick"))


def following(role: str, facts: Facts, told: Mapping[str, object]) -> tuple[Recipe, ...]:
    """Return the recipes that read the set of a role, which tells these facts of itself."""
    return tuple(one for one in plan(facts, {role: told}) if one.source_role == role)


def with_facts_of(facts: Facts, told: Mapping[str, object]) -> Facts:
    """Return what is known of a file together with what was found while a set was made of it, which comes first."""
    return replace(facts, technical=MappingProxyType({**facts.technical, **told}))


def recipe_for(role: str, facts: Facts, made: Made = _NOTHING) -> Recipe:
    """Return the recipe of one role as `plan` would. Raises KeyError when the file gets no such derivative."""
    for one in plan(facts, made):
        if one.role == role:
            return one
    raise KeyError(role)


def _applies(recipe: Recipe, facts: Facts) -> bool:
    if facts.kind == "image" and recipe.role in ("pages", "ocr"):
        return facts.number("pages") > 1
    if recipe.role == "chapters" and facts.kind != "epub":
        return facts.number("chapters") > 0
    if facts.kind == "office" and recipe.role == "pdf":
        return facts.extension not in _SHEETS
    if facts.kind == "office" and recipe.role == "text":
        return facts.extension in _TEXT_IN_XML
    return True


def _fitted(recipe: Recipe, facts: Facts) -> Recipe:
    """Stretch limits with the file: a whole number of times what the recipe allows for its unit."""
    timed = facts.kind in ("audio", "video")
    if timed:
        minutes = _MINUTES_OF_SOUND_IN_LIMITS if facts.kind == "audio" else _MINUTES_OF_FILM_IN_LIMITS
        times = facts.number("duration_ms") / 60_000 / minutes
    elif recipe.role in _BY_PAGES:
        # No more than are made: a few hundred bytes can claim a million pages.
        made = float(recipe.settings.get("pages_at_most", math.inf))
        times = min(max(facts.number("page_count"), facts.number("pages")), made) / _PAGES_IN_LIMITS
    else:
        times = 1.0
    factor = min(max(1, math.ceil(times)), _TIMES_AT_MOST)
    limits = recipe.limits
    stretched = replace(
        limits,
        cpu_s=min(limits.cpu_s * factor, LONGEST_S),
        wall_s=min(limits.wall_s * factor, LONGEST_S),
        file_bytes=limits.file_bytes * (factor if timed else 1),
        output_bytes=limits.output_bytes * (factor if timed else 1),
    )
    # A long text or recording is no small work any more, and nothing small shall wait behind it.
    is_long = recipe.lane == "quick" and facts.kind != "video" and factor >= _HEAVY_FROM_TIMES
    return replace(recipe.within(stretched), lane="heavy") if is_long else recipe.within(stretched)
