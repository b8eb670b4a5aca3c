"""What stands around a player: chapters, a film at a glance, the tones, sound alone, and who may fetch it from elsewhere."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.test import Client

from access import policy
from access.policy import Level
from archive import derived_names
from archive.models import ItemFile
from public_site import players
from public_site.renditions import Output, Rendition
from tests import makers

pytestmark = pytest.mark.django_db


def recorded(path: Path, *, picture: bool) -> Path:
    """Write a second of film, or of sound, with two chapters, the second one's title not to be trusted."""
    notes = path.with_suffix(".txt")
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
    notes.write_text(";FFMETADATA1\n" + chapter.format(0, 500, "Mở đầu") + chapter.format(1000, 2000, "<script>x"))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "lavfi", "-i", "sine=d=2", "-i", str(notes)]
    command += ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=2"] if picture else []
    command += ["-map", "0:a", *(["-map", "2:v"] if picture else []), "-map_metadata", "1", "-map_chapters", "1"]
    subprocess.run([*command, "-c:a", "aac", "-f", "mp4", str(path)], check=True)
    return path


def test_page_of_a_film_offers_its_moments_and_a_glance(client: Client, now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now, kind="video")
    file = makers.file_of(item, recorded(tmp_path / "film.mp4", picture=True), now=now)

    text = client.get(f"/en/items/{item.pid}/").content.decode()

    base = f"/files/{file.pid}"
    assert f'<track kind="chapters" src="{base}/chapters/{derived_names.CHAPTERS}">' in text
    assert f'src="{base}/storyboard/{derived_names.STORYBOARD}">' in text
    assert f'<option value="{base}/hls/{derived_names.SOUND_ALONE}" data-height="0">' in text
    assert re.search(rf'<a href="{base}/mp4/small.mp4#t=1" data-seek="1">[^<]*&lt;script&gt;x</a>', text)
    (sheet,) = re.findall(r"<img [^>]*data-sheet[^>]*>", text)
    assert f"{base}/storyboard/sheet-1.webp" in sheet
    assert 'loading="lazy"' in sheet
    assert 'data-tile="160x120"' in sheet
    assert "breaks off" not in text


def test_page_of_a_recording_begins_small_and_shows_its_tones(client: Client, now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now, kind="audio")
    file = makers.file_of(item, recorded(tmp_path / "sound.m4a", picture=False), now=now)

    text = client.get(f"/en/items/{item.pid}/").content.decode()

    sources = re.findall(r'<source src="[^"]*/([^"/]+)"', text)
    assert sources[0] == "audio-low.opus"
    assert set(sources) == {"audio-low.opus", "audio-low.m4a", "audio.opus", "audio.m4a"}
    assert f'data-better="/files/{file.pid}/audio/audio.opus"' in text
    assert f"/files/{file.pid}/spectrogram/{derived_names.spectrogram_name(600)}" in text
    assert "Mở đầu" in text


def test_players_elsewhere_may_fetch_what_everybody_may_see_and_nothing_else(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    public = makers.file_of(makers.item(now=now), makers.picture(tmp_path / "a.jpg"), now=now)
    closed = makers.item(now=now, access=policy.of(Level.REGISTERED))
    hidden = makers.file_of(closed, makers.picture(tmp_path / "b.jpg", colour=(9, 9, 9)), now=now)
    makers.staff()

    answer = client.get(f"/files/{public.pid}/thumbnail/480.webp", headers={"range": "bytes=0-9"})
    client.login(username="thu-thu", password="mat-khau-dai-1")
    inside = client.get(f"/files/{hidden.pid}/thumbnail/480.webp")

    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (206, "*")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (inside.status_code, inside["Cross-Origin-Resource-Policy"]) == (200, "same-origin")
    assert "Access-Control-Allow-Origin" not in inside


def test_names_that_the_page_asks_for_are_those_that_are_made(now: datetime, tmp_path: Path) -> None:
    item = makers.item(now=now, kind="video")
    film = makers.file_of(item, recorded(tmp_path / "film.mp4", picture=True), now=now)
    sound = makers.file_of(item, recorded(tmp_path / "sound.m4a", picture=False), now=now)

    made = {
        (role, entry["name"])
        for file in (film, sound)
        for role, derivative in file.newest_derivatives().items()
        for entry in derivative.files
    }

    assert {
        ("hls", derived_names.STREAM_MANIFEST),
        ("hls", derived_names.SOUND_ALONE),
        ("storyboard", derived_names.STORYBOARD),
        ("chapters", derived_names.CHAPTERS),
        ("chapters", derived_names.CHAPTERS_DATA),
        ("poster", derived_names.picture_name(480)),
        ("poster", derived_names.picture_name(160, still=1)),
        ("spectrogram", derived_names.spectrogram_name(1200)),
    } <= made


@pytest.mark.pure
def test_each_way_to_watch_says_what_all_of_it_costs_the_sound_with_it() -> None:
    sizes = {"144p.mp4": 100, "240p.mp4": 200, "720p.mp4": 900, "audio-low.mp4": 10, "audio-high.mp4": 30}
    outputs = [Output(ItemFile(pid="0123456789b"), "hls", name, "video/mp4", size) for name, size in sizes.items()]
    outputs = [replace(one, media_type="audio/mp4") if "audio" in one.name else one for one in outputs]
    lists = [Output(ItemFile(pid="0123456789b"), "hls", name, "", 1) for name in ("master.m3u8", "audio-low.m3u8")]

    ways = players.ways_of(Rendition("hls", (*outputs, *lists)))

    assert [(way.height, way.size_bytes, way.is_adaptive) for way in ways] == [
        (720, 930, True),
        (720, 930, False),
        (240, 210, False),
        (144, 110, False),
        (0, 10, False),
    ]
    assert players.ways_of(Rendition("hls", tuple(outputs))) == ()
