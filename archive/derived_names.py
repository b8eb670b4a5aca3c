"""What doors ask for of what is made of files: roles, and the names of files in a set, each written here only.

The recipes and processors of `media_pipeline` make them; a test holds these names against what comes out.
"""

from __future__ import annotations

# A still picture of any file that has one: of a picture, a cover, a film. `picture_name` says what its sizes are called.
PICTURE_ROLES = ("thumbnail", "poster")

STREAM_MANIFEST = "master.m3u8"  # of `hls`
SOUND_ALONE = "audio-low.m3u8"  # of `hls`: the first sound track of a film, without the picture
STORYBOARD = "storyboard.vtt"  # of `storyboard`
CHAPTERS, CHAPTERS_DATA = "chapters.vtt", "chapters.json"  # of `chapters` of a recording
PYRAMID = "pyramid.tif"  # of `pyramid`
TEXT, TEXT_INDEX = "text.json", "index.json"  # of `text`
OUTLINE = "toc.json"  # of `outline`
WORDS, WORDS_INDEX = "words.json", "words-index.json"  # of `words`, and of `ocr`, which has a text and its index, too
SEARCHABLE_PDF = "searchable.pdf"  # of `ocr`: pictures of the pages, with what a machine read laid under them
OFFICE_PDF = "document.pdf"  # of `pdf`
BOOK = "book.json"  # of `chapters` of a book
# Of subtitles and texts: for players (where there are times), for pages and search, and where each part of the latter lies.
CAPTIONS = "captions"  # the role
VTT, SEGMENTS, SEGMENTS_INDEX = "captions.vtt", "segments.json", "index.json"
WAVEFORM = "waveform.json"  # of `waveform`


def chapter_name(number: int) -> str:
    """Return the name of a chapter of an e-book, a safe fragment of HTML; numbered as the passages of its text are."""
    return f"c{number:04}.html"


def picture_name(long_edge_px: int, still: int = 0) -> str:
    """Return the name of a still picture of about this size: the best, or one of the numbered stills that a film keeps.

    The set of role `poster` lists the moments of its stills, in milliseconds, in its fact `stills`; numbers count from 1.
    """
    return f"c{still}-{long_edge_px}.webp" if still else f"{long_edge_px}.webp"


def spectrogram_name(width_px: int) -> str:
    """Return the name of the picture of a recording's tones at this width."""
    return f"spectrogram-{width_px}.webp"
