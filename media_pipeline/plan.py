"""Which derivatives one file gets: facts and recipes in, recipes with limits that fit its length out. Pure."""

import math
from dataclasses import replace

from media_pipeline.facts import Facts
from media_pipeline.recipes import Recipe, recipes_for

_MINUTES_OF_SOUND_IN_LIMITS = 10
_MINUTES_OF_FILM_IN_LIMITS = 1
_PAGES_IN_LIMITS = 50
_TIMES_AT_MOST = 10_000  # a header may claim any length
LONGEST_S = 4 * 86_400  # what one child may take at most; the limits of the workers' tasks follow from it


def plan(facts: Facts) -> tuple[Recipe, ...]:
    """Return the recipes for a file, quick ones first, each with its limits. Empty for a file that is kept without
    preview.
    """
    if facts.reason:
        return ()
    chosen = [_fitted(one, facts) for one in recipes_for(facts.kind) if _applies(one, facts)]
    return tuple(sorted(chosen, key=lambda one: one.lane != "quick"))


def recipe_for(role: str, facts: Facts) -> Recipe:
    """Return the recipe of one role as `plan` would. Raises KeyError when the file gets no such derivative."""
    for one in plan(facts):
        if one.role == role:
            return one
    raise KeyError(role)


def _applies(recipe: Recipe, facts: Facts) -> bool:
    if facts.kind == "image" and recipe.role == "pages":
        return facts.number("pages") > 1
    return True


def _fitted(recipe: Recipe, facts: Facts) -> Recipe:
    """Stretch limits with the file: a whole number of times what the recipe allows for its unit."""
    timed = facts.kind in ("audio", "video")
    if timed:
        minutes = _MINUTES_OF_SOUND_IN_LIMITS if facts.kind == "audio" else _MINUTES_OF_FILM_IN_LIMITS
        times = facts.number("duration_ms") / 60_000 / minutes
    elif recipe.role in ("pages", "text"):
        times = max(facts.number("page_count"), facts.number("pages")) / _PAGES_IN_LIMITS
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
    return recipe.within(stretched)
