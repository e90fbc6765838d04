"""Airflow's services on this machine, natively: started in the background, known again by a file, stopped together."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx
import psutil

from zaoxue.airflow_home import airflow_environment
from zaoxue.settings import Settings

SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where the user asks for it
_START_SECONDS = 300.0
_STOP_SECONDS = 30.0


class AirflowServicesError(RuntimeError):
    """A service did not start; the message names its log and what to do, in Chinese and English."""


@dataclass(frozen=True)
class Service:
    """One running service: its process (known again by number and time of start) and its log."""

    name: str
    process: int
    started: float
    log: str

    def is_running(self) -> bool:
        """Whether that very process lives: a number alone may have gone to another since."""
        try:
            process = psutil.Process(self.process)
            return process.create_time() == self.started and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


class AirflowServices:
    """The services of one home. Starting twice starts what is not running; stopping twice is no error."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = settings.home / "airflow" / "services.json"

    def running(self) -> list[Service]:
        """The services that live."""
        return [service for service in self._known()[1] if service.is_running()]

    def start(self, host: str, port: int, environment: dict[str, str], services: Sequence[str] = SERVICES) -> str:
        """Start what does not run yet, waiting for none of it; the address: an API server that runs keeps its own.

        `environment` goes on top of that of the home. Raises AirflowServicesError where the port is taken.
        """
        with self._lock():
            url, _ = self._known()
            living = self.running()
            names = {service.name for service in living}
            if "api-server" not in names:
                _insist_on_free(host, port)
                url = f"http://{'127.0.0.1' if host == _EVERYWHERE else host}:{port}"
            full = airflow_environment(self._settings) | _of_api(url, host) | environment
            for name in services:
                if name not in names:
                    living.append(self._spawn(name, [sys.executable, "-m", "airflow", name], full))
                    self._remember(url, living)
        return url

    def run_beside(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start one more process that lives and ends with the services, unless it runs."""
        with self._lock():
            url, _ = self._known()
            living = self.running()
            if name not in {service.name for service in living}:
                self._remember(url, [*living, self._spawn(name, command, environment)])

    def wait_until_healthy(self, url: str, services: Sequence[str] = SERVICES) -> None:
        """Until Airflow says that each of the services is healthy.

        Raises AirflowServicesError where one has ended, or after five minutes.
        """
        wanted = {"metadatabase", *(name.replace("-", "_") for name in services if name != "api-server")}
        until = time.monotonic() + _START_SECONDS
        while unhealthy := wanted - _healthy_parts(url):
            living = {service.name for service in self.running()}
            for service in self._known()[1]:
                if service.name in services and service.name not in living:
                    raise AirflowServicesError(
                        f"Airflow 的 {service.name} 未能启动，见 {service.log}\n"
                        f"Airflow's {service.name} has ended; see {service.log}"
                    )
            if time.monotonic() > until:
                raise AirflowServicesError(
                    f"Airflow {_START_SECONDS:.0f} 秒内未就绪（{'、'.join(sorted(unhealthy))}），"
                    f"见 {self._settings.home / 'logs'}\n"
                    f"Airflow is not ready after {_START_SECONDS:.0f} s ({', '.join(sorted(unhealthy))}); "
                    f"see {self._settings.home / 'logs'}"
                )
            time.sleep(0.5)

    def stop(self) -> list[str]:
        """Stop every service that runs, with its children; names of those stopped."""
        with self._lock():
            living = self.running()
            for service in living:
                _signal_group(service, signal.SIGTERM)
            until = time.monotonic() + _STOP_SECONDS
            while any(service.is_running() for service in living) and time.monotonic() < until:
                time.sleep(0.1)
            for service in living:
                _signal_group(service, signal.SIGKILL)
            self._file.unlink(missing_ok=True)
        return [service.name for service in living]

    def accounts(self) -> dict[str, str]:
        """Passwords by account, as Airflow's simple auth manager has made them; empty where another one is configured."""
        passwords = self._settings.home / "airflow" / "simple_auth_manager_passwords.json.generated"
        return json.loads(passwords.read_text()) if passwords.is_file() else {}

    def unpause(self, url: str) -> list[str]:
        """Unpause every DAG of the project, once each has been read; their ids.

        Raises AirflowServicesError where they are not all read after five minutes.
        """
        wanted = len(list(self._settings.dags.glob("*.py")))
        (name, password), *_ = self.accounts().items()
        answer = httpx.post(f"{url}/auth/token", json={"username": name, "password": password}, timeout=30)
        answer.raise_for_status()
        with httpx.Client(
            base_url=f"{url}/api/v2", headers={"Authorization": f"Bearer {answer.json()['access_token']}"}, timeout=30
        ) as api:
            until = time.monotonic() + _START_SECONDS
            while (found := api.get("/dags", params={"limit": 100}).json())["total_entries"] < wanted:
                if time.monotonic() > until:
                    raise AirflowServicesError(
                        f"只读到 {found['total_entries']} 个 DAG（应有 {wanted} 个），见 Airflow 的 Import Errors\n"
                        f"only {found['total_entries']} of {wanted} DAGs were read: see Import Errors in Airflow"
                    )
                time.sleep(1)
            api.patch(
                "/dags", params={"dag_id_pattern": "%", "exclude_stale": "true"}, json={"is_paused": False}
            ).raise_for_status()
        return sorted(dag["dag_id"] for dag in found["dags"])

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> Service:
        log = self._settings.home / "logs" / f"airflow-{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        return Service(name, process.pid, psutil.Process(process.pid).create_time(), str(log))

    def _known(self) -> tuple[str, list[Service]]:
        """Address and services as last written; empty before the first start and after a stop."""
        if not self._file.is_file():
            return "", []
        state = json.loads(self._file.read_text())
        return state["url"], [Service(**service) for service in state["services"]]

    def _remember(self, url: str, services: list[Service]) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps({"url": url, "services": [vars(service) for service in services]}, indent=1))
        draft.replace(self._file)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._file.with_suffix(".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def free_port() -> int:
    """A port of this machine that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _of_api(url: str, host: str) -> dict[str, str]:
    port = url.rpartition(":")[2]
    return {
        "AIRFLOW__API__HOST": host,
        "AIRFLOW__API__PORT": port,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    }


def _insist_on_free(host: str, port: int) -> None:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise AirflowServicesError(
                f"{host}:{port} 不可用（{error.strerror}），请用 --port 另选端口\n"
                f"{host}:{port} cannot be used ({error.strerror}): choose another with --port"
            ) from error


def _healthy_parts(url: str) -> set[str]:
    try:
        answer = httpx.get(f"{url}/api/v2/monitor/health", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        return set()
    return {part for part, state in answer.items() if state.get("status") == "healthy"}


def _signal_group(service: Service, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(service.process, number)
