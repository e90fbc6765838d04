"""A held file, released and refused by a person under Airflow's real scheduler, through its REST API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.airflow_processes import AirflowApi, running_airflow
from tests.pipeline.ledgers import placement, write_placements
from zaoxue.airflow_home import migrate_airflow
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.nightly import start_databases
from zaoxue.pipeline import load_files
from zaoxue.pipeline.prepare import prepare
from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.embedded import EmbeddedPostgres

PATIENCE = 240  # seconds, for each step
TOWNS = {"990101001": "柳桥镇", "990101002": "石塘镇"}
REGISTRY = (
    "organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls\n"
    "990101,青溪区,district,,2026-01-01,,\n"
    "990101001,柳桥镇,township,990101,2026-01-01,,\n"
    "990101002,石塘镇,township,990101,2026-01-01,,\n"
)

pytestmark = pytest.mark.e2e


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Two towns whose ledgers of May are under half of what stands."""
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        monkeypatch.delenv(name)
    settings = replace(
        load_settings(), home=tmp_path / "home", inbox=tmp_path / "inbox", database_url=None, bank_api_url=None
    )
    settings.inbox.mkdir()
    (settings.inbox / "organisations.csv").write_text(REGISTRY, encoding="utf-8")
    start_databases(settings)
    prepare(settings, date(2026, 6, 30))
    for month, people, received in ((4, 40, "2026-05-05T09:00"), (5, 10, "2026-06-03T10:00")):
        for code, name in TOWNS.items():
            write_placements(
                settings.inbox,
                [placement(n) for n in range(1, people + 1)],
                name=f"就业台账_2026年{month}月.xlsx",
                title=None,
                received=received,
                town=f"990101_青溪区/{code}_{name}",
            )
        with connect(settings) as connection:
            files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
        load_files(settings, "test", files)
    migrate_airflow(settings)
    yield settings
    EmbeddedPostgres(settings.home / "postgres").stop()


def states(settings: Settings) -> dict[str, tuple[str, str]]:
    with connect(settings) as connection:
        rows = connection.execute(
            "select organisation_code, submission_id, state from ops.submission where period = '2026-05'"
        ).fetchall()
    return {code: (submission, state) for code, submission, state in rows}


def standing(settings: Settings, code: str) -> int:
    with connect(settings) as connection:
        row = connection.execute(
            "select count(*) from raw.placement where _to_submission is null and organisation_code = %s", [code]
        ).fetchone()
    return row[0] if row else 0


def test_a_person_approves_one_and_rejects_the_other(held: Settings) -> None:
    (approved, _), (rejected, _) = (states(held)[code] for code in TOWNS)
    assert {state for _, state in states(held).values()} == {"received"}
    with running_airflow(held, "triggerer") as environment:
        api = AirflowApi(environment, PATIENCE)
        api.wait(lambda: api.ask("PATCH", "dags/release_submission", {"is_paused": False}).status_code == 200)

        def asked(submission: str) -> str:
            """Start the DAG, and wait until it asks; address of the run."""
            begun = api.ask(
                "POST",
                "dags/release_submission/dagRuns",
                {"logical_date": None, "conf": {"submission": submission}},
            )
            assert begun.status_code == 200, begun.text
            run = f"dags/release_submission/dagRuns/{begun.json()['dag_run_id']}"
            api.wait(lambda: is_asking(run))
            return run

        def is_asking(run: str) -> bool:
            return bool(api.ask("GET", f"{run}/taskInstances/approve").json()["state"] == "awaiting_input")

        def answered(run: str, **answer: Any) -> str:
            """Answer as a person does, again where Airflow asks again; the state in which the run has ended.

            An answer within a moment of the question meets a race of the scheduler: the task is queued again before the
            executor's word that it waits is heard, and that try is given up.
            """

            def ended() -> str | None:
                if is_asking(run):
                    api.ask("PATCH", f"{run}/taskInstances/approve/-1/hitlDetails", answer)
                state = api.ask("GET", run).json()["state"]
                return state if state in ("success", "failed") else None

            return str(api.wait(ended))

        run = asked(approved)
        told = api.ask("GET", f"{run}/taskInstances/approve/-1/hitlDetails").json()
        assert approved in told["subject"]
        assert "行数不到上一版的一半" in told["body"]
        assert "Under half the rows" in told["body"]
        assert "测试" not in told["body"]  # no personal data
        assert answered(run, chosen_options=["Approve"]) == "failed"  # no reason, no release
        assert standing(held, "990101001") == 40

        run = asked(approved)
        assert answered(run, chosen_options=["Approve"], params_input={"reason": "电话核实 by phone"}) == "success"

        run = asked(rejected)
        assert answered(run, chosen_options=["Reject"], params_input={"reason": "漏报 incomplete"}) == "success"
        released = api.ask("GET", f"{run}/taskInstances/release").json()
        assert released["state"] == "skipped"
        user = api.user
    assert {code: state for code, (_, state) in states(held).items()} == {
        "990101001": "accepted",
        "990101002": "received",
    }
    assert [standing(held, code) for code in TOWNS] == [10, 40]
    with connect(held) as connection:
        acts = connection.execute("select submission_id, act, reason, acted_by from ops.submission_act").fetchall()
    assert acts == [(approved, "release", "电话核实 by phone", user)]
    receipt = held.home / "receipts" / "990101_青溪区/990101001_柳桥镇/就业台账_2026年5月_回执.txt"
    assert "收到，10 行" in receipt.read_text(encoding="utf-8-sig")
