"""Sound and film: renditions, ladders, odd sources, and files that try to make ffmpeg open others."""

import json
import re
import subprocess
from pathlib import Path

import av
import pytest
import pyvips

from media_pipeline import reasons
from media_pipeline.identify import identify
from media_pipeline.plan import recipe_for
from media_pipeline.processors import ProcessorError, Result
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.video_ladder import choose_rungs
from media_pipeline.recipes import recipe
from media_pipeline.sandbox import run_processor
from media_pipeline.walls import _packaged_ffmpeg

pytestmark = pytest.mark.pure

LADDER = str(recipe("hls", "video").settings["rungs_px_kbps"])
PICTURE = "testsrc2=size={size}:rate={rate}:duration={seconds}"
SOUND = "sine=frequency=330:sample_rate=48000:duration={seconds}"


def film(
    path: Path,
    container: str,
    *,
    size: str = "640x360",
    rate: str = "25",
    seconds: float = 2,
    sound: bool = True,
    more: str = "",
) -> Path:
    """Make a film with ffmpeg, under a name that says nothing. `more` are further output options."""
    command = [_packaged_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi"]
    command += ["-i", PICTURE.format(size=size, rate=rate, seconds=seconds)]
    command += ["-f", "lavfi", "-i", SOUND.format(seconds=seconds)] if sound else []
    subprocess.run([*command, *more.split(), "-f", container, "-y", str(path)], check=True)
    return path


def make(role: str, source: Path, work_dir: Path) -> Result:
    return run_processor(recipe_for(role, identify(source, work_dir)), source, work_dir)


def streams(path: Path) -> dict[str, str]:
    with av.open(str(path)) as container:
        return {one.type: one.codec_context.name for one in container.streams}


def variants_of(text: str) -> list[tuple[dict[str, str], str]]:
    """The attributes and addresses of the variants in a main playlist."""
    found = re.findall(r"#EXT-X-STREAM-INF:(.*)\n(\S+)", text)
    return [(attributes(line), address) for line, address in found]


def attributes(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line)}


def test_ladder_is_right_in_its_main_playlist(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "film", "mp4", size="854x480", rate="25", seconds=5, more="-c:v libx264 -preset ultrafast")

    result = make("hls", source, work_dir)

    out = work_dir / "out"
    *rungs, (alone, sound) = variants_of((out / "master.m3u8").read_text())
    assert [name for _, name in rungs] == ["144p.m3u8", "240p.m3u8", "360p.m3u8", "480p.m3u8"]
    assert [one["RESOLUTION"] for one, _ in rungs] == ["256x144", "428x240", "640x360", "854x480"]
    assert [one["FRAME-RATE"] for one, _ in rungs] == ["12.500", *["25.000"] * 3]
    assert [one["AUDIO"] for one, _ in rungs] == ["low", "low", "high", "high"]
    assert all(one["CODECS"].startswith("avc1.64") and one["CODECS"].endswith(",mp4a.40.2") for one, _ in rungs)
    assert (sound, alone["CODECS"], alone["AUDIO"]) == ("audio-low.m3u8", "mp4a.40.2", "low")
    assert "RESOLUTION" not in alone
    assert result.facts["renditions"] == ["144p", "240p", "360p", "480p"]
    bandwidths = [int(one["BANDWIDTH"]) for one, _ in rungs]
    assert bandwidths == sorted(bandwidths)
    for (given, name), peak in zip(rungs, bandwidths, strict=True):
        parts = []
        for playlist in (name, f"audio-{given['AUDIO']}.m3u8"):
            sizes = re.findall(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)", (out / playlist).read_text())
            parts.append(max(int(size) * 8 / float(seconds) for seconds, size in sizes if float(seconds) > 2))
        assert sum(parts) - 2 <= peak
        assert int(given["AVERAGE-BANDWIDTH"]) <= peak


@pytest.mark.parametrize("rate", ["30000/1001", "24000/1001", "15", "50"])
def test_renditions_change_at_the_same_frames(rate: str, tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "film", "mp4", size="428x240", rate=rate, seconds=9)

    make("hls", source, work_dir)

    lengths = [
        re.findall(r"#EXTINF:([\d.]+)", (work_dir / "out" / f"{name}.m3u8").read_text()) for name in ("144p", "240p")
    ]
    keys = [key_frames(work_dir / "out" / f"{name}.mp4") for name in ("144p", "240p")]
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(lengths[0]) == len(lengths[1]) == 3
    assert all(4 <= float(one) < 4.2 for one in [*lengths[0][:2], *lengths[1][:2]])


def key_frames(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        packets = container.demux(video=0)
        return [round(float(one.pts * one.time_base), 3) for one in packets if one.is_keyframe and one.pts is not None]


@pytest.mark.parametrize(
    ("width", "height", "names"),
    [
        (1920, 1080, ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        (1080, 1920, ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        (3840, 2160, ["144p", "240p", "360p", "480p", "720p", "1080p"]),
        (720, 576, ["144p", "240p", "360p", "480p", "576p"]),
        (640, 500, ["144p", "240p", "360p", "480p"]),
        (175, 143, ["144p"]),
    ],
)
def test_rungs_are_never_larger_than_the_film(width: int, height: int, names: list[str]) -> None:
    chosen = choose_rungs(Probe(1000, 0, True, False, width=width, height=height), LADDER)

    assert [one.name for one in chosen] == names
    assert all(one.size.width % 2 == 0 and one.size.height % 2 == 0 for one in chosen)


@pytest.mark.parametrize(
    ("container", "more", "extension"),
    [
        ("mov", "-c:v mpeg4 -c:a pcm_s16be", "mov"),
        ("webm", "-c:v libvpx -deadline realtime -c:a libopus", "webm"),
        ("matroska", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -c:a flac", "mkv"),
        ("avi", "-c:v mjpeg -q:v 5 -pix_fmt yuvj422p -c:a libmp3lame", "avi"),
        ("mpegts", "-c:v mpeg2video -flags +ilme+ildct -c:a mp2", "ts"),
        ("ogg", "-c:v libtheora -c:a libvorbis", "ogv"),
    ],
)
def test_container_is_known_and_all_of_it_is_made(
    container: str, more: str, extension: str, tmp_path: Path, work_dir: Path
) -> None:
    source = film(tmp_path / "upload.jpg", container, size="321x241", seconds=1, more=more)

    facts = identify(source, work_dir)
    small = make("mp4", source, work_dir)
    made = streams(work_dir / "out" / "small.mp4")
    hls = make("hls", source, work_dir)
    poster = make("poster", source, work_dir)

    assert (facts.kind, facts.extension, facts.reason) == ("video", extension, "")
    assert made == {"video": "h264", "audio": "aac"}
    assert small.facts["width"] == 322 or small.facts["width"] == 320
    assert hls.facts["renditions"] == ["144p", "240p"]
    assert len(poster.files) % 3 == 0


def test_small_mp4_is_what_old_phones_play(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "film", "mp4", size="1280x720", rate="60", seconds=1)

    result = make("mp4", source, work_dir)

    content = (work_dir / "out" / "small.mp4").read_bytes()
    at = content.index(b"avcC")
    assert content.index(b"moov") < content.index(b"mdat")
    assert content[at + 5] == 66  # baseline
    assert (result.facts["width"], result.facts["height"]) == (640, 360)
    assert probe(work_dir / "out" / "small.mp4").frame_rate <= 30


def test_film_on_its_side_is_turned(tmp_path: Path, work_dir: Path) -> None:
    upright = film(tmp_path / "upright", "mp4", size="640x360", seconds=1)
    source = tmp_path / "turned"
    command = [_packaged_ffmpeg(), "-nostdin", "-loglevel", "error", "-display_rotation", "90", "-i", str(upright)]
    subprocess.run([*command, "-c", "copy", "-f", "mp4", str(source)], check=True)

    facts = identify(source, work_dir)
    small = make("mp4", source, work_dir)
    poster = make("poster", source, work_dir)

    assert (facts.technical["width"], facts.technical["height"]) == (360, 640)
    assert (small.facts["width"], small.facts["height"]) == (360, 640)
    assert (poster.files[0].facts["width"], poster.files[0].facts["height"]) == (360, 640)


def test_film_with_tall_pixels_is_shown_with_square_ones(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "anamorphic", "matroska", size="720x576", seconds=1, more="-vf setsar=16/11 -c:v mpeg4")

    facts = identify(source, work_dir)
    small = make("mp4", source, work_dir)

    assert (facts.technical["width"], facts.technical["height"]) == (1047, 576)
    assert (small.facts["width"], small.facts["height"]) == (654, 360)


def test_high_dynamic_range_comes_out_with_eight_bits(tmp_path: Path, work_dir: Path) -> None:
    colours = "-vf setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc -pix_fmt yuv420p10le"
    encoder = "-c:v libx265 -preset ultrafast -x265-params log-level=none"
    source = film(tmp_path / "hdr", "mp4", size="320x240", seconds=1, more=f"{colours} {encoder}")

    facts = identify(source, work_dir)
    make("hls", source, work_dir)

    assert facts.technical["high_dynamic_range"] is True
    assert probe(work_dir / "out" / "240p.mp4").bit_depth == 8


def test_silent_film_has_no_sound_rendition(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "silent", "mp4", size="320x240", seconds=1, sound=False)

    names = [one.name for one in make("hls", source, work_dir).files]
    text = (work_dir / "out" / "master.m3u8").read_text()
    small = make("mp4", source, work_dir)

    assert names == ["master.m3u8", "144p.m3u8", "144p.mp4", "240p.m3u8", "240p.mp4"]
    assert "mp4a" not in text
    assert "AUDIO" not in text
    assert small.facts["height"] == 240


def test_clock_of_a_file_is_not_taken_for_its_frame_rate(tmp_path: Path, work_dir: Path) -> None:
    clock = "-vf fps=20,settb=1/1000 -fps_mode passthrough"
    source = film(tmp_path / "clock", "matroska", size="320x240", rate="1000", seconds=1, more=clock)

    result = make("hls", source, work_dir)

    rates = re.findall(r"FRAME-RATE=([\d.]+)", (work_dir / "out" / "master.m3u8").read_text())
    assert rates
    assert all(float(rate) <= 60 for rate in rates)
    assert 900 <= float(str(result.facts["duration_ms"])) <= 1100


def test_poster_is_not_the_black_beginning(tmp_path: Path, work_dir: Path) -> None:
    fade = "-vf fade=in:st=0.2:d=0.2 -g 5 -c:v libx264"
    source = film(tmp_path / "fade", "mp4", size="320x240", seconds=4, more=fade)

    make("poster", source, work_dir)

    assert pyvips.Image.new_from_file(str(work_dir / "out" / "480.webp")).avg() > 40


def test_no_tag_of_a_film_or_recording_goes_out(tmp_path: Path, work_dir: Path) -> None:
    tags = (
        "-metadata title=PLANTED -metadata location=+14.35+108.00/ -metadata artist=PLANTED -metadata comment=PLANTED"
    )
    video = film(tmp_path / "film", "mp4", size="320x240", seconds=1, more=tags)
    audio = film(tmp_path / "sound", "flac", seconds=1, more=f"-map 1:a {tags}")
    assert b"PLANTED" in video.read_bytes()
    assert b"PLANTED" in audio.read_bytes()

    for source, roles in (
        (video, ("poster", "storyboard", "hls", "mp4")),
        (audio, ("waveform", "spectrogram", "audio")),
    ):
        for role in roles:
            for one in make(role, source, work_dir).files:
                content = (work_dir / "out" / one.name).read_bytes()
                assert b"PLANTED" not in content, one.name
                assert b"+14.35" not in content, one.name


@pytest.mark.parametrize(
    ("container", "more", "extension"),
    [
        ("mp3", "-c:a libmp3lame", "mp3"),
        ("flac", "-c:a flac -sample_fmt s32", "flac"),
        ("ogg", "-c:a libopus", "opus"),
        ("ogg", "-c:a libvorbis", "ogg"),
        ("mp4", "-c:a aac", "m4a"),
        ("adts", "-c:a aac", "aac"),
        ("matroska", "-c:a flac", "mka"),
        ("wav", "-c:a pcm_s24le -ac 6 -af volume=12dB", "wav"),
        ("aiff", "-c:a pcm_s16be", "aif"),
        ("caf", "-c:a pcm_s16le", "caf"),
    ],
)
def test_recording_is_known_and_gets_both_renditions(
    container: str, more: str, extension: str, tmp_path: Path, work_dir: Path
) -> None:
    source = film(tmp_path / "upload.txt", container, seconds=2, more=f"-map 1:a {more}")

    facts = identify(source, work_dir)
    result = make("audio", source, work_dir)
    opus, aac = streams(work_dir / "out" / "audio.opus"), streams(work_dir / "out" / "audio.m4a")
    make("waveform", source, work_dir)
    drawn = json.loads((work_dir / "out" / "waveform.json").read_text())

    assert (facts.kind, facts.extension, facts.reason) == ("audio", extension, "")
    assert (opus, aac) == ({"audio": "opus"}, {"audio": "aac"})
    assert abs(float(str(result.facts["duration_ms"])) - 2000) < 100
    assert 2 <= len(drawn["peaks"]) <= 2000
    assert max(drawn["peaks"]) > 10
    assert min(drawn["peaks"]) < -10


def test_waveform_of_a_long_recording_has_a_thousand_pairs(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "long", "wav", size="16x16", rate="1", seconds=60, more="-map 1:a -ar 8000 -ac 1")

    result = make("waveform", source, work_dir)

    assert len(json.loads((work_dir / "out" / "waveform.json").read_text())["peaks"]) == 2000
    assert result.facts == {"duration_ms": 60_000}
    assert (work_dir / "out" / "waveform.svg").stat().st_size < 40_000


PLAYLISTS = {
    "ffconcat": "ffconcat version 1.0\nfile '{secret}'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n",
    "hls_network": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><Representation>'
    "<BaseURL>file://{secret}</BaseURL></Representation></AdaptationSet></Period></MPD>",
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlist_under_the_name_of_a_film_opens_nothing(name: str, tmp_path: Path, work_dir: Path) -> None:
    secret = film(tmp_path / "secret.mp4", "mp4", size="320x240", seconds=1)
    source = tmp_path / "upload.mp4"
    source.write_text(PLAYLISTS[name].format(secret=secret))

    facts = identify(source, work_dir)

    assert (facts.kind, facts.technical.get("duration_ms")) in {("other", None), ("text", None)}
    for role in ("poster", "storyboard", "hls", "mp4"):  # as if the first look had been fooled
        with pytest.raises(ProcessorError) as caught:
            run_processor(recipe(role, "video"), source, work_dir)
        assert caught.value.code == reasons.UNSUPPORTED


def test_progress_comes_from_ffmpeg_and_only_grows(tmp_path: Path, work_dir: Path) -> None:
    source = film(tmp_path / "film", "mp4", size="640x360", seconds=14, more="-c:v libx264 -preset ultrafast")
    heard: list[float] = []

    run_processor(recipe_for("hls", identify(source, work_dir)), source, work_dir, on_progress=heard.append)

    assert len(heard) >= 2
    assert heard == sorted(heard)


def test_film_cut_short_is_shown_as_far_as_it_goes_or_called_damaged(tmp_path: Path, work_dir: Path) -> None:
    whole = film(tmp_path / "whole", "matroska", seconds=4)
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    index_lost = tmp_path / "index_lost"
    index_lost.write_bytes(film(tmp_path / "mp4", "mp4", seconds=4).read_bytes()[:20_000])

    assert identify(cut, work_dir).reason == ""
    assert make("mp4", cut, work_dir).files
    assert identify(index_lost, work_dir).reason == reasons.DAMAGED
