"""A transcript in plain letters: paragraphs, or passages that begin with a time, with their speakers where they are named."""

import re
from collections import Counter
from itertools import pairwise

from media_pipeline.processors.captions_cues import TIME, Cue, Found, ms_of, sound
from media_pipeline.processors.passages import clean, spans

_HEAD = re.compile(
    rf"\s*(?:[\[(<]\s*)?{TIME.format('a')}(?:\s*(?:-{{1,3}}>|[-–—])\s*{TIME.format('b')})?(?:\s*[\])>])?(?:\s*[-–—:|]\s+|\s+|$)(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
_SPEAKER = re.compile(r"(?P<name>[^\W\d_][^\n:.!?;]{0,39}?)\s*:\s+(?P<rest>\S.*)", re.DOTALL)
# A time at the start of a line may be a time of the day: several of them, in order, are a transcript.
_TIMES_FEWEST, _TIMES_SHARE = 2, 0.3
_SPEAKER_TURNS_FEWEST = 2
_LAST_MS = 5000  # how long the last passage is shown; nothing says when it ends


def read_text(text: str, *, letters_at_most: int) -> Found:
    """Return the segments of a text: timed ones where its lines begin with times, else paragraphs without times."""
    lines = text.split("\n")
    heads = [(number, found) for number, line in enumerate(lines) if (found := _HEAD.match(line))]
    times = [ms_of(found, "a") for _number, found in heads]
    known = [one for one in times if one is not None]
    written = sum(1 for line in lines if line.strip())
    in_order = sum(1 for before, after in pairwise(known) if after >= before)
    is_timed = (
        len(known) >= _TIMES_FEWEST
        and len(known) >= _TIMES_SHARE * _paragraphs_most(lines, written)
        and in_order >= 0.8 * (len(known) - 1)
    )
    return _timed(lines, letters_at_most) if is_timed else _untimed(lines, letters_at_most)


def _paragraphs_most(lines: list[str], written: int) -> int:
    return min(
        written,
        sum(1 for before, line in zip(["", *lines], lines, strict=False) if line.strip() and not before.strip()),
    )


def _timed(lines: list[str], letters_at_most: int) -> Found:
    heads: list[tuple[int, int, int | None, list[str]]] = []
    before: list[str] = []
    for number, line in enumerate(lines, 1):
        found = _HEAD.match(line)
        start = ms_of(found, "a") if found else None
        if found is None or start is None:
            (heads[-1][3] if heads else before).append(line)
            continue
        end = ms_of(found, "b") if found["bm"] else None
        heads.append((number, start, end, [found["rest"]]))
    cues = [_cue("\n".join(before), None, None, 1, letters_at_most)] if "".join(before).strip() else []
    starts = [start for _number, start, _end, _said in heads]
    for (number, start, end, said), following in zip(heads, _following(starts), strict=True):
        until = end if end is not None and end > start else following
        cues.append(_cue("\n".join(said), start, until, number, letters_at_most))
    # What stands before the first time is the head of the transcript: it begins with the recording.
    return sound(
        [one._replace(start_ms=0, end_ms=max(starts[0], 1)) if one.start_ms is None else one for one in cues], []
    )


def _following(starts: list[int]) -> list[int]:
    """Return for each passage when the next one begins that begins later: until then it is shown."""
    found: list[int] = []
    later: list[int] = []  # of those that come, the ones that may still be the next, the nearest last
    for start in reversed(starts):
        while later and later[-1] <= start:
            later.pop()
        found.append(later[-1] if later else start + _LAST_MS)
        later.append(start)
    return found[::-1]


def _untimed(lines: list[str], letters_at_most: int) -> Found:
    has_gaps = any(not line.strip() for line in "\n".join(lines).strip().split("\n"))
    paragraphs: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            fresh = True
            continue
        if fresh or not has_gaps:
            paragraphs.append((number, []))
        paragraphs[-1][1].append(line)
        fresh = False
    texts = [(number, clean("\n".join(said))) for number, said in paragraphs]
    names = Counter(found["name"] for _number, text in texts if (found := _SPEAKER.fullmatch(text)))
    repeated = {name for name, count in names.items() if count >= _SPEAKER_TURNS_FEWEST}
    cues: list[Cue] = []
    for number, text in texts:
        found = _SPEAKER.fullmatch(text)
        speaker, rest = (found["name"], found["rest"]) if found and found["name"] in repeated else ("", text)
        for start, end in spans(rest, letters_at_most):
            cues.append(Cue(None, None, rest[start:end], "", speaker, "", number))
    return Found(cues, [])


def _cue(raw: str, start_ms: int | None, end_ms: int | None, line: int, letters_at_most: int) -> Cue:
    text = clean(raw)
    found = _SPEAKER.fullmatch(text) if start_ms is not None else None
    speaker, text = (found["name"], found["rest"]) if found else ("", text)
    return Cue(start_ms, end_ms, text[:letters_at_most].rstrip(), "", speaker, "", line)
