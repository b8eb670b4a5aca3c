"""Synthesised pieces: struck gongs, bamboo tubes, blown and plucked tones, made of sine waves and nothing else.

Scales and rhythms are drawn by lot from the seed. No village's tuning or tune is imitated: each piece opens with three
beeps, and its tags say "[Mẫu]".
"""

import math
import operator
import random
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.sample.encoder import encode, metadata
from archive.sample.marks import Mark

RATE_HZ = 44_100
PEAK = 1 << 20  # of one stroke in 32 bits: a thousand may sound at once
BEEP_HZ, BEEP_S, BEEP_GAP_S, LEAD_S = 1000, 0.12, 0.12, 1.2


@dataclass(frozen=True)
class Voice:
    """An instrument: its partials (ratio, share), how fast each dies, and how it begins."""

    partials: tuple[tuple[float, float], ...]
    decay_per_s: float
    attack_s: float
    length_s: float
    lowest_hz: float
    beat_hz: float = 0.0


VOICES = {
    "gong": Voice(((1, 0.5), (1.51, 0.22), (2.07, 0.18), (2.74, 0.1), (3.93, 0.06)), 1.5, 0.006, 2.6, 138, 2.3),
    "trio": Voice(((1, 0.6), (1.62, 0.2), (2.41, 0.14), (4.1, 0.05)), 2.2, 0.004, 2.0, 174, 3.1),
    "tubes": Voice(((1, 0.7), (2.9, 0.2), (5.4, 0.06)), 7.5, 0.003, 0.6, 262),
    "clapped": Voice(((1, 0.75), (2.0, 0.15), (3.02, 0.08)), 5.0, 0.02, 0.7, 131),
    "water": Voice(((1, 0.6), (3.1, 0.25), (6.2, 0.1)), 11.0, 0.002, 0.4, 392),
    "blown": Voice(((1, 0.65), (2, 0.22), (3, 0.1)), 2.6, 0.09, 0.9, 196, 5.0),
    "plucked": Voice(((1, 0.5), (2, 0.25), (3, 0.14), (4, 0.08)), 3.6, 0.003, 1.2, 165),
}
# Steps within the octave, in semitones: five-note scales that occur all over the world.
SCALES = ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 5, 7, 9), (0, 2, 3, 7, 8))


@cache
def stroke(voice: Voice, step: int) -> "array[int]":
    """One note, `step` semitones above the voice's lowest, as 32-bit samples of `length_s` seconds.

    Each partial is a damped resonator, y[n] = 2·r·cos(w)·y[n-1] − r²·y[n-2], stopped where it cannot be heard.
    """
    frequency = voice.lowest_hz * 2 ** (step / 12)
    total = int(voice.length_s * RATE_HZ)
    mix = [0.0] * total
    for ratio, share in voice.partials:
        beating = bool(voice.beat_hz) and ratio < 2  # only low partials are heard to beat
        for detune_hz in (0.0, voice.beat_hz) if beating else (0.0,):
            turn = 2 * math.pi * (frequency * ratio + detune_hz) / RATE_HZ
            per_s = voice.decay_per_s * (0.6 + 0.4 * ratio)
            fade = math.exp(-per_s / RATE_HZ)
            level = PEAK * share * (0.5 if beating else 1.0)
            twice, square = 2 * fade * math.cos(turn), fade * fade
            before, now = -level * math.sin(turn) / fade, 0.0
            for i in range(min(total, int(6 / per_s * RATE_HZ))):
                mix[i] += now
                before, now = now, twice * now - square * before
    rise, fall = max(1, int(voice.attack_s * RATE_HZ)), total // 10
    for i in range(rise):
        mix[i] *= i / rise
    for i in range(fall):
        mix[total - 1 - i] *= i / fall
    return array("i", map(int, mix))


def _add(track: "array[int]", at: int, sound: "array[int]") -> None:
    """Mixes `sound` into the track from sample `at` on; what does not fit is left out."""
    part = sound[: max(0, len(track) - at)]
    track[at : at + len(part)] = array("i", map(operator.add, track[at : at + len(part)], part))


def beeps() -> "array[int]":
    """The three beeps that open every sample sound, and the silence after them."""
    track = array("i", bytes(4 * int(LEAD_S * RATE_HZ)))
    turn = 2 * math.pi * BEEP_HZ / RATE_HZ
    length = int(BEEP_S * RATE_HZ)
    for n in range(3):
        start = int(n * (BEEP_S + BEEP_GAP_S) * RATE_HZ)
        for i in range(length):
            track[start + i] = int(PEAK * 0.6 * math.sin(turn * i) * min(1.0, i / 200, (length - i) / 200))
    return track


def piece(voice_name: str, seed: int, seconds: int) -> tuple["array[int]", "array[int]"]:
    """Two parts of `seconds`: beeps and an ostinato, and a melody above it, both drawn from the seed."""
    chance = random.Random(f"piece {voice_name} {seed}")  # noqa: S311 (music, not a secret)
    voice = VOICES[voice_name]
    scale = chance.choice(SCALES)
    steps = [octave * 12 + step for octave in (0, 1) for step in scale]
    pulse_s = chance.choice((0.21, 0.24, 0.28, 0.33)) * (1.4 if voice.length_s > 1.5 else 1)
    ground = [chance.choice((0, None, 1, 2)) for _ in range(8)]
    phrases = [[chance.choice((None, *range(3, len(steps)))) for _ in range(16)] for _ in range(3)]
    low, high = (array("i", bytes(4 * seconds * RATE_HZ)) for _ in range(2))
    _add(low, 0, beeps())
    now, beat = LEAD_S, 0
    while now < seconds - voice.length_s:
        for track, degree in ((low, ground[beat % 8]), (high, phrases[(beat // 32) % 3][beat % 16])):
            if degree is not None:
                _add(track, int((now + chance.uniform(0, 0.012)) * RATE_HZ), stroke(voice, steps[degree]))
        now += pulse_s
        beat += 1
    return low, high


def tone(seconds: int) -> tuple["array[int]", "array[int]"]:
    """For closed items: the beeps, then one quiet steady tone. There is nothing to hear and it says so."""
    low, silence = (array("i", bytes(4 * seconds * RATE_HZ)) for _ in range(2))
    _add(low, 0, beeps())
    cycle = array("i", [int(PEAK * 0.12 * math.sin(2 * math.pi * i / 100)) for i in range(100)])
    start = int(LEAD_S * RATE_HZ)
    _add(low, start, cycle * ((len(low) - start) // 100))
    return low, silence


def stereo(low: "array[int]", high: "array[int]") -> tuple[bytes, str]:
    """Both parts interleaved as bytes, and the ffmpeg filter that spreads them and keeps the peak under −3 dB."""
    both = array("i", bytes(8 * len(low)))
    both[0::2], both[1::2] = low, high
    loudest = max(1, max(low), -min(low)) + max(high) - min(0, min(high)) // 2
    gain = 0.7 * (1 << 31) / loudest
    return both.tobytes(), f"volume={gain:.4f}:precision=double,pan=stereo|c0=c0+0.5*c1|c1=0.7*c0+0.8*c1"


FORMATS: dict[str, list[str]] = {
    "wav": ["-c:a", "pcm_s16le", "-f", "wav"],
    "wav-24": ["-c:a", "pcm_s24le", "-f", "wav"],
    "flac": ["-c:a", "flac", "-sample_fmt", "s16", "-f", "flac"],
    "mp3": ["-c:a", "libmp3lame", "-b:a", "128k", "-id3v2_version", "3", "-f", "mp3"],
    "ogg": ["-c:a", "libopus", "-b:a", "64k", "-ar", "48000", "-serial_offset", "1", "-f", "ogg"],
    "m4a": ["-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "ipod"],
}


def make(mark: Mark, target: Path, settings: Mapping[str, int | str]) -> None:
    """Writes the piece that `settings` describe (variant, seconds, voice, closed) to `target`."""
    seconds = int(settings["seconds"])
    parts = tone(seconds) if settings.get("closed") else piece(str(settings["voice"]), mark.seed, seconds)
    raw, spread = stereo(*parts)
    encode(
        ["-f", "s32le", "-ar", str(RATE_HZ), "-ac", "2", "-i", "pipe:0"],
        ["-af", spread, *FORMATS[str(settings["variant"])], *metadata(mark)],
        target,
        raw=raw,
    )
