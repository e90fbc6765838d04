"""Every specimen of the zoo ends as expected: verdict, rows, rules, words in both languages, and every row accounted for."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from tests.fixtures import ZOO, Result, Specimen
from tests.pipeline.ledgers import deliver

from zaoxue.contracts import load_contracts
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline.intake import Intake, Refusal, take_in
from zaoxue.pipeline.judge import judge
from zaoxue.recognising import FeedFinder, Organisation, OrganisationFinder
from zaoxue.recognising.names import Alias
from zaoxue.settings import load_settings

SETTINGS = load_settings()
CONTRACTS = load_contracts(SETTINGS.contracts)
FEEDS = FeedFinder(CONTRACTS)
REGISTRY = [
    Organisation("990101", "青溪区", "district", "990101"),
    Organisation("990101001", "柳桥镇", "township", "990101"),
    Organisation("990101002", "石塘镇", "township", "990101"),
    Organisation("990102", "西原县", "district", "990102"),
    Organisation("990102001", "柳桥镇", "township", "990102"),
    Organisation("B9901", "青溪农商行", "bank", None),
]
ALIASES = [Alias("990101001", "老柳乡", None, date(2019, 12, 31))]
SENDERS = OrganisationFinder(REGISTRY, ALIASES)


def results_of(path: Path, inbox: Path, archive: Path) -> list[Result]:
    """What becomes of the file, in the order of feed, organisation and rows."""
    (file,) = discover(inbox, LEDGER_SUFFIXES)
    return sorted(map(result_of, take_in(file, archive, FEEDS, SENDERS)), key=order)


def result_of(taken: Intake | Refusal) -> Result:
    if isinstance(taken, Refusal):
        sender = taken.organisation.code if taken.organisation else None
        return Result("rejected", taken.feed, sender, says=taken.reason_zh, says_en=taken.reason_en)
    for _, table in taken.tables:
        assert table.rows_in_file == table.rows.height + table.rows_not_data
    judged = judge(taken.contract, [taken], SETTINGS.contracts)
    feed, sender = taken.contract.feed, taken.organisation.code
    if taken.submission_id in judged.refused and not _mostly_bad(taken, judged.typed["passed"].mean()):
        zh, en = judged.refused[taken.submission_id]
        return Result("rejected", feed, sender, says=zh, says_en=en)
    bad = tuple(sorted(judged.quarantine.select("row", "rule_id").rows()))
    good = tuple(sorted(judged.typed.filter(judged.typed["passed"])["_row"].to_list()))
    state = "accepted_with_rejects" if bad or taken.is_partial else "accepted"
    return Result(state, feed, sender, taken.period, good, bad, taken.remark_zh or "", taken.remark_en or "")


def _mostly_bad(taken: Intake, share_good: object) -> bool:
    """Refused for the share of bad rows alone: small specimens are looked at row by row."""
    return taken.data_rows > 0 and isinstance(share_good, float) and share_good < 0.5


def order(result: Result) -> tuple[object, ...]:
    return (result.feed or "", result.organisation or "", result.state)


@pytest.mark.parametrize("specimen", ZOO, ids=lambda s: s.name)
def test_zoo(specimen: Specimen, tmp_path: Path) -> None:
    path = tmp_path / "inbox" / specimen.path
    path.parent.mkdir(parents=True)
    path.write_bytes(specimen.build())
    deliver(path, "2026-06-03T10:00")
    started = time.perf_counter()
    got = results_of(path, tmp_path / "inbox", tmp_path / "archive")
    assert time.perf_counter() - started < 60
    assert len(got) == len(specimen.results), got
    for result, expected in zip(got, sorted(specimen.results, key=order), strict=True):
        assert (result.state, result.feed, result.organisation, result.period, result.good, result.bad) == (
            expected.state,
            expected.feed,
            expected.organisation,
            expected.period,
            tuple(sorted(expected.good)),
            tuple(sorted(expected.bad)),
        ), result
        assert expected.says in result.says
        assert expected.says_en in result.says_en
        assert bool(result.says) == bool(result.says_en)
        assert bool(expected.says) == bool(result.says), result.says


def test_the_zoo_is_large_and_its_names_are_distinct() -> None:
    assert len({specimen.name for specimen in ZOO}) == len(ZOO) >= 120
    assert sum(result.state == "rejected" for specimen in ZOO for result in specimen.results) >= 60
