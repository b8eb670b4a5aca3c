"""Every derivative that the archive makes, as frozen values. A new one is one file here and one in `processors/`."""

from media_pipeline.recipes import captions, documents, film, pictures, sound
from media_pipeline.recipes.recipe import MEBIBYTE, Lane, Limits, Recipe

__all__ = ["IDENTIFY", "RECIPES", "Lane", "Limits", "Recipe", "recipe", "recipes_for"]

# The first look at a master: makes no file, only facts. Version 2 of what it reports tells office documents, text and subtitles.
IDENTIFY = Recipe(
    role="identify",
    version=2,
    processor="identify",
    lane="quick",
    kinds=frozenset(),
    settings={"pixels_at_most": pictures.PIXELS_AT_MOST},
    limits=Limits(memory_bytes=2048 * MEBIBYTE, cpu_s=30, wall_s=90, file_bytes=MEBIBYTE, output_bytes=MEBIBYTE),
)

RECIPES: tuple[Recipe, ...] = pictures.RECIPES + documents.RECIPES + sound.RECIPES + film.RECIPES + captions.RECIPES


def recipes_for(kind: str) -> tuple[Recipe, ...]:
    """Return every recipe that may apply to files of a kind; `plan.plan` says which apply to one file."""
    return tuple(one for one in RECIPES if kind in one.kinds)


def recipe(role: str, kind: str) -> Recipe:
    """Return the recipe of a role for files of a kind. Raises KeyError when there is none."""
    for one in RECIPES:
        if one.role == role and kind in one.kinds:
            return one
    raise KeyError((role, kind))
