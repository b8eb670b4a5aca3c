"""Short films in 1080 lines: a camera that glides over drawn cloth, with a synthesised sound.

The label stands still in every frame and a bar above it grows with time, so that a seek can be seen to be right.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.sample import gongs
from archive.sample.encoder import encode, metadata
from archive.sample.marks import Mark
from archive.sample.pictures import card, label, picture

FRAME = (1920, 1080)
TRAVEL_PX = 48  # a second: slow enough for a weak phone's decoder
FPS = 25

CODECS: dict[str, list[str]] = {
    "mp4": [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "23",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "128k",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ],
    "mov": [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "21",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "pcm_s16le",
        "-f",
        "mov",
    ],
    "webm": [
        "-c:v",
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-b:v",
        "3M",
        "-row-mt",
        "0",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "libopus",
        "-b:a",
        "96k",
        "-ar",
        "48000",
        "-f",
        "webm",
    ],
}


def make(mark: Mark, target: Path, settings: Mapping[str, int | str]) -> None:
    """Writes the film that `settings` describe (variant, seconds, figure, voice, closed, lines) to `target`."""
    seconds, closed = int(settings["seconds"]), bool(settings.get("closed"))
    lines = int(settings.get("lines", FRAME[1]))
    width, height = FRAME[0] * lines // FRAME[1] // 2 * 2, lines
    travel = 0 if closed else TRAVEL_PX * seconds
    parts = gongs.tone(seconds) if closed else gongs.piece(str(settings["voice"]), mark.seed, seconds)
    raw, spread = gongs.stereo(*parts)
    with TemporaryDirectory() as folder:
        scene, foot = Path(folder, "scene.png"), Path(folder, "label.png")
        if closed:
            card(mark, width=width, height=height).save(scene)
        else:
            cloth = picture(mark, figure=str(settings.get("figure", "")), width=width, height=height + travel)
            cloth.crop(0, 0, width, height + travel - height // 10).cast("uchar").pngsave(str(scene), compression=1)
        strip = label(mark, width=width, height=height // 10, closed=closed)
        strip.save(foot)
        visible = height - strip.height
        still = f"format=yuv420p,loop=loop=-1:size=1:start=0,setpts=N/{FPS}/TB"  # decoded once, not once a frame
        glide = "" if closed else f",crop={width}:{visible}:0:t*{TRAVEL_PX},pad={width}:{height}"
        bar = max(4, height // 120)
        graph = (
            f"[0:v]{still}{glide}[scene];[1:v]{still}[strip];[scene][strip]overlay=0:{visible}[named];"
            f"color=c=0xC98A2C:s={width}x{bar}:r={FPS},format=yuv420p[bar];"
            f"[named][bar]overlay=x='-w+w*t/{seconds}':y={visible - bar}[film]"
        )
        encode(
            ["-i", str(scene), "-i", str(foot), "-f", "s32le", "-ar", str(gongs.RATE_HZ), "-ac", "2", "-i", "pipe:0"],
            [
                "-filter_complex",
                graph,
                "-map",
                "[film]",
                "-map",
                "2:a",
                "-t",
                str(seconds),
                "-r",
                str(FPS),
                "-g",
                str(FPS * 2),
                "-af",
                spread,
                *CODECS[str(settings["variant"])],
                *metadata(mark),
            ],
            target,
            raw=raw,
        )
