"""Stills, storyboards, tones and chapters: what lets people see a recording before they play it."""

import json
import math
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
import pyvips

from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.processors.av_chapters import Chapter, in_order
from media_pipeline.processors.picture_score import score
from media_pipeline.processors.webvtt import Cue, clock, plain_text, webvtt
from media_pipeline.recipes import recipe
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import _packaged_ffmpeg

pytestmark = pytest.mark.pure

# Eighteen seconds: six black ones, six of a pattern, six of a plain colour; no key frame but each second's.
BLACK, PATTERN, PLAIN = (
    "color=black:s=320x180:r=10:d=6",
    "testsrc2=s=320x180:r=10:d=6",
    "color=0x303030:s=320x180:r=10:d=6",
)


@pytest.fixture(scope="session")
def three_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "upload"
    command = [_packaged_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error"]
    for source in (BLACK, PATTERN, PLAIN):
        command += ["-f", "lavfi", "-i", source]
    command += ["-filter_complex", "[0][1][2]concat=n=3", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10"]
    subprocess.run([*command, "-f", "mp4", "-y", str(path)], check=True)
    return path


@pytest.fixture(scope="session")
def gongs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of a low and a high tone, the high one in the second half alone, with chapters."""
    folder = tmp_path_factory.mktemp("sound")
    notes = folder / "chapters.txt"
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
    notes.write_text(
        ";FFMETADATA1\ntitle=PLANTED\n" + chapter.format(0, 2000, "Mở đầu <b>") + chapter.format(2000, 4000, "Chiêng")
    )
    tones = "aevalsrc='0.3*sin(2*PI*110*t)+0.3*sin(2*PI*3520*t)*gt(t,2)':d=4:s=48000"
    command = [_packaged_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", tones]
    command += ["-i", str(notes), "-map_metadata", "1", "-map_chapters", "1", "-c:a", "aac", "-f", "mp4"]
    subprocess.run([*command, "-y", str(folder / "upload")], check=True)
    return folder / "upload"


def make(role: str, source: Path, work_dir: Path) -> Result:
    return run_processor(recipe_for(role, identify(source, work_dir)), source, work_dir)


def test_poster_and_stills_come_from_where_there_is_something_to_see(three_parts: Path, work_dir: Path) -> None:
    result = make("poster", three_parts, work_dir)

    moments = result.facts["stills"]
    assert isinstance(moments, list)
    assert moments == sorted(moments)
    assert all(5900 <= one <= 12_100 for one in moments)
    best = next(one for one in result.files if one.name == "480.webp")
    assert best.facts["time_ms"] == moments[int(str(result.facts["best"])) - 1]
    names = {one.name for one in result.files}
    assert names == {
        f"{prefix}{edge}.webp"
        for prefix in ["", *(f"c{number}-" for number in range(1, len(moments) + 1))]
        for edge in (1280, 480, 160)
    }


def test_still_is_the_picture_of_its_moment(three_parts: Path, work_dir: Path) -> None:
    result = make("poster", three_parts, work_dir)

    still = next(one for one in result.files if one.name == "c1-1280.webp")
    seconds = int(still.facts["time_ms"]) / 1000
    wanted = work_dir / "wanted.png"
    command = [_packaged_ffmpeg(), "-nostdin", "-loglevel", "error", "-i", str(three_parts), "-ss", str(seconds - 0.04)]
    subprocess.run([*command, "-frames:v", "1", "-y", str(wanted)], check=True)
    shown = pyvips.Image.new_from_file(str(work_dir / "out" / still.name))
    assert (shown - pyvips.Image.new_from_file(str(wanted))).abs().avg() < 8


def test_black_film_still_has_a_poster(tmp_path: Path, work_dir: Path) -> None:
    source = tmp_path / "black"
    command = [_packaged_ffmpeg(), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "color=black:s=64x64:r=5:d=2"]
    subprocess.run([*command, "-f", "mp4", "-y", str(source)], check=True)

    result = make("poster", source, work_dir)

    assert {"1280.webp", "480.webp", "160.webp"} <= {one.name for one in result.files}


def test_score_prefers_what_is_lit_and_sharp() -> None:
    pattern = pyvips.Image.gaussnoise(160, 90, mean=118, sigma=50, seed=1).cast("uchar").colourspace("srgb")
    sharp, blurred = score(pattern).value, score(pattern.gaussblur(3)).value
    dark, black = score(pattern * 0.3), score(pattern * 0.02)

    assert sharp > blurred > black.value
    assert sharp > dark.value > black.value
    assert (score(pattern).telling, black.telling) == (True, False)
    faint = score(pyvips.Image.gaussnoise(160, 90, mean=118, sigma=6, seed=1).cast("uchar").colourspace("srgb"))
    assert (faint.telling, faint.value < 0.04) == (False, True)


def test_storyboard_shows_each_step_at_its_moment(three_parts: Path, work_dir: Path) -> None:
    result = make("storyboard", three_parts, work_dir)

    text = (work_dir / "out" / "storyboard.vtt").read_text()
    cues = re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    sheet = pyvips.Image.new_from_file(str(work_dir / "out" / "sheet-1.webp"))
    tiles = [sheet.crop(*(int(one) for one in cue[3:])) for cue in cues]
    assert len(cues) == result.facts["pictures"] == 9
    assert [cue[0] for cue in cues[:2]] == ["00:00:00.000", "00:00:02.000"]
    assert cues[-1][1] == "00:00:18.000"
    assert [tile.avg() < 12 for tile in tiles] == [True] * 3 + [False] * 6
    assert [tile.deviate() > 20 for tile in tiles] == [False] * 3 + [True] * 3 + [False] * 3


def test_storyboard_of_a_film_of_any_length_is_small() -> None:
    settings = recipe("storyboard", "video").settings
    sheets = int(settings["pictures_at_most"]) / (int(settings["columns_at_most"]) * int(settings["rows_at_most"]))

    assert sheets <= 8


def test_tones_are_drawn_at_their_pitch_and_moment(gongs: Path, work_dir: Path) -> None:
    result = make("spectrogram", gongs, work_dir)

    picture = pyvips.Image.new_from_file(str(work_dir / "out" / "spectrogram-1200.webp")).colourspace("b-w")
    assert (picture.width, picture.height) == (1200, 320)

    def brightness(hertz: float, share: float) -> float:
        octaves = math.log2(hertz / float(str(result.facts["lowest_hz"])))
        return float(picture.crop(int(share * 1200), 320 - round(octaves * 40) - 3, 60, 6).max())

    assert brightness(110, 0.2) > 150
    assert brightness(3520, 0.2) < 60
    assert brightness(3520, 0.7) > 150
    assert brightness(880, 0.7) < 60


def test_chapters_are_kept_with_their_titles_and_nothing_else(gongs: Path, work_dir: Path) -> None:
    result = make("chapters", gongs, work_dir)

    listed = json.loads((work_dir / "out" / "chapters.json").read_text())
    text = (work_dir / "out" / "chapters.vtt").read_text()
    assert result.facts == {"chapters": 2}
    assert listed[0] == {"start_ms": 0, "end_ms": 2000, "title": "Mở đầu <b>"}
    assert "00:00:02.000 --> 00:00:04.000\nChiêng\n" in text
    assert "&lt;b&gt;" in text
    assert "PLANTED" not in text


def test_recording_without_chapters_gets_none(three_parts: Path, work_dir: Path) -> None:
    with pytest.raises(KeyError):
        recipe_for("chapters", identify(three_parts, work_dir))


def test_chapters_that_overlap_are_cut_and_empty_ones_left_out() -> None:
    base = Fraction(1, 1000)
    given = [
        {"start": start, "end": end, "time_base": base, "metadata": {"title": f"a\n{start}"}}
        for start, end in ((5000, 9000), (0, 7000), (9000, 9000), (-5, 3))
    ]

    assert in_order(given) == [Chapter(0, 5000, "a 0"), Chapter(5000, 9000, "a 5000")]


def test_webvtt_is_one_that_players_take() -> None:
    assert clock(3723.0015) == "01:02:03.002"
    assert plain_text("a\n-->\x00<c> & d", 99) == "a --&gt; &lt;c&gt; &amp; d"
    assert webvtt([Cue(0, 1.5, "a"), Cue(2, 2, "none")]) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na\n"


def test_poster_of_what_is_no_film_is_refused(gongs: Path, work_dir: Path) -> None:
    with pytest.raises(ProcessorError) as caught:
        run_processor(recipe("poster", "video"), gongs, work_dir)

    assert caught.value.code == "nothing_playable"
