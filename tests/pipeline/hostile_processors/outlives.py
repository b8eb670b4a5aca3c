import contextlib
import subprocess
import sys
from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Settings

# Waits until the output has been judged, then puts another file in its place, again and again for an hour.
LATER = """
import os, sys, time
time.sleep(3)
until = time.monotonic() + 3600
while time.monotonic() < until:
    time.sleep(0.5)
    try:
        if not os.path.islink(sys.argv[1]):
            os.unlink(sys.argv[1])
            os.symlink(sys.argv[2], sys.argv[1])
    except OSError:
        pass
"""


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    made = out / "160.webp"
    made.write_bytes(b"RIFF\x00\x00\x00\x00WEBP" + bytes(60))
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", LATER, str(made), str(settings["forbidden"])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Result([OutputFile("160.webp", "image/webp", {})], {})
