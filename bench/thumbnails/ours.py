"""Our processor alone, many files in one process, as sharp is used: ours.py PROJECT PACKAGES OUT SOURCE… (settings of the recipe)"""

import sys
from pathlib import Path

sys.path[:0] = [sys.argv[1], sys.argv[2]]

from media_pipeline.processors import image_thumbnail  # noqa: E402 - only now can it be found
from media_pipeline.recipes.pictures import THUMBNAIL  # noqa: E402

for number, source in enumerate(sys.argv[4:]):
    out = Path(sys.argv[3]) / str(number)
    out.mkdir()
    image_thumbnail.run(Path(source), out, THUMBNAIL.settings, lambda percent: None)
