import os
from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Settings

WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 20


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """One lie about the output for each value of `lie`."""
    lie = str(settings["lie"])
    good = out / "good.webp"
    good.write_bytes(WEBP)
    files = [OutputFile("good.webp", "image/webp", {"width": 1})]
    if lie == "link":
        (out / "link.webp").symlink_to("/etc/passwd")
        files.append(OutputFile("link.webp", "image/webp"))
    elif lie == "hard_link":
        os.link(good, out / "twin.webp")
        files.append(OutputFile("twin.webp", "image/webp"))
    elif lie == "undeclared":
        (out / "more.webp").write_bytes(WEBP)
    elif lie == "missing":
        files.append(OutputFile("missing.webp", "image/webp"))
    elif lie == "outside":
        files.append(OutputFile("../../job.json", "application/json"))
    elif lie == "html":
        (out / "page.webp").write_bytes(b"<html><script>alert(1)</script>")
        files.append(OutputFile("page.webp", "image/webp"))
    elif lie == "html_type":
        (out / "page.html").write_bytes(b"<html>")
        files.append(OutputFile("page.html", "text/html"))
    elif lie == "svg_script":
        (out / "waveform.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>')
        files.append(OutputFile("waveform.svg", "image/svg+xml"))
    elif lie == "foreign_address":
        (out / "master.m3u8").write_bytes(b"#EXTM3U\n#EXTINF:4,\nhttps://example.org/a.mp4\n")
        files.append(OutputFile("master.m3u8", "application/vnd.apple.mpegurl"))
    elif lie == "foreign_attribute":
        (out / "master.m3u8").write_bytes(
            b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="https://example.org/key"\ngood.webp\n'
        )
        files.append(OutputFile("master.m3u8", "application/vnd.apple.mpegurl"))
    elif lie == "folder":
        (out / "sub").mkdir()
    elif lie == "fifo":
        os.mkfifo(out / "pipe.webp")
        files.append(OutputFile("pipe.webp", "image/webp"))
    elif lie == "nested_facts":
        files = [OutputFile("good.webp", "image/webp", {"width": {"a": 1}})]  # type: ignore[dict-item] # the lie
    return Result(files, {})
