"""Cut small WOFF2 faces out of full fonts, with the letters of Vietnamese and of the highland languages.

Run as `font_cutting.py MODULES FOLDER`: MODULES is a filled node_modules, FOLDER exists and gets the faces.

The ready-made subsets of font services lack U+0306 (combining breve), so ê̆ ô̆ ơ̆ fall to another face inside a word;
these are cut from the full TrueType files. SIL's fonts are under the OFL with reserved names, and a subset is a
modified version, so ours carry names of their own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# ASCII, the Latin-1 letters and signs in use, Vietnamese, breves, barred b, caron and tilde letters, saltillo and
# modifier apostrophe, combining marks (grave acute circumflex tilde breve hook caron horn dot), dashes and quotes.
LATIN = (
    "20-7E A0 A7 A9 AB AE B0 B1 B7 BB BC-BE C0-C3 C8-CA CC CD D1-D5 D7 D9 DA DD E0-E3 E8-EA EC ED F1-F5 F9 FA FD "
    "102 103 10C 10D 110 111 114 115 128 129 12C 12D 14E 14F 168 169 16C 16D 180 1A0 1A1 1AF 1B0 243 2BC "
    "300-303 306 309 30C 31B 323 1EA0-1EF9 2010-2014 2018-201A 201C-201E 2022 2026 2032 2039 203A 20AB "
    "2190-2193 2212 A74C A74D A78B A78C"
)
TAI_VIET = "20 25CC AA80-AADF"
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern"]
DROPPED_TABLES = ["DSIG", "Silf", "Sill", "Feat", "Glat", "Gloc"]
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]


@dataclass(frozen=True)
class Face:
    """One file to cut: where it comes from below node_modules, its new family name, and its letters."""

    name: str
    family: str
    source: str
    letters: str


FACES = (
    Face("sans-400", "Nha Rong Sans", "@expo-google-fonts/andika/Andika_400Regular.ttf", LATIN),
    Face("serif-400", "Nha Rong Serif", "@expo-google-fonts/charis-sil/400Regular/CharisSIL_400Regular.ttf", LATIN),
    Face("serif-700", "Nha Rong Serif", "@expo-google-fonts/charis-sil/700Bold/CharisSIL_700Bold.ttf", LATIN),
    Face(
        "tai-viet-400",
        "Nha Rong Tai Viet",
        "@expo-google-fonts/noto-sans-tai-viet/400Regular/NotoSansTaiViet_400Regular.ttf",
        TAI_VIET,
    ),
)


def code_points(ranges: str) -> set[int]:
    """The code points of hexadecimal ranges such as "20-7E A0"."""
    points: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def cut_face(face: Face, modules: Path, folder: Path) -> None:
    """Write `folder/<name>.woff2`. Deterministic: the same source gives the same bytes."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = KEPT_NAMES
    options.drop_tables += DROPPED_TABLES
    font = TTFont(modules / face.source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points(face.letters))
    cutter.subset(font)
    postscript = face.family.replace(" ", "")
    for record in font["name"].names:
        new = {1: face.family, 3: f"{postscript}-{face.name}", 4: face.family, 6: f"{postscript}-{face.name}"}
        if record.nameID in new:
            record.string = new[record.nameID]
    font.flavor = "woff2"
    font.save(folder / f"{face.name}.woff2")


def write_licences(modules: Path, folder: Path) -> None:
    """Write LICENCES.txt: who made the fonts that ours are cut from, and the terms."""
    lines = ["These fonts are subsets, under new names as the SIL Open Font License 1.1 asks, of:", ""]
    for face in FACES:
        names = TTFont(modules / face.source, lazy=True)["name"]
        original, owner = names.getDebugName(4), names.getDebugName(0)
        lines += [f"{face.name}.woff2 ({face.family}): {original}", f"    {owner}", f"    {names.getDebugName(14)}", ""]
    licence = modules / "@expo-google-fonts/charis-sil/LICENSE_FONT"
    lines += ["", licence.read_text(encoding="utf-8")]
    (folder / "LICENCES.txt").write_text("\n".join(lines), encoding="utf-8")


def main(modules: Path, folder: Path) -> None:
    """Cut every face and write the licences."""
    for face in FACES:
        cut_face(face, modules, folder)
    write_licences(modules, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
