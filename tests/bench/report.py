"""From runs to a table and to the goals, as ratios within one bench."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from tests.bench.measure import Run

Results = dict[str, list[Run]]


@dataclass(frozen=True)
class Goal:
    """One goal: `reached` is the figure of this bench, `within` whether it meets the limit."""

    name: str
    reached: float
    limit: str
    within: bool

    def __str__(self) -> str:
        return f"{'met ' if self.within else 'MISSED'}  {self.name}: {self.reached:.2f} (goal: {self.limit})"


def table(results: Results) -> str:
    """Medians; CPU in seconds for a million rows, start-up counted and not."""
    lines = [
        f"{'what':28} {'runs':>4} {'rows':>9} {'CPU s':>8} {'client':>8} {'server':>8} {'wall s':>8}"
        f" {'CPU s per 10^6':>15} {'without start-up':>17} {'peak MiB':>9}"
    ]
    for label, runs in results.items():
        run = _median(runs)
        million = 1e6 / run.rows
        lines.append(
            f"{label:28} {len(runs):>4} {run.rows:>9} {run.cpu:>8.2f} {run.client_cpu:>8.2f} {run.server_cpu:>8.2f}"
            f" {run.wall:>8.1f} {run.cpu * million:>15.1f} {(run.cpu - run.startup_cpu) * million:>17.1f}"
            f" {max(r.peak_mib for r in runs):>9.0f}"
        )
    return "\n".join(lines)


def goals(results: Results) -> list[Goal]:
    """The goals that these results can tell of.

    Zaoxue is counted with its start-up at full size; those that ran on fewer files are counted without theirs, which
    is in their favour.
    """
    ours = _per_row(results["zaoxue csv"])
    found = [
        _at_most("(a) CPU over the floor, psql \\copy of clean rows", ours / _per_row(results["copy csv"]), 5),
        _at_least("(b) dlt's default over ours", _work_per_row(results["dlt_default tenth"]) / ours, 10),
        _at_least("(b) pandas + GX + to_sql over ours", _work_per_row(results["pandas_gx tenth"]) / ours, 20),
        _at_most("(b) ours over dlt's Arrow way", ours / _per_row(results["dlt_arrow csv"]), 1),
        _at_least(
            "(c) openpyxl + pandas (read, typed, to_sql) over ours",
            _work_per_row(results["openpyxl_pandas few_xlsx"]) / _per_row(results["zaoxue xlsx"]),
            8,
        ),
        _at_most("(d) resent, 1 % changed, over the first load", _per_row(results["zaoxue csv resent"]) / ours, 0.4),
        _at_most(
            "(e) CPU per row without start-up, full over tenth",
            _work_per_row(results["zaoxue csv"]) / _work_per_row(results["zaoxue tenth"]),
            1.15,
        ),
        _at_most("(e) peak memory, GiB", _peak(results), 1),
    ]
    if "zaoxue ten_million" in results:
        ratio = _work_per_row(results["zaoxue ten_million"]) / _work_per_row(results["zaoxue csv"])
        found.append(_at_most("(e) CPU per row without start-up, 10 x full over full", ratio, 1.15))
    return found


def _at_most(name: str, reached: float, limit: float) -> Goal:
    return Goal(name, reached, f"at most {limit:g}", reached <= limit)


def _at_least(name: str, reached: float, limit: float) -> Goal:
    return Goal(name, reached, f"at least {limit:g}", reached >= limit)


def _median(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda run: run.cpu)[len(runs) // 2]


def _per_row(runs: list[Run]) -> float:
    return statistics.median(run.cpu / run.rows for run in runs)


def _work_per_row(runs: list[Run]) -> float:
    return statistics.median((run.cpu - run.startup_cpu) / run.rows for run in runs)


def _peak(results: Results) -> float:
    return max(run.peak_mib for label, runs in results.items() if label.startswith("zaoxue") for run in runs) / 1024
