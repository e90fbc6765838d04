"""The review queue: what is unsure waits, reaches no mart until a person decides, and waits again when its article changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import deliver
from tests.pipeline.test_load import query
from zaoxue.cli.app import app
from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.pipeline.articles import load_articles
from zaoxue.pipeline.news_review import ReviewError, decide, queue_news, waiting
from zaoxue.pipeline.release import resend
from zaoxue.settings import Settings
from zaoxue.warehouse import dbt_build
from zaoxue.warehouse.database import connect

AS_OF = date(2026, 5, 31)
# Of the two figures the time of the second is not said, and what is counted is said far off.
PAGE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>2026-05-20</p>
<p>今年以来，青溪区石塘镇帮扶就业{placed}人。{more}</p><p>说起困难人群，江化社区大约有60人。</p>
<p>镇里把岗位信息送进各个村子，工作人员按月回访，把台账记清楚，把服务做到家门口，群众说这样的办法好。</p></article></body></html>"""


def write(settings: Settings, placed: int = 86, more: str = "", at: str = "2026-05-21T08:00") -> Path:
    folder = settings.inbox / "news" / "N9901_青溪新闻网"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "a.html"
    path.write_text(PAGE.format(title="石塘镇就业帮扶见实效", placed=placed, more=more), encoding="utf-8")
    deliver(path, at)
    load_articles(settings, "test")
    return path


def unsure(settings: Settings) -> Any:
    with connect(settings) as connection:
        (item,) = waiting(connection)
    assert item.reads["value_text"] == "大约有60人"
    return item


def published(settings: Settings, known_at: str | None = None) -> dict[str, tuple[object, ...]]:
    """Claims of the mart by their words."""
    with connect(settings) as connection:
        for contract in load_contracts(settings.contracts).values():
            ensure_raw_table(connection, contract)
    with dbt_build._one_at_a_time(settings), dbt_build._environment(settings):
        dbt_build._run(
            settings,
            [
                "build",
                "--select",
                "+fct_case_claim",
                "+fct_case",
                "+mart_claim_reconciliation",
                "--exclude-resource-type",
                "unit_test",
            ],
            AS_OF,
            {"known_at": known_at} if known_at else None,
        )
    rows = query(
        settings,
        "select value_text, value::float, value_min::float, place_code, passed_by from marts.fct_case_claim",
    )
    return {row[0]: row[1:] for row in rows}


def judge(settings: Settings, item: Any, decision: str, **corrected: str | None) -> None:
    with connect(settings) as connection:
        decide(
            connection,
            settings.contracts,
            item.item_id,
            decision,
            reason="看过原文",
            decided_by="tester",
            corrected=corrected or None,
        )


def test_what_is_unsure_waits_with_its_doubts(settings: Settings, night: Night) -> None:
    write(settings)
    item = unsure(settings)
    assert item.confidence < item.threshold == 0.6
    assert {code for code, *_ in item.doubts} >= {"measure_guessed", "period_missing"}
    assert all(less > 0 and zh and en for _, less, zh, en in item.doubts)
    assert query(settings, "select count(*) from ops.news_review where not needs_review") != [(0,)]
    assert "86人" in published(settings)
    assert "大约有60人" not in published(settings)


def test_nothing_below_the_threshold_reaches_a_mart_without_a_person(settings: Settings, night: Night) -> None:
    write(settings)
    published(settings)
    for mart, key in (
        ("fct_case_claim", "claim_id"),
        ("mart_claim_reconciliation", "claim_id"),
        ("fct_case", "case_id"),
    ):
        assert (
            query(
                settings,
                f"""
            select 1 from marts.{mart} m join ops.news_review q on q.item_id = m.{key}
            where q.needs_review and not exists (select from ops.news_decision d
                where (d.item_id, d.row_hash) = (q.item_id, q.row_hash) and d.decision <> 'reject')""",
            )
            == []
        )


def test_a_claim_that_was_never_queued_reaches_no_mart(settings: Settings, night: Night) -> None:
    write(settings)
    query(settings, "delete from ops.news_review returning 1")
    assert published(settings) == {}
    with connect(settings) as connection:
        queue_news(connection, settings.contracts)
    assert "86人" in published(settings)


def test_decisions_count_the_last_one_wins(settings: Settings, night: Night) -> None:
    write(settings)
    item = unsure(settings)
    judge(settings, item, "accept")
    with connect(settings) as connection:
        assert waiting(connection) == []
    assert published(settings)["大约有60人"][-1] == "accepted"
    judge(settings, item, "correct", value="66", place_code="990101002", period_end="2026-05-20", scope="village")
    assert published(settings)["大约有60人"] == (66.0, 66.0, "990101002", "corrected")
    judge(settings, item, "correct", place_code=None)
    assert published(settings)["大约有60人"] == (60.0, 54.0, None, "corrected")
    judge(settings, item, "reject")
    assert "大约有60人" not in published(settings)
    decisions = query(settings, "select decision, reason, decided_by from ops.news_decision order by decision_id")
    assert decisions == [(d, "看过原文", "tester") for d in ("accept", "correct", "correct", "reject")]


def test_a_sure_claim_can_be_taken_out(settings: Settings, night: Night) -> None:
    write(settings)
    ((claim_id,),) = query(settings, "select claim_id from raw.case_report where value_text = '86人'")
    with connect(settings) as connection:
        decide(connection, settings.contracts, claim_id[:12], "reject", reason="旧闻", decided_by="tester")
    assert "86人" not in published(settings)


def test_a_changed_article_is_reviewed_again(settings: Settings, night: Night) -> None:
    write(settings)
    item = unsure(settings)
    judge(settings, item, "accept")
    write(settings, more="村里办起夜校。", at="2026-05-22T08:00")
    again = unsure(settings)
    assert again.item_id != item.item_id or again.queued_at > item.queued_at
    assert "大约有60人" not in published(settings)


def test_replay_knows_what_was_known(settings: Settings, night: Night) -> None:
    write(settings)
    judge(settings, unsure(settings), "accept")
    ((at,),) = query(settings, "select decided_at from ops.news_decision")
    shanghai = at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert "大约有60人" not in published(settings, (shanghai - timedelta(seconds=1)).isoformat())
    assert "大约有60人" in published(settings, (shanghai + timedelta(seconds=1)).isoformat())
    assert "86人" in published(settings, datetime(2026, 5, 22, tzinfo=ZoneInfo("Asia/Shanghai")).isoformat())
    assert published(settings, datetime(2026, 5, 20, tzinfo=ZoneInfo("Asia/Shanghai")).isoformat()) == {}


def test_the_threshold_is_a_dated_parameter(settings: Settings, night: Night, tmp_path: Path) -> None:
    folder = tmp_path / "expectations"
    folder.mkdir()
    for path in settings.contracts.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    file = folder / "parameters.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            "claim_confidence_min,claim,,2020-01-01,,0.6", "claim_confidence_min,claim,,2020-01-01,2026-05-21,0.2"
        )
        + "claim_confidence_min,claim,,2026-05-22,,0.99,share,从严\n",
        encoding="utf-8",
    )
    strict = replace(settings, contracts=folder)
    write(strict)
    with connect(settings) as connection:
        assert waiting(connection) == []
    write(strict, placed=90, at="2026-05-22T08:00")
    with connect(settings) as connection:
        assert {item.reads["value_text"] for item in waiting(connection)} == {"90人", "大约有60人"}


def test_a_resent_article_is_queued_by_the_next_build(settings: Settings, night: Night) -> None:
    write(settings)
    ((submission,),) = query(settings, "select submission_id from ops.submission where feed = 'case_report'")
    before = query(settings, "select claim_id, _row_hash from raw.case_report where _to_submission is null order by 1")
    resend(settings, submission, "again", "tester")
    after = query(settings, "select claim_id, _row_hash from raw.case_report where _to_submission is null order by 1")
    assert after == before
    assert query(settings, "select feed, state from ops.submission order by 1") == [
        ("case_report", "accepted"),
        ("case_story", "accepted"),
    ]


@pytest.mark.parametrize(
    ("decision", "corrected", "words"),
    [
        ("keep", None, "keep"),
        ("correct", None, "更正"),
        ("accept", {"value": "1"}, "更正"),
        ("correct", {"measure": "no_such"}, "no_such"),
        ("correct", {"sentence": "x"}, "sentence"),
        ("correct", {"value": "many"}, "many"),
        ("correct", {"value_min": "9", "value_max": "3"}, "起点"),
    ],
)
def test_what_cannot_be_decided(
    settings: Settings, night: Night, decision: str, corrected: dict[str, str | None] | None, words: str
) -> None:
    write(settings)
    item = unsure(settings)
    with connect(settings) as connection, pytest.raises(ReviewError, match=words):
        decide(connection, settings.contracts, item.item_id, decision, reason="r", decided_by="t", corrected=corrected)
    with connect(settings) as connection, pytest.raises(ReviewError, match="ffff"):
        decide(connection, settings.contracts, "ffff", "accept", reason="r", decided_by="t")
    with connect(settings) as connection, pytest.raises(ReviewError, match="原因"):
        decide(connection, settings.contracts, item.item_id, "accept", reason=" ", decided_by="t")
    assert query(settings, "select 1 from ops.news_decision") == []


def test_on_the_command_line(settings: Settings, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAOXUE_DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("ZAOXUE_HOME", str(settings.home))
    write(settings)
    runner = CliRunner()
    listed = runner.invoke(app, ["news", "review", "list", "--json"])
    (item,) = json.loads(listed.stdout)
    assert item["reads"]["value"] == 60
    shown = runner.invoke(app, ["news", "review", "list"])
    assert "未写明期间" in shown.stdout
    done = runner.invoke(
        app,
        ["news", "review", "correct", item["item_id"][:12], "--reason", "核对", "--set", "value=61", "--by", "李主任"],
    )
    assert done.exit_code == 0, done.output
    assert runner.invoke(app, ["news", "review", "accept", "ffffffff", "--reason", "x"]).exit_code == 1
    assert query(settings, "select decision, value::int, decided_by from ops.news_decision") == [
        ("correct", 61, "李主任")
    ]
