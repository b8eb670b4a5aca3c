"""The tus server: glue between its requests and `archive.receiving`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from email.utils import format_datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.requests import viewer_of
from archive import queries, receiving
from archive.actions.errors import NotAllowed
from archive.models import ItemFile
from archive.uploads import request as tus
from archive.uploads.messages import sentence
from archive.uploads.request import TusError
from media_pipeline import intakes, reasons, staging
from media_pipeline.models import Intake

PIECE_BYTES = 256 * 1024  # what one upload holds in memory
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
GONE = {Intake.State.EXPIRED, Intake.State.REFUSED}
# The specification names 460; the others are those of RFC 9110.
STATUS_OF_REASON: Mapping[str, int] = {
    reasons.TOO_LARGE: 413,
    reasons.LONGER_THAN_SAID: 413,
    reasons.NO_SPACE: 507,
    reasons.HASH_MISMATCH: 460,
}
Method = Callable[[HttpRequest, User, str], HttpResponse]


def collection(request: HttpRequest) -> HttpResponse:
    """Tell what the server can do (OPTIONS) and begin uploads (POST)."""
    return _answer(request, "", {"POST": _create})


def upload(request: HttpRequest, pid: str) -> HttpResponse:
    """Tell how far an upload is (HEAD), go on with it (PATCH), give it up (DELETE)."""
    return _answer(request, pid, {"HEAD": _offset, "PATCH": _append, "DELETE": _terminate})


def _answer(request: HttpRequest, pid: str, methods: Mapping[str, Method]) -> HttpResponse:
    # tus: X-HTTP-Method-Override stands for the method where a proxy lets no PATCH or DELETE through.
    # Only a POST may be meant as something else: a GET comes past the check of where a request is from.
    method = request.method or ""
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", method)
    try:
        if method == "OPTIONS":
            response = _abilities()
        elif method not in methods:
            response = HttpResponse(status=405, headers={"Allow": ", ".join(["OPTIONS", *methods])})
        else:
            tus.check_version(request.headers)
            response = methods[method](request, _staff(request), pid)
    except TusError as error:
        response = _refusal(error.status, error.code)
    except NotAllowed:
        response = _refusal(403, "not_allowed")
    except queries.NotVisible:
        response = _refusal(404, "unknown_upload")
    except intakes.WrongOffset:
        response = _refusal(409, "wrong_offset")
    except (staging.Busy, staging.Overtaken):
        response = _refusal(423, "busy")
    except intakes.IntakeError as error:
        response = _refusal(STATUS_OF_REASON.get(error.code, 400), error.code)
    response["Tus-Resumable"] = tus.VERSION
    response["Cache-Control"] = "no-store"
    return response


def _staff(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        raise NotAllowed
    return user


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = tus.VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(settings.UPLOAD_MAX_BYTES)
    response["Tus-Checksum-Algorithm"] = ",".join(tus.CHECKSUM_ALGORITHMS)
    return response


def _create(request: HttpRequest, user: User, _pid: str) -> HttpResponse:
    asked = tus.creation(request.headers)
    with_bytes = request.content_type == tus.CHUNK_TYPE and _content_length(request) > 0
    if with_bytes:
        # Before anything is begun: a sender that is refused here hears no address, and could never end what was begun.
        _check_fits(request, 0, asked.size_bytes)
        tus.checksum(request.headers)
    file = receiving.begin(
        viewer_of(request),
        user,
        item_pid=asked.item_pid,
        name=asked.name,
        size_bytes=asked.size_bytes,
        role=asked.role,
        sha256=asked.sha256,
        language=asked.language,
        now=timezone.now(),
    )
    response = HttpResponse(status=201)
    intake = _intake(file)
    response["Location"] = reverse("uploads:upload", args=[intake.pid])
    response["Upload-File"] = file.pid
    if with_bytes:
        try:
            response["Upload-Offset"] = str(_take(request, file, 0))
        except intakes.IntakeError:
            receiving.give_up(file, user=user, now=timezone.now())
            raise
    return _with_expiry(response, intake)


def _offset(request: HttpRequest, user: User, pid: str) -> HttpResponse:
    file = receiving.unfinished(viewer_of(request), user, pid)
    intake = _intake(file)
    if intake.state in GONE:
        raise TusError(410, intake.reason_code)
    response = HttpResponse(status=200)
    response["Upload-Offset"] = str(intake.offset_bytes)
    response["Upload-Length"] = str(intake.size_bytes)
    response["Upload-File"] = file.pid
    return _with_expiry(response, intake)


def _append(request: HttpRequest, user: User, pid: str) -> HttpResponse:
    # tus: a piece comes under a media type of its own; anything else is 415.
    if request.content_type != tus.CHUNK_TYPE:
        raise TusError(415, "wrong_type")
    offset = tus.whole_number(request.headers, "Upload-Offset")
    file = receiving.unfinished(viewer_of(request), user, pid)
    intake = _intake(file)
    if intake.state in GONE:
        raise TusError(410, intake.reason_code)
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(_take(request, file, offset))
    return _with_expiry(response, intake)


def _terminate(request: HttpRequest, user: User, pid: str) -> HttpResponse:
    file = receiving.unfinished(viewer_of(request), user, pid)
    receiving.give_up(file, user=user, now=timezone.now())
    return HttpResponse(status=204)


def _take(request: HttpRequest, file: ItemFile, offset: int) -> int:
    _check_fits(request, offset, _intake(file).size_bytes)
    expected = tus.checksum(request.headers)
    digest = hashlib.new(expected.algorithm) if expected else None

    def pieces() -> Iterator[bytes]:
        while piece := request.read(PIECE_BYTES):
            if digest is not None:
                digest.update(piece)
            yield piece

    def is_whole() -> bool:
        return expected is None or digest is None or digest.digest() == expected.digest

    return receiving.go_on(file, offset, pieces(), now=timezone.now(), is_whole=is_whole if expected else None)


def _check_fits(request: HttpRequest, offset: int, size_bytes: int) -> None:
    if offset + _content_length(request) > size_bytes:
        raise TusError(413, reasons.LONGER_THAN_SAID)


def _content_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        # Django reads no body without a length: it would look like an empty chunk.
        if request.headers.get("Transfer-Encoding"):
            raise TusError(411, "no_length")
        return 0
    return int(length)


def _intake(file: ItemFile) -> Intake:
    if file.intake is None:
        raise queries.NotVisible
    return file.intake


def _with_expiry(response: HttpResponse, intake: Intake) -> HttpResponse:
    if intake.state == Intake.State.RECEIVING:
        response["Upload-Expires"] = format_datetime(
            (intake.touched_at + intakes.EXPIRES_AFTER).astimezone(UTC), usegmt=True
        )
    return response


def _refusal(status: int, code: str) -> HttpResponse:
    response = HttpResponse(sentence(code), status=status, content_type="text/plain; charset=utf-8")
    if status == 460:
        response.reason_phrase = "Checksum Mismatch"
    if status == 412:
        response["Tus-Version"] = tus.VERSION
    return response
