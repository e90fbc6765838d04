"""A feed whose rows stand for themselves: what a later file repeats leaves no trace, and must still be there."""

from __future__ import annotations

import itertools

import pytest

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import deliver
from tests.pipeline.test_load import query
from zaoxue.contracts import load_contracts
from zaoxue.pipeline.release import resend
from zaoxue.pipeline.withdraw import withdraw
from zaoxue.settings import Settings

# Loan -> what is still outstanding, as three files say it. The second repeats loan 1, the third loan 3.
FILES: list[dict[int, int]] = [{1: 900, 2: 900}, {1: 900, 2: 800, 3: 700}, {1: 600, 3: 700, 4: 500}]


def write(settings: Settings, number: int) -> None:
    contract = load_contracts(settings.contracts)["loan"]
    columns = [
        c for c in contract.columns if c.headers and not c.derived_from and (c.required or c.name == "outstanding")
    ]
    values = {
        "district_code": "990101",
        "principal": "1000",
        "annual_rate": "4.35",
        "issued_on": "2026-01-10",
        "due_on": "2027-01-10",
    }
    lines = [",".join(c.label for c in columns)]
    for loan, outstanding in FILES[number].items():
        own = {"receipt_no": f"J{loan:04d}", "contract_no": f"H{loan:04d}", "outstanding": str(outstanding)}
        lines.append(",".join((values | own).get(c.name) or next(iter(c.codes), "某某") for c in columns))
    path = settings.inbox / "B9901_青溪农商行" / f"贷款台账_{number}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    deliver(path, f"2026-0{5 + number}-03T10:00")


def spans(settings: Settings, ids: list[str]) -> set[tuple[str, int, int, int | None]]:
    return {
        (loan, int(outstanding), ids.index(brought), None if to is None else ids.index(to))
        for loan, outstanding, brought, to in query(
            settings, "select receipt_no, outstanding, _from_submission, _to_submission from raw.loan"
        )
    }


def expected(standing: list[int]) -> set[tuple[str, int, int, int | None]]:
    """By a plain loop over the files that count."""
    found: set[tuple[str, int, int, int | None]] = set()
    for loan in range(1, 5):
        said = [(FILES[n][loan], n) for n in standing if loan in FILES[n]]
        changes = [(amount, n) for place, (amount, n) in enumerate(said) if not place or said[place - 1][0] != amount]
        for place, (amount, n) in enumerate(changes):
            end = changes[place + 1][1] if place + 1 < len(changes) else None
            found.add((f"J{loan:04d}", amount, n, end))
    return found


@pytest.mark.parametrize("order", list(itertools.permutations(range(3), 2)))
def test_withdrawn_and_called_back_in_any_order(settings: Settings, night: Night, order: tuple[int, int]) -> None:
    for number in range(3):
        write(settings, number)
    night()
    ids = [
        i
        for (i,) in query(settings, "select submission_id from ops.submission where feed = 'loan' order by received_at")
    ]
    standing = [0, 1, 2]
    assert spans(settings, ids) == expected(standing)
    for number in order:
        withdraw(settings, ids[number], "wrong", "me")
        standing.remove(number)
        assert spans(settings, ids) == expected(standing)
    for number in order:
        assert resend(settings, ids[number], "right after all", "me").became == {ids[number]: "accepted"}
        standing = sorted([*standing, number])
        assert spans(settings, ids) == expected(standing)
    assert resend(settings, ids[1], "", "me").became == {ids[1]: "accepted"}
    assert spans(settings, ids) == expected([0, 1, 2])
    assert night().files == 0
