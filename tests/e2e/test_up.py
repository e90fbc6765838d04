"""`zaoxue up` and `zaoxue down` as a person types them, on a home of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.unit.alerts.receiver import Receiver
from zaoxue.airflow_services import SERVICES, Service, free_port

PATIENCE = 600  # seconds, for one command on a busy machine
DAGS = len(list((Path(__file__).parents[2] / "dags").glob("*.py")))

pytestmark = pytest.mark.e2e


class Installation:
    """An empty inbox, and the commands on its home."""

    def __init__(self, folder: Path, engineers: Receiver) -> None:
        self.home, self.inbox = folder / "home", folder / "inbox"
        self.inbox.mkdir()
        self.engineers = engineers
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        self._environment = inherited | {
            "ZAOXUE_HOME": str(self.home),
            "ZAOXUE_INBOX": str(self.inbox),
            "ZAOXUE_ENGINEER_URLS": "connection:office",
            "AIRFLOW_CONN_OFFICE": json.dumps({"conn_type": "generic", "password": engineers.url}),
        }

    def zaoxue(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from zaoxue.cli import main; main()", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def up(self, *words: str) -> dict[str, Any]:
        done = self.zaoxue("up", "--json", *words)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def services(self) -> dict[str, Service]:
        state = json.loads((self.home / "airflow" / "services.json").read_text())
        return {service["name"]: Service(**service) for service in state["services"]}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    engineers = Receiver(tmp_path)
    one = Installation(tmp_path, engineers)
    yield one
    one.zaoxue("down")
    engineers.stop()


def the_engineers_hear_of_the_task_that_fails(installation: Installation) -> None:
    """Under the real scheduler, at an address kept in an Airflow connection."""
    until = time.monotonic() + PATIENCE
    while not (told := [m for m in installation.engineers.taken() if "township_ledgers" in m["title"]]):
        assert time.monotonic() < until, installation.engineers.taken()
        time.sleep(1)
    assert "RegistryError" in told[0]["message"]
    assert "s3cret" not in (installation.home / "alerts.jsonl").read_text(encoding="utf-8")


def test_up_starts_what_is_missing_and_down_leaves_nothing(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = installation.zaoxue("up", "--port", str(taken.getsockname()[1]))
        assert refused.returncode == 1
        assert "--port" in refused.stderr

    (installation.inbox / "organisations.csv").write_text("organisation_code,what\n990101,this\n", encoding="utf-8")
    first = installation.up("--port", str(free_port()), "--district", "990101")
    assert set(first["accounts"]) == {"admin", "990101"}
    assert len(first["dags"]) == DAGS
    token = httpx.post(
        f"{first['url']}/auth/token", json={"username": "admin", "password": first["accounts"]["admin"]}, timeout=30
    ).json()["access_token"]
    dags = httpx.get(f"{first['url']}/api/v2/dags", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
    assert [dag["dag_id"] for dag in dags["dags"] if dag["is_paused"]] == []
    the_engineers_hear_of_the_task_that_fails(installation)

    begun = installation.services()
    assert set(begun) == set(SERVICES)
    os.killpg(begun["scheduler"].process, signal.SIGKILL)
    second = installation.up("--port", str(free_port()))
    assert second == first
    again = installation.services()
    assert {name for name in SERVICES if again[name] != begun[name]} == {"scheduler"}
    refused = installation.zaoxue("up", "--district", "990102")
    assert refused.returncode == 1
    assert "990102" in refused.stderr

    down = installation.zaoxue("down")
    assert down.returncode == 0
    assert all(name in down.stdout for name in (*SERVICES, "postgresql"))
    assert not any(service.is_running() for service in again.values())
    assert "nothing was running" in installation.zaoxue("down").stdout
