"""The shapes of an item's files in the API's answers, for its schema."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers as fields

from access.identifiers import PID_PATTERN
from archive.models import FileRole
from media_pipeline.models import Kind

PID = f"^{PID_PATTERN}$"
PROGRESS_STATES = ("receiving", "checking", "working", "ready", "kept", "refused")


class LangValue(fields.Serializer[object]):
    """One value in one language."""

    lang = fields.CharField(help_text="BCP 47 tag of the language that the value is in.")
    value = fields.CharField()


@extend_schema_serializer(component_name="Progress")
class ProgressShape(fields.Serializer[object]):
    """How far the work on a file is."""

    state = fields.ChoiceField(
        choices=PROGRESS_STATES, help_text="ready: all is made; kept: stored without preview; refused: not taken in."
    )
    percent = fields.IntegerField(min_value=0, max_value=100)
    reason = fields.CharField(allow_null=True, help_text="Why it was kept or refused, in the reader's language.")
    reason_code = fields.CharField(
        allow_null=True, help_text="The same for programs, such as damaged or password: a code is never renamed."
    )


@extend_schema_serializer(component_name="Derivative")
class DerivativeShape(fields.Serializer[object]):
    """One copy made for use, to be fetched from `url` by range. Measures are null where they mean nothing."""

    role = fields.CharField(help_text="thumbnail, pages, text, outline, waveform, audio, poster, hls, mp4, …")
    name = fields.CharField()
    url = fields.URLField()
    media_type = fields.CharField()
    size_bytes = fields.IntegerField(min_value=0, help_text="Of hls: all its parts together.")
    width = fields.IntegerField(allow_null=True, help_text="Pixels.")
    height = fields.IntegerField(allow_null=True, help_text="Pixels.")
    duration_ms = fields.IntegerField(allow_null=True)


@extend_schema_serializer(component_name="File")
class FileShape(fields.Serializer[object]):
    """One file of an item. Facts of the master are null until it is stored and known."""

    pid = fields.RegexField(PID)
    role = fields.ChoiceField(choices=FileRole.choices)
    label = fields.CharField(allow_null=True, help_text="Number or name of the page, as printed on it.")  # type: ignore[assignment]  # as above
    kind = fields.ChoiceField(choices=Kind.choices, allow_null=True)
    media_type = fields.CharField(allow_null=True, help_text="Of the master, by its content.")
    puid = fields.RegexField(
        r"^(x-)?fmt/[0-9]{1,6}$",
        allow_null=True,
        help_text="The master's format in the PRONOM registry, by version where its content tells it.",
    )
    size_bytes = fields.IntegerField(min_value=1, allow_null=True, help_text="Of the master.")
    sha256 = fields.RegexField(
        r"^[0-9a-f]{64}$", allow_null=True, help_text="Of the master, in lower-case hexadecimal."
    )
    captions = LangValue(many=True)
    language = fields.CharField(
        allow_null=True, help_text="Of subtitles and transcripts: the BCP-47 tag of the language that they are in."
    )
    beside = fields.RegexField(
        PID,
        allow_null=True,
        help_text="Of subtitles and transcripts: the file of this item, a recording, to which they belong.",
    )
    segments = fields.URLField(
        allow_null=True,
        help_text="What is said, as JSON: a list of objects with number, start_ms and end_ms (null in a text without times), "
        "speaker and text. Of subtitles and plain texts. For players, captions.vtt is among the derivatives.",
    )
    progress = ProgressShape()
    iiif_image = fields.URLField(allow_null=True, help_text="IIIF Image API 3 service; info.json lies below it.")
    derivatives = DerivativeShape(
        many=True,
        help_text="In lists and search only the first of a document's pages; the item itself has all of them.",
    )


class ItemOfFile(fields.Serializer[object]):
    """The item that a file is of."""

    pid = fields.RegexField(PID)
    url = fields.URLField(help_text="Its record in this interface.")


@extend_schema_serializer(component_name="FileOfItem")
class WholeFileShape(FileShape):
    """One file by itself, with what it is of."""

    item = ItemOfFile()
