"""Settings and the secret of the person keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from zaoxue.settings import load_settings, person_key_secret


def test_secret_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZAOXUE_PERSON_KEY_SECRET")
    settings = replace(load_settings(), home=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: person_key_secret(settings), range(16)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
    assert (tmp_path / "person_key_secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["person_key_secret"]


def test_secret_from_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAOXUE_PERSON_KEY_SECRET", "from the environment")
    assert person_key_secret(replace(load_settings(), home=tmp_path)) == b"from the environment"
    assert not list(tmp_path.iterdir())
