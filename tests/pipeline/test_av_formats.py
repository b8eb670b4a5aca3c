"""Every kind of sound and film that a library receives plays out; what is broken says so; what lies is not believed."""

import subprocess
from pathlib import Path

import av
import pytest

from media_pipeline import reasons
from media_pipeline.formats import FORMATS
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import Result
from media_pipeline.processors.av_probe import Probe, language_tag, steady
from media_pipeline.processors.lengths import is_partial
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import _packaged_ffmpeg

pytestmark = pytest.mark.pure

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=176x144:rate=25:duration=1"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000:duration=1"]
# Name: muxer, options, the extension it must be known by, whether it has a picture and a sound.
FILMS = {
    "mpeg1": ("mpeg", "-c:v mpeg1video -c:a mp2", "mpg"),
    "mpeg2": ("vob", "-c:v mpeg2video -c:a ac3", "mpg"),
    "elementary": ("mpeg2video", "-c:v mpeg2video -an", "m2v"),
    "flv": ("flv", "-c:v flv -c:a libmp3lame -ar 44100", "flv"),
    "wmv": ("asf", "-c:v wmv2 -c:a wmav2", "wmv"),
    "3gp": ("3gp", "-c:v h263 -c:a libopencore_amrnb -ar 8000 -ac 1 -b:a 12.2k", "3gp"),
    "avi": ("avi", "-c:v mpeg4 -c:a pcm_s16le", "avi"),
    "mxf": ("mxf", "-c:v mpeg2video -c:a pcm_s16le", "mxf"),
    "hevc": ("mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a aac", "mp4"),
    "av1": ("matroska", "-c:v libsvtav1 -preset 12 -svtav1-params lp=1 -c:a libopus", "mkv"),
}
SOUNDS = {
    "amr": ("amr", "-c:a libopencore_amrnb -ar 8000 -ac 1 -b:a 12.2k", "amr"),
    "ac3": ("ac3", "-c:a ac3", "ac3"),
    "wma": ("asf", "-c:a wmav2", "wma"),
    "bwf": ("wav", "-c:a pcm_s24le -write_bext 1 -metadata description=PLANTED", "wav"),
    "rf64": ("wav", "-c:a pcm_s16le -rf64 always", "wav"),
    "w64": ("w64", "-c:a pcm_s16le", "w64"),
    "weba": ("webm", "-c:a libopus", "weba"),
}


def made_with(path: Path, inputs: list[str], muxer: str, options: str) -> Path:
    command = [_packaged_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", *inputs, *options.split()]
    subprocess.run([*command, "-f", muxer, "-y", str(path)], check=True)
    return path


def make(role: str, source: Path, work_dir: Path) -> Result:
    return run_processor(recipe_for(role, identify(source, work_dir)), source, work_dir)


@pytest.mark.parametrize("name", FILMS)
def test_film_of_every_kind_plays_out(name: str, tmp_path: Path, work_dir: Path) -> None:
    muxer, options, extension = FILMS[name]
    source = made_with(tmp_path / "upload.bin", [*PICTURE, *SOUND], muxer, options)

    facts = identify(source, work_dir)
    board = make("storyboard", source, work_dir)
    result = make("hls", source, work_dir)

    assert (facts.kind, facts.extension, facts.reason) == ("video", extension, "")
    assert board.facts["pictures"] == 1
    assert result.facts["renditions"] == ["144p"]
    assert 900 <= float(str(result.facts["duration_ms"])) <= 1200
    assert result.facts["tracks"] == (0 if name == "elementary" else 1)
    assert "partial" not in result.facts


@pytest.mark.parametrize("name", SOUNDS)
def test_sound_of_every_kind_plays_out(name: str, tmp_path: Path, work_dir: Path) -> None:
    muxer, options, extension = SOUNDS[name]
    if extension not in FORMATS:
        pytest.skip(f"{extension} is not in the table of formats")
    source = made_with(tmp_path / "upload.bin", SOUND, muxer, options)

    facts = identify(source, work_dir)
    result = make("audio", source, work_dir)

    assert (facts.kind, facts.extension, facts.reason) == ("audio", extension, "")
    assert 900 <= float(str(result.facts["duration_ms"])) <= 1200
    assert [one.name for one in result.files] == ["audio-low.opus", "audio-low.m4a", "audio.opus", "audio.m4a"]
    assert all(b"PLANTED" not in (work_dir / "out" / one.name).read_bytes() for one in result.files)


def test_quiet_recording_comes_out_as_loud_as_others_and_silence_stays(tmp_path: Path, work_dir: Path) -> None:
    quiet = made_with(tmp_path / "quiet", SOUND, "wav", "-af volume=-30dB")
    silent = made_with(tmp_path / "silent", ["-f", "lavfi", "-i", "anullsrc=d=1"], "wav", "-ac 1")

    result = make("audio", quiet, work_dir)
    gain = float(str(result.facts["gain_db"]))
    heard = measured(work_dir / "out" / "audio.opus")
    nothing = make("audio", silent, work_dir)

    assert 20 < gain <= 24
    assert abs(heard - (float(str(result.facts["loudness_lufs"])) + gain)) < 1
    assert nothing.facts["gain_db"] == 0.0
    assert "loudness_lufs" not in nothing.facts


def test_loud_peak_is_not_pushed_over_the_top(tmp_path: Path, work_dir: Path) -> None:
    stroke = "aevalsrc='0.9*exp(-40*t)*sin(2*PI*440*t)+0.003*sin(2*PI*220*t)':d=2:s=48000"
    source = made_with(tmp_path / "gong", ["-f", "lavfi", "-i", stroke], "wav", "-ac 1")

    result = make("audio", source, work_dir)

    peak, gain = float(str(result.facts["true_peak_db"])), float(str(result.facts["gain_db"]))
    assert peak + gain <= -0.95
    assert float(str(result.facts["loudness_lufs"])) + gain < -18


def measured(path: Path) -> float:
    command = [_packaged_ffmpeg(), "-nostdin", "-nostats", "-i", str(path), "-af", "ebur128=framelog=quiet"]
    said = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    return float(said.rsplit("I:", 1)[1].split()[0])


def test_every_language_of_a_film_is_offered_at_both_rates(tmp_path: Path, work_dir: Path) -> None:
    tracks = "-map 0:v -map 1:a -map 2:a -map 3:a -c:v libx264 -c:a aac -metadata:s:a:0 language=vie"
    tracks += " -metadata:s:a:1 language=bdq -metadata:s:a:1 title=PLANTED -metadata:s:a:2 language=und"
    source = made_with(tmp_path / "tracks", [*PICTURE, *SOUND, *SOUND, *SOUND], "matroska", tracks)

    result = make("hls", source, work_dir)

    text = (work_dir / "out" / "master.m3u8").read_text()
    media = [line for line in text.splitlines() if line.startswith("#EXT-X-MEDIA")]
    assert result.facts["tracks"] == 3
    assert [line.split('LANGUAGE="')[1][:3] if "LANGUAGE" in line else "" for line in media] == ['vi"', "bdq", ""]
    assert [line.split('URI="')[1].rstrip('"') for line in media] == [
        "audio-low.m3u8",
        "audio-low-2.m3u8",
        "audio-low-3.m3u8",
    ]
    assert sum("DEFAULT=YES" in line for line in media) == 1
    assert "PLANTED" not in text
    assert (work_dir / "out" / "audio-high-2.m3u8").is_file()


def test_frames_at_odd_times_become_even_ones(tmp_path: Path, work_dir: Path) -> None:
    odd = ["-f", "lavfi", "-i", "testsrc2=size=176x144:rate=60:duration=2,select='not(mod(n,3))+gt(n,60)'"]
    source = made_with(tmp_path / "odd", odd, "matroska", "-fps_mode vfr -c:v libx264 -preset ultrafast")

    facts = identify(source, work_dir)
    make("hls", source, work_dir)

    with av.open(str(work_dir / "out" / "144p.mp4")) as container:
        times = [float(one.pts * one.time_base) for one in container.demux(video=0) if one.pts is not None]
    steps = {round(after - before, 3) for before, after in zip(sorted(times), sorted(times)[1:], strict=False)}
    assert facts.technical["variable_frame_rate"] is True
    assert len(steps) == 1


def test_interlaced_film_is_smoothed_and_another_is_left_alone(tmp_path: Path, work_dir: Path) -> None:
    fields = "-vf tinterlace=interleave_top,setfield=tff -flags +ilme+ildct -c:v mpeg2video"
    source = made_with(tmp_path / "fields", PICTURE, "mpegts", fields)
    whole = made_with(tmp_path / "whole", PICTURE, "mpegts", "-c:v mpeg2video")

    assert identify(source, work_dir).technical["interlaced"] is True
    assert "interlaced" not in identify(whole, work_dir).technical
    assert make("hls", source, work_dir).facts["renditions"] == ["144p"]


def test_film_cut_in_the_middle_is_shown_and_called_partial(tmp_path: Path, work_dir: Path) -> None:
    long = ["-f", "lavfi", "-i", "testsrc2=size=176x144:rate=25:duration=8"]
    whole = made_with(tmp_path / "whole", long, "mp4", "-movflags +faststart -c:v libx264 -preset ultrafast -g 10")
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    small, ladder = make("mp4", cut, work_dir), make("hls", cut, work_dir)

    assert small.facts["partial"] is True
    assert ladder.facts["partial"] is True
    assert 2000 < float(str(ladder.facts["duration_ms"])) < 6000


def test_nothing_but_rubbish_after_the_head_is_damaged(tmp_path: Path, work_dir: Path) -> None:
    whole = made_with(tmp_path / "whole", PICTURE, "matroska", "-c:v libx264").read_bytes()
    source = tmp_path / "rubbish"
    source.write_bytes(whole[:600] + b"\x00\xff" * 2000)

    assert identify(source, work_dir).reason in {reasons.DAMAGED, reasons.NOTHING_PLAYABLE}


def test_a_year_in_the_header_of_a_small_file_plans_nothing_long(tmp_path: Path, work_dir: Path) -> None:
    source = made_with(tmp_path / "liar", SOUND, "wav", "-ar 8000 -ac 1")
    content = bytearray(source.read_bytes())
    at = content.index(b"data")
    content[at + 4 : at + 8] = b"\xf0\xff\xff\x7f"
    content[28:32] = (1).to_bytes(4, "little")  # bytes a second
    source.write_bytes(content)

    facts = identify(source, work_dir)

    assert facts.number("duration_ms") <= len(content) * 8000 / 200


@pytest.mark.parametrize(
    ("rate", "varies", "expected"),
    [
        (29.97, False, "30000/1001"),
        (25.0, True, "25"),
        (18.0, False, "18"),
        (22.4, True, "24000/1001"),
        (0.2, False, "1"),
    ],
)
def test_rate_is_a_usual_one_where_one_is_near(rate: float, varies: bool, expected: str) -> None:
    assert str(steady(rate, varies=varies)) == expected


def test_languages_of_files_are_tags() -> None:
    assert [language_tag(one) for one in ("vie", "eng", "bdq", "und", "", "x<script", "en-US")] == [
        "vi", "en", "bdq", "", "", "", "en",
    ]  # fmt: skip


def test_a_second_more_or_less_is_not_partial() -> None:
    found = Probe(60_000, 0, True, False)

    assert not is_partial(59_000, found)
    assert is_partial(40_000, found)
