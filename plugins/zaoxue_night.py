"""Run the DAGs of one night in this process, with Airflow's own task runner and metadata database.

`python -m zaoxue_night --as-of 2026-06-30` needs no scheduler: it runs `DAG.test` on the DAGs of `dags/` in the order
in which assets would start them. Progress goes to the file descriptor `--progress-fd` as one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pendulum

NIGHT = ("township_ledgers", "loan_records", "case_reports", "marts", "submission_watch")


def run_night(as_of: date, dags_folder: Path, tell: Callable[[dict[str, Any]], None]) -> bool:
    """Run every DAG of the night; True if all succeeded. The first that fails ends the night."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(dags_folder))
    if bag.import_errors or set(NIGHT) - set(bag.dag_ids):
        tell({"event": "failed", "dag": "", "error": "; ".join(bag.import_errors) or "DAGs are missing"})
        return False
    for dag_id in NIGHT:
        dag = bag.dags[dag_id]
        dag.deadline = None  # DAG.test cannot finish a DAG that has one (apache/airflow#73428)
        for task in dag.tasks:
            task.retries = 0  # a person is waiting: say at once what failed, the next run goes on from there
        tell({"event": "started", "dag": dag_id})
        started = time.perf_counter()
        run = dag.test(logical_date=pendulum.now("UTC"), run_conf={"as_of": as_of.isoformat()})
        seconds = round(time.perf_counter() - started, 1)
        tell({"event": str(run.state), "dag": dag_id, "run_id": run.run_id, "seconds": seconds})
        if run.state != "success":
            return False
    return True


def main() -> int:
    """Entry of `python -m zaoxue_night`; exit code 0 only if every DAG succeeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--dags", type=Path, required=True)
    parser.add_argument("--progress-fd", type=int, default=sys.stdout.fileno())
    arguments = parser.parse_args()
    with os.fdopen(arguments.progress_fd, "w") as progress:

        def tell(event: dict[str, Any]) -> None:
            print(json.dumps(event), file=progress, flush=True)

        return 0 if run_night(arguments.as_of, arguments.dags, tell) else 1


if __name__ == "__main__":
    sys.exit(main())
