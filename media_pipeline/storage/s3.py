"""A bucket as a tree of keys: bounded memory, bounded waits, and errors of three kinds only."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

from media_pipeline.storage.digests import CHUNK_BYTES
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable, Trouble
from media_pipeline.storage.tree import Entry

if TYPE_CHECKING:
    from botocore.config import Config

PART_BYTES = 16 * 1024 * 1024  # memory of one upload; S3 wants at least 5 MiB
PART_COUNT_MAX = 10_000  # of S3

_MISSING = {"404", "NoSuchKey", "NotFound", "NoSuchUpload"}
_REFUSED = {
    "401",
    "403",
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "NoSuchBucket",
    "AllAccessDisabled",
}
_FULL = {"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge"}


def client_config() -> Config:
    """What every client must be given; pass it to S3Storage as `client_config`.

    s3v4: without it a custom endpoint gets version 2 signatures, which current servers refuse. Path style: no DNS
    name per bucket is needed. Checksum trailers only where the service requires them: many servers do not know them.
    """
    from botocore.config import Config  # noqa: PLC0415  # for archives that have a bucket

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=3,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=16,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def storage_options(
    *, endpoint_url: str | None, access_key: str, secret_key: str, bucket: str, region: str, location: str = ""
) -> dict[str, object]:
    """OPTIONS of storages.backends.s3.S3Storage as the stores expect them."""
    return {
        "endpoint_url": endpoint_url,
        "access_key": access_key,
        "secret_key": secret_key,
        "bucket_name": bucket,
        "region_name": region,
        "location": location,
        "client_config": client_config(),
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": True,
    }


@contextmanager
def s3_errors(key: str) -> Iterator[None]:
    """Translate the client's errors: KeyMissing, or StorageUnavailable with its kind."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415  # as above

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise KeyMissing(key) from error
        trouble = Trouble.REFUSED if code in _REFUSED else Trouble.FULL if code in _FULL else Trouble.UNREACHABLE
        raise StorageUnavailable(trouble, f"{key}: {code}") from error
    except (BotoCoreError, HTTPError) as error:
        raise StorageUnavailable(Trouble.UNREACHABLE, f"{key}: {type(error).__name__}") from error


class S3Tree:
    """`storage` is a storages.backends.s3.S3Storage: its connection is one client per thread."""

    def __init__(self, storage: Any) -> None:  # Any: django-storages and boto3 have no types
        self._storage = storage
        self.bucket: str = storage.bucket_name
        self._location = f"{storage.location.strip('/')}/".lstrip("/")

    @property
    def client(self) -> Any:  # Any: boto3 has no types
        return self._storage.connection.meta.client

    def full_key(self, key: str) -> str:
        return f"{self._location}{key}"

    def signed_path(self, key: str, *, valid_s: int) -> str:
        """Return path and query by which anybody at this endpoint may read one object for a time. Only the host is signed with it."""
        asked = {"Bucket": self.bucket, "Key": self.full_key(key)}
        address = urlsplit(self.client.generate_presigned_url("get_object", Params=asked, ExpiresIn=valid_s))
        return f"{address.path}?{address.query}"

    def size_bytes(self, key: str) -> int:
        with s3_errors(key):
            return int(self.client.head_object(Bucket=self.bucket, Key=self.full_key(key))["ContentLength"])

    def exists(self, key: str) -> bool:
        try:
            self.size_bytes(key)
        except KeyMissing:
            return False
        return True

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        body = self.body(key, start=start, length=length)
        if body is None:
            return
        try:
            while True:
                with s3_errors(key):
                    chunk = body.read(CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk
        finally:
            body.close()

    def body(self, key: str, *, start: int = 0, length: int | None = None) -> Any:
        """The open answer to a (range) request; None where the range holds nothing.

        A server may answer a range with 200 (rclone does) but must send that range only: its length is checked.
        """
        if length == 0:
            return None
        asked = {"Bucket": self.bucket, "Key": self.full_key(key)}
        if start or length is not None:
            asked["Range"] = f"bytes={start}-" + ("" if length is None else str(start + length - 1))
        try:
            with s3_errors(key):
                answer = self.client.get_object(**asked)
        except StorageUnavailable as error:
            if error.detail.endswith((": InvalidRange", ": 416")):
                return None
            raise
        if "Range" in asked and not str(answer.get("ContentRange", "")).startswith(f"bytes {start}-"):
            answer["Body"].close()
            raise StorageUnavailable(Trouble.UNREACHABLE, f"{key}: the server ignored a range request")
        return answer["Body"]

    def open(self, key: str) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(RangeReader(self, key, self.size_bytes(key)), CHUNK_BYTES))

    def entries(self, prefix: str) -> Iterator[Entry]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{self.full_key(prefix)}/"
        )
        pages = iter(pages)
        while True:
            with s3_errors(prefix):
                page = next(pages, None)
            if page is None:
                return
            for found in page.get("Contents", ()):
                if not found["Key"].endswith("/"):  # a console's folder marker is no file
                    key = found["Key"][len(self._location) :]
                    yield Entry(key, found["Size"], found["LastModified"].astimezone(UTC))

    def put(self, key: str, content: bytes, *, media_type: str = "application/octet-stream") -> None:
        with s3_errors(key):
            self.client.put_object(
                Bucket=self.bucket,
                Key=self.full_key(key),
                Body=content,
                ContentType=media_type,
                ContentMD5=_md5(content),
            )

    def put_stream(self, key: str, chunks: Iterable[bytes], *, size_bytes: int, media_type: str) -> None:
        """Upload in parts of bounded size, each checked by the server against its MD5.

        Nothing appears under the key before the last part is accepted. A failed upload is aborted; one whose process
        was killed stays until `abort_uploads`.
        """
        part_bytes = max(PART_BYTES, -(-size_bytes // (PART_COUNT_MAX - 1)))
        parts = _regrouped(chunks, part_bytes)
        first = next(parts, b"")
        if len(first) < part_bytes:
            self.put(key, first, media_type=media_type)
            return
        target = {"Bucket": self.bucket, "Key": self.full_key(key)}
        with s3_errors(key):
            upload_id = self.client.create_multipart_upload(**target, ContentType=media_type)["UploadId"]
        try:
            done = []
            for number, part in enumerate(_chain(first, parts), start=1):
                with s3_errors(key):
                    answer = self.client.upload_part(
                        **target, UploadId=upload_id, PartNumber=number, Body=part, ContentMD5=_md5(part)
                    )
                done.append({"PartNumber": number, "ETag": answer["ETag"]})
            with s3_errors(key):
                self.client.complete_multipart_upload(**target, UploadId=upload_id, MultipartUpload={"Parts": done})
        except BaseException:
            with suppress(StorageUnavailable, KeyMissing), s3_errors(key):
                self.client.abort_multipart_upload(**target, UploadId=upload_id)
            raise

    def copy(self, source: str, target: str) -> None:
        """Copy inside the bucket, without the bytes passing here; in parts where they are many."""
        with s3_errors(source):
            self.client.copy({"Bucket": self.bucket, "Key": self.full_key(source)}, self.bucket, self.full_key(target))

    def delete(self, keys: Iterable[str]) -> None:
        batch: list[dict[str, str]] = []
        for key in keys:
            batch.append({"Key": self.full_key(key)})
            if len(batch) == 1000:  # the most that one request may name
                self._delete_batch(batch)
                batch = []
        if batch:
            self._delete_batch(batch)

    def _delete_batch(self, batch: list[dict[str, str]]) -> None:
        with s3_errors(batch[0]["Key"]):
            answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
        failed = [error for error in answer.get("Errors", ()) if error.get("Code") not in _MISSING]
        if failed:
            raise StorageUnavailable(Trouble.REFUSED, f"{failed[0].get('Key')}: {failed[0].get('Code')}")

    def abort_uploads(self, prefix: str, *, older_than: datetime) -> int:
        """Drop the parts of uploads that nobody finished; how many. No listing shows them, yet they cost room."""
        aborted = 0
        with suppress(KeyMissing), s3_errors(prefix):  # rclone: a bucket that never had an upload has "no such upload"
            pages = self.client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self.bucket, Prefix=f"{self.full_key(prefix)}/"
            )
            for page in pages:
                for upload in page.get("Uploads", ()):
                    named = {"Bucket": self.bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
                    if upload["Initiated"] < older_than and self._newest_part(named) < older_than:
                        self.client.abort_multipart_upload(**named)
                        aborted += 1
        return aborted

    def _newest_part(self, upload: dict[str, str]) -> datetime:
        """When the last part arrived: an upload of many hours is alive however long ago it was begun."""
        newest = datetime.min.replace(tzinfo=UTC)
        for page in self.client.get_paginator("list_parts").paginate(**upload):
            newest = max([newest, *(part["LastModified"] for part in page.get("Parts", ()))])
        return newest


class RangeReader(io.RawIOBase):
    """A seekable reader over range requests. Reading on continues the open answer; a seek opens another."""

    def __init__(self, tree: S3Tree, key: str, size_bytes: int) -> None:
        self._tree = tree
        self._key = key
        self._size_bytes = size_bytes
        self._position = 0
        self._body: Any = None  # Any: botocore's StreamingBody has no types

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}[whence]
        if position < 0:
            raise ValueError("negative seek position")
        if position != self._position:
            self._drop_body()
            self._position = position
        return position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:  # Any: typeshed's WriteableBuffer is not importable at run time
        view = memoryview(buffer)
        if not view or self._position >= self._size_bytes:
            return 0
        if self._body is None:
            self._body = self._tree.body(self._key, start=self._position)
            if self._body is None:
                return 0
        with s3_errors(self._key):
            chunk = self._body.read(len(view))
        if not chunk:
            raise StorageUnavailable(Trouble.UNREACHABLE, f"{self._key}: the answer ended early")
        view[: len(chunk)] = chunk
        self._position += len(chunk)
        return len(chunk)

    def close(self) -> None:
        self._drop_body()
        super().close()

    def _drop_body(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _md5(content: bytes) -> str:
    """For the server to check what it received; no secret hangs on it."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def _regrouped(chunks: Iterable[bytes], part_bytes: int) -> Iterator[bytes]:
    """The same bytes in pieces of part_bytes, the last one shorter."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= part_bytes:
            yield bytes(gathered[:part_bytes])
            del gathered[:part_bytes]
    if gathered:
        yield bytes(gathered)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
