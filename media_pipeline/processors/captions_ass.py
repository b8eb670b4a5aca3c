"""SubStation Alpha (SSA and ASS): the dialogue of a file, without its drawings and effects."""

import re

from media_pipeline.processors.captions_cues import TIME, Cue, Found, Problem, ms_of, sound
from media_pipeline.processors.captions_markup import named, said

_TIME = re.compile(rf"\s*{TIME.format('a')}\s*", re.ASCII)
_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}")
_SWITCH = re.compile(r"\\([biu])(\d{0,3})(?![a-zA-Z])")
_BRACES = re.compile(r"\{([^{}]*)\}")
_TOP = re.compile(r"\{[^{}]*\\(?:an[789]|a[567](?!\d))[^{}]*\}")


def read_ass(text: str, *, letters_at_most: int) -> Found:
    """Return the cues of a file."""
    cues: list[Cue] = []
    problems: list[Problem] = []
    columns: tuple[str, ...] = _COLUMNS
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            section = line.strip().lower()
            continue
        head, _colon, rest = line.partition(":")
        kind = head.strip().lower()
        if section not in ("", "[events]") or kind not in ("format", "dialogue"):
            continue
        if kind == "format":
            columns = tuple(one.strip().lower() for one in rest.split(","))
            continue
        cells = dict(zip(columns, rest.strip().split(",", len(columns) - 1), strict=False))
        raw = cells.get("text", "")
        if "text" not in cells or _DRAWING.search(raw):
            if "text" not in cells:
                problems.append(Problem(number, "no_text"))
            continue
        start, end = (_TIME.fullmatch(cells.get(name, "")) for name in ("start", "end"))
        start_ms, end_ms = (None if one is None else ms_of(one, "a") for one in (start, end))
        if start_ms is None or end_ms is None:
            problems.append(Problem(number, "bad_time"))
            continue
        spoken = said(_tagged(raw), letters_at_most=letters_at_most, speaker=named(cells.get("name", "")))
        settings = "line:0" if _TOP.search(raw) else ""
        cues.append(Cue(start_ms, end_ms, spoken.text, spoken.markup, spoken.speaker, settings, number))
    # Lines of one moment stand in the order of their layers in such files, not of time: that is no fault of theirs.
    return sound(sorted(cues, key=lambda cue: cue.start_ms or 0), problems)


def _tagged(raw: str) -> str:
    """Return the text with line ends and with tags for what is bold, slanted or underlined; other overrides and remarks are gone."""
    raw = raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    raw = raw.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")

    def switched(found: re.Match[str]) -> str:
        return "".join(f"</{name}>" if value in ("", "0") else f"<{name}>" for name, value in _SWITCH.findall(found[1]))

    return _BRACES.sub(switched, raw)
