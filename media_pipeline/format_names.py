"""The names of formats in the reader's language. A format has a name in English, which is stored with each file."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

# The names of media_pipeline.formats, which is pure and marks nothing itself; a test holds the two together.
NAMES = frozenset(
    (
        gettext_noop("JPEG image"),
        gettext_noop("Portable Network Graphics (PNG)"),
        gettext_noop("Tagged Image File Format (TIFF)"),
        gettext_noop("WebP image"),
        gettext_noop("Graphics Interchange Format (GIF)"),
        gettext_noop("JPEG 2000 (JP2)"),
        gettext_noop("JPEG 2000 codestream"),
        gettext_noop("High Efficiency Image File (HEIC)"),
        gettext_noop("AV1 Image File Format (AVIF)"),
        gettext_noop("Windows Bitmap (BMP)"),
        gettext_noop("Portable Anymap (PBM, PGM, PPM)"),
        gettext_noop("Windows icon (ICO)"),
        gettext_noop("Portable Document Format (PDF)"),
        gettext_noop("EPUB e-book"),
        gettext_noop("Waveform Audio (WAVE)"),
        gettext_noop("Sony Wave64"),
        gettext_noop("Audio Interchange File Format (AIFF)"),
        gettext_noop("Free Lossless Audio Codec (FLAC)"),
        gettext_noop("MPEG audio (MP3)"),
        gettext_noop("AAC audio (ADTS)"),
        gettext_noop("Adaptive Multi-Rate audio (AMR)"),
        gettext_noop("Core Audio Format (CAF)"),
        gettext_noop("Ogg audio"),
        gettext_noop("Ogg Opus audio"),
        gettext_noop("MPEG-4 audio (M4A)"),
        gettext_noop("Matroska audio"),
        gettext_noop("WebM audio"),
        gettext_noop("Windows Media Audio"),
        gettext_noop("MPEG-4 video (MP4)"),
        gettext_noop("QuickTime video"),
        gettext_noop("3GPP video"),
        gettext_noop("Matroska video"),
        gettext_noop("WebM video"),
        gettext_noop("Audio Video Interleave (AVI)"),
        gettext_noop("Ogg video"),
        gettext_noop("MPEG transport stream"),
        gettext_noop("MPEG program stream"),
        gettext_noop("Flash Video (FLV)"),
        gettext_noop("Windows Media Video"),
        gettext_noop("Material Exchange Format (MXF)"),
        gettext_noop("Scalable Vector Graphics (SVG)"),
        gettext_noop("XML document"),
        gettext_noop("HTML page"),
        gettext_noop("Plain text"),
        gettext_noop("Rich Text Format (RTF)"),
        gettext_noop("PostScript"),
        gettext_noop("ZIP archive or office document"),
        gettext_noop("Gzip archive"),
        gettext_noop("TAR archive"),
        gettext_noop("7-Zip archive"),
        gettext_noop("RAR archive"),
        gettext_noop("Microsoft Office document (before 2007)"),
        gettext_noop("Photoshop image (PSD)"),
        gettext_noop("JPEG XL image"),
        gettext_noop("DjVu document"),
        gettext_noop("MIDI notes"),
        gettext_noop("Unknown format"),
    )
)


def format_label(name: str) -> str:
    """Return the name in the active language; one that is not known comes back as it is."""
    return gettext(name) if name in NAMES else name
