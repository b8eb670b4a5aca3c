"""How well a small picture stands for a film: lit, sharp, with something to see. docs/operations/media.md explains it."""

from typing import NamedTuple

import pyvips

_MIDDLE_GREY = 118.0
_NEARLY_BLACK, _NEARLY_WHITE = 20.0, 240.0
_NEARLY_PLAIN = 8.0  # standard deviation of a picture that shows next to nothing: a fade, a wall, a colour
_SHARP, _CONTRASTED, _VARIED = 30.0, 55.0, 7.2  # from here on more is no better
_EDGES = ((0, -1, 0), (-1, 4, -1), (0, -1, 0))


class Score(NamedTuple):
    """0 to 1; `telling` is false for a black, white or empty picture."""

    value: float
    telling: bool


def score(image: pyvips.Image) -> Score:
    """Return the score of an 8-bit picture of about 160 px."""
    grey = image.colourspace("b-w")
    mean, contrast = grey.avg(), grey.deviate()
    edges = grey.cast("short").conv(pyvips.Image.new_from_array([list(row) for row in _EDGES]), precision="integer")
    sharp, varied = edges.deviate(), grey.hist_find().hist_entropy()
    light = max(0.1, 1 - abs(mean - _MIDDLE_GREY) / _MIDDLE_GREY)
    seen = 0.5 * min(1, sharp / _SHARP) + 0.3 * min(1, contrast / _CONTRASTED) + 0.2 * min(1, varied / _VARIED)
    telling = _NEARLY_BLACK <= mean <= _NEARLY_WHITE and contrast >= _NEARLY_PLAIN
    return Score(round(light * seen * (1.0 if telling else 0.05), 4), telling)
