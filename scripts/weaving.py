"""Turn a weaver's draft (a text file) into a small SVG that repeats sideways.

A draft is rows of letters, one letter a crossing of warp and weft; `#` starts a comment line. Directives may come
first: `mirror: right` repeats every row backwards (without its ends, so that tiles join), so a motif needs only its
left half; `mirror: both` also repeats the rows upwards from the last one; `thread: 3` makes one crossing 3 px wide
in the SVG's own size.
"""

from __future__ import annotations

# The five colours of the cloth, and nothing between them.
DYES = {"K": "#14141c", "I": "#26326b", "R": "#b3281e", "O": "#d9982f", "W": "#f1e6cf"}
EMPTY = "."


class DraftError(Exception):
    """The draft cannot be woven: unequal rows or an unknown letter."""


def read_draft(text: str) -> tuple[list[str], int]:
    """The full rows and the thread's width in px. Raises DraftError."""
    rows: list[str] = []
    mirror, thread_px = "", 2
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if ":" in line:
            key, _, value = line.partition(":")
            if key == "mirror":
                mirror = value.strip()
            elif key == "thread":
                thread_px = int(value)
            else:
                raise DraftError(f"unknown directive {key!r}")
            continue
        rows.append(line)
    if mirror in ("right", "both"):
        rows = [row + row[-2:0:-1] for row in rows]
    if mirror == "both":
        rows += rows[-2::-1]
    if len({len(row) for row in rows}) != 1:
        raise DraftError(f"rows are not equally long: {[len(row) for row in rows]}")
    unknown = set("".join(rows)) - set(DYES) - {EMPTY}
    if unknown:
        raise DraftError(f"unknown letters: {sorted(unknown)}")
    return rows, thread_px


def runs(rows: list[str]) -> dict[str, list[tuple[int, int, int]]]:
    """For each letter its horizontal runs as (x, y, length)."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end] == row[x]:
                end += 1
            if row[x] != EMPTY:
                found.setdefault(row[x], []).append((x, y, end - x))
            x = end
    return found


def weave_to_svg(text: str) -> str:
    """An SVG whose most common letter is the ground and every other letter one path."""
    rows, thread_px = read_draft(text)
    width, height = len(rows[0]), len(rows)
    woven = runs(rows)
    counted = sorted(woven, key=lambda letter: -sum(length for _, _, length in woven[letter]))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * thread_px}" height="{height * thread_px}" '
        f'viewBox="0 0 {width} {height}" shape-rendering="crispEdges">'
    ]
    if not any(EMPTY in row for row in rows):
        ground = counted.pop(0)
        parts.append(f'<path fill="{DYES[ground]}" d="M0 0h{width}v{height}H0z"/>')
    for letter in counted:
        steps = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in woven[letter])
        parts.append(f'<path fill="{DYES[letter]}" d="{steps}"/>')
    return "".join([*parts, "</svg>\n"])
