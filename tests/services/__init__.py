"""The servers of the served profile, started for tests on free ports of this machine and stopped again.

Standard library only, so that ./scripts/test can use them before it has entered the environment that it made.
"""

from tests.services.nginx import NginxServer
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.services.s3 import S3Server
from tests.services.server import NotHere, Server, free_port

__all__ = ["NginxServer", "NotHere", "PostgresServer", "RedisServer", "S3Server", "Server", "free_port"]
