"""Compiles locale/*/LC_MESSAGES/*.po to .mo with polib, where gettext need not be installed.

Writes aside and renames, and only what is newer than its result: two starts at once, or one cut off, leave no half
file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib


def compile_catalogue(source: Path) -> bool:
    """Whether a new .mo was written beside the .po. Raises OSError when the .po cannot be parsed."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    aside = target.with_suffix(f".{os.getpid()}.new")
    polib.pofile(str(source)).save_as_mofile(str(aside))
    aside.replace(target)
    return True


def main(root: Path) -> int:
    catalogues = sorted(root.glob("locale/*/LC_MESSAGES/*.po"))
    for source in catalogues:
        if compile_catalogue(source):
            print(f"{source.relative_to(root)}: {len(polib.pofile(str(source)).translated_entries())} translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
