"""docker-compose.yml held against the code, and our services run by its very commands and environment.

There is no Docker engine in the tests. Third-party services are stood in for by what `compose.STAND_INS` names.
"""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from heritage import env
from tests.commands.compose import (
    FILLED_IN,
    OURS,
    ROOT,
    STAND_INS,
    ServiceProcess,
    StandIns,
    environment_of,
    interpolate,
    read_compose,
)

pytestmark = pytest.mark.pure

COMPOSE = read_compose()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WITHIN_S = 90.0

# Variables of the images of others, each documented by its image.
VARIABLES_OF_OTHERS = {
    "db": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"},
    "redis": {"REDISCLI_AUTH"},
    "garage": {"GARAGE_RPC_SECRET", "GARAGE_DEFAULT_ACCESS_KEY", "GARAGE_DEFAULT_SECRET_KEY", "GARAGE_DEFAULT_BUCKET"},
}

# Where each mounted path is used; a mount that nobody reads or writes is a mistake or a leftover.
MOUNTS = {
    "/data/static": "settings.STATIC_ROOT",
    "/data/incoming": "settings.INCOMING_DIR",
    "/data/work": "settings.WORK_DIR",
    "/data/search": "settings.SEARCH_DIR",
    "/srv/static": "deploy/nginx.conf: root /srv",
    "/srv/_pages": "deploy/nginx.conf: root /srv",
    "/etc/nginx/nginx.conf": "nginx",
    "/etc/garage.toml": "garage",
    "/var/lib/garage/meta": "deploy/garage.toml",
    "/var/lib/garage/data": "deploy/garage.toml",
    "/var/lib/postgresql/data": "the image of PostgreSQL",
    "/data": "the image of Redis: its append-only file",
}


def wait_until(holds: Callable[[], bool], said: Callable[[], str]) -> None:
    until = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until, said()
        time.sleep(0.2)


def test_every_service_is_ours_or_has_a_stand_in() -> None:
    assert set(SERVICES) == set(OURS) | set(STAND_INS)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_our_services_is_known_to_the_settings(name: str) -> None:
    unknown = set(environment_of(SERVICES[name])) - set(env.VARIABLES)

    assert unknown == set()


def test_every_service_that_stays_says_how_it_is() -> None:
    stay = [name for name, service in SERVICES.items() if service.get("restart") != "no"]

    assert [name for name in stay if "test" not in SERVICES[name].get("healthcheck", {})] == []
    assert len(stay) >= 8


def test_a_library_can_set_all_that_is_its_own() -> None:
    own = {name for name in env.VARIABLES if name.startswith("LIBRARY_")} | {
        "ARK_NAAN",
        "HERITAGE_TIME_ZONE",
        "HERITAGE_HOLIDAYS",
    }

    assert own <= set(environment_of(SERVICES["web"]))


def test_what_is_left_empty_is_what_the_settings_have_by_themselves() -> None:
    left = environment_of(SERVICES["web"])
    asked = re.findall(r"^  ([A-Z_]+): \$\{\1:-", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)

    assert {name: left[name] for name in asked} == {name: env.VARIABLES[name].default for name in asked}
    assert "LIBRARY_NAME" in asked


def test_variables_of_other_images_are_listed_ones() -> None:
    found = {name: set(SERVICES[name].get("environment", {})) for name in STAND_INS if "environment" in SERVICES[name]}

    assert found == VARIABLES_OF_OTHERS


def test_every_value_left_to_the_library_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    offered = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))

    assert asked == offered


@pytest.mark.parametrize(
    "name", ["HERITAGE_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "GARAGE_SECRET", "GARAGE_RPC_SECRET"]
)
def test_nothing_starts_without_its_secret(name: str) -> None:
    empty = {**FILLED_IN, name: ""}

    with pytest.raises(KeyError):
        interpolate((ROOT / "docker-compose.yml").read_text(), empty)


def test_every_service_shows_redis_the_password_that_it_asks_for() -> None:
    words = [interpolate(str(word), FILLED_IN) for word in SERVICES["redis"]["command"]]
    asked = words[words.index("--requirepass") + 1]

    assert asked == FILLED_IN["REDIS_PASSWORD"] == environment_of(SERVICES["redis"])["REDISCLI_AUTH"]
    for name in OURS:
        assert urlsplit(environment_of(SERVICES[name])["REDIS_URL"]).password == asked


def test_a_stranger_on_the_network_rings_no_bell(stand_ins: StandIns) -> None:
    with socket.create_connection(("127.0.0.1", stand_ins.broker.port), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        said = connection.recv(64)

    assert said.startswith(b"-NOAUTH")


def test_every_mount_is_used_and_every_named_volume_is_mounted() -> None:
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])]

    assert {mount[1] for mount in mounts} == set(MOUNTS)
    assert {mount[0] for mount in mounts if not mount[0].startswith("./")} == set(COMPOSE["volumes"])
    assert all((ROOT / mount[0]).exists() for mount in mounts if mount[0].startswith("./"))


def test_our_containers_can_write_nothing_but_their_volumes() -> None:
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert "privileged" not in SERVICES[name]


def test_the_image_runs_as_nobody_special_and_tells_its_health() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)
    assert "HEALTHCHECK" in dockerfile
    assert dockerfile.count("\nFROM ") == 2


def test_every_queue_of_the_job_table_has_exactly_one_kind_of_worker() -> None:
    queues = [
        service["command"][service["command"].index("--queues") + 1]
        for service in SERVICES.values()
        if "--queues" in service.get("command", [])
    ]

    assert sorted(queues) == ["clock,quick", "heavy", "solo"]


@pytest.fixture(scope="module")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIns]:
    started = StandIns.start(tmp_path_factory.mktemp("compose"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def prepared(stand_ins: StandIns) -> StandIns:
    """After the two services that run once, as compose's depends_on orders them."""
    for name in ("migrate", "static"):
        once = stand_ins.start_service(name, SERVICES[name])
        assert once.process.wait(timeout=300) == 0, once.said()
    return stand_ins


@pytest.fixture(scope="module")
def running(prepared: StandIns) -> Iterator[dict[str, ServiceProcess]]:
    names = ("web", "search-keeper", "worker-quick", "worker-heavy", "worker-solo", "beat")
    started = {name: prepared.start_service(name, SERVICES[name]) for name in names}
    yield started
    for service in started.values():
        service.stop()


@pytest.mark.parametrize("name", ["web", "search-keeper", "worker-quick", "worker-heavy", "worker-solo", "beat"])
def test_the_service_becomes_healthy(name: str, prepared: StandIns, running: dict[str, ServiceProcess]) -> None:
    wait_until(lambda: prepared.is_healthy(SERVICES[name]), running[name].said)

    assert running[name].process.poll() is None


def test_a_picture_goes_from_the_command_to_its_derivatives(
    prepared: StandIns, running: dict[str, ServiceProcess], tmp_path: Path
) -> None:
    picture = tmp_path / "woven.png"
    Image.effect_mandelbrot((320, 240), (-2, -1.5, 1, 1.5), 20).save(picture)
    wait_until(lambda: prepared.is_healthy(SERVICES["worker-quick"]), running["worker-quick"].said)

    done = subprocess.run(
        [prepared.translate("python"), "manage.py", "ingest", str(picture), "--publish", "--wait"],
        cwd=ROOT,
        env=prepared.environment(SERVICES["web"]),
        capture_output=True,
        text=True,
        timeout=180,
    )

    assert done.returncode == 0, done.stdout + done.stderr + running["worker-quick"].said()
    stored = {path.name for path in prepared.files.objects.rglob("*") if path.is_file()}
    assert {"160.webp", "inventory.json"} <= stored
