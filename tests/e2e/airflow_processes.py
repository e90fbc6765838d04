"""Airflow as a deployment starts it: real processes on a port of their own, all gone afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from zaoxue.airflow_home import airflow_environment
from zaoxue.airflow_services import AirflowServices, free_port
from zaoxue.settings import Settings


@contextmanager
def running_airflow(settings: Settings, *services: str) -> Iterator[dict[str, str]]:
    """API server, DAG processor and scheduler (and other services), every DAG paused; their environment."""
    airflow, port = AirflowServices(settings), free_port()
    try:
        airflow.start(
            "127.0.0.1",
            port,
            {"AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True"},
            ("api-server", "dag-processor", "scheduler", *services),
        )
        yield airflow_environment(settings) | {"AIRFLOW__API__PORT": str(port)}
    finally:
        airflow.stop()


class AirflowApi:
    """Airflow's REST API as its administrator uses it, behind the login."""

    def __init__(self, environment: dict[str, str], patience: float) -> None:
        """Each wait ends after `patience` seconds: a busy machine may need it for every step."""
        self._patience = patience
        self._base = f"http://127.0.0.1:{environment['AIRFLOW__API__PORT']}"
        passwords = Path(environment["AIRFLOW_HOME"]) / "simple_auth_manager_passwords.json.generated"
        self.wait(lambda: passwords.is_file() and self._answers())
        (name, password), *_ = json.loads(passwords.read_text()).items()
        token = httpx.post(f"{self._base}/auth/token", json={"username": name, "password": password})
        self._headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        self.user = name

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """One request."""
        return httpx.request(method, f"{self._base}/api/v2/{path}", json=body, headers=self._headers, timeout=30)

    def wait(self, what: Any) -> Any:
        """Until it is true, or the time is over."""
        until = time.monotonic() + self._patience
        while True:
            found = what()
            if found:
                return found
            assert time.monotonic() < until, f"not in {self._patience} s"
            time.sleep(1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self._base}/api/v2/version", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False
