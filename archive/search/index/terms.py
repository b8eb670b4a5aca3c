"""Words of a piece of text: what stands between two blanks. Pure.

Neither folding nor the exact form looks across a blank, so that a text may be cut at its blanks first, and each different piece be
folded once.
"""

from __future__ import annotations

from archive.search.folding import exact_words, fold


def split(piece: str) -> list[tuple[str, str]]:
    """Return the words of a piece, each as written and folded: "Kon-Tum," is [("kon", "kon"), ("tum", "tum")]."""
    folded = fold(piece).split()
    exact = exact_words(piece)
    # Should a letter ever be cut otherwise in the one than in the other, the words are found all the same, only not first.
    return list(zip(exact if len(exact) == len(folded) else folded, folded, strict=True))
