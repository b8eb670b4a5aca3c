"""What a film says of itself, as libavformat reads the atoms of MP4 and QuickTime and the tags of Matroska, ASF and FLV: metadata alone."""

from collections.abc import Iterator
from pathlib import Path

import av

from media_pipeline.processors.embedded import Said
from media_pipeline.processors.ffmpeg import demuxer

_SOURCES = {"mov": "MP4", "matroska": "Matroska", "asf": "ASF", "flv": "FLV", "caf": "CAF", "mxf": "MXF"}
# What says nothing of the work: brands, encoders' own words, and what technical facts hold already.
_WITHOUT_NEWS = frozenset(
    {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "handler_name",
        "vendor_id",
        "duration",
        "number_of_frames",
        "number_of_bytes",
    }
)
_STREAMS_AT_MOST = 16


def read(source: Path, extension: str) -> Iterator[Said]:
    """Yield the container's values, then those of its streams."""
    name = demuxer(source)
    with (
        source.open("rb") as file,
        av.open(file, format=name, options={"format_whitelist": name}, metadata_errors="replace") as container,
    ):
        yield from _of(_SOURCES.get(name, name), container.metadata)
        for stream in list(container.streams)[:_STREAMS_AT_MOST]:
            yield from _of(_SOURCES.get(name, name), stream.metadata)


def _of(source: str, metadata: dict[str, str]) -> Iterator[Said]:
    for name, value in metadata.items():
        wanted = not (name.lower() in _WITHOUT_NEWS or name.startswith("_STATISTICS"))
        if wanted and not (name == "language" and value == "und"):
            yield Said(source, name, value)
