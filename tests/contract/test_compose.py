"""docker-compose.yml parses, and every command and file it names exists here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    return found


def test_services_are_the_deployment(services: dict[str, Any]) -> None:
    assert set(services) == {
        "postgres",
        "setup",
        "airflow-api-server",
        "airflow-scheduler",
        "airflow-dag-processor",
        "airflow-triggerer",
    }
    assert all(services[name]["build"]["dockerfile"] == "docker/Dockerfile" for name in services if name != "postgres")
    assert (PROJECT / "docker/Dockerfile").is_file()


def test_every_command_is_one_that_is_installed(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if name == "postgres":
            continue
        program, *words = service["command"]
        shown = subprocess.run(
            [str(Path(sys.executable).parent / program), *words, "--help"], capture_output=True, text=True, check=False
        )
        assert shown.returncode == 0, f"{name}: {shown.stderr[-300:]}"


def test_no_secret_has_a_default(services: dict[str, Any]) -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    for secret in ("POSTGRES_PASSWORD", "ZAOXUE_PERSON_KEY_SECRET", "AIRFLOW_FERNET_KEY", "AIRFLOW_JWT_SECRET"):
        assert f"${{{secret}:?" in text
        assert f"${{{secret}:-" not in text
