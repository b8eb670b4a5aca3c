"""What doors ask for of what is made of files: roles, and the names of files in a set, each written here only.

The recipes and processors of `media_pipeline` make them; a test holds these names against what comes out.
"""

from __future__ import annotations

# A still picture of any file that has one: of a picture, a cover, a film. `picture_name` says what its sizes are called.
PICTURE_ROLES = ("thumbnail", "poster")

STREAM_MANIFEST = "master.m3u8"  # of `hls`
PYRAMID = "pyramid.tif"  # of `pyramid`
TEXT, TEXT_INDEX = "text.json", "index.json"  # of `text`
OUTLINE = "toc.json"  # of `outline`
WAVEFORM = "waveform.json"  # of `waveform`


def picture_name(long_edge_px: int) -> str:
    """Return the name of a still picture of about this size."""
    return f"{long_edge_px}.webp"
