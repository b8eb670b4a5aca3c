"""One real work of each kind, small, made here and sent through the real pipeline."""

from __future__ import annotations

import math
import os
import shutil
import struct
import subprocess
import tempfile
import wave
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from archive import dates, languages
from archive.actions.attach_file import attach_file
from archive.models import Agent, Collection, Item, ItemAgent, ItemPlace, People, Place, PlaceName, Subject
from archive.search import indexing
from archive.statements import statement_of
from tests import makers

PAGES = ("Trang một: nhà rông", "Trang hai: cồng chiêng", "Trang ba: khung dệt")
CHAPTERS = (("Suối Đăk Bla", "Ngày xưa bên dòng suối."), ("Rừng", "Con nai ở trong rừng."))


def photograph(path: Path) -> Path:
    """Write a JPEG of 1800 × 1200 px with the grain and the slopes of a photograph, so that its copies have honest sizes."""
    grain = Image.effect_noise((1800, 1200), 40)
    slopes = Image.radial_gradient("L").resize((1800, 1200))
    Image.merge("RGB", (Image.blend(grain, slopes, 0.7), slopes, Image.blend(slopes, grain, 0.2))).save(path, "JPEG")
    return path


def document(path: Path, texts: Sequence[str] = PAGES) -> Path:
    """Write a PDF of A5 pages, each with a line of text (without marks: the standard fonts have none)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for number, _text in enumerate(texts, start=1):
        shown = f"BT /F1 18 Tf 40 500 Td (Trang so {number}) Tj ET"
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents {content} 0 R /Resources << /Font << /F1 "
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    body, offsets = b"%PDF-1.7\n", []
    for number, written in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    path.write_bytes(body + f"{end}startxref\n{len(body)}\n%%EOF\n".encode())
    return path


def gongs(path: Path) -> Path:
    """Write six seconds of fading strokes."""
    rate = 16000
    samples = []
    for n in range(rate * 6):
        since_stroke = (n / rate) % 1.0
        samples.append(int(20000 * math.exp(-3 * since_stroke) * math.sin(2 * math.pi * 220 * n / rate)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


def film(path: Path) -> Path:
    """Write three seconds of moving test picture, 854 × 480, with sound."""
    picture = ["-f", "lavfi", "-i", "testsrc2=size=854x480:rate=25:duration=3"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=330:duration=3"]
    coding = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *picture, *sound, *coding, str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


def book(path: Path) -> Path:
    """Write an EPUB 3 of two chapters, with a table of contents."""
    names = [f"c{number}.xhtml" for number in range(1, len(CHAPTERS) + 1)]
    manifest = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    entries = "".join(
        f'<li><a href="{name}">{title}</a></li>' for name, (title, _) in zip(names, CHAPTERS, strict=True)
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">thu</dc:identifier><dc:title>Thử</dc:title>'
        '<dc:language>vi</dc:language></metadata><manifest><item id="nav" href="nav.xhtml" properties="nav" '
        f'media-type="application/xhtml+xml"/>{manifest}</manifest><spine>{spine}</spine></package>'
    )
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
            'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        archive.writestr("book.opf", package)
        archive.writestr("nav.xhtml", f'{xhtml}<body><nav epub:type="toc"><ol>{entries}</ol></nav></body></html>')
        for name, (title, text) in zip(names, CHAPTERS, strict=True):
            archive.writestr(name, f"{xhtml}<body><h1>{title}</h1><p>{text}</p></body></html>")
    return path


MAKERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "image": ("anh.jpg", photograph),
    "document": ("tai-lieu.pdf", document),
    "audio": ("chieng.wav", gongs),
    "video": ("phim.mp4", film),
    "ebook": ("sach.epub", book),
}
TITLES = {
    "image": "Nhà rông làng Kon Klơ̆r bên sông Đăk Bla",
    "document": "Lịch nông lễ một năm của làng Ba Na",
    "audio": "Bài chiêng đón khách",
    "video": "Dân làng góp công dựng nhà rông",
    "ebook": "Giông và những người bạn",
}


def described(item: Item) -> Item:
    """Give an item everything that a page can show."""
    item.titles = languages.of(vi=item.titles[0]["value"], en=f"A work of the kind {item.kind}")
    item.descriptions = languages.of(
        vi="Ghi ở làng vào mùa khô.\nNgười trong làng kể lại.", en="Recorded in the village."
    )
    item.languages, item.date_edtf = ["vi", "bdq"], "1975~"
    days = dates.read(item.date_edtf)
    item.date_first, item.date_last = days.first, days.last
    item.rights = statement_of("https://creativecommons.org/licenses/by/4.0/")
    item.rights_statements = languages.of(vi="Ghi rõ nguồn khi dùng")
    item.identifier, item.is_sample = item.identifier or f"MAU-{item.kind}", True
    item.save()
    people, _ = People.objects.get_or_create(slug="ba-na", defaults={"names": languages.of(vi="Ba Na")})
    subject, _ = Subject.objects.get_or_create(slug="nha-rong", defaults={"names": languages.of(vi="Nhà rông")})
    gathered, _ = Collection.objects.get_or_create(
        slug="lang", defaults={"names": languages.of(vi="Làng", en="Village")}
    )
    agent, _ = Agent.objects.get_or_create(slug="nhom", defaults={"names": languages.of(vi="Nhóm điền dã")})
    place, is_new = Place.objects.get_or_create(slug="kon-klor", defaults={"kind": "village"})
    if is_new:
        PlaceName.objects.create(place=place, text="Làng Kon Klor")
        PlaceName.objects.create(place=place, text="Phường Thắng Lợi", kind="former")
    item.peoples.add(people)
    item.subjects.add(subject)
    item.collections.add(gathered)
    ItemAgent.objects.create(item=item, agent=agent, role="pht")
    ItemPlace.objects.create(item=item, place=place)
    indexing.refresh(item)
    return item


@cache
def _source(name: str, make: Callable[[Path], Path]) -> Path:
    """Return a file that is made once for all tests: the photograph has grain, each time another."""
    return make(Path(tempfile.mkdtemp(dir=os.environ.get("HERITAGE_TEST_DATA"))) / name)


def work(kind: str, folder: Path, *, now: datetime) -> Item:
    """Return a published, fully described item of a kind with one finished file."""
    name, make = MAKERS[kind]
    item = described(makers.item(now=now, title=TITLES[kind], kind=kind))
    file = makers.file_of(item, Path(shutil.copy(_source(name, make), folder / name)), now=now)
    assert file.master is not None
    assert file.master.state == "ready", file.master.reason_code
    return item


def fill_a_list(made: Mapping[str, Item], count: int, *, now: datetime) -> None:
    """Publish as many fully described works as make `count` with those that are there. They share the picture's original."""
    (picture,) = made["image"].files.all()
    assert picture.intake is not None
    for number in range(len(made), count):
        title = f"{TITLES['image']}, nhìn từ bờ bên kia vào mùa nước cạn, tấm thứ {number}"
        item = makers.item(now=now, title=title)
        attach_file(item, picture.intake, actor=None, now=now)
        item.identifier = f"MAU-{number}"
        described(item)
