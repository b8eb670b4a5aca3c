"""The formats that the archive knows: for each, the extension stored, the media type, the kind, and a name people use.

The media type is what a file is served as: it comes from this table, never from an upload.
"""

from typing import NamedTuple


class Format(NamedTuple):
    """One file format. `demuxer` is the only ffmpeg reader that such a file may be given to."""

    extension: str
    media_type: str
    kind: str
    name: str
    demuxer: str = ""


UNKNOWN = Format("bin", "application/octet-stream", "other", "Unknown format")

_TABLE = (
    Format("jpg", "image/jpeg", "image", "JPEG image"),
    Format("png", "image/png", "image", "Portable Network Graphics (PNG)"),
    Format("tif", "image/tiff", "image", "Tagged Image File Format (TIFF)"),
    Format("webp", "image/webp", "image", "WebP image"),
    Format("gif", "image/gif", "image", "Graphics Interchange Format (GIF)"),
    Format("jp2", "image/jp2", "image", "JPEG 2000 (JP2)"),
    Format("j2k", "image/j2c", "image", "JPEG 2000 codestream"),
    Format("heic", "image/heic", "image", "High Efficiency Image File (HEIC)"),
    Format("avif", "image/avif", "image", "AV1 Image File Format (AVIF)"),
    Format("bmp", "image/bmp", "image", "Windows Bitmap (BMP)"),
    Format("pnm", "image/x-portable-anymap", "image", "Portable Anymap (PBM, PGM, PPM)"),
    Format("ico", "image/vnd.microsoft.icon", "image", "Windows icon (ICO)"),
    Format("pdf", "application/pdf", "pdf", "Portable Document Format (PDF)"),
    Format("epub", "application/epub+zip", "epub", "EPUB e-book"),
    Format("wav", "audio/wav", "audio", "Waveform Audio (WAVE)", "wav"),
    Format("w64", "audio/x-w64", "audio", "Sony Wave64", "w64"),
    Format("aif", "audio/aiff", "audio", "Audio Interchange File Format (AIFF)", "aiff"),
    Format("flac", "audio/flac", "audio", "Free Lossless Audio Codec (FLAC)", "flac"),
    Format("mp3", "audio/mpeg", "audio", "MPEG audio (MP3)", "mp3"),
    Format("aac", "audio/aac", "audio", "AAC audio (ADTS)", "aac"),
    Format("amr", "audio/amr", "audio", "Adaptive Multi-Rate audio (AMR)", "amr"),
    Format("caf", "audio/x-caf", "audio", "Core Audio Format (CAF)", "caf"),
    Format("ogg", "audio/ogg", "audio", "Ogg audio", "ogg"),
    Format("opus", "audio/ogg", "audio", "Ogg Opus audio", "ogg"),
    Format("m4a", "audio/mp4", "audio", "MPEG-4 audio (M4A)", "mov"),
    Format("mka", "audio/x-matroska", "audio", "Matroska audio", "matroska"),
    Format("weba", "audio/webm", "audio", "WebM audio", "matroska"),
    Format("wma", "audio/x-ms-wma", "audio", "Windows Media Audio", "asf"),
    Format("mp4", "video/mp4", "video", "MPEG-4 video (MP4)", "mov"),
    Format("mov", "video/quicktime", "video", "QuickTime video", "mov"),
    Format("3gp", "video/3gpp", "video", "3GPP video", "mov"),
    Format("mkv", "video/x-matroska", "video", "Matroska video", "matroska"),
    Format("webm", "video/webm", "video", "WebM video", "matroska"),
    Format("avi", "video/x-msvideo", "video", "Audio Video Interleave (AVI)", "avi"),
    Format("ogv", "video/ogg", "video", "Ogg video", "ogg"),
    Format("ts", "video/mp2t", "video", "MPEG transport stream", "mpegts"),
    Format("mpg", "video/mpeg", "video", "MPEG program stream", "mpeg"),
    Format("flv", "video/x-flv", "video", "Flash Video (FLV)", "flv"),
    Format("wmv", "video/x-ms-wmv", "video", "Windows Media Video", "asf"),
    Format("mxf", "application/mxf", "video", "Material Exchange Format (MXF)", "mxf"),
    Format("svg", "image/svg+xml", "other", "Scalable Vector Graphics (SVG)"),
    Format("xml", "application/xml", "other", "XML document"),
    Format("html", "text/html", "other", "HTML page"),
    Format("txt", "text/plain", "other", "Plain text"),
    Format("rtf", "application/rtf", "other", "Rich Text Format (RTF)"),
    Format("ps", "application/postscript", "other", "PostScript"),
    Format("zip", "application/zip", "other", "ZIP archive or office document"),
    Format("gz", "application/gzip", "other", "Gzip archive"),
    Format("tar", "application/x-tar", "other", "TAR archive"),
    Format("7z", "application/x-7z-compressed", "other", "7-Zip archive"),
    Format("rar", "application/vnd.rar", "other", "RAR archive"),
    Format("doc", "application/x-ole-storage", "other", "Microsoft Office document (before 2007)"),
    Format("psd", "image/vnd.adobe.photoshop", "other", "Photoshop image (PSD)"),
    Format("jxl", "image/jxl", "other", "JPEG XL image"),
    Format("djvu", "image/vnd.djvu", "other", "DjVu document"),
    Format("mid", "audio/midi", "other", "MIDI notes"),
    UNKNOWN,
)

FORMATS: dict[str, Format] = {one.extension: one for one in _TABLE}
KINDS = frozenset(one.kind for one in _TABLE)
# Every format that shares a demuxer with another by what its streams hold: (container, has picture) gives the
# extension.
BY_STREAMS: dict[tuple[str, bool], str] = {
    ("mp4", False): "m4a",
    ("mov", False): "m4a",
    ("3gp", False): "m4a",
    ("mkv", False): "mka",
    ("webm", False): "weba",
    ("wmv", False): "wma",
    ("ogg", True): "ogv",
}
