"""The formats that the archive knows: for each, the extension stored, the media type, the kind, and a name people use.

The media type is what a file is served as: it comes from this table, never from an upload.
"""

from typing import NamedTuple


class Format(NamedTuple):
    """One file format. `demuxer` is the only ffmpeg reader that such a file may be given to.

    `puid` is its identifier in the PRONOM registry: of the format as a whole, or of its commonest version where a look inside has to
    tell them apart; empty where the registry has none.
    """

    extension: str
    media_type: str
    kind: str
    name: str
    demuxer: str = ""
    puid: str = ""


UNKNOWN = Format("bin", "application/octet-stream", "other", "Unknown format")

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_TABLE = (
    Format("jpg", "image/jpeg", "image", "JPEG image", puid="fmt/41"),
    Format("png", "image/png", "image", "Portable Network Graphics (PNG)", puid="fmt/11"),
    Format("tif", "image/tiff", "image", "Tagged Image File Format (TIFF)", puid="fmt/353"),
    Format("webp", "image/webp", "image", "WebP image", puid="fmt/566"),
    Format("gif", "image/gif", "image", "Graphics Interchange Format (GIF)", puid="fmt/4"),
    Format("jp2", "image/jp2", "image", "JPEG 2000 (JP2)", puid="x-fmt/392"),
    Format("j2k", "image/j2c", "image", "JPEG 2000 codestream"),
    Format("heic", "image/heic", "image", "High Efficiency Image File (HEIC)", puid="fmt/1101"),
    Format("avif", "image/avif", "image", "AV1 Image File Format (AVIF)"),
    Format("bmp", "image/bmp", "image", "Windows Bitmap (BMP)", puid="fmt/116"),
    Format("pnm", "image/x-portable-anymap", "image", "Portable Anymap (PBM, PGM, PPM)"),
    Format("ico", "image/vnd.microsoft.icon", "image", "Windows icon (ICO)", puid="x-fmt/418"),
    Format("tga", "image/x-tga", "image", "Truevision image (TGA)", puid="x-fmt/367"),
    Format("sgi", "image/x-sgi", "image", "Silicon Graphics image (SGI)", puid="x-fmt/140"),
    Format("xpm", "image/x-xpixmap", "image", "X pixmap (XPM)", puid="x-fmt/208"),
    Format("pcx", "image/x-pcx", "image", "PC Paintbrush image (PCX)", puid="fmt/90"),
    Format("dds", "image/vnd.ms-dds", "image", "DirectDraw surface (DDS)", puid="fmt/1040"),
    Format("fli", "video/x-fli", "image", "Autodesk animation (FLI, FLC)", puid="x-fmt/154"),
    Format("psd", "image/vnd.adobe.photoshop", "image", "Photoshop image (PSD)", puid="x-fmt/92"),
    Format("dng", "image/x-adobe-dng", "image", "Digital Negative (DNG)", puid="fmt/152"),
    Format("cr2", "image/x-canon-cr2", "image", "Canon raw image (CR2)", puid="fmt/592"),
    Format("nef", "image/x-nikon-nef", "image", "Nikon raw image (NEF)", puid="fmt/202"),
    Format("arw", "image/x-sony-arw", "image", "Sony raw image (ARW)", puid="fmt/1127"),
    Format("orf", "image/x-olympus-orf", "image", "Olympus raw image (ORF)", puid="fmt/668"),
    Format("pef", "image/x-pentax-pef", "image", "Pentax raw image (PEF)"),
    Format("rw2", "image/x-panasonic-rw2", "image", "Panasonic raw image (RW2)", puid="fmt/662"),
    Format("raf", "image/x-fuji-raf", "image", "Fujifilm raw image (RAF)", puid="fmt/642"),
    Format("pdf", "application/pdf", "pdf", "Portable Document Format (PDF)"),
    Format("epub", "application/epub+zip", "epub", "EPUB e-book", puid="fmt/483"),
    Format("wav", "audio/wav", "audio", "Waveform Audio (WAVE)", "wav", puid="fmt/6"),
    Format("w64", "audio/x-w64", "audio", "Sony Wave64", "w64", puid="fmt/951"),
    Format("aif", "audio/aiff", "audio", "Audio Interchange File Format (AIFF)", "aiff", puid="fmt/414"),
    Format("flac", "audio/flac", "audio", "Free Lossless Audio Codec (FLAC)", "flac", puid="fmt/279"),
    Format("mp3", "audio/mpeg", "audio", "MPEG audio (MP3)", "mp3", puid="fmt/134"),
    Format("aac", "audio/aac", "audio", "AAC audio (ADTS)", "aac"),
    Format("ac3", "audio/ac3", "audio", "Dolby Digital audio (AC-3)", "ac3", puid="fmt/735"),
    Format("eac3", "audio/eac3", "audio", "Dolby Digital Plus audio (E-AC-3)", "eac3"),
    Format("au", "audio/basic", "audio", "Sun and NeXT audio (AU)", "au", puid="x-fmt/139"),
    Format("amr", "audio/amr", "audio", "Adaptive Multi-Rate audio (AMR)", "amr", puid="fmt/356"),
    Format("caf", "audio/x-caf", "audio", "Core Audio Format (CAF)", "caf", puid="fmt/416"),
    Format("ogg", "audio/ogg", "audio", "Ogg audio", "ogg", puid="fmt/944"),
    Format("opus", "audio/ogg", "audio", "Ogg Opus audio", "ogg", puid="fmt/946"),
    Format("m4a", "audio/mp4", "audio", "MPEG-4 audio (M4A)", "mov", puid="fmt/199"),
    Format("mka", "audio/x-matroska", "audio", "Matroska audio", "matroska", puid="fmt/569"),
    Format("weba", "audio/webm", "audio", "WebM audio", "matroska", puid="fmt/573"),
    Format("wma", "audio/x-ms-wma", "audio", "Windows Media Audio", "asf", puid="fmt/132"),
    Format("mp4", "video/mp4", "video", "MPEG-4 video (MP4)", "mov", puid="fmt/199"),
    Format("mov", "video/quicktime", "video", "QuickTime video", "mov", puid="x-fmt/384"),
    Format("3gp", "video/3gpp", "video", "3GPP video", "mov", puid="fmt/357"),
    Format("mkv", "video/x-matroska", "video", "Matroska video", "matroska", puid="fmt/569"),
    Format("webm", "video/webm", "video", "WebM video", "matroska", puid="fmt/573"),
    Format("avi", "video/x-msvideo", "video", "Audio Video Interleave (AVI)", "avi", puid="fmt/5"),
    Format("ogv", "video/ogg", "video", "Ogg video", "ogg", puid="fmt/944"),
    Format("ts", "video/mp2t", "video", "MPEG transport stream", "mpegts", puid="fmt/585"),
    Format("mpg", "video/mpeg", "video", "MPEG program stream", "mpeg", puid="x-fmt/386"),
    Format("m2v", "video/mpeg", "video", "MPEG video without sound (elementary stream)", "mpegvideo", puid="fmt/640"),
    Format("flv", "video/x-flv", "video", "Flash Video (FLV)", "flv", puid="x-fmt/382"),
    Format("wmv", "video/x-ms-wmv", "video", "Windows Media Video", "asf", puid="fmt/133"),
    Format("mxf", "application/mxf", "video", "Material Exchange Format (MXF)", "mxf", puid="fmt/200"),
    Format("docx", _OOXML + "wordprocessingml.document", "office", "Word document (DOCX)", puid="fmt/412"),
    Format(
        "docm",
        "application/vnd.ms-word.document.macroenabled.12",
        "office",
        "Word document with macros (DOCM)",
        puid="fmt/523",
    ),
    Format("dotx", _OOXML + "wordprocessingml.template", "office", "Word template (DOTX)", puid="fmt/597"),
    Format("xlsx", _OOXML + "spreadsheetml.sheet", "office", "Excel workbook (XLSX)", puid="fmt/214"),
    Format(
        "xlsm",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "office",
        "Excel workbook with macros (XLSM)",
        puid="fmt/445",
    ),
    Format("xltx", _OOXML + "spreadsheetml.template", "office", "Excel template (XLTX)", puid="fmt/598"),
    Format("pptx", _OOXML + "presentationml.presentation", "office", "PowerPoint presentation (PPTX)", puid="fmt/215"),
    Format(
        "pptm",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "office",
        "PowerPoint presentation with macros (PPTM)",
        puid="fmt/487",
    ),
    Format("ppsx", _OOXML + "presentationml.slideshow", "office", "PowerPoint show (PPSX)", puid="fmt/629"),
    Format("potx", _OOXML + "presentationml.template", "office", "PowerPoint template (POTX)", puid="fmt/631"),
    Format("odt", _ODF + "text", "office", "OpenDocument text (ODT)", puid="fmt/291"),
    Format("ott", _ODF + "text-template", "office", "OpenDocument text template (OTT)", puid="fmt/291"),
    Format("ods", _ODF + "spreadsheet", "office", "OpenDocument spreadsheet (ODS)", puid="fmt/295"),
    Format("odp", _ODF + "presentation", "office", "OpenDocument presentation (ODP)", puid="fmt/293"),
    Format("odg", _ODF + "graphics", "office", "OpenDocument drawing (ODG)", puid="fmt/297"),
    Format("sxw", "application/vnd.sun.xml.writer", "office", "OpenOffice 1 text (SXW)", puid="fmt/128"),
    Format("doc", "application/msword", "office", "Word document before 2007 (DOC)", puid="fmt/40"),
    Format("xls", "application/vnd.ms-excel", "office", "Excel workbook before 2007 (XLS)", puid="fmt/62"),
    Format(
        "ppt", "application/vnd.ms-powerpoint", "office", "PowerPoint presentation before 2007 (PPT)", puid="fmt/126"
    ),
    Format("rtf", "application/rtf", "office", "Rich Text Format (RTF)", puid="fmt/45"),
    Format("txt", "text/plain", "text", "Plain text", puid="x-fmt/111"),
    Format("vtt", "text/vtt", "captions", "WebVTT subtitles", puid="fmt/1454"),
    Format("srt", "application/x-subrip", "captions", "SubRip subtitles (SRT)", puid="fmt/1218"),
    Format("ass", "text/x-ssa", "captions", "Advanced SubStation Alpha subtitles (ASS)"),
    Format("ssa", "text/x-ssa", "captions", "SubStation Alpha subtitles (SSA)"),
    Format("sbv", "text/plain", "captions", "YouTube subtitles (SBV)"),
    Format("ttml", "application/ttml+xml", "captions", "Timed Text subtitles (TTML)"),
    Format("svg", "image/svg+xml", "other", "Scalable Vector Graphics (SVG)", puid="fmt/92"),
    Format("xml", "application/xml", "other", "XML document", puid="fmt/101"),
    Format("html", "text/html", "other", "HTML page", puid="fmt/96"),
    Format("json", "application/json", "other", "JSON data", puid="fmt/817"),
    Format("ps", "application/postscript", "other", "PostScript", puid="x-fmt/91"),
    Format("zip", "application/zip", "other", "ZIP archive", puid="x-fmt/263"),
    Format("ole", "application/x-ole-storage", "other", "OLE2 compound file", puid="fmt/111"),
    Format("gz", "application/gzip", "other", "Gzip archive", puid="x-fmt/266"),
    Format("tar", "application/x-tar", "other", "TAR archive", puid="x-fmt/265"),
    Format("7z", "application/x-7z-compressed", "other", "7-Zip archive", puid="fmt/484"),
    Format("rar", "application/vnd.rar", "other", "RAR archive", puid="x-fmt/264"),
    Format("psb", "image/vnd.adobe.photoshop", "other", "Photoshop large image (PSB)", puid="fmt/996"),
    Format("cr3", "image/x-canon-cr3", "other", "Canon raw image (CR3)", puid="fmt/1595"),
    Format("jxl", "image/jxl", "other", "JPEG XL image", puid="fmt/1485"),
    Format("djvu", "image/vnd.djvu", "other", "DjVu document", puid="fmt/255"),
    Format("mid", "audio/midi", "other", "MIDI notes", puid="x-fmt/230"),
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

# Further endings that names of these formats have.
_ALSO: dict[str, str] = {
    "jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "mpo": "jpg", "tiff": "tif", "apng": "png", "heif": "heic", "hif": "heic", "dib": "bmp",
    "pbm": "pnm", "pgm": "pnm", "ppm": "pnm", "jpx": "jp2", "jpf": "jp2", "jpc": "j2k", "j2c": "j2k", "rgb": "sgi", "bw": "sgi",
    "flc": "fli", "nrw": "nef", "wave": "wav", "bwf": "wav", "aiff": "aif", "aifc": "aif", "mp2": "mp3", "mpa": "mp3", "oga": "ogg",
    "spx": "ogg", "m4b": "m4a", "f4a": "m4a", "awb": "amr", "m4v": "mp4", "f4v": "mp4", "qt": "mov", "3g2": "3gp", "3gpp": "3gp",
    "mpeg": "mpg", "vob": "mpg", "m2v": "mpg", "m1v": "mpg", "mts": "ts", "m2ts": "ts", "asf": "wmv", "divx": "avi", "htm": "html",
    "dot": "doc", "xlt": "xls", "pot": "ppt", "pps": "ppt", "ots": "ods", "otp": "odp", "otg": "odg", "text": "txt", "md": "txt",
    "geojson": "json", "eps": "ps", "dfxp": "ttml", "tgz": "gz", "djv": "djvu", "midi": "mid", "svgz": "gz",
}  # fmt: skip
# Formats that share their endings, since a container is named after what people think it holds.
_ALIKE = (
    {"mp4", "m4a", "mov", "3gp"},
    {"ogg", "ogv", "opus"},
    {"wma", "wmv"},
    {"webm", "weba", "mkv", "mka"},
    {"tif", "dng", "nef", "arw", "pef"},
)


def is_misnamed(name: str, extension: str) -> bool:
    """Tell whether a file's name ends as names of another format do than the one that its content is. Unknown endings say nothing."""
    _stem, dot, ending = name.rpartition(".")
    called = _ALSO.get(ending.lower(), ending.lower())
    if not dot or called not in FORMATS or called == extension or extension == UNKNOWN.extension:
        return False
    return not any({called, extension} <= group for group in _ALIKE)
